"""The server as a process of its own, used by another."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.botapi.server import TOKEN

ROOT = Path(__file__).parents[2]


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.botapi", "--username", "press_bot"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


@pytest.fixture
def http(process: subprocess.Popen[str]) -> Iterator[httpx.Client]:
    """A client of the process."""
    assert process.stdout
    address = process.stdout.readline().strip()
    with httpx.Client(base_url=address, timeout=10, trust_env=False) as client:
        yield client


def test_another_process_talks_to_the_bot(process: subprocess.Popen[str], http: httpx.Client) -> None:
    """Messages go in, what the bot did comes out, and the process ends when told."""

    def bot(method: str, **parameters: object) -> None:
        assert http.post(f"/bot{TOKEN}/{method}", json=parameters).json()["ok"]

    def act(deed: str, /, **body: object) -> dict[str, int]:
        response = http.post(f"/control/{deed}", json=body)
        assert response.status_code == 200, response.text
        result: dict[str, int] = response.json()
        return result

    ann = act("user", name="Ann", language="en")["id"]
    asked = act("send", user=ann, text="hello")
    keyboard = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}
    replied = {"message_id": asked["message_id"]}
    bot(
        "sendMessage", chat_id=ann, text="<b>hi</b>", parse_mode="HTML", reply_parameters=replied, reply_markup=keyboard
    )
    (reply,) = http.get("/control/replies", params={"after": 0, "wait": 5}).json()
    assert (reply["html"], reply["reply_to"], reply["buttons"]) == ("<b>hi</b>", asked["message_id"], [["More"]])
    act("press", user=ann, message_id=reply["message_id"], button="More")
    group = act("group", title="Friends", members=[ann], kind="supergroup")["id"]
    act("send", user=ann, chat=group, text="hello all")
    act("repeat")
    act("limit", on=False)
    act("fault", method="getMe", status=502)
    assert http.get(f"/bot{TOKEN}/getMe").status_code == 502
    state = http.get("/control/state").json()
    assert state == {"pending": 3, "confirmed": 0, "replies": 1, "calls": 2}
    calls = http.get("/control/journal", params={"after": 1}).json()
    assert [(call["method"], call["status"]) for call in calls] == [("getMe", 502)]
    assert http.get("/control/replies", params={"after": 1}).json() == []
    wrong = http.post("/control/send", json={"user": 5, "text": "a"})
    assert (wrong.status_code, wrong.json()) == (400, {"error": "KeyError: 5"})
    act("end")
    assert process.wait(timeout=10) == 0


def test_the_process_ends_on_sigterm(process: subprocess.Popen[str], http: httpx.Client) -> None:
    """A terminated server stops cleanly, with a poll still waiting."""
    assert http.get(f"/bot{TOKEN}/getMe").json()["result"]["username"] == "press_bot"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0

"""The bot as a service: health, metrics, webhook, upkeep; in this process."""

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import Health
from bot.handlers.inbox import HANDLED, REMEMBERED_SECONDS
from bot.handlers.running import DAY, KEPT_SECONDS
from bot.memory import Memory
from bot.server import ask_health
from retrieval import Archive
from tests.bot.conftest import Start
from tests.bot.processes import wait_for_metrics
from tests.botapi import BotApi, Fault

WHO = "Who said nobody wanted this delay?"
LIBRARY = "Library opens late\n\nThe library will open at noon on Monday, librarian Mona Field said.\n"


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        found: int = listener.getsockname()[1]
        return found


def asked(server: BotApi) -> str:
    """What the bot answers to a question of somebody new."""
    ann = server.user("Ann")
    server.private(ann).send(ann, WHO)
    return server.private(ann).wait_for_reply(30).text


def test_health_and_metrics_are_served(server: BotApi, start: Start, port: int) -> None:
    """/health says what is sound, /metrics counts."""
    start(health=Health(port=port))
    asked(server)
    assert ask_health(Health(port=port)) == {"updates": True, "archive": True}
    wait_for_metrics(port, 'article_bot_questions_total{found="yes"} 1.0')


def test_a_bot_without_articles_is_not_well(
    server: BotApi, start: Start, port: int, tmp_path: Path, open_archive: Callable[..., Archive]
) -> None:
    """An archive that has nothing to answer from makes /health 503."""
    (tmp_path / "empty" / "articles").mkdir(parents=True)
    start(archive=open_archive(tmp_path / "empty"), health=Health(port=port))
    ann = server.user("Ann")
    server.private(ann).send(ann, "/help")
    server.private(ann).wait_for_reply()
    assert ask_health(Health(port=port)) == {"updates": True, "archive": False}
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health")
    assert (refused.value.code, json.load(refused.value)["archive"]) == (503, False)


def test_a_port_that_is_taken_is_named(start: Start, port: int) -> None:
    """Health that cannot be served is said before anything else begins."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        running = start(health=Health(port=port))
        running.wait()
    assert str(running.error).startswith(f"`bot.health` cannot listen on 127.0.0.1:{port}: ")


def test_a_webhook_takes_what_has_the_secret(server: BotApi, start: Start, port: int) -> None:
    """Updates that Telegram posts are answered; a post without the secret is turned away."""
    start(webhook={"url": f"http://127.0.0.1:{port}", "port": port, "path": "hook"})
    assert asked(server).startswith("Ana Ruiz")
    forged = urllib.request.Request(
        f"http://127.0.0.1:{port}/hook", data=b"{}", headers={"Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(forged)  # noqa: S310 - always http
    assert server.journal.of("getUpdates") == []


def test_a_webhook_that_telegram_refuses_is_said(server: BotApi, start: Start, port: int) -> None:
    """What Telegram says of the webhook's address is passed on."""
    server.faults.add(Fault("setWebhook", status=400, description="Bad Request: bad webhook: IP address is reserved"))
    running = start(webhook={"url": f"http://127.0.0.1:{port}", "port": port})
    running.wait()
    assert "Telegram does not deliver updates: Bad webhook" in str(running.error)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault("getMe", status=401), "Telegram refuses the token"),
        (Fault("getMe", status=502, times=20), "Telegram cannot be reached at http://127.0.0.1"),
        (Fault("getUpdates", status=401), "Telegram refuses the token"),
        (Fault("getUpdates", status=409, times=20), "Another instance of this bot is running"),
    ],
    ids=["token", "unreachable", "revoked", "conflict"],
)
def test_what_cannot_go_on_is_one_sentence(server: BotApi, start: Start, fault: Fault, sentence: str) -> None:
    """At the start and later, the bot ends with what to do about it."""
    server.faults.add(fault)
    running = start()
    running.wait()
    assert sentence in str(running.error)
    assert server.token not in str(running.error)


def test_sources_are_read_again_after_the_start(server: BotApi, start: Start, news: Path) -> None:
    """What changed while the bot was away is read while the old articles answer, and then every so often."""
    (news / "articles" / "library.txt").write_text(LIBRARY, encoding="utf-8")
    running = start(reload_minutes=0.01)
    assert asked(server).startswith("Ana Ruiz")

    def waited_for(title: str) -> bool:
        server.world.wait_until(
            lambda: title in {article.title for article in running.desk.archive.articles} or None,
            timeout=20,
            awaited=lambda: f"“{title}” to be read",
        )
        return True

    assert waited_for("Library opens late")
    (news / "articles" / "library.txt").write_text(LIBRARY.replace("late", "early"), encoding="utf-8")
    ann = server.user("Ann")
    server.private(ann).send(ann, "/help")  # whoever waits is woken by what the bot does
    assert waited_for("Library opens early")


def test_what_nobody_comes_back_to_is_forgotten(server: BotApi, start: Start, news: Path) -> None:
    """What is kept of turns, messages, offers and albums does not grow for ever."""
    now = [time.time() - 40 * DAY]
    memory = Memory(news / "data" / "bot.sqlite", clock=lambda: now[0])
    for space in KEPT_SECONDS:
        memory.put(space, "old", 1)
    now[0] = time.time() - REMEMBERED_SECONDS - 1
    memory.put(HANDLED, "old number", 1)
    now[0] = time.time() - DAY / 2
    for space in KEPT_SECONDS:
        memory.put(space, "new", 1)
    start()
    asked(server)
    server.world.wait_until(
        lambda: all("old" not in memory.all(space) for space in KEPT_SECONDS) or None,
        timeout=10,
        awaited=lambda: "what is old to be forgotten",
    )
    assert all("new" in memory.all(space) for space in KEPT_SECONDS)
    assert "old number" not in memory.all(HANDLED)
    memory.close()


def test_what_is_in_hand_longer_than_the_grace_is_left_to_the_next_start(server: BotApi, start: Start) -> None:
    """An answer that cannot be sent in time is sent by the next process, once."""
    first = start(grace=0.2)
    asked(server)
    server.faults.add(Fault("sendMessage", status=502, times=2))
    bob = server.user("Bob")
    server.private(bob).send(bob, WHO)
    server.wait_until_confirmed()
    first.stop()
    start()
    assert server.private(bob).wait_for_reply(30).text.startswith("Ana Ruiz")
    server.private(bob).send(bob, "/help")
    assert "/articles" in server.private(bob).wait_for_reply().text

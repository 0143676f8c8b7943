"""What goes wrong on demand, and Telegram's rate limits."""

from typing import Any

import httpx
import pytest

from tests.botapi import BotApi, Fault, Room
from tests.botapi.conftest import Call
from tests.botapi.faults import Limits
from tests.botapi.refusal import Refused


@pytest.fixture
def chat(server: BotApi) -> Room:
    """A private chat that Ann has started."""
    ann = server.user("Ann")
    room = server.private(ann)
    room.start(ann)
    return room


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        ({"status": 429, "retry_after": 7}, 429, "Too Many Requests: retry after 7"),
        ({"status": 500}, 500, "Internal Server Error"),
        ({"status": 502}, 502, "Bad Gateway"),
        ({"status": 403}, 403, "Forbidden: bot was blocked by the user"),
        ({"status": 400, "description": "Bad Request: no luck"}, 400, "Bad Request: no luck"),
    ],
)
def test_a_call_goes_wrong_as_often_as_asked(
    server: BotApi, chat: Room, call: Call, fault: dict[str, Any], code: int, told: str
) -> None:
    """The next calls are refused and do nothing; other methods and later calls go well."""
    server.faults.add(Fault("sendMessage", times=2, **fault))
    assert call("getMe")["ok"]
    answers = [call("sendMessage", chat_id=chat.id, text=text) for text in "abc"]
    assert [(answer.get("error_code"), answer.get("description")) for answer in answers] == [(code, told)] * 2 + [
        (None, None)
    ]
    assert answers[0].get("parameters") == ({"retry_after": 7} if code == 429 else None)
    assert [reply.text for reply in chat.replies()] == ["c"]


@pytest.mark.parametrize(("after", "seen"), [(False, []), (True, ["a"])])
def test_a_connection_is_dropped(server: BotApi, chat: Room, call: Call, *, after: bool, seen: list[str]) -> None:
    """The client gets no answer; what it asked for is done or not, as the fault says."""
    server.faults.add(Fault("sendMessage", drop=True, after=after))
    with pytest.raises(httpx.RemoteProtocolError):
        call("sendMessage", chat_id=chat.id, text="a")
    assert [reply.text for reply in chat.replies()] == seen
    assert [one.status for one in server.journal] == [0]


def test_an_answer_may_be_wrong_though_the_deed_is_done(server: BotApi, chat: Room, call: Call) -> None:
    """A message arrives and its sender is told that it did not."""
    server.faults.add(Fault("*", status=502, after=True))
    assert call("sendMessage", chat_id=chat.id, text="a")["error_code"] == 502
    assert chat.wait_for_reply().text == "a"


def test_an_answer_may_be_late(server: BotApi, call: Call) -> None:
    """A client that does not wait so long gets nothing."""
    server.faults.add(Fault("getMe", delay=30))
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{server.base_url}{server.token}/getMe", timeout=0.1, trust_env=False)
    assert call("getMe")["ok"]


class Clock:
    """Seconds that stand still until told."""

    now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def allowed(limits: Limits, chat: int, *, group: bool = False, most: int = 100) -> int:
    """How many messages pass now."""
    for count in range(most):
        try:
            limits.check("sendMessage", chat, group=group)
        except Refused:
            return count
    return most


def test_limits_are_off_until_switched_on() -> None:
    """Without them nothing is refused."""
    assert allowed(Limits(), 1) == 100


def test_a_private_chat_takes_short_bursts() -> None:
    """Three at once, then one a second; the refusal says when."""
    limits = Limits(on=True, clock=(clock := Clock()))
    assert allowed(limits, 1) == 3
    with pytest.raises(Refused) as refused:
        limits.check("sendMessage", 1, group=False)
    assert refused.value.parameters == {"retry_after": 3}
    clock.now = 3.0
    assert allowed(limits, 1) == 3


def test_a_group_takes_twenty_a_minute() -> None:
    """The twenty-first has to wait for the minute to end."""
    limits = Limits(on=True, clock=(clock := Clock()))
    assert allowed(limits, -1, group=True) == 20
    clock.now = 59.9
    assert allowed(limits, -1, group=True) == 0
    clock.now = 60.0
    assert allowed(limits, -1, group=True) == 20


def test_all_chats_together_take_thirty_a_second() -> None:
    """The thirty-first of a second is refused in whatever chat."""
    limits = Limits(on=True, clock=Clock())
    assert sum(allowed(limits, chat, most=1) for chat in range(100)) == 30


def test_actions_and_answers_are_not_limited() -> None:
    """Only what writes counts."""
    limits = Limits(on=True, clock=Clock())
    for _ in range(100):
        limits.check("sendChatAction", 1, group=False)
        limits.check("answerCallbackQuery", None, group=False)
    assert allowed(limits, 1) == 3


def test_limits_hold_over_http(server: BotApi, chat: Room, call: Call) -> None:
    """The server refuses what is too much, by the kind of chat, and says when to come back."""
    server.limits.on, server.limits.clock = True, Clock()
    answers = [call("sendMessage", chat_id=chat.id, text="a") for _ in range(4)]
    assert [answer["ok"] for answer in answers] == [True, True, True, False]
    assert answers[3]["parameters"] == {"retry_after": 3}

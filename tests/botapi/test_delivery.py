"""Updates on their way to the bot: polls, conflicts, webhooks, repetitions."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

import pytest

from tests.botapi import BotApi, Room, User
from tests.botapi.conftest import Call

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


@pytest.fixture
def ann(server: BotApi) -> User:
    return server.user("Ann")


@pytest.fixture
def chat(server: BotApi, ann: User) -> Room:
    return server.private(ann)


class Poll:
    """A getUpdates in a thread of its own."""

    def __init__(self, server: BotApi, call: Call, **parameters: Any) -> None:
        self.answer: dict[str, Any] = {}
        self.thread = threading.Thread(target=self._ask, args=(call,), kwargs={"timeout": 10} | parameters)
        begun = server.delivery.polls
        self.thread.start()
        # The poll has begun when the server counts it.
        server.world.wait_until(lambda: server.delivery.polls > begun or None, timeout=5, awaited=lambda: "a poll")

    def _ask(self, call: Call, **parameters: Any) -> None:
        self.answer = call("getUpdates", **parameters)

    def wait(self) -> dict[str, Any]:
        """The answer, once it is there."""
        self.thread.join()
        return self.answer


class Inbox:
    """A webhook: what came, and what it answers."""

    def __init__(self) -> None:
        self.came: Queue[tuple[str | None, bytes]] = Queue()
        self.answers: list[int] = []
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                inbox.came.put((self.headers[SECRET], body))
                self.send_response(inbox.answers.pop(0) if inbox.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/hook"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    inbox = Inbox()
    thread = threading.Thread(target=inbox.http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield inbox
    inbox.http.shutdown()
    thread.join()
    inbox.http.server_close()


def test_a_second_poller_ends_the_first(server: BotApi, ann: User, chat: Room, call: Call) -> None:
    """The older poll is told of the conflict, the newer gets the update."""
    first, second = Poll(server, call), Poll(server, call)
    assert first.wait()["error_code"] == 409
    assert first.answer["description"].startswith("Conflict: terminated by other getUpdates request")
    chat.send(ann, "hello")
    assert len(second.wait()["result"]) == 1


def test_a_webhook_ends_a_poll_and_forbids_others(server: BotApi, inbox: Inbox, call: Call) -> None:
    """Updates go one way only."""
    poll = Poll(server, call)
    call("setWebhook", url=inbox.url)
    assert poll.wait()["description"] == "Conflict: terminated by setWebhook request"
    told = call("getUpdates")
    assert (told["error_code"], told["description"]) == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
    call("deleteWebhook")
    assert call("getUpdates") == {"ok": True, "result": []}


def test_a_poll_without_news_returns_nothing(call: Call) -> None:
    """A short poll does not wait; a negative wait is refused."""
    assert call("getUpdates")["result"] == []
    assert call("getUpdates", timeout=-1)["error_code"] == 400


def test_a_poll_gets_no_more_than_it_asks_for(ann: User, chat: Room, call: Call) -> None:
    """`limit` cuts from the front, a negative offset keeps the end and forgets the rest."""
    for text in "abc":
        chat.send(ann, text)
    assert [update["message"]["text"] for update in call("getUpdates", limit=2)["result"]] == ["a", "b"]
    assert [update["message"]["text"] for update in call("getUpdates", limit=0)["result"]] == ["a", "b", "c"]
    assert [update["message"]["text"] for update in call("getUpdates", offset=-1)["result"]] == ["c"]
    assert len(call("getUpdates")["result"]) == 1


def test_only_the_kinds_asked_for_come(server: BotApi, ann: User, chat: Room, call: Call) -> None:
    """allowed_updates holds until it is changed; by default reactions do not come."""
    said = chat.send(ann, "a")
    chat.react(ann, said, "👍")
    call("getUpdates", offset=-1, allowed_updates=["message_reaction"])
    chat.send(ann, "b")
    chat.react(ann, said, "👍")
    server.inline(ann, "c")
    kinds = [set(update) - {"update_id"} for update in call("getUpdates")["result"]]
    assert kinds == [{"message"}, {"message_reaction"}]
    call("getUpdates", offset=999_999, allowed_updates=[])
    server.inline(ann, "c")
    assert "inline_query" in call("getUpdates")["result"][0]


def test_an_update_can_come_twice(server: BotApi, ann: User, chat: Room, call: Call) -> None:
    """A repeated update has the same number, comes once more though confirmed, and in order."""
    chat.send(ann, "a")
    number = call("getUpdates")["result"][0]["update_id"]
    assert call("getUpdates", offset=number + 1)["result"] == []
    server.repeat_last_update()
    chat.send(ann, "b")
    assert [update["update_id"] for update in call("getUpdates")["result"]] == [number, number + 1]
    assert [update["update_id"] for update in call("getUpdates")["result"]] == [number + 1]


def test_people_can_wait_until_the_bot_has_heard_them(server: BotApi, ann: User, chat: Room, call: Call) -> None:
    """Nothing is waiting once the bot has confirmed."""
    chat.send(ann, "a")
    with pytest.raises(TimeoutError, match="take 1 updates"):
        server.wait_until_confirmed(timeout=0)
    call("getUpdates", offset=-1)
    call("getUpdates", offset=999_999)
    server.wait_until_confirmed()


def test_a_webhook_gets_updates_with_its_secret(
    server: BotApi, ann: User, chat: Room, inbox: Inbox, call: Call
) -> None:
    """Each update is posted once, in order, with the secret token."""
    chat.send(ann, "a")
    call("setWebhook", url=inbox.url, secret_token="sesame_1", max_connections=5)  # noqa: S106 - opens nothing
    chat.send(ann, "b")
    came = [inbox.came.get(timeout=5) for _ in range(2)]
    assert [secret for secret, _ in came] == ["sesame_1"] * 2
    assert [b'"text": "a"' in came[0][1], b'"text": "b"' in came[1][1]] == [True, True]
    server.wait_until_confirmed()
    info = call("getWebhookInfo")["result"]
    assert (info["url"], info["pending_update_count"], info["max_connections"]) == (inbox.url, 0, 5)


def test_a_failing_webhook_is_tried_again(server: BotApi, ann: User, chat: Room, inbox: Inbox, call: Call) -> None:
    """An update comes until it is accepted; what went wrong is told."""
    inbox.answers = [500, 403]
    call("setWebhook", url=inbox.url)
    chat.send(ann, "a")
    came = [inbox.came.get(timeout=5)[1] for _ in range(3)]
    assert came[0] == came[1] == came[2]
    server.wait_until_confirmed()
    assert "403 Forbidden" in call("getWebhookInfo")["result"]["last_error_message"]


def test_an_absent_webhook_keeps_its_updates(server: BotApi, ann: User, chat: Room, call: Call) -> None:
    """Nothing is lost while nobody listens."""
    call("setWebhook", url="http://127.0.0.1:1/hook", drop_pending_updates=True)
    chat.send(ann, "a")
    webhook = server.world.updates.webhook
    assert webhook
    server.world.wait_until(lambda: webhook.last_error or None, timeout=5, awaited=lambda: "an error")
    call("deleteWebhook")
    assert len(call("getUpdates")["result"]) == 1


def test_a_repetition_reaches_a_webhook(server: BotApi, ann: User, chat: Room, inbox: Inbox, call: Call) -> None:
    """The same update is posted twice."""
    chat.send(ann, "a")
    server.repeat_last_update()
    call("setWebhook", url=inbox.url)
    assert inbox.came.get(timeout=5) == inbox.came.get(timeout=5)


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"url": "http://news.example/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://news.example/hook"}, "bad webhook: Failed to resolve host"),
        ({"url": "http://localhost/", "secret_token": "a b"}, "secret token contains unallowed characters"),
    ],
)
def test_a_bad_webhook_is_refused(call: Call, parameters: dict[str, Any], told: str) -> None:
    """This server posts to loopback only, and secrets have their alphabet."""
    assert call("setWebhook", **parameters)["description"] == f"Bad Request: {told}"


def test_pending_updates_can_be_dropped(ann: User, chat: Room, call: Call) -> None:
    """What waited is forgotten on request."""
    chat.send(ann, "a")
    call("deleteWebhook", drop_pending_updates=True)
    assert call("getUpdates")["result"] == []

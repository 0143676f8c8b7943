"""The server in a process of its own, driven through `Remote`."""

import httpx

from tests.botapi.remote import WRITING, remote

TOKEN = "424242:A-token-of-nobody-but-these-tests_here"  # noqa: S105 - of a server on loopback


def test_people_are_driven_from_another_process() -> None:
    """What a person asks is handed to the bot, and what the bot says is seen with its request."""
    with remote(TOKEN) as (people, pid):
        ann = people.user("Ann")
        people.send(ann, "Who said so?")
        bot = f"{people.address}/bot{TOKEN}"
        (update,) = httpx.get(f"{bot}/getUpdates").json()["result"]
        httpx.post(f"{bot}/{WRITING}", json={"chat_id": ann, "text": "Ana Ruiz"}).raise_for_status()
        (reply,) = people.written(wait=5)
        assert pid
        assert (update["message"]["text"], reply["chat"], reply["text"]) == ("Who said so?", ann, "Ana Ruiz")
        assert [call["method"] for call in people.calls(1)] == [WRITING]
        assert people.state()["pending"] == 1

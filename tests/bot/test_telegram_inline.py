"""The bot in chats that it is not in: inline queries and guest mode."""

import pytest

from bot.blocks import Entry, Listing, Text
from bot.handlers.inline import CUT, one_message
from bot.handlers.sending import bare
from bot.render import MESSAGE_UNITS
from bot.words import Words
from tests.bot.conftest import Start
from tests.botapi import BotApi, Fault

WHO = "Who said nobody wanted this delay?"


def test_inline_results_are_citations(server: BotApi, start: Start) -> None:
    """Each result is a sentence with its place, to be sent to any chat, cached for the one who asked."""
    start()
    ann = server.user("Ann")
    answer = server.inline(ann, WHO).wait_for_answer()
    first = answer["results"][0]
    assert first["title"] == "Ana Ruiz"
    assert "Nobody wanted this delay" in first["input_message_content"]["message_text"]
    assert answer["is_personal"] is True
    assert 0 < answer["cache_time"] <= 300


def test_nothing_typed_yet_offers_something(server: BotApi, start: Start) -> None:
    """An empty query gets answers to questions that might be asked, each under its question."""
    start()
    results = server.inline(server.user("Ann"), "").wait_for_answer()["results"]
    assert results
    assert all(result["title"].endswith("?") for result in results)


def test_typing_too_fast_is_answered_with_nothing(server: BotApi, start: Start) -> None:
    """Above the rate a query gets no results, and the answer is not cached."""
    start(limits={"taps": "1/minute"})
    ann = server.user("Ann")
    assert server.inline(ann, WHO).wait_for_answer()["results"]
    refused = server.inline(ann, f"{WHO} really").wait_for_answer()
    assert (refused["results"], refused["cache_time"]) == ([], 0)


def test_a_guest_answers_where_it_is_called(server: BotApi, start: Start) -> None:
    """Called into a chat that it is not in, the bot answers the question once."""
    start()
    ann = server.user("Ann")
    room = server.supergroup("Elsewhere", ann, bot=False)
    asked = room.guest(ann, f"@article_bot {WHO}")
    content = asked.wait_for_answer()["result"]["input_message_content"]
    assert content["message_text"].startswith("<b>Ana Ruiz</b>")
    assert room.wait_for_reply().text.startswith("Ana Ruiz")


REFUSED = "Bad Request: can't parse inline query result: Can't parse entities: no end tag"


def test_markup_that_is_refused_costs_the_markup_only(server: BotApi, start: Start) -> None:
    """Inline and as a guest, what Telegram cannot parse is said in plain text."""
    start()
    ann = server.user("Ann")
    for method in ("answerInlineQuery", "answerGuestQuery"):
        server.faults.add(Fault(method, status=400, description=REFUSED))
    (first, *_) = server.inline(ann, WHO).wait_for_answer()["results"]
    room = server.supergroup("Elsewhere", ann, bot=False)
    guest = room.guest(ann, f"@article_bot {WHO}").wait_for_answer()["result"]
    for result in (first, guest):
        content = result["input_message_content"]
        assert "parse_mode" not in content
        assert "<b>" not in content["message_text"]
        assert "Nobody wanted this delay" in content["message_text"]


@pytest.mark.parametrize(
    "blocks",
    [
        [Text(f"{number}. {'word ' * 400}") for number in range(4)],
        [Text("word " * 818 + "1234"), Text("more")],
        [Listing(tuple(Entry("x" * 407) for _ in range(11)))],
    ],
    ids=["room", "full", "one block"],
)
def test_what_does_not_fit_in_one_message_is_seen_to_be_cut(blocks: list[Text | Listing]) -> None:
    """A message through others is one, and says where it does not hold everything."""
    text = bare(one_message(blocks, Words.of("en")))
    assert text.endswith(CUT)
    assert len(text) <= MESSAGE_UNITS

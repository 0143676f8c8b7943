"""Blocks as plain text and as Telegram's HTML."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import Block, Compared, Entry, Listing, Quoted, Text
from bot.render import MESSAGE_UNITS, cut, html, plain, units
from bot.words import Words
from retrieval import Citation, Difference
from retrieval.quotecheck import differences
from retrieval.schema import Article

ENGLISH = Words.of("en")
TAG = re.compile(r"<[^>]*>")


def shown(message: str) -> str:
    """What a reader sees of a message."""
    return unescape(TAG.sub("", message))


def cited(article: Article, text: str, *, around: tuple[int, int] = (0, 0)) -> Citation:
    start = article.text.index(text)
    end = start + len(text)
    return Citation(article, start, end, 0.9, context_start=start - around[0], context_end=end + around[1])


def test_the_cited_sentence_stands_in_a_blockquote_as_it_is(make_article: Callable[..., Article]) -> None:
    """The sentence is escaped and otherwise untouched, its title links to it, source and date follow."""
    article = make_article(
        "Costs & fees. “R&D <at 5 %> rose,” she said.",
        title="A <b> title",
        url="https://example.org/x?a=1&b=2",
        source="The Example",
        published="2025-02-13",
    )
    (message,) = html([Quoted(cited(article, "“R&D <at 5 %> rose,” she said."), name="A & B")], ENGLISH)
    assert message.startswith("<b>A &amp; B</b>\n<blockquote>“R&amp;D &lt;at 5 %&gt; rose,” she said.</blockquote>\n")
    assert '<a href="https://example.org/x?a=1&amp;b=2#:~:text=' in message
    assert message.endswith(">A &lt;b&gt; title</a> · The Example · 13 February 2025")


def test_context_shows_which_sentence_was_cited(make_article: Callable[..., Article]) -> None:
    """The neighbours stand around the cited sentence, which is strong."""
    article = make_article("One stands. Two answers. Three follows.")
    quoted = Quoted(cited(article, "Two answers.", around=(12, 15)), context=True)
    assert "<blockquote>One stands. <b>Two answers.</b> Three follows.</blockquote>" in html([quoted], ENGLISH)[0]


def test_the_sentence_before_is_shown_where_it_is_needed(make_article: Callable[..., Article]) -> None:
    """A sentence that leans on the one before is shown with it, in HTML and in plain text."""
    article = make_article("Ana spoke. She left.")
    quoted = Quoted(cited(article, "She left.", around=(11, 0)), before=True)
    assert "<blockquote>Ana spoke. <b>She left.</b></blockquote>" in html([quoted], ENGLISH)[0]
    assert plain([quoted], ENGLISH).startswith("  [Ana spoke.]\n  She left.\n")


def test_differences_are_struck_and_underlined() -> None:
    """Words that the article has not are struck, those that stand there are underlined."""
    runs = tuple(differences("no one wants war", "no one wants peace"))
    assert html([Compared(runs)], ENGLISH) == ("no one wants <u>peace</u> <s>war</s>",)
    assert plain([Compared(runs)], ENGLISH) == "  no one wants [-peace-] {+war+}"


def test_lists_are_numbered_where_they_say_so() -> None:
    """Entries stand one a line, with numbers or dots, links and remarks."""
    entries = (Entry("A", key="a", note="today", link="https://example.org/"), Entry("B"))
    assert html([Listing(entries, first=3)], ENGLISH) == ('3. <a href="https://example.org/">A</a> — today\n4. B',)
    assert html([Listing((entries[1], entries[1]))], ENGLISH) == ("• B\n• B",)
    assert html([Listing(entries[1:])], ENGLISH) == ("B",)
    assert plain([Listing(entries)], ENGLISH) == f"{'a':24}  A · today\nB"


def test_long_replies_are_split_between_blocks() -> None:
    """No message is longer than Telegram allows, nothing is lost, and no block is cut that fits."""
    blocks = [Text(f"{number} " + "🌉" * 400) for number in range(12)]
    messages = html(blocks, ENGLISH)
    assert len(messages) > 1
    assert all(units(shown(message)) <= MESSAGE_UNITS for message in messages)
    assert "\n\n".join(shown(message) for message in messages) == "\n\n".join(block.text for block in blocks)


def test_a_sentence_longer_than_a_message_is_cut_at_sentence_ends(make_article: Callable[..., Article]) -> None:
    """Each part of a long citation is a blockquote of its own; together they are the citation."""
    text = " ".join(f"Part {number} of it ends here & now." for number in range(400))
    messages = html([Quoted(cited(make_article(text), text))], ENGLISH)
    assert all(units(shown(message)) <= MESSAGE_UNITS for message in messages)
    parts = re.findall(r"<blockquote>(.*?)</blockquote>", "\n".join(messages), re.DOTALL)
    assert " ".join(unescape(part) for part in parts) == text
    assert all(unescape(part).endswith("now.") for part in parts)


@given(st.text(min_size=1, max_size=300), st.integers(min_value=2, max_value=40))
def test_cutting_loses_nothing(text: str, limit: int) -> None:
    """The parts of a text make the text, and none is longer than allowed."""
    parts = list(cut(text, limit))
    assert "".join(parts) == text
    assert all(units(part) <= limit for part in parts)


@pytest.mark.parametrize("wrap", [Text, lambda text: Text(text, strong=True), lambda text: Listing((Entry(text),))])
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_markup_in_texts_is_shown_as_it_is(wrap: Callable[[str], Block], text: str) -> None:
    """Whatever people or articles write is text, never markup."""
    messages = html([wrap(text)], ENGLISH)
    assert all(not TAG.sub("", message).count("<") for message in messages)
    assert text.strip() in "".join(shown(message) for message in messages)


def test_a_story_told_elsewhere_says_so(make_article: Callable[..., Article]) -> None:
    """On both channels, with the number of other articles."""
    citation = cited(make_article("It rained."), "It rained.")
    for others, expected in ((1, "also in 1 other"), (3, "also in 3 others")):
        block = Quoted(replace(citation, also=tuple(make_article("It rained.", key=str(n)) for n in range(others))))
        assert f"· {expected}" in plain([block], ENGLISH)
        assert f"· {expected}" in shown(html([block], ENGLISH)[0])


def test_no_piece_is_longer_than_a_message(make_article: Callable[..., Article]) -> None:
    """Lists of long entries, long names and long titles are broken between lines, or shortened."""
    long = "🌉 word " * 400
    entries = (Entry(long, note=long, link="https://example.org/"),) * 12
    article = make_article(long, title=long, source=long)
    quoted = Quoted(cited(article, article.text[:2_000]), name=long, note="reported")
    for messages in (html([Listing(entries)], ENGLISH), html([quoted], ENGLISH)):
        assert all(units(shown(message)) <= MESSAGE_UNITS for message in messages)
    assert article.text[:300] in shown(html([quoted], ENGLISH)[0])
    changed = [("same", "a"), ("missing", "b")] * 1_500
    compared = Compared(tuple(Difference(*run) for run in changed))
    assert all(units(shown(message)) <= MESSAGE_UNITS for message in html([compared], ENGLISH))

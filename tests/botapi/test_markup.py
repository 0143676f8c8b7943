"""Telegram's HTML: what it becomes and how it is refused."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.botapi.entities import Entity, Formatted, found_in, is_blank, part, tidy, width
from tests.botapi.entities import given as listed
from tests.botapi.markup import checked_url, parse
from tests.botapi.refusal import Refused

SURROGATE = (
    "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"
)
MARKUP = st.lists(
    st.sampled_from(
        ["<b>", "</b>", "<i>", "</i>", "<blockquote expandable>", "</blockquote>", "<a href='x.com'>", "</a>"]
    )
    | st.sampled_from(["&lt;", "&", "&#128512;", "<", ">", "é", "😀", " ", "\n", "code", "<pre>", "</pre>"])
).map("".join)


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
        ("B", "bold"),
    ],
)
def test_a_tag_becomes_an_entity(tag: str, kind: str) -> None:
    """Every tag that Telegram knows marks what stands in it, in UTF-16 units."""
    assert parse(f"😀<{tag}>Ruïz 😀</{tag}>.") == Formatted("😀Ruïz 😀.", (Entity(kind, 2, 7),))


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        ('<span class="tg-spoiler">ab</span>', Entity("spoiler", 0, 2)),
        ("<blockquote expandable>ab</blockquote>", Entity("expandable_blockquote", 0, 2)),
        ('<a href="https://news.example/a?b=1&amp;c=2#:~:text=x">ab</a>',
         Entity("text_link", 0, 2, url="https://news.example/a?b=1&c=2#:~:text=x")),
        ("<a href='HTTPS://News.example'>ab</a>", Entity("text_link", 0, 2, url="https://news.example/")),
        ("<a href=news.example>ab</a>", Entity("text_link", 0, 2, url="http://news.example/")),
        ("<a>a.example</a>", Entity("text_link", 0, 9, url="http://a.example/")),
        ('<pre><code class="language-python">ab</code></pre>', Entity("pre", 0, 2, language="python")),
        ('<code class="language-python">ab</code>', Entity("code", 0, 2)),
        ('<tg-emoji emoji-id="5368">👍</tg-emoji>', Entity("custom_emoji", 0, 2, custom_emoji_id="5368")),
    ],
)  # fmt: skip
def test_an_attribute_is_read(source: str, entity: Entity) -> None:
    """Addresses, languages, classes and the bare `expandable` are understood."""
    assert parse(source).entities == (entity,)


@pytest.mark.parametrize("address", ["ftp://news.example/", "no address", "nohost", "http://[::1"])
def test_an_address_that_is_none_leaves_text_only(address: str) -> None:
    """Telegram drops a link that it cannot follow and keeps its text."""
    assert parse(f'<a href="{address}">ab</a>') == Formatted("ab")
    assert checked_url(address) is None


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&#65;&#x42;&#128512;", "AB😀"),
        ("&nbsp;&copy;&apos;", "&nbsp;&copy;&apos;"),
        ("a & b &", "a & b &"),
        ("a > b", "a > b"),
        ("<b></b>", ""),
    ],
)
def test_only_some_references_are_known(source: str, text: str) -> None:
    """Four names and numbers stand for characters; all else stands for itself."""
    assert parse(source) == Formatted(text)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b/>", 'Unsupported start tag "b/" at byte offset 0'),
        ("a<b", "Unclosed start tag at byte offset 1"),
        ("a<b ", 'Empty attribute name in the tag "b" at byte offset 1'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ('<a href="a"b">x</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<i><b>x", "Can't find end tag corresponding to start tag \"b\""),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
        ("&#xD800;", SURROGATE),
    ],
)  # fmt: skip
def test_broken_markup_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    """What Telegram cannot parse is refused with its sentence and the byte where it stands."""
    with pytest.raises(Refused) as refused:
        parse(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back(text: str) -> None:
    """Text escaped as HTML is that text, with nothing marked in it."""
    assert parse(html.escape(text)) == Formatted(text)


@given(MARKUP)
def test_whatever_is_accepted_can_be_written_again(source: str) -> None:
    """Markup is refused, or its entities lie in the text and their HTML says the same."""
    try:
        formatted = tidy(parse(source))
    except Refused:
        return
    assert all(0 <= entity.offset < entity.end <= width(formatted.text) for entity in formatted.entities)
    assert parse(formatted.html) == formatted


@pytest.mark.parametrize(
    "source",
    [
        '<pre><code class="language-python">a &lt; b</code></pre>',
        "<pre>a</pre> <code>b</code>",
        "<blockquote expandable>a <b>b <i>c</i></b></blockquote>",
        '<tg-emoji emoji-id="5368">👍</tg-emoji> <tg-spoiler>a</tg-spoiler>',
        '<a href="https://news.example/?a=1&amp;b=2"><u>a</u></a> <s>b</s>',
    ],
)
def test_entities_are_written_as_html(source: str) -> None:
    """What people see can be compared as HTML."""
    assert parse(source).html == source


def test_blanks_at_the_ends_go() -> None:
    """Whitespace around a text is cut off and entities move with it."""
    formatted = tidy(parse(" \n<b> Ruiz </b> <i> </i>\n"))
    assert formatted == Formatted("Ruiz", (Entity("bold", 0, 4),))


def test_nothing_stands_in_code_and_no_quotation_in_another() -> None:
    """Telegram drops entities inside code and quotations inside quotations."""
    inner = "<blockquote>a <blockquote>b</blockquote></blockquote> <code>x <b>y</b></code>"
    assert [entity.type for entity in tidy(parse(inner)).entities] == ["blockquote", "code"]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("/start@article_bot now", "bot_command", ("/start@article_bot",)),
        ("and /help, /x/y", "bot_command", ("/help",)),
        ("hey @article_bot!", "mention", ("@article_bot",)),
        ("see https://news.example/a(b). And b.com", "url", ("https://news.example/a(b", "b.com")),
        ("write ann@news.example now", "email", ("ann@news.example",)),
        ("😀 #news and #1", "hashtag", ("#news",)),
    ],
)
def test_telegram_finds_links_and_commands(text: str, kind: str, found: tuple[str, ...]) -> None:
    """Commands, mentions, addresses and hashtags are marked without being asked for."""
    assert found_in(Formatted(text)).marked(kind) == found


def test_nothing_is_found_in_code_or_links() -> None:
    """A command in code is code."""
    assert [entity.type for entity in found_in(parse("<code>/start</code>")).entities] == ["code"]


def test_entities_may_be_listed() -> None:
    """A list of entities marks the text by UTF-16 offsets."""
    formatted = listed("😀 Ruiz", [{"type": "bold", "offset": 3, "length": 4}])
    assert formatted.html == "😀 <b>Ruiz</b>"
    assert part(formatted.text, formatted.entities[0]) == "Ruiz"


def test_an_entity_outside_the_text_is_refused() -> None:
    """An entity may not reach over the end."""
    with pytest.raises(Refused, match="UTF-16 offset 5"):
        listed("Ruiz", [{"type": "bold", "offset": 0, "length": 5}])


@pytest.mark.parametrize(("text", "blank"), [("", True), (" \u200b\n", True), ("\u200ba", False), ("\u00a0", True)])
def test_what_nobody_sees_is_blank(text: str, blank: bool) -> None:  # noqa: FBT001 - an expected value
    """Zero-width characters and spaces do not make a message."""
    assert is_blank(text) == blank

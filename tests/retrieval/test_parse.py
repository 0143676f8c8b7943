"""Page → Article."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import ArticleBotError, ArticleError
from retrieval.fetch import Page
from retrieval.parse import parse
from retrieval.parse_text import plain_text


def page(content: str | bytes, name: str = "news.txt") -> Page:
    return Page(Path(name), content.encode() if isinstance(content, str) else content)


@pytest.mark.parametrize(
    "text",
    [
        "Plain.\n\nTwo.\n",
        "“Curly,” she said – ‘yes’.\n",
        "Emoji 😀👩‍🚀 here.\n",
        "\u200fמילים\u200e and words.\n",
        "  leading and trailing  \n\n\n",
        "tab\tand\u00a0no-break\n",
    ],
)
def test_plain_text_keeps_every_code_point(text: str) -> None:
    """A .txt article's text is the file's text."""
    assert parse(page(text)).text == text


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfOne.\r\nTwo.\r\n", b"One.\r\nTwo.\r\n", b"One.\rTwo.\r"])
def test_newlines_and_byte_order_mark_are_normalised(raw: bytes) -> None:
    """CRLF and CR become LF; a byte order mark is no part of the text."""
    assert parse(page(raw)).text == "One.\nTwo.\n"


def test_front_matter_gives_the_fields() -> None:
    """Every documented key of the front matter is read."""
    article = parse(
        page(
            "---\nid: b\ntitle: A bridge\nurl: https://example.org/b\nsource: Gazette\nauthor: Ana\n"
            "published: 2025-02-13\nlanguage: en\n---\nBody.\n",
            "x.md",
        )
    )
    fields = (article.id, article.title, article.url, article.source, article.author, article.published)
    assert fields == ("b", "A bridge", "https://example.org/b", "Gazette", "Ana", "2025-02-13")
    assert article.text == "Body."


def test_other_front_matter_is_passed_over() -> None:
    """Keys that other programs put there do no harm."""
    assert parse(page("---\ntags: [a, b]\ndraft: false\n---\nBody.", "x.md")).id == "x"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\x00\x01\x02", "not a text file"),
        (b"zip \xff", "line 1 is not valid UTF-8"),
        (b"ok\nok\nbad \xff\n", "line 3 is not valid UTF-8"),
        (b"ok\nbell \x07\n", "control character in line 2"),
    ],
)
def test_what_is_no_text_is_refused(raw: bytes, words: str) -> None:
    """One sentence names the file, and the line where there is one."""
    with pytest.raises(ArticleError, match=words) as raised:
        parse(page(raw))
    assert str(raised.value).startswith("news.txt: ")


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("---\ntitle: x\nBody.", "no second ---"),
        ("---\ntitle: [x\n---\nBody.", "line"),
        ("---\n- a\n- b\n---\nBody.", "key: value"),
        ("---\npublished: yesterday\n---\nBody.", "“published” must be a date"),
        ("---\npublished: 2025-13-40\n---\nBody.", "month"),
        ("---\nurl: javascript:alert(1)\n---\nBody.", "“url” must begin with http"),
        ("---\nauthor: [a, b]\n---\nBody.", "“author” must be text, not list"),
        ('---\nid: ""\n---\nBody.', "“id” is empty"),
        ("---\ntitle: x\n---\n", "holds no text"),
    ],
)
def test_broken_front_matter_is_named(front: str, words: str) -> None:
    """The sentence names the key or the line."""
    with pytest.raises(ArticleError, match=words):
        parse(page(front, "x.md"))


def test_markdown_becomes_plain_paragraphs() -> None:
    """Emphasis, links and headings leave their words; HTML leaves nothing."""
    markdown = (
        "# Head\n\nSome *stressed* and **bold** [linked](https://x.org) words\nwrapped.\n\n- one\n- two\n\n<b>raw</b>\n"
    )
    assert plain_text(markdown) == "Head\n\nSome stressed and bold linked words wrapped.\n\none\n\ntwo\n\nraw"


def test_title_is_the_headline_or_the_file_name() -> None:
    """A short first line before an empty line is the title, else the file's name."""
    assert parse(page("Bridge shut\n\nIt is shut.")).title == "Bridge shut"
    assert parse(page("It is shut.\n\nSince May.", "swing-bridge.txt")).title == "Swing bridge"


def test_a_source_line_at_the_end_is_the_source() -> None:
    """“Original Source: …” names the source and stays in the text."""
    article = parse(page("It is shut.\nOriginal Source: www.example.org"))
    assert (article.source, article.text[-15:]) == ("www.example.org", "www.example.org")


def test_version_is_that_of_the_content() -> None:
    """The same content has the same version wherever it lies; any change another."""
    same = parse(page("A.\n\nText.", "one/news.txt")).version == parse(page("A.\n\nText.", "two/news.txt")).version
    assert same
    assert parse(page("A.\n\nText.")).version != parse(page("A.\n\nText!")).version


@given(st.binary(max_size=400), st.sampled_from(["a.md", "a.txt"]))
@settings(deadline=None)  # the first guess at an encoding imports what guesses
def test_parsing_raises_our_errors_only(content: bytes, name: str) -> None:
    """Whatever the bytes, parsing ends in an article with text or in one of our errors."""
    try:
        article = parse(page(content, name))
    except ArticleBotError:
        return
    assert article.text.strip()


@given(st.text(max_size=300), st.text(max_size=300))
def test_front_matter_of_any_kind_raises_our_errors_only(front: str, body: str) -> None:
    """Whatever stands between the dashes."""
    try:
        parse(page(f"---\n{front}\n---\n{body}".encode("utf-8", "surrogatepass"), "a.md"))
    except ArticleBotError:
        return

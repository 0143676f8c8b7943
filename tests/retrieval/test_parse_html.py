"""HTML → Article: what is taken, and that it reads as the page does."""

from typing import Any

import pytest
from hypothesis import example, given, settings

from retrieval.blocks import blocks_of, is_hidden, read_tree
from retrieval.errors import ArticleError
from retrieval.fetch import Page
from retrieval.parse import parse
from tests.retrieval.test_hostile import MARKUP

PROSE = "The bridge at Harlow Quay stays shut until October, the council said on Tuesday after a long meeting. "


def page(body: str, head: str = "", media: str = "text/html") -> Page:
    return Page(
        "https://a.example/news/bridge", f"<html><head>{head}</head><body>{body}".encode(), media, "https://a.example/x"
    )


def texts(markup: str) -> list[str]:
    return [block.text for block in blocks_of(read_tree(markup))]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One <b>bold</b>ly <a href=x>linked</a>.</p><p>Two.</p>", ["One boldly linked.", "Two."]),
        ("<div>Loose<p>in</p>text</div>", ["Loose", "in", "text"]),
        ("<p>a<br>b</p><p>c<br><br>d</p>", ["a\nb", "c", "d"]),
        ("<p>a \n  b\tc&nbsp;d</p>", ["a b c\u00a0d"]),
        ("<table><tr><td>A<td>1<tr><td><p>B</p><td>2</table>", ["A 1", "B", "2"]),
        ("<p>seen<span hidden>not</span><span style='color:red; display: none'>nor</span></p>", ["seen"]),
        ("<p>a</p><script>b</script><style>c</style><noscript>d</noscript><button>e</button>", ["a"]),
        ("<p>a<!-- b -->c<?d?></p>", ["ac"]),
    ],
)
def test_blocks_read_as_the_page_does(markup: str, expected: list[str]) -> None:
    """Inline marks leave no trace, blocks and double breaks part, what is not shown is not read."""
    assert texts(markup) == expected


def is_shown(text: Any) -> bool:
    """Whether a text that XPath found stands in nothing hidden; a script's is text, too."""
    inside = text.getparent().getparent() if text.is_tail else text.getparent()
    return not any(is_hidden(element) for element in (inside, *inside.iterancestors()))


@given(MARKUP)
@example("hidden> <script> <p> </script> charset=utf-8>")
@example("\x08 <meta <p> <p>")
@settings(deadline=None)
def test_every_paragraph_is_of_the_page(markup: str) -> None:
    """Whatever the markup, no letter is in a block that is not in what the page shows, in that order."""
    try:
        tree = read_tree(markup)
    except ValueError:
        return
    whole = "".join("".join(text for text in tree.xpath(".//text()") if is_shown(text)).split())
    for block in blocks_of(tree):
        assert "".join(block.text.split()) in whole


def test_what_a_page_says_of_itself() -> None:
    """Title, author, date, site, canonical address and language."""
    head = (
        "<title>Bridge shut | Gazette</title><meta property=og:title content='Bridge &amp; quay shut'>"
        "<meta property=og:site_name content=Gazette><meta name=author content='Ana Ruiz'>"
        "<meta property=article:published_time content=2026-05-04T08:00:00+01:00>"
        "<link rel=canonical href='https://a.example/bridge?utm_source=x'>"
    )
    found = Page(
        "https://a.example/x", f"<html lang=pt-BR><head>{head}</head><p>{PROSE * 3}".encode(), url="https://a.example/x"
    )
    article = parse(found)
    assert (article.title, article.author, article.source) == ("Bridge & quay shut", "Ana Ruiz", "Gazette")
    assert (article.published, article.url, article.language) == ("2026-05-04", "https://a.example/bridge", "pt")


def test_soft_hyphens_are_no_letters() -> None:
    """They are not seen, so they are not in the text."""
    assert parse(page(f"<p>The coun\u00adcil&shy;lor spoke. {PROSE}</p>")).text.startswith("The councillor spoke.")


def test_a_page_whose_names_mislead_is_read_all_the_same() -> None:
    """A site that calls its article a widget has an article."""
    paragraphs = "".join(f"<p>{number}. {PROSE}</p>" for number in range(6))
    assert parse(page(f"<div class='widget'>{paragraphs}</div>")).text.count("Harlow Quay") == 6


@pytest.mark.parametrize(
    "body", ["", "<script>x</script>", "<nav><a href=/>Home</a></nav>", "<p hidden>nothing to see here at all</p>"]
)
def test_pages_without_an_article(body: str) -> None:
    """One sentence."""
    with pytest.raises(ArticleError, match="holds no text"):
        parse(page(body))

"""What inputs made to do harm get, and what any bytes at all get."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.config import ParseConfig
from retrieval.errors import ArticleError
from retrieval.fetch import Page
from retrieval.fetch_body import read_body
from retrieval.parse import MAX_TOLD, NO_TEXT, items, parse
from retrieval.sandbox import Sandbox
from retrieval.sandbox_process import answer_of
from retrieval.urls import is_url
from tests.retrieval.documents import make_docx, make_epub, make_pdf
from tests.retrieval.hostile import LIMITS, MEGABYTE, TABLE, Hostile, gzip_of_zeros, outcome

KINDS = [
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "text/markdown",
    "application/pdf",
    "application/epub+zip",
    "application/octet-stream",
    "text/html; charset=utf-16",
    "text/html; charset=nonsense",
]
MARKUP = st.lists(
    st.sampled_from(
        "<p> </p> <div> </div> <article> <table> <tr> <td> <li> <br> <br><br> <b> </b> <a href='x'> </a> <h1> <!-- -->"
        " <script> </script> <style> <pre> <title> </title> <meta charset=utf-8> <html lang=en> <body> &amp; &#0; &shy;"
        " <blockquote> <figure> <figcaption> <aside> <time> <svg> <template> <iframe> <p hidden> ]]> <![CDATA[ <?xml ?>"
        " <link rel=canonical href='http://[x'> <link rel=canonical href=/y>".split(" ")
    )
    | st.text(max_size=30),
    max_size=40,
).map(" ".join)
SEEDS = [
    make_pdf([["The bridge is shut.", "It stays shut."]], {"Title": "Bridge"}),
    make_docx("<w:p><w:r><w:t>The bridge is shut.</w:t></w:r></w:p>", "<dc:title>Bridge</dc:title>"),
    make_epub({"a.xhtml": "<p>The bridge is shut.</p>"}, "<dc:title>Bridge</dc:title>"),
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Reads under the limits of the table."""
    with Sandbox(LIMITS, max_bytes=5_000_000) as reading:
        yield reading


@pytest.mark.parametrize("hostile", TABLE, ids=lambda hostile: hostile.name + hostile.suffix)
def test_what_hostile_inputs_get(hostile: Hostile, sandbox: Sandbox) -> None:
    """Each ends in the error that the table says, or in a text without harm; never in more than it may use."""
    error, text = outcome(hostile.page, sandbox)
    assert hostile.gets in error
    assert bool(hostile.gets) == bool(error)
    assert hostile.text in text
    assert "root:" not in text
    assert error == "" or error.endswith(".")


def test_the_sandbox_goes_on_after_every_page(sandbox: Sandbox) -> None:
    """A page that was too much for it harms none that comes after."""
    page = Page(Path("a.html"), b"<p>" + b"The bridge stays shut until October. " * 9)
    assert sandbox.parse(page).text.startswith("The bridge stays shut")
    with Sandbox(ParseConfig(seconds=0.2), max_bytes=1_000) as hasty:
        with pytest.raises(ArticleError, match=r"cannot be read in 0\.2 seconds|broke off"):
            hasty.parse(Page(Path("b.html"), b"<a href=x>b</a> " * 200_000))
        with pytest.raises(ArticleError, match="is longer than"):
            hasty.parse(Page(Path("c.txt"), b"bridge " * 1_000))


def test_the_sandbox_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads strangers' pages has nothing of the environment but where the modules are."""
    monkeypatch.setenv("ARTICLE_BOT_TOKEN", "hunter2")
    with Sandbox(LIMITS, max_bytes=1_000) as fresh:
        fresh.parse(Page(Path("a.html"), b"<p>The bridge is shut."))
        assert fresh._process is not None
        environment = Path(f"/proc/{fresh._process.pid}/environ").read_bytes()
    assert b"hunter2" not in environment
    assert b"PYTHONPATH" in environment


def test_a_sandbox_that_was_killed_is_made_anew(sandbox: Sandbox) -> None:
    """The page in hand fails with a sentence, the next is read."""
    page = Page(Path("a.html"), b"<p>The bridge is shut.")
    sandbox.parse(page)
    assert sandbox._process is not None
    sandbox._process.kill()
    sandbox._process.wait()
    with pytest.raises(ArticleError, match=r"a\.html: cannot be read: what reads it broke off"):
        sandbox.parse(page)
    assert sandbox.parse(page).text == "The bridge is shut."


def test_ten_gigabytes_of_gzip_are_read_no_further_than_they_may() -> None:
    """Ten megabytes as sent, ten gigabytes as unpacked, a megabyte as read."""
    taken = 0

    def chunks() -> Iterator[bytes]:
        nonlocal taken
        for chunk in gzip_of_zeros(10_240):
            taken += len(chunk)
            yield chunk

    with pytest.raises(ArticleError, match="larger than 1,048,576 bytes"):
        read_body(chunks(), coding="gzip", max_bytes=MEGABYTE)
    assert taken < MEGABYTE


def holds(page: Page) -> None:
    """An article with a text and a title that can be shown, or one of our errors; nothing else."""
    try:
        article = parse(page)
    except ArticleError:
        return
    assert article.text.strip()
    assert not NO_TEXT.search(article.text)
    assert 0 < len(article.title) <= MAX_TOLD + 1
    assert article.id
    assert article.version
    json.dumps([article.text, article.title, article.author, article.source], ensure_ascii=False).encode()


@pytest.mark.parametrize("media", KINDS)
@given(content=st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_any_bytes_of_any_kind(media: str, content: bytes) -> None:
    """Never anything but an article or our error, whatever a server says that it sends."""
    holds(Page("http://a.example/b?c", content, media=media, url="http://a.example/b"))


@given(content=MARKUP)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_markup(content: str) -> None:
    """The pieces of pages in any order."""
    holds(
        Page("http://a.example/", content.encode("utf-8", "surrogatepass"), media="text/html", url="http://a.example/")
    )


@pytest.mark.parametrize("seed", SEEDS, ids=["pdf", "docx", "epub"])
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_documents_with_bytes_changed(seed: bytes, data: st.DataObject) -> None:
    """A document that was damaged here and there is read or refused."""
    content = bytearray(seed)
    for place in data.draw(st.lists(st.integers(0, len(seed) - 1), max_size=12)):
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(seed)))
    holds(Page(Path("a.pdf"), bytes(content[:cut] if cut % 3 == 0 else content)))


@given(content=st.binary(max_size=200) | MARKUP.map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=150, deadline=None)
def test_any_feed(content: bytes) -> None:
    """Items with links that may be asked for, or our error."""
    page = Page("http://a.example/feed", b"<rss version='2.0'><channel><item>" + content, url="http://a.example/feed")
    try:
        found = items(page)
    except ArticleError:
        return
    assert all(is_url(item.link) for item in found)


@pytest.mark.parametrize("task", ["article", "items"])
def test_the_process_answers_in_json(task: str) -> None:
    """What is found, or why nothing is; `file` tells paths from URLs."""
    question = {"task": task, "name": "http://a.example/?token=hunter2", "file": False, "media": "", "url": None}
    answer = answer_of(question, b"", {"pages": 1})
    assert answer["error"].startswith("http://a.example/: ")
    page = b"<p>The bridge is shut." if task == "article" else b"<rss version='2.0'><channel/></rss>"
    assert "found" in answer_of(question | {"name": "a.html", "file": True}, page, {"pages": 1})

"""Page → Article: by the kind of document that it is, in its encoding, with an id and a version.

Knows nothing of sentences or of the store, nor how long reading may take: that is the sandbox's business.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from retrieval.draft import Draft
from retrieval.errors import ArticleError
from retrieval.fetch import Page
from retrieval.parse_feed import Item, read_items
from retrieval.schema import Article
from retrieval.sniff import Kind, kind_of
from retrieval.urls import article_url, identify

# Where the reader of each kind is, and what the kind is called in errors.
READERS: dict[Kind, tuple[str, str]] = {
    "text": ("parse_text.read_text", "text"),
    "markdown": ("parse_text.read_markdown", "Markdown"),
    "html": ("parse_html.read_html", "HTML"),
    "pdf": ("parse_pdf.read_pdf", "PDF"),
    "docx": ("parse_docx.read_docx", "DOCX"),
    "epub": ("parse_epub.read_epub", "EPUB"),
}
# Markdown of brackets alone takes the parser ten seconds a million; more of it than this is read in the sandbox.
PLAIN_MARKDOWN_BYTES = 200_000
ENGLISH = "en"
MAX_PAGES = 1_000
# A title, an author or a source that is longer is none that could be shown.
MAX_TOLD = 300
# What is no text in any encoding: control characters, and halves of characters.
NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\ud800-\udfff]")

Read = TypeVar("Read")


def parse(page: Page, *, max_pages: int = MAX_PAGES) -> Article:
    """The article that a page holds, at most `max_pages` pages of it where it has pages.

    Raises:
        ArticleError: It holds no text, is of no kind that is read, or broken; names it, and line or key where there is
            one.
    """
    return _finished(page, _read(page, max_pages))


def items(page: Page) -> list[Item]:
    """The items of the feed that a page is.

    Raises:
        ArticleError: It is no feed.
    """
    return _guarded(read_items, page, "feed")


def article_of_item(item: Item) -> Article:
    """The article that a feed holds whole.

    Raises:
        ArticleError: There is no text in it, or its link is no URL.
    """
    page = Page(item.link, b"", url=item.link)
    draft = Draft(
        text=item.text or "",
        title=item.title,
        source=item.source,
        author=item.author,
        published=item.published,
        language=item.language,
    )
    return _finished(page, draft)


def is_plain(page: Page) -> bool:
    """Whether a page is read quickly whatever is in it, so that it needs no sandbox."""
    kind = kind_of(page)
    return kind == "text" or (kind == "markdown" and len(page.content) <= PLAIN_MARKDOWN_BYTES)


def content_version(article: Article) -> str:
    """The hash of all that a reader sees of an article."""
    parts = (
        article.title,
        article.url,
        article.source,
        article.author,
        article.published,
        article.language,
        article.text,
    )
    return hashlib.sha256("\0".join(part or "" for part in parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _read(page: Page, max_pages: int) -> Draft:
    kind = kind_of(page)
    if kind not in READERS:
        raise ArticleError(f"{page.name}: is a {kind} and no article.")
    path, called = READERS[kind]
    module, _, name = path.partition(".")
    reader: Callable[..., Draft] = getattr(import_module(f"retrieval.{module}"), name)
    return _guarded(partial(reader, max_pages=max_pages) if kind == "pdf" else reader, page, called)


def _guarded(reader: Callable[[Page], Read], page: Page, called: str) -> Read:
    """What a reader finds; whatever goes wrong in the libraries below it is one of our errors."""
    try:
        return reader(page)
    except (ArticleError, MemoryError):
        raise
    except Exception as error:  # given hostile bytes, libraries raise whatever they come upon
        raise ArticleError(f"{page.name}: cannot be read as {called} ({type(error).__name__}).") from error


def _finished(page: Page, draft: Draft) -> Article:
    clean = replace(draft, text=NO_TEXT.sub("", draft.text))
    if not clean.text.strip():
        raise ArticleError(f"{page.name}: holds no text.")
    article = _of_url(page, clean, page.url) if page.url else _of_file(page, clean)
    return replace(article, version=content_version(article))


def _of_file(page: Page, draft: Draft) -> Article:
    return _article(page, draft, key=draft.id or page.stem, url=draft.url)


def _of_url(page: Page, draft: Draft, url: str) -> Article:
    """A page of the web says itself neither what its id is nor that it stands on another site."""
    try:
        address = article_url(url, draft.url)
    except ValueError as error:
        raise ArticleError(f"{page.name}: is no valid URL.") from error
    return _article(page, draft, key=identify(address), url=address)


def _article(page: Page, draft: Draft, *, key: str, url: str | None) -> Article:
    return Article(
        id=key,
        version="",
        title=_short(draft.title) or _short(page.stem) or Path(page.name).name,
        text=draft.text,
        url=url,
        source=_short(draft.source),
        author=_short(draft.author),
        published=draft.published,
        language=draft.language or ENGLISH,
    )


def _short(told: str | None) -> str | None:
    """What a page tells of itself, as much of it as can be shown."""
    clean = NO_TEXT.sub("", told or "").strip()
    return (clean if len(clean) <= MAX_TOLD else f"{clean[:MAX_TOLD].rstrip()}…") or None

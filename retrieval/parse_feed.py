"""RSS or Atom → Items: what a feed says of the articles that it lists, and their text where it holds all of it.

Knows nothing of fetching what it lists.
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from retrieval.draft import language_code, one_line
from retrieval.errors import ArticleError
from retrieval.fetch import Page
from retrieval.urls import is_url

# A feed that gives whole articles gives more than a teaser, and does not end in an ellipsis or a link to the rest.
LEAST_CHARS = 1_000
TEASER = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|(?:read|continue|keep) (?:more|reading|the full story)\W*|appeared first on .*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Item:
    """An article that a feed lists; `text` is None where the feed holds only a teaser of it."""

    link: str = field(repr=False)
    title: str | None = None
    author: str | None = None
    published: str | None = None
    source: str | None = None
    language: str | None = None
    text: str | None = field(default=None, repr=False)


def read_items(page: Page) -> list[Item]:
    """The items of a feed that lead somewhere, in its order, each link once.

    Raises:
        ArticleError: It is no feed.
    """
    import feedparser

    told = {"content-type": page.media or "application/xml", "content-location": page.url or ""}
    found = feedparser.parse(page.content, response_headers=told)
    if not found.version:
        raise ArticleError(f"{page.name}: is no feed that can be read.")
    items = [_item(entry, found.feed, page.url or "") for entry in found.entries]
    return list({item.link: item for item in reversed(items) if is_url(item.link)}.values())[::-1]


def _item(entry: Any, feed: Any, base: str) -> Item:  # noqa: ANN401 - feedparser's dictionaries
    return Item(
        link=_link(base, str(entry.get("link") or "").strip()),
        title=_line(entry.get("title")),
        author=_line(entry.get("author")),
        published=_date(entry.get("published_parsed") or entry.get("updated_parsed")),
        source=_line(feed.get("title")),
        language=language_code(entry.get("language") or feed.get("language")),
        text=_full_text(entry),
    )


def _link(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""


def _full_text(entry: Any) -> str | None:  # noqa: ANN401 - feedparser's dictionary
    from retrieval.blocks import blocks_of, read_tree

    kept = [part.value for part in entry.get("content", ()) if "html" in part.type and part.value.strip()]
    if not kept:
        return None
    text = "\n\n".join(block.text for block in blocks_of(read_tree(max(kept, key=len))))
    return text if len(text) >= LEAST_CHARS and not TEASER.search(text) else None


def _line(text: str | None) -> str | None:
    """A title without markup, in one line."""
    from retrieval.blocks import blocks_of, read_tree

    if not (text or "").strip():
        return None
    plain = " ".join(block.text for block in blocks_of(read_tree(text or ""))) if "<" in (text or "") else text or ""
    return one_line(plain)


def _date(parsed: Any) -> str | None:  # noqa: ANN401 - time.struct_time or None
    if not parsed:
        return None
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return None

"""Text that was pasted or posted → an article as it was found.

Knows nothing of files or of the store. The text stays as it is, but for
newlines, control characters and space at its ends.
"""

import datetime as dt
import hashlib
from dataclasses import replace

from retrieval.errors import ArticleError
from retrieval.found import Found
from retrieval.parse import content_version
from retrieval.parse_text import CONTROL
from retrieval.schema import Article

TITLE_LENGTH = 80
KEY_LENGTH = 12


def found_in(
    text: str,
    *,
    title: str | None = None,
    url: str | None = None,
    source: str | None = None,
    author: str | None = None,
    published: str | None = None,
    key: str | None = None,
) -> Found:
    """The article that a text is; without a key, the same text is the same article.

    Raises:
        ArticleError: There is no text in it, or its date is none.
    """
    body = CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not body:
        raise ArticleError("There are no words in the text.")
    if published is not None:
        _check_date(published)
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
    article = Article(
        id=key or f"text-{digest[:KEY_LENGTH]}",
        version="",
        title=title or _title(body),
        text=body,
        url=url,
        source=source,
        author=author,
        published=published,
    )
    return Found(replace(article, version=content_version(article)), f"text:{article.id}", digest)


def _title(text: str) -> str:
    """The first line, as much of it as makes a title."""
    first = text.split("\n", 1)[0].strip()
    return first if len(first) <= TITLE_LENGTH else f"{first[:TITLE_LENGTH].rsplit(' ', 1)[0]} …"


def _check_date(value: str) -> None:
    try:
        dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise ArticleError(f"The text’s date must be one like 2025-02-13, not “{value}”.") from error

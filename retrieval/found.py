"""An article as it was found in a source.

Knows nothing of how sources are read.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from retrieval.fetch import Page
from retrieval.records import Record
from retrieval.schema import Article


@dataclass(frozen=True, slots=True)
class Found:
    """An article, where it was found, and the hash of what it was read from."""

    article: Article
    origin: str
    page_hash: str

    @classmethod
    def kept(cls, record: Record) -> "Found":
        """What was found before and is as it was."""
        return cls(record.article, record.origin, record.page_hash)


def page_hash(page: Page) -> str:
    """The sha256 of a page's bytes."""
    return hashlib.sha256(page.content).hexdigest()


def origin_of(source: Path | str) -> str:
    """A path or URL as it is kept."""
    return source if isinstance(source, str) else str(source.resolve())

"""The configured sources, read and held against what is kept: what is new, what is unchanged, what is gone.

Changes nothing; knows nothing of embedding or storing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval.config import Config
from retrieval.errors import ArticleError
from retrieval.fetch import Page, fetch, list_files
from retrieval.parse import parse
from retrieval.schema import Article
from retrieval.store import Record


@dataclass(frozen=True, slots=True)
class Found:
    """An article as it was found: where, and the hash of the bytes that it was read from."""

    article: Article
    origin: str
    page_hash: str

    @classmethod
    def on(cls, page: Page) -> "Found":
        """The article that a page holds.

        Raises:
            ArticleError: It holds none.
        """
        return cls(parse(page), origin_of(page.origin), page_hash(page))


class Sources:
    """What the sources hold now: `fresh` articles, `failed` sentences, ids that are `gone`."""

    def __init__(self, config: Config, records: Mapping[str, Record]) -> None:
        self.fresh: list[Found] = []
        self.failed: list[str] = []
        self.unchanged = 0
        self._max_bytes = config.max_article_bytes
        self._by_origin = {record.origin: record for record in records.values()}
        self._seen: dict[str, Path] = {}
        self._broken: list[Path] = []
        for source in config.sources:
            self._read_source(source)
        self.gone = {key for key, record in records.items() if self._is_gone(record)}

    def _read_source(self, source: Path) -> None:
        try:
            paths = list_files(source)
        except ArticleError as error:
            self.failed.append(str(error))
            self._broken.append(source)
            return
        if not paths:
            self.failed.append(f"{source}: there are no article files (.md, .txt) in this folder.")
        for path in paths:
            try:
                self._read_file(path)
            except ArticleError as error:
                self.failed.append(str(error))
                self._broken.append(path)

    def _read_file(self, path: Path) -> None:
        page = fetch(path, max_bytes=self._max_bytes)
        kept = self._by_origin.get(origin_of(path))
        unchanged = kept is not None and kept.configured and kept.page_hash == page_hash(page)
        found = Found(kept.article, kept.origin, kept.page_hash) if kept and unchanged else Found.on(page)
        article = found.article
        other = self._seen.setdefault(article.id, path)
        if other != path:
            if other.resolve() == path.resolve():
                return
            raise ArticleError(f"{path}: has the id “{article.id}” that {other} has; give one of them another `id`.")
        if unchanged:
            self.unchanged += 1
        else:
            self.fresh.append(found)

    def _is_gone(self, record: Record) -> bool:
        if not record.configured or record.article.id in self._seen:
            return False
        origin = Path(record.origin)
        return not any(origin.is_relative_to(broken.resolve()) for broken in self._broken)


def page_hash(page: Page) -> str:
    """The sha256 of a page's bytes."""
    return hashlib.sha256(page.content).hexdigest()


def origin_of(path: Path) -> str:
    """A path as it is kept."""
    return str(path.resolve())

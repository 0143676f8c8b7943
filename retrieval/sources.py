"""The configured sources, read and held against what is kept: what is new, what is unchanged, what is gone.

Changes nothing; knows nothing of embedding or storing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from retrieval.config import Config
from retrieval.errors import ArticleError
from retrieval.fetch import SUFFIXES, Visit, fetch, list_files
from retrieval.found import Found, origin_of, page_hash
from retrieval.online import Online
from retrieval.records import Record
from retrieval.sandbox import Sandbox
from retrieval.urls import is_url, shown


class Sources:
    """What the sources hold now: `fresh` articles, `failed` sentences, ids that are `gone`, `visited` URLs.

    Args:
        config: The sources, and how to read them.
        records: What is kept already, by article id.
        visits: The visits before, by URL.
    """

    def __init__(
        self, config: Config, records: Mapping[str, Record], visits: Mapping[str, Visit] | None = None
    ) -> None:
        self.fresh: list[Found] = []
        self.failed: list[str] = []
        self.unchanged = 0
        self._config = config
        self._kept = {record.origin: record for record in records.values() if record.configured}
        self._seen: dict[str, Found] = {}
        self._broken: list[Path | str] = []
        self._visits = visits or {}
        with Sandbox(config.parse, max_bytes=config.max_article_bytes) as self._sandbox:
            self._online = Online(config, self._sandbox, kept=self._kept, visits=self._visits)
            for source in config.sources:
                self._read_source(source)
        self.failed += self._online.failed
        self.gone = {key for key, record in records.items() if self._is_gone(record)}

    @property
    def visited(self) -> list[Visit]:
        """The URLs that were read, to be remembered once what was found there is kept."""
        return self._online.visited

    def _read_source(self, source: Path | str) -> None:
        if isinstance(source, str):
            self._attempt(source, lambda: self._online.read(source))
            return
        try:
            paths = list_files(source)
        except ArticleError as error:
            self._fail(error, source)
            return
        if not paths:
            self.failed.append(f"{source}: there are no article files ({', '.join(SUFFIXES)}) in this folder.")
        for path in paths:
            self._attempt(path, partial(self._read_file, path))

    def _attempt(self, source: Path | str, read: Callable[[], Iterable[Found]]) -> None:
        try:
            for found in read():
                self._take(found)
        except ArticleError as error:
            self._fail(error, source)

    def _read_file(self, path: Path) -> Iterator[Found]:
        page = fetch(path, max_bytes=self._config.max_page_bytes)
        origin, digest = origin_of(path), page_hash(page)
        kept = self._kept.get(origin)
        if kept is not None and kept.page_hash == digest:
            yield Found.kept(kept)
        else:
            yield Found(self._sandbox.parse(page), origin, digest)

    def _take(self, found: Found) -> None:
        """Count what was found as fresh or unchanged, once.

        Raises:
            ArticleError: Another file has its id. One article at two URLs is one article.
        """
        other = self._seen.setdefault(found.article.id, found)
        if other is not found:
            if other.origin == found.origin or (is_url(other.origin) and is_url(found.origin)):
                return
            taken = f"has the id “{found.article.id}” that {_name(other)} has"
            raise ArticleError(f"{_name(found)}: {taken}; give one of them another `id`.")
        kept = self._kept.get(found.origin)
        if kept is not None and kept.article is found.article:
            self.unchanged += 1
        else:
            self.fresh.append(found)

    def _fail(self, error: ArticleError, source: Path | str) -> None:
        self.failed.append(str(error))
        self._broken.append(source)

    def _is_gone(self, record: Record) -> bool:
        if not record.configured or record.article.id in self._seen:
            return False
        if is_url(record.origin):
            visit = self._visits.get(record.origin)
            return not {record.origin, visit.feed if visit else None} & set(map(str, self._broken))
        return not any(
            Path(record.origin).is_relative_to(broken.resolve()) for broken in self._broken if isinstance(broken, Path)
        )


def _name(found: Found) -> str:
    return shown(found.origin) if is_url(found.origin) else found.origin


def read_source(source: str | Path, config: Config) -> Sources:
    """What a source holds that the configuration does not name; a path begins at the working directory.

    Raises:
        ArticleError: Nothing in it can be read.
    """
    place = str(source) if "://" in str(source) else str(Path(source).expanduser().absolute())
    sources = Sources(config.model_copy(update={"articles": [place]}), {})
    if sources.failed and not sources.fresh:
        raise ArticleError(sources.failed[0])
    return sources

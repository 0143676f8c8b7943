"""How the archive changes: articles added, removed, reloaded, staged, published and rolled back.

One change at a time, each article whole, old or new; whoever asks meanwhile is not disturbed. Knows nothing of
questions.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from retrieval.backup import put_back, vacuum
from retrieval.config import Config
from retrieval.errors import ArticleError
from retrieval.found import Found
from retrieval.history import Version, history
from retrieval.indexing import Indexer
from retrieval.live import Live
from retrieval.records import Record
from retrieval.releases import Releases
from retrieval.report import Report, report_between
from retrieval.sources import Sources, read_source
from retrieval.store import Store
from retrieval.visits import Visits

Progress = Callable[[int, int], None]
Records = Mapping[str, Record]


class Intake:
    """Changes what is live or staged.

    Args:
        config: What the sources are, and whether a reload is published at once.
        store: What keeps the articles.
        live: What is asked.
        indexer: What makes records of articles.

    Raises:
        StoreError: From every method that changes something: the store cannot be written, or another process has been
            changing it for too long.
    """

    def __init__(self, config: Config, *, store: Store, live: Live, indexer: Indexer) -> None:
        self._config = config
        self._store = store
        self._live = live
        self._indexer = indexer
        self._releases = Releases(store.database)
        self._visits = Visits(store.database)

    def add(self, found: Sequence[Found]) -> Report:
        """Add articles by hand, at once."""
        began = time.perf_counter()
        with self._live.changing() as release:
            before = self._live.records
            fresh = [one for one in found if not _is_kept(before, one)]
            self._live.keep(self._indexer.index(fresh, before, configured=False), release)
            report = report_between(before, self._live.records)
        return replace(report, unchanged=len(found) - len(fresh), seconds=time.perf_counter() - began)

    def add_source(self, source: str | Path) -> Report:
        """Add what a file, folder, URL or feed holds.

        Raises:
            ArticleError: Nothing in it can be read.
        """
        sources = read_source(source, self._config)
        return replace(self.add(sources.fresh), failed=tuple(sources.failed))

    def remove(self, article: str) -> None:
        """Take an article out of what is live.

        Raises:
            ArticleError: There is none with that id.
        """
        with self._live.changing() as release:
            if article not in self._live.records:
                raise ArticleError(f"There is no article with the id “{article}”.")
            self._live.remove([article], release)

    def reload(self, progress: Progress | None = None) -> Report:
        """Bring what is live, or what is staged where publication is approved first, up to date with the sources."""
        began = time.perf_counter()
        self._live.refresh()
        known, sources = self._live.change, self._read_sources()  # slow sites keep no other writer waiting
        with self._live.changing() as release:
            if self._live.change != known:
                sources = self._read_sources()
            before = self._view()
            made = _counted(self._indexer.index(sources.fresh, before, configured=True), len(sources.fresh), progress)
            if self._config.publish == "approve":
                self._stage(made, sources)
            else:
                self._live.keep(made, release)
                self._live.remove(sorted(sources.gone), release)
            self._visits.put(sources.visited)
            after = self._view()
        report = replace(report_between(before, after), staged=self._config.publish == "approve")
        return _told(report, sources, before, began)

    def plan(self) -> Report:
        """What a reload would do; nothing is changed and nothing embedded."""
        began = time.perf_counter()
        self._live.refresh()
        before, sources = self._view(), self._read_sources()
        after = dict(before) | {one.article.id: self._indexer.cut(one) for one in sources.fresh}
        report = report_between(before, {key: record for key, record in after.items() if key not in sources.gone})
        return _told(replace(report, staged=self._config.publish == "approve"), sources, before, began)

    def staged(self) -> Report | None:
        """What publication would do; None where nothing is staged."""
        waiting = self._store.staged()
        return replace(report_between(self._live.records, self._over(waiting)), staged=True) if waiting else None

    def staged_records(self) -> dict[str, Record]:
        """What will be live after publication, in order of id."""
        return self._over(self._store.staged())

    def publish(self) -> Report:
        """Make live what is staged, all of it or nothing."""
        return self._moved(self._releases.publish)

    def discard(self) -> int:
        """Forget what is staged; returns how many articles that were."""
        with self._live.changing():
            return self._releases.discard()

    def roll_back(
        self, article: str | None = None, version: str | None = None, *, release: int | None = None
    ) -> Report:
        """Make older versions live: one article's, or all as they were after a release, the one before the last.

        Raises:
            ArticleError: There is no such version or release, or it is no longer kept.
        """
        if article is not None:
            return self._moved(lambda: self._releases.point({article: self._wanted(article, version)}))
        return self._moved(lambda: self._releases.point(self._before(release)))

    def restore(self, backup: Path) -> Report:
        """Make the archive what a backup holds.

        Raises:
            StoreError: The backup is damaged or none.
        """
        return self._moved(lambda: put_back(self._config.store, backup))

    def vacuum(self) -> int:
        """Give the room of what was deleted back to the disk; returns how many bytes that were."""
        with self._live.changing():
            return vacuum(self._config.store)

    def history(self, article: str) -> tuple[Version, ...]:
        """What became of an article, oldest first."""
        return history(self._releases.changes(article=article), self._store.version)

    def renew(self) -> None:
        """Make anew what another model or reader made: vectors of two models are never mixed."""
        with self._live.changing() as release:
            self._renew(release)

    def _renew(self, release: int) -> None:
        stale = [record for record in self._live.records.values() if self._indexer.is_stale(record)]
        self._live.keep(self._indexer.renew(stale, self._live.records), release)

    def _stage(self, made: Iterator[Record], sources: Sources) -> None:
        for record in made:
            self._store.stage(record)
        for key in sorted(sources.gone):
            self._store.stage_removal(key)

    def _moved(self, move: Callable[[], None]) -> Report:
        """What moving pointers did; what an older model made of the versions they now point at is made anew."""
        began = time.perf_counter()
        with self._live.changing() as release:
            before = self._live.records
            move()
            self._live.refresh()
            self._renew(release)
            return replace(report_between(before, self._live.records), seconds=time.perf_counter() - began)

    def _read_sources(self) -> Sources:
        return Sources(self._config, self._view(), self._visits.all())

    def _view(self) -> dict[str, Record]:
        """What a reload is held against."""
        return self.staged_records() if self._config.publish == "approve" else self._live.records

    def _over(self, waiting: Mapping[str, Record | None]) -> dict[str, Record]:
        """What is live with what is staged over it."""
        records = {**self._live.records, **waiting}
        return {key: record for key, record in sorted(records.items()) if record is not None}

    def _wanted(self, article: str, version: str | None) -> str:
        """The version to roll an article back to, from its whole name, how it begins, or none for the one before.

        Raises:
            ArticleError: The article never had such a version.
        """
        changes = self._releases.changes(article=article)
        live = self._live.records.get(article)
        names = [
            one.version
            for one in reversed(changes)
            if one.version and not (live and one.version == live.article.version)
        ]
        found = [name for name in dict.fromkeys(names) if name.startswith(version or "")]
        if not found or (version is not None and len(found) > 1):
            which = f"version “{version}”" if version else "version before this one"
            raise ArticleError(f"There is no {which} of “{article}”; `article-bot history {article}` lists them.")
        return found[0]

    def _before(self, release: int | None) -> dict[str, str | None]:
        """The version that each article had after a release, of those that changed since.

        Raises:
            ArticleError: Nothing has changed since.
        """
        last = self._releases.last()
        since = self._releases.changes(after=last - 1 if release is None else release)
        if not since:
            raise ArticleError(f"There is nothing to roll back: the last release is number {last}.")
        return {one.article: one.before for one in reversed(since)}


def _told(report: Report, sources: Sources, before: Records, began: float) -> Report:
    """The report with what the sources say themselves."""
    same = sum(_is_kept(before, one) for one in sources.fresh)
    return replace(
        report,
        failed=tuple(sources.failed),
        unchanged=sources.unchanged + same,
        seconds=time.perf_counter() - began,
    )


def _is_kept(kept: Records, found: Found) -> bool:
    return found.article.id in kept and kept[found.article.id].article == found.article


def _counted(records: Iterator[Record], total: int, progress: Progress | None) -> Iterator[Record]:
    for done, record in enumerate(records, 1):
        yield record
        if progress:
            progress(done, total)

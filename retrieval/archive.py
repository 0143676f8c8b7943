"""The façade that composes all of it: open, add, remove, reload, ask.

A snapshot is immutable; a reload builds another beside it and swaps one reference, so that a question under way ends on
the snapshot it began with. Knows nothing of who asks.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval import passages, sentences
from retrieval.answer import answer_fact
from retrieval.config import Config
from retrieval.embed import Embedder, EmbedsTexts
from retrieval.errors import ArticleError, QuestionError
from retrieval.fetch import Page, fetch, list_files
from retrieval.parse import parse
from retrieval.question import understand
from retrieval.rank import Ranker, load_ranker
from retrieval.retrieve import Retriever, combine
from retrieval.schema import Answer, Article, Sentence
from retrieval.store import Record, Store

WINDOW_RADIUS = 1
# How many sentences are embedded at a time before their articles are kept.
CHUNK_SENTENCES = 2000

Item = TypeVar("Item")
Progress = Callable[[int, int], None]
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Report:
    """What a reload did: ids of articles, and for each source that failed a sentence saying why."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    unchanged: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Snapshot:
    """The archive at one moment."""

    records: dict[str, Record]

    @cached_property
    def retriever(self) -> Retriever:
        """The indexes over all sentences, in order of article id."""
        records = list(self.records.values())
        cut = [sentence for record in records for sentence in record.sentences]
        combined = [combine(record.sentence_vectors, record.window_vectors) for record in records if record.sentences]
        matrix = np.concatenate(combined) if combined else np.empty((0, 1), dtype=np.float32)
        return Retriever.over(cut, matrix)

    @cached_property
    def rows(self) -> dict[str, range]:
        """The rows of the indexes that are each article's."""
        found: dict[str, range] = {}
        start = 0
        for key, record in self.records.items():
            found[key] = range(start, start + len(record.sentences))
            start += len(record.sentences)
        return found


class Archive:
    """Articles that can be asked. Made by `Archive.open`."""

    def __init__(self, config: Config, *, store: Store, embedder: EmbedsTexts) -> None:
        self.config = config
        self._store = store
        self._embedder = embedder
        self._snapshot = Snapshot({record.article.id: record for record in store.records()})

    @classmethod
    def open(cls, config: Config, *, embedder: EmbedsTexts | None = None) -> "Archive":
        """The archive kept in the configured store; empty where there is none yet.

        Args:
            config: What to read and how.
            embedder: A model in place of the configured one.

        Raises:
            StoreError: The store cannot be opened.
            ModelError: The model that vectors must be made with is not there.
        """
        model = embedder or Embedder(config.model_path, threads=config.threads)
        archive = cls(config, store=Store(config.store), embedder=model)
        archive._renew()
        return archive

    @property
    def articles(self) -> tuple[Article, ...]:
        """All articles, in order of id."""
        return tuple(record.article for record in self._snapshot.records.values())

    @cached_property
    def _ranker(self) -> Ranker:
        return load_ranker(self.config.ranker_path, candidates=self.config.candidates)

    def ask(self, text: str, *, article: str | None = None) -> Answer:
        """Answer a question from all articles, or from the one whose id is given.

        Raises:
            QuestionError: It cannot be asked: empty, too long, or of an article that is not there.
        """
        began = time.perf_counter()
        snapshot = self._snapshot
        question = understand(text, max_chars=self.config.max_question_chars)
        if article is not None and article not in snapshot.records:
            raise QuestionError(f"There is no article with the id “{article}”.")
        within = snapshot.records[article].article if article is not None else None
        hits = snapshot.retriever.retrieve(
            question.topic,
            self._embedder.embed([question.topic])[0],
            limit=max(self.config.candidates, 10),
            rows=snapshot.rows[article] if article is not None else None,
        )
        ranked = self._ranker.rank([(question.topic, hits)])[0]
        answer = answer_fact(
            question, ranked, hits, threshold=self.config.threshold, limit=self.config.max_citations, within=within
        )
        return replace(answer, elapsed=time.perf_counter() - began)

    def warm(self) -> None:
        """Load what the first question would load."""
        self._embedder.embed(["warm"])
        _ = self._ranker, self._snapshot.retriever, self._snapshot.rows

    def add(self, source: str | Path) -> Report:
        """Add a file, or every article file of a folder; adding the same again is harmless.

        Raises:
            ArticleError: It cannot be read.
        """
        began = time.perf_counter()
        pages = [fetch(path, max_bytes=self.config.max_article_bytes) for path in list_files(Path(source))]
        found = [(page, parse(page)) for page in pages]
        kept = self._snapshot.records
        fresh = [(page, article) for page, article in found if not _is_kept(kept.get(article.id), article)]
        self._keep(fresh, configured=False)
        added = tuple(article.id for _, article in fresh if article.id not in kept)
        changed = tuple(article.id for _, article in fresh if article.id in kept)
        return Report(added, changed, unchanged=len(found) - len(fresh), seconds=time.perf_counter() - began)

    def remove(self, article: str) -> None:
        """Forget an article. One that the configuration names comes back with the next reload.

        Raises:
            ArticleError: There is none with that id.
        """
        if article not in self._snapshot.records:
            raise ArticleError(f"There is no article with the id “{article}”.")
        self._store.remove(article)
        self._swap({key: record for key, record in self._snapshot.records.items() if key != article})

    def reload(self, progress: Progress | None = None) -> Report:
        """Bring the archive up to date with the configured sources; unchanged articles cost nothing.

        An article that cannot be read now is reported and stays as it was kept. `progress` is told how many articles of
        how many are done.
        """
        began = time.perf_counter()
        reading = _Reading(self.config, self._snapshot.records)
        self._keep(reading.fresh, configured=True, progress=progress)
        for key in reading.gone:
            self._store.remove(key)
        before = self._snapshot.records
        self._swap({key: record for key, record in before.items() if key not in reading.gone})
        moved = [article for _, article in reading.fresh if _is_kept(reading.known.get(article.id), article)]
        fresh = [article.id for _, article in reading.fresh if article not in moved]
        return Report(
            added=tuple(key for key in fresh if key not in reading.known),
            changed=tuple(key for key in fresh if key in reading.known),
            removed=tuple(sorted(reading.gone)),
            failed=tuple(reading.failed),
            unchanged=reading.unchanged + len(moved),
            seconds=time.perf_counter() - began,
        )

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def _renew(self) -> None:
        """Make anew what another model made: vectors of two models are never mixed."""
        stale = [record for record in self._snapshot.records.values() if record.model != self._embedder.identity]
        if not stale:
            return
        renewed = dict(self._snapshot.records)
        for chunk in _chunks(stale, size=lambda record: len(record.sentences)):
            for record in self._embedded(chunk):
                self._store.put(record)
                renewed[record.article.id] = record
        self._swap(renewed)

    def _keep(
        self, found: Sequence[tuple[Page, Article]], *, configured: bool, progress: Progress | None = None
    ) -> None:
        """Cut, embed and keep articles, each in a transaction of its own, then swap the snapshot."""
        records = dict(self._snapshot.records)
        cut = [(page, article, sentences.split(article)) for page, article in found]
        done = 0
        for chunk in _chunks(cut, size=lambda item: len(item[2])):
            fresh = [_unembedded(page, article, split, configured=configured) for page, article, split in chunk]
            for record in self._embedded(fresh):
                self._store.put(record)
                records[record.article.id] = record
                done += 1
                if progress:
                    progress(done, len(cut))
        self._swap(records)

    def _embedded(self, records: Sequence[Record]) -> list[Record]:
        """The records with the vectors of their sentences and windows; texts that were embedded before are not again."""
        identity = self._embedder.identity
        texts = [text for record in records for text in _texts(record.sentences)]
        known: dict[str, Vector] = {}
        for record in records:
            kept = self._snapshot.records.get(record.article.id)
            if kept is not None and kept.model == identity:
                vectors = np.concatenate([kept.sentence_vectors, kept.window_vectors])
                known.update(zip(_texts(kept.sentences), vectors, strict=True))
        unknown = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(unknown, self._embedder.embed(unknown) if unknown else (), strict=True))
        finished: list[Record] = []
        for record in records:
            made = np.stack([known[text] for text in _texts(record.sentences)])
            own, windows = np.split(made, 2)
            finished.append(replace(record, model=identity, sentence_vectors=own, window_vectors=windows))
        return finished

    def _swap(self, records: dict[str, Record]) -> None:
        fresh = Snapshot(dict(sorted(records.items())))
        if "retriever" in vars(self._snapshot):  # people are asking: build the indexes before they see them
            _ = fresh.retriever, fresh.rows
        self._snapshot = fresh


class _Reading:
    """The configured sources, read and held against what is kept."""

    def __init__(self, config: Config, records: dict[str, Record]) -> None:
        self.known = records
        self.fresh: list[tuple[Page, Article]] = []
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
        kept = self._by_origin.get(_origin(path))
        unchanged = kept is not None and kept.configured and kept.page_hash == _page_hash(page)
        article = kept.article if kept is not None and unchanged else parse(page)
        other = self._seen.setdefault(article.id, path)
        if other != path:
            if other.resolve() == path.resolve():
                return
            raise ArticleError(f"{path}: has the id “{article.id}” that {other} has; give one of them another `id`.")
        if unchanged:
            self.unchanged += 1
        else:
            self.fresh.append((page, article))

    def _is_gone(self, record: Record) -> bool:
        if not record.configured or record.article.id in self._seen:
            return False
        origin = Path(record.origin)
        return not any(origin.is_relative_to(broken.resolve()) for broken in self._broken)


def _unembedded(page: Page, article: Article, cut: tuple[Sentence, ...], *, configured: bool) -> Record:
    none = np.empty((0, 1), dtype=np.float32)
    return Record(article, cut, _page_hash(page), _origin(page.origin), configured, "", none, none, "")


def _texts(cut: Sequence[Sentence]) -> list[str]:
    """What is embedded of an article: its sentences, then the window around each."""
    return [s.text for s in cut] + [window.text for window in passages.windows(cut, radius=WINDOW_RADIUS)]


def _is_kept(record: Record | None, article: Article) -> bool:
    return record is not None and record.article == article


def _page_hash(page: Page) -> str:
    return hashlib.sha256(page.content).hexdigest()


def _origin(path: Path) -> str:
    return str(path.resolve())


def _chunks(items: Iterable[Item], *, size: Callable[[Item], int]) -> Iterator[list[Item]]:
    """Runs of items whose sizes add up to about CHUNK_SENTENCES."""
    chunk: list[Item] = []
    total = 0
    for item in items:
        chunk.append(item)
        total += size(item)
        if total >= CHUNK_SENTENCES:
            yield chunk
            chunk, total = [], 0
    if chunk:
        yield chunk

"""The façade that composes all of it: open, add, remove, reload, ask.

A snapshot is immutable; a reload builds another beside it and swaps one reference, so that a question under way ends on
the snapshot it began with. Knows nothing of who asks.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from retrieval.answer import answer_fact
from retrieval.config import Config
from retrieval.embed import BUNDLED, Embedder, EmbedsTexts
from retrieval.errors import ArticleError, QuestionError
from retrieval.fetch import fetch, list_files
from retrieval.indexing import BundledStatements, Indexer, ReadsStatements
from retrieval.language import ENGLISH, not_known
from retrieval.parse import parse
from retrieval.question import understand
from retrieval.rank import Ranker, load_ranker
from retrieval.sayings import answer_saying
from retrieval.schema import Answer, Article, Speaker, Statement
from retrieval.snapshot import Snapshot
from retrieval.sources import Sources
from retrieval.store import Record, Store
from retrieval.turn import Turn

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a reload did: ids of articles, and for each source that failed a sentence saying why."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    unchanged: int = 0
    seconds: float = 0.0


class Archive:
    """Articles that can be asked. Made by `Archive.open`."""

    def __init__(self, config: Config, *, store: Store, embedder: EmbedsTexts, reader: ReadsStatements) -> None:
        self.config = config
        self._store = store
        self._embedder = embedder
        self._indexer = Indexer(embedder, reader)
        self._snapshot = Snapshot({record.article.id: record for record in store.records()})

    @classmethod
    def open(
        cls, config: Config, *, embedder: EmbedsTexts | None = None, reader: ReadsStatements | None = None
    ) -> "Archive":
        """The archive kept in the configured store; empty where there is none yet.

        What another model made is made anew: vectors of two models are never mixed.

        Args:
            config: What to read and how.
            embedder: A model in place of the configured one.
            reader: What finds statements, in place of the bundled reader.

        Raises:
            StoreError: The store cannot be opened.
            ModelError: A model that the store must be made with is not there.
        """
        model = embedder or Embedder(config.model_path, threads=config.threads)
        archive = cls(config, store=Store(config.store), embedder=model, reader=reader or BundledStatements())
        kept = archive._snapshot.records
        stale = [record for record in kept.values() if archive._indexer.is_stale(record)]
        archive._keep(archive._indexer.renew(stale, kept))
        return archive

    @property
    def articles(self) -> tuple[Article, ...]:
        """All articles, in order of id."""
        return tuple(record.article for record in self._snapshot.records.values())

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Everybody who says something, each once, whoever says most first."""
        ledger = self._snapshot.ledger
        return tuple(sorted(ledger.speakers, key=lambda one: (-len(ledger.of(one)), one.name)))

    @cached_property
    def _ranker(self) -> Ranker:
        return load_ranker(self.config.ranker_path, candidates=self.config.candidates)

    def ask(self, text: str, *, article: str | None = None) -> Answer:
        """Answer a question from all articles, or from the one whose id is given.

        Raises:
            QuestionError: It cannot be asked: empty, too long, or of an article that is not there.
        """
        began = time.perf_counter()
        return self._answer(self._turn(text, article), began)

    def check_quote(self, quote: str, *, speaker: str | None = None) -> Answer:
        """Where a quotation stands, word for word or altered, and whether the speaker said it.

        Raises:
            QuestionError: There are no words in it, or too many.
        """
        began = time.perf_counter()
        turn = self._turn(quote, None)
        turn.question = replace(turn.question, kind="quote", quote=turn.question.quote or quote, speaker=speaker)
        return self._answer(turn, began)

    def statements(self, *, speaker: str | None = None, about: str | None = None) -> tuple[Statement, ...]:
        """Who said what: all in the order of articles, or one speaker's, or the most relevant to a topic first."""
        ledger = self._snapshot.ledger
        found: Sequence[Statement] = ledger.statements
        if speaker is not None:
            named = ledger.find(speaker)
            found = ledger.of(named[0]) if named else ()
        if about is None or not found:
            return tuple(found)
        turn = self._turn(about, None)
        order = [one.sentence for one in turn.rank(about, [one.sentences[0] for one in found])]
        return tuple(one for sentence in order for one in found if one.sentences[0] == sentence)

    def warm(self) -> None:
        """Load what the first question would load."""
        self._embedder.embed(["warm"])
        self._snapshot.build()
        _ = self._ranker

    def add(self, source: str | Path) -> Report:
        """Add a file, or every article file of a folder; adding the same again is harmless.

        Raises:
            ArticleError: It cannot be read.
        """
        began = time.perf_counter()
        pages = [fetch(path, max_bytes=self.config.max_article_bytes) for path in list_files(Path(source))]
        found = [(page, parse(page)) for page in pages]
        kept = self._snapshot.records
        fresh = [(page, article) for page, article in found if not _is_kept(kept, article)]
        self._keep(self._indexer.index(fresh, kept, configured=False))
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
        before = self._snapshot.records
        sources = Sources(self.config, before)
        made = self._indexer.index(sources.fresh, before, configured=True)
        self._keep(_counted(made, len(sources.fresh), progress))
        for key in sources.gone:
            self._store.remove(key)
        if sources.gone:
            self._swap({key: record for key, record in self._snapshot.records.items() if key not in sources.gone})
        fresh = [article for _, article in sources.fresh if not _is_kept(before, article)]
        return Report(
            added=tuple(article.id for article in fresh if article.id not in before),
            changed=tuple(article.id for article in fresh if article.id in before),
            removed=tuple(sorted(sources.gone)),
            failed=tuple(sources.failed),
            unchanged=sources.unchanged + len(sources.fresh) - len(fresh),
            seconds=time.perf_counter() - began,
        )

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def _answer(self, turn: Turn, began: float) -> Answer:
        """The answer, which says so where nothing was found and the bundled model does not know the language."""
        answer = answer_saying(turn, turn.ledger) or answer_fact(turn)
        language = turn.question.language
        if not answer.found and language != ENGLISH and self.config.model == BUNDLED:
            answer = replace(answer, reason=f"{answer.reason} {not_known(language)}")
        return replace(answer, elapsed=time.perf_counter() - began)

    def _turn(self, text: str, article: str | None) -> Turn:
        snapshot = self._snapshot
        question = understand(text, max_chars=self.config.max_question_chars)
        if article is not None and article not in snapshot.records:
            raise QuestionError(f"There is no article with the id “{article}”.")
        return Turn(
            question,
            snapshot,
            embedder=self._embedder,
            ranker=self._ranker,
            within=snapshot.records[article].article if article is not None else None,
            threshold=self.config.threshold,
            limit=self.config.max_citations,
        )

    def _keep(self, records: Iterator[Record]) -> None:
        """Keep records as they are made, each in a transaction of its own, then swap the snapshot."""
        made: dict[str, Record] = {}
        for record in records:
            self._store.put(record)
            made[record.article.id] = record
        if made:
            self._swap(self._snapshot.records | made)

    def _swap(self, records: dict[str, Record]) -> None:
        fresh = Snapshot(dict(sorted(records.items())))
        if "retriever" in vars(self._snapshot):  # people are asking: build the indexes before they see them
            fresh.build()
        self._snapshot = fresh


def _is_kept(kept: dict[str, Record], article: Article) -> bool:
    return article.id in kept and kept[article.id].article == article


def _counted(records: Iterator[Record], total: int, progress: Progress | None) -> Iterator[Record]:
    for done, record in enumerate(records, 1):
        yield record
        if progress:
            progress(done, total)

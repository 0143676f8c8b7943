"""The façade that composes all of it: open, add, remove, reload, ask.

A snapshot is immutable; a reload builds another beside it and swaps one reference, so that a question under way ends on
the snapshot it began with. Knows nothing of who asks.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from retrieval.answer import answer_fact
from retrieval.before import Before
from retrieval.config import Config
from retrieval.embed import BUNDLED, Embedder, EmbedsTexts
from retrieval.errors import ArticleError, QuestionError
from retrieval.fetch import fetch, list_files
from retrieval.followup import follow
from retrieval.indexing import BundledStatements, Indexer, ReadsStatements
from retrieval.journal import Asked, Journal, Unanswered
from retrieval.language import ENGLISH, not_known
from retrieval.live import Live
from retrieval.lock import WriterLock
from retrieval.outdated import Outdated, has_changed, outdated, present_sentence
from retrieval.pasted import found_in
from retrieval.question import understand
from retrieval.rank import Ranker, load_ranker
from retrieval.sayings import answer_saying
from retrieval.schema import Answer, Article, Citation, Sentence, Speaker, Statement
from retrieval.snapshot import Snapshot
from retrieval.sources import Found, Sources
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
        self._journal = Journal(store.database)
        self._embedder = embedder
        self._indexer = Indexer(embedder, reader)
        self._live = Live(store, WriterLock(config.store.with_suffix(".lock"), wait=config.wait_seconds))

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
        store = Store(config.store, keep_versions=config.keep_versions)
        archive = cls(config, store=store, embedder=model, reader=reader or BundledStatements())
        if any(archive._indexer.is_stale(record) for record in archive._live.records.values()):
            archive._renew()
        return archive

    @property
    def _snapshot(self) -> Snapshot:
        return self._live.snapshot

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

    def ask(self, text: str, *, article: str | None = None, before: Before | None = None) -> Answer:
        """Answer a question from all articles, or from the one whose id is given.

        Args:
            text: The question as typed.
            article: The id of the only article to answer from.
            before: The turn that the question may follow, `Before.of` its answer. A question that stands on its own is
                asked as it is; where the turn before was needed, the answer's `question.understood` says how.

        Raises:
            QuestionError: It cannot be asked: empty, too long, or of an article that is not there.
        """
        began = time.perf_counter()
        return self._answer(self._turn(text, article, before), began)

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
            StoreError: It cannot be kept.
        """
        pages = [fetch(path, max_bytes=self.config.max_article_bytes) for path in list_files(Path(source))]
        return self._add([Found.on(page) for page in pages])

    def add_text(
        self,
        text: str,
        *,
        title: str | None = None,
        url: str | None = None,
        source: str | None = None,
        author: str | None = None,
        published: str | None = None,
        key: str | None = None,
    ) -> Report:
        """Add text that was pasted or posted; under a key that is there already it is another version of that article.

        Raises:
            ArticleError: There are no words in it.
            StoreError: It cannot be kept.
        """
        return self._add(
            [found_in(text, title=title, url=url, source=source, author=author, published=published, key=key)]
        )

    def remove(self, article: str) -> None:
        """Forget an article. One that the configuration names comes back with the next reload.

        Raises:
            ArticleError: There is none with that id.
            StoreError: The store cannot be written.
        """
        with self._live.changing() as release:
            if article not in self._live.records:
                raise ArticleError(f"There is no article with the id “{article}”.")
            self._live.remove([article], release)

    def reload(self, progress: Progress | None = None) -> Report:
        """Bring the archive up to date with the configured sources; unchanged articles cost nothing.

        An article that cannot be read now is reported and stays as it was kept. `progress` is told how many articles of
        how many are done.

        Raises:
            StoreError: The store cannot be written, or another process has been changing it for too long.
        """
        began = time.perf_counter()
        with self._live.changing() as release:
            before = self._live.records
            sources = Sources(self.config, before)
            made = self._indexer.index(sources.fresh, before, configured=True)
            self._live.keep(_counted(made, len(sources.fresh), progress), release)
            self._live.remove(sorted(sources.gone), release)
        report = _report(before, sources.fresh, began)
        return replace(
            report,
            removed=tuple(sorted(sources.gone)),
            failed=tuple(sources.failed),
            unchanged=sources.unchanged + report.unchanged,
        )

    def keep(self, answer: Answer, *, asker: str | None = None, channel: str | None = None) -> str:
        """Write an answer down, found or not; returns the key, 11 characters, that recalls it.

        Args:
            answer: What was answered.
            asker: Who asked, as an opaque string.
            channel: Where it was asked, as an opaque string.

        Raises:
            StoreError: The store cannot be written.
        """
        return self._journal.keep(answer, asker=asker, channel=channel)

    def recall(self, key: str) -> Answer | None:
        """The answer kept under a key, word for word against the versions it cites; None where there is none.

        Its `ranked` is empty.
        """
        return self._journal.recall(key)

    def rate(self, key: str, *, rater: str, liked: bool | None) -> bool:
        """Keep what somebody thinks of an answer, in place of what they thought before; None takes it back.

        Returns:
            Whether there is such an answer.
        """
        return self._journal.rate(key, rater=rater, liked=liked)

    def forget(self, asker: str) -> int:
        """Delete what somebody asked and how they rated answers; returns how many questions and votes those were."""
        return self._journal.forget(asker)

    def asked(self, *, since: dt.datetime | None = None) -> tuple[Asked, ...]:
        """What was asked, in the order it was asked."""
        return self._journal.entries(since=since)

    def unanswered(self, *, since: dt.datetime | None = None, limit: int = 50) -> tuple[Unanswered, ...]:
        """Questions asked in vain, those alike together, the most frequent first."""
        return self._journal.unanswered(since=since, limit=limit)

    def outdated(self) -> tuple[Outdated, ...]:
        """Answers that rest on a sentence that has since changed or vanished, in the order they were asked."""
        return outdated(self._journal, self._live.records)

    def changed_since(self, citation: Citation) -> bool:
        """Whether the article no longer says, word for word, what was cited."""
        return has_changed(citation, self._live.records)

    def present(self, citation: Citation) -> Sentence | None:
        """The sentence that stands today where a citation stood; None where nothing like it does."""
        return present_sentence(citation, self._live.records)

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

    def _turn(self, text: str, article: str | None, before: Before | None = None) -> Turn:
        snapshot = self._snapshot
        question = understand(text, max_chars=self.config.max_question_chars)
        if before is not None:
            question = follow(text, before, ledger=snapshot.ledger, article=snapshot.cited(before)) or question
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

    def _add(self, found: Sequence[Found]) -> Report:
        began = time.perf_counter()
        with self._live.changing() as release:
            before = self._live.records
            fresh = [one for one in found if not _is_kept(before, one.article)]
            self._live.keep(self._indexer.index(fresh, before, configured=False), release)
        return _report(before, found, began)

    def _renew(self) -> None:
        """Make anew what another model or reader made: vectors of two models are never mixed."""
        with self._live.changing() as release:
            kept = self._live.records
            stale = [record for record in kept.values() if self._indexer.is_stale(record)]
            self._live.keep(self._indexer.renew(stale, kept), release)


def _is_kept(kept: Mapping[str, Record], article: Article) -> bool:
    return article.id in kept and kept[article.id].article == article


def _report(before: Mapping[str, Record], found: Sequence[Found], began: float) -> Report:
    fresh = [one.article.id for one in found if not _is_kept(before, one.article)]
    return Report(
        added=tuple(key for key in fresh if key not in before),
        changed=tuple(key for key in fresh if key in before),
        unchanged=len(found) - len(fresh),
        seconds=time.perf_counter() - began,
    )


def _counted(records: Iterator[Record], total: int, progress: Progress | None) -> Iterator[Record]:
    for done, record in enumerate(records, 1):
        yield record
        if progress:
            progress(done, total)

"""The façade that composes all of it: open, add, remove, reload, ask.

A snapshot is immutable; a reload builds another beside it and swaps one reference, so that a question under way ends on
the snapshot it began with. Knows nothing of who asks.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, partial

from retrieval.answer import answer_fact, unclear
from retrieval.batching import Batched, Cores, Remembered
from retrieval.before import Before
from retrieval.config import Config
from retrieval.editing import Editing
from retrieval.embed import BUNDLED, KEPT_TEXTS, Embedder, EmbedsTexts, Vectors
from retrieval.followup import follow, is_unclear
from retrieval.indexing import BundledStatements, Indexer, ReadsStatements
from retrieval.intake import Intake
from retrieval.journal import Journal
from retrieval.keeping import Keeping
from retrieval.language import ENGLISH, not_known
from retrieval.live import Live
from retrieval.lock import WriterLock
from retrieval.question import checkable, understand
from retrieval.rank import SharedRanker, load_ranker
from retrieval.sayings import answer_saying
from retrieval.schema import Answer, Article, Speaker, Statement
from retrieval.snapshot import Snapshot
from retrieval.store import Store
from retrieval.turn import Turn

# A quotation may be as long as a message of Telegram's.
MOST_CHECKED = 4096


class Archive(Keeping, Editing):
    """Articles that can be asked, changed, and held to what they answered. Made by `Archive.open`."""

    def __init__(self, config: Config, *, store: Store, embedder: EmbedsTexts, reader: ReadsStatements) -> None:
        self.config = config
        self._store = store
        self._journal = Journal(store.database)
        self._embedder = embedder
        self._cores = Cores(config.threads)
        embed: Batched[str, Vectors] = Batched(self._embedded)
        self._embed = Remembered(embed, key=str, kept=KEPT_TEXTS)
        self._indexer = Indexer(embedder, reader)
        self._live = Live(store, WriterLock(config.store.with_suffix(".lock"), wait=config.wait_seconds))
        self._intake = Intake(config, store=store, live=self._live, indexer=self._indexer)

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
            archive._intake.renew()
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
    def _ranker(self) -> SharedRanker:
        return SharedRanker(load_ranker(self.config.ranker_path, candidates=self.config.candidates), self._cores)

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
        return self._ask(self._snapshot, text, article, before)

    def suggestions(self, near: str | None = None, *, article: str | None = None, limit: int = 3) -> tuple[str, ...]:
        """Questions that are answered when asked: those nearest to a question, or a varied few, latest articles first.

        Each is asked once before it is offered, so the first call after a reload takes longer than the next. While
        somebody else waits for an answer, of those near a question only such are new as nothing must be read for.

        Args:
            near: A question, as one that was not answered.
            article: The id of the only article to ask.
            limit: How many at the most.

        Raises:
            QuestionError: There is no article with that id, or `near` cannot be asked.
        """
        snapshot = self._snapshot
        ask = partial(self._ask, snapshot, article=article)
        if near is not None:
            nearest = self._turn(near, article, snapshot=snapshot).nearest()
            hurried = self._cores.are_busy
            return snapshot.suggester.near(nearest, ask, within=article, limit=limit, hurried=hurried)
        snapshot.article(article)
        return snapshot.suggester.varied(ask, within=article, limit=limit)

    def check_quote(self, quote: str, *, speaker: str | None = None) -> Answer:
        """Where a quotation stands, word for word or altered, and whether the speaker said it.

        Of a message that does not stand there as a whole, the longest quotation in it is checked.

        Raises:
            QuestionError: There are no words in it, only one, or too many.
        """
        began = time.perf_counter()
        snapshot = self._snapshot
        answers = [self._checked(snapshot, words, speaker, began) for words in checkable(quote)]
        return max(answers, key=lambda answer: (answer.found, answer.verdict != "altered"))

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
        self._embed(["warm"])
        self._snapshot.build()
        _ = self._ranker
        self.suggestions()

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        with self._cores.one():
            return self._embedder.embed(texts)

    def _answer(self, turn: Turn, began: float) -> Answer:
        """The answer, which says so where nothing was found and the bundled model does not know the language."""
        if is_unclear(turn.question):
            return replace(unclear(turn), elapsed=time.perf_counter() - began)
        answer = answer_saying(turn, turn.ledger) or answer_fact(turn)
        language = turn.question.language
        if not answer.found and language != ENGLISH and self.config.model == BUNDLED:
            answer = replace(answer, reason=f"{answer.reason} {not_known(language)}")
        return replace(answer, elapsed=time.perf_counter() - began)

    def _checked(self, snapshot: Snapshot, quote: str, speaker: str | None, began: float) -> Answer:
        turn = self._turn(quote, None, snapshot=snapshot, most=max(MOST_CHECKED, self.config.max_question_chars))
        question = turn.question
        turn.question = replace(
            question, kind="quote", quote=question.quote or quote, speaker=speaker or question.speaker
        )
        return self._answer(turn, began)

    def _ask(self, snapshot: Snapshot, text: str, article: str | None, before: Before | None = None) -> Answer:
        began = time.perf_counter()
        return self._answer(self._turn(text, article, before, snapshot=snapshot), began)

    def _turn(
        self,
        text: str,
        article: str | None,
        before: Before | None = None,
        *,
        snapshot: Snapshot | None = None,
        most: int | None = None,
    ) -> Turn:
        snapshot = snapshot or self._snapshot
        question = understand(text, max_chars=most or self.config.max_question_chars)
        if before is not None and question.language == ENGLISH:
            question = follow(text, before, ledger=snapshot.ledger, article=snapshot.cited(before)) or question
        return Turn(
            question,
            snapshot,
            embed=self._embed,
            ranker=self._ranker,
            within=snapshot.article(article),
            threshold=self.config.threshold,
            limit=self.config.max_citations,
        )

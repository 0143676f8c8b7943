"""One question put to a snapshot: its hits, their ranking, and the ranking of any sentences for any text.

Takes its parts as arguments; knows nothing of answers.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from retrieval.embed import Vectors
from retrieval.ledger import Ledger
from retrieval.premise import missing
from retrieval.rank import Ranker
from retrieval.schema import Article, Hit, Question, Ranked, Sentence, Statement
from retrieval.snapshot import Snapshot

# How many sentences an answer shows as `ranked`; retrieval finds as many even where the ranker wants fewer.
SHOWN = 10
# A question that names what an article has nowhere is not answered by it, however much the rest is alike.
NOT_GRANTED = 0.5


class Turn:
    """A question, the snapshot it was put to, and what an answer may be.

    Args:
        question: What was asked.
        snapshot: The archive at that moment.
        embed: The model that made the snapshot's vectors: texts → vectors.
        ranker: What puts hits in order.
        within: The article that the question was put to, if to one.
        threshold: The probability from which a sentence counts as an answer.
        limit: How many citations an answer has at the most.
    """

    def __init__(
        self,
        question: Question,
        snapshot: Snapshot,
        *,
        embed: Callable[[Sequence[str]], Sequence[Vectors]],
        ranker: Ranker,
        within: Article | None,
        threshold: float,
        limit: int,
    ) -> None:
        self.question = question
        self.within = within
        self.threshold = threshold
        self.limit = limit
        self._snapshot = snapshot
        self._embed = embed
        self._ranker = ranker
        self._ranked: list[Ranked] | None = None

    @property
    def ledger(self) -> Ledger:
        """Who said what in the snapshot, or in the article that is asked."""
        return self._snapshot.ledger_of(self.within) if self.within else self._snapshot.ledger

    @property
    def ranked(self) -> list[Ranked]:
        """The best sentences in the ranker's order, best first; where one near the turn before answers, those."""
        # Not a cached_property: Python 3.11 lets only one thread at a time compute one, whosever it is.
        if self._ranked is None:
            self._ranked = self._ranked_near() or self._rank_hits(self._hits(self.within.id if self.within else None))
        return self._ranked

    def _ranked_near(self) -> list[Ranked]:
        near = self.question.near
        if near is None or self.within is not None or near.article not in self._snapshot.records:
            return []
        ranked = self._rank_hits(self._hits(near.article))
        return ranked if ranked and ranked[0].probability >= self.threshold else []

    def nearest(self) -> Iterator[list[Statement]]:
        """The statements nearest to the question, unranked: those of the speaker that it names, then any."""
        text = self.question.topic
        speaker = next(iter(self.ledger.find(self.question.speaker)), None) if self.question.speaker else None
        if speaker is not None:
            own = [one.sentences[0] for one in self.ledger.of(speaker)]
            rows = np.array(sorted(set(self._snapshot.rows_of(own))), dtype=np.int64)
            hits = self._snapshot.retriever.score(text, self._vector(text), rows, limit=SHOWN)
            yield [one for one in self._said(hits) if one.speaker == speaker]
        yield self._said(self._hits(self.within.id if self.within else None))

    def _said(self, hits: Sequence[Hit]) -> list[Statement]:
        said = (one for hit in hits for one in self.ledger.at(hit.sentence))
        return [one for one in said if self.within is None or one.article is self.within]

    def _hits(self, article: str | None) -> list[Hit]:
        """What retrieval finds for the question, in one article or in all, best first."""
        rows = self._snapshot.rows[article] if article is not None else None
        text = self.question.quote or self.question.text
        limit = max(self._ranker.candidates, SHOWN)
        return self._snapshot.retriever.retrieve(text, self._vector(text), limit=limit, rows=rows)

    def _rank_hits(self, hits: Sequence[Hit]) -> list[Ranked]:
        text = self.question.text
        return self._granted(text, self._fresh(self._ranker.rank([(text, hits)])[0]))

    def _fresh(self, ranked: Sequence[Ranked]) -> list[Ranked]:
        return [one for one in ranked if not self.was_shown(one.sentence)]

    def was_shown(self, sentence: Sentence) -> bool:
        """Whether the conversation has cited a sentence already and something else is wanted."""
        return self.question.further and any(
            shown.article == sentence.article.id and shown.start < sentence.end and sentence.start < shown.end
            for shown in self.question.shown
        )

    def rank(self, text: str, sentences: Sequence[Sentence]) -> list[Ranked]:
        """The best of the sentences for a text, best first; those of other articles than the one asked are left out.

        None is looked at twice: who says them is settled, and what tells near misses of facts apart doubts what people
        say about a thing (tests/golden: 54 speakers right of 77 for 52 with it, as few wrong answers).
        """
        kept = [one for one in sentences if self._is_asked(one)]
        rows = np.array(sorted(self._snapshot.rows_of(kept)), dtype=np.int64)
        hits = self._snapshot.retriever.score(text, self._vector(text), rows, limit=self._ranker.candidates)
        return self._granted(text, self._fresh(self._ranker.rank([(text, hits)], verify=False)[0]))

    def _is_asked(self, sentence: Sentence) -> bool:
        """Whether it is of the article that is asked or, where all are, of no copy."""
        if self.within is not None:
            return sentence.article is self.within
        return not self._snapshot.stories.hides(sentence)

    @staticmethod
    def _granted(text: str, ranked: Sequence[Ranked]) -> list[Ranked]:
        """The same, less probable where the article lacks a name or number that the question takes for granted."""
        articles = {one.sentence.article.id: one.sentence.article for one in ranked}
        lacking = {key: words for key, article in articles.items() if (words := missing(text, article))}

        def granted(one: Ranked) -> Ranked:
            words = lacking.get(one.sentence.article.id)
            if words is None:
                return one
            places = ((start, start + len(word)) for word in words if (start := text.find(word)) >= 0)
            doubted = None if one.doubted is None else tuple(sorted({*one.doubted, *places}))
            return replace(one, probability=one.probability * NOT_GRANTED, doubted=doubted)

        return [granted(one) for one in ranked]

    def embed(self, texts: Sequence[str]) -> Sequence[Vectors]:
        """The unit vector of each text."""
        return self._embed(texts)

    def stems(self, text: str) -> frozenset[str]:
        """The stems of a text's words, without those that carry no meaning."""
        return self._snapshot.retriever.lexical.stems(text)

    def also(self, article: Article, text: str) -> tuple[Article, ...]:
        """The other articles that tell an article's story and say the same, word for word."""
        return self._snapshot.stories.also(article, text)

    def neighbours(self, sentence: Sentence) -> tuple[Sentence | None, Sentence | None]:
        """The sentences before and after, in the same article."""
        return self._snapshot.retriever.neighbours(self._snapshot.rows_of([sentence])[0])

    def _vector(self, text: str) -> Vectors:
        return self._embed([text])[0]

"""Ranked sentences → an Answer, or an honest “the articles do not say”.

Takes what retrieval and ranking found; knows nothing of how. Every citation is a view into its article.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.schema import Answer, Article, Citation, Excerpt, Question, Ranked, Sentence, Statement

# Further sentences are cited only when they are about as likely to answer as the first.
SECOND_SHARE = 0.8


class Turn(Protocol):
    """One question's view of the sentences."""

    question: Question
    within: Article | None
    threshold: float
    limit: int

    @property
    def ranked(self) -> Sequence[Ranked]:
        """The best sentences of all, best first."""

    def rank(self, text: str, sentences: Sequence[Sentence]) -> Sequence[Ranked]:
        """Sentences ranked for a text, best first; those of other articles than the one asked are left out."""

    def was_shown(self, sentence: Sentence) -> bool:
        """Whether the conversation has cited a sentence already and something else is wanted."""

    def embed(self, texts: Sequence[str]) -> Sequence[NDArray[np.float32]]:
        """The unit vector of each text."""

    def stems(self, text: str) -> frozenset[str]:
        """The stems of a text's words, without those that carry no meaning."""

    def also(self, article: Article, text: str) -> tuple[Article, ...]:
        """The other articles that tell an article's story and say the same, word for word."""

    def neighbours(self, sentence: Sentence) -> tuple[Sentence | None, Sentence | None]:
        """The sentences before and after, in the same article."""


def answer_fact(turn: Turn) -> Answer:
    """The answer that ranked sentences give to a question of fact."""
    ranked = turn.ranked
    if not ranked or ranked[0].probability < turn.threshold:
        return Answer(
            turn.question,
            found=False,
            probability=ranked[0].probability if ranked else 0.0,
            reason=not_said(turn.within),
            nearest=cite(turn, [ranked[0].sentence], ranked[0].probability) if ranked else None,
            ranked=tuple(ranked),
        )
    best = ranked[0]
    least = max(turn.threshold, SECOND_SHARE * best.probability)
    kept = [one for one in ranked if one.probability >= least][: turn.limit]
    return Answer(
        turn.question,
        found=True,
        probability=best.probability,
        citations=tuple(cite(turn, [one.sentence], one.probability) for one in kept),
        short=Excerpt(best.sentence.article, *best.short) if best.short else None,
        ranked=tuple(ranked),
    )


def unclear(turn: Turn) -> Answer:
    """The answer to a question that leans on something that was not said before."""
    reason = "It is not clear what that refers to; please ask in full."
    return Answer(turn.question, found=False, probability=0.0, reason=reason, ranked=tuple(turn.ranked))


def cite(turn: Turn, sentences: Sequence[Sentence], probability: float, statement: Statement | None = None) -> Citation:
    """A citation of neighbouring sentences together, with the sentences around them as its context."""
    first, last = sentences[0], sentences[-1]
    before, _ = turn.neighbours(first)
    _, after = turn.neighbours(last)
    return Citation(
        first.article,
        first.start,
        last.end,
        probability,
        context_start=(before or first).start,
        context_end=(after or last).end,
        statement=statement,
        also=turn.also(first.article, first.article.text[first.start : last.end]),
    )


def not_said(within: Article | None = None) -> str:
    """The sentence that says that nothing was found."""
    return f"“{within.title}” does not say." if within else "The articles do not say."

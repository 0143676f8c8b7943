"""Ranked sentences → an Answer, or an honest “the articles do not say”.

Takes what retrieval and ranking found; knows nothing of how. Every citation is a view into its article. One sentence is
cited where one thing was asked for; where several were, every sentence that answers about as surely as the best.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.forms import QUESTION_WORDS
from retrieval.leaning import leans_back, tells_whom
from retrieval.lexicon import ORDINARY
from retrieval.reporting import WORD
from retrieval.schema import Answer, Article, Citation, Excerpt, Question, Ranked, Sentence, Span, Statement
from retrieval.several import MOST_LISTED, adds, announced, asks_for_several, opens_further

# The probability from which what is not surely an answer is not called none.
NEARLY = 0.25
# Words that ask and help to; a sentence that does not have them lacks nothing.
UNTELLING = QUESTION_WORDS | frozenset(
    "am were be been being will would shall should can could may might must many much long about there".split()
)
# Words that stand in sentences of any kind; that they are shared makes none of them nearer.
COMMON = ORDINARY | UNTELLING
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
        return _not_found(turn)
    best = ranked[0]
    return Answer(
        turn.question,
        found=True,
        probability=best.probability,
        citations=tuple(cite(turn, [one.sentence], one.probability, listed=True) for one in _answering(turn)),
        short=Excerpt(best.sentence.article, *best.short) if best.short else None,
        ranked=tuple(ranked),
    )


def _not_found(turn: Turn) -> Answer:
    ranked = tuple(turn.ranked)
    if not ranked:
        return Answer(turn.question, found=False, probability=0.0, reason=not_said(turn.within))
    best, near = ranked[0], nearest(turn)
    nearly = best.doubted is not None and best.probability >= NEARLY
    return Answer(
        turn.question,
        found=False,
        probability=best.probability,
        reason=perhaps_not_said(turn.within) if nearly else not_said(turn.within),
        nearest=cite(turn, [near.sentence], near.probability) if near else None,
        nearly=nearly,
        lacks=tuple(_lacking(turn, near.sentence, best.doubted or ())) if near else (),
        ranked=ranked,
    )


def nearest(turn: Turn) -> Ranked | None:
    """What to show where nothing answers: the first sentence where it may, else the first with most of what was asked.

    What was asked about counts before whose words were asked for. None where no sentence has a word of either, for what
    stands first is then no nearer than the rest. Questions in another language than the articles are not looked at so.
    """
    ranked, question = turn.ranked, turn.question
    if not ranked:
        return None
    topic, speaker = _asked(turn, question.topic), _asked(turn, question.speaker or "")
    if ranked[0].probability >= NEARLY or not question.is_english or not topic | speaker:
        return ranked[0]
    stems = [turn.stems(one.sentence.text) for one in ranked]
    shared = [(len(topic & own), len(speaker & own)) for own in stems]
    return ranked[shared.index(max(shared))] if any(map(any, shared)) else None


def _asked(turn: Turn, text: str) -> frozenset[str]:
    """The stems of the words that tell what a question is about."""
    return _telling(turn, " ".join(word for word in WORD.findall(text) if word.lower() not in COMMON))


def _telling(turn: Turn, text: str) -> frozenset[str]:
    """The stems of a text without what is left of “’s” and the like."""
    return frozenset(stem for stem in turn.stems(text) if len(stem) > 1 or stem.isdigit())


def _lacking(turn: Turn, sentence: Sentence, doubted: Iterable[Span]) -> Iterable[str]:
    """The doubted words that a sentence does not have in any form; those that stand together as one, each once."""
    question, has = turn.question.text, turn.stems(sentence.text)

    def lacks(word: str) -> bool:
        return word.lower() not in UNTELLING and not _telling(turn, word) <= has

    pieces: list[Span] = []
    for start, end in doubted:
        if lacks(question[start:end]):
            together = pieces and not question[pieces[-1][1] : start].strip()
            pieces = [*pieces[:-1], (pieces[-1][0], end)] if together else [*pieces, (start, end)]
    return dict.fromkeys(question[start:end] for start, end in pieces)


def _answering(turn: Turn) -> list[Ranked]:
    """The sentences to cite: the best, and where several things were asked for those that answer as surely."""
    best, *others = turn.ranked
    if not asks_for_several(turn.question.text):
        return [best]
    least = max(turn.threshold, SECOND_SHARE * best.probability)
    return [best, *(one for one in others if one.probability >= least)][: turn.limit]


def unclear(turn: Turn) -> Answer:
    """The answer to a question that leans on something that was not said before."""
    reason = "It is not clear what that refers to; please ask in full."
    return Answer(turn.question, found=False, probability=0.0, reason=reason, ranked=tuple(turn.ranked))


def cite(
    turn: Turn,
    sentences: Sequence[Sentence],
    probability: float,
    statement: Statement | None = None,
    *,
    listed: bool = False,
) -> Citation:
    """A citation of neighbouring sentences together, with the sentences around them as its context.

    The context goes back to the sentence that tells whom the first is about and, where `listed`, on to the end of a
    list that the last one opens.
    """
    first, last = sentences[0], sentences[-1]
    return Citation(
        first.article,
        first.start,
        last.end,
        probability,
        context_start=_first_of_context(turn, first).start,
        context_end=_last_of_context(turn, last, listed=listed).end,
        statement=statement,
        also=turn.also(first.article, first.article.text[first.start : last.end]),
    )


def _first_of_context(turn: Turn, sentence: Sentence) -> Sentence:
    """The sentence before, or the one before that where only it tells whom the sentence is about."""
    before, _ = turn.neighbours(sentence)
    question = turn.question.text
    if before is None or not leans_back(sentence.text, question, before.text):
        return before or sentence
    further, _ = turn.neighbours(before)
    if further is None:
        return before
    told = partial(tells_whom, sentence.text, article=sentence.article)
    leans = leans_back(before.text, question, further.text)
    return further if leans or (told(further.text) and not told(before.text)) else before


def _last_of_context(turn: Turn, sentence: Sentence, *, listed: bool) -> Sentence:
    _, after = turn.neighbours(sentence)
    if after is None or not (listed and asks_for_several(turn.question.text)):
        return after or sentence
    to_come = announced(turn.question.text, sentence.text)
    reached = sentence
    for place, following in enumerate(_listed(turn, sentence, after.paragraph if to_come else sentence.paragraph), 1):
        skipped = following.number - reached.number - 1
        if place <= to_come or (opens_further(following.text) if skipped else adds(following.text)):
            reached = following
        elif skipped:
            break  # a list goes on over one sentence that does not say so, where the next begins with “another”
    return after if reached is sentence else reached


def _listed(turn: Turn, sentence: Sentence, paragraph: int) -> Iterator[Sentence]:
    """The sentences after one that may be of its list: of the paragraph, or behind a colon the lines of one each."""
    following = sentence
    for _ in range(MOST_LISTED):
        _, after = turn.neighbours(following)
        if after is None:
            return
        _, beyond = turn.neighbours(after)
        is_line = sentence.text.endswith(":") and (beyond is None or beyond.paragraph != after.paragraph)
        if after.paragraph != paragraph and not is_line:
            return
        yield after
        following = after


def not_said(within: Article | None = None) -> str:
    """The sentence that says that nothing was found."""
    return f"“{within.title}” does not say." if within else "The articles do not say."


def perhaps_not_said(within: Article | None = None) -> str:
    """The sentence that says that what was found may be no answer."""
    return f"Perhaps “{within.title}” does not say." if within else "Perhaps the articles do not say."

"""A pasted quotation → where it stands and how it differs: exact, altered or not there.

Compares words: case, punctuation and the shape of quotation marks do not count. Takes the sentences to look in as
arguments; knows nothing of retrieval or of who said it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from rapidfuzz import fuzz

from retrieval.schema import Article, Sentence, Span, Statement

WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*")
MARKS = " .,;:!?…“”„«»\"‘’'"
# What a clause ends with, between two words
STOP = re.compile(r"[.,;:!?…“”„«»\"()—–]")
# So many words more than a quotation's changed end has are shown, where a clause ends with them.
LONGER = 2
# Below this share of like words two sentences are not the same sentence altered.
MIN_LIKENESS = 0.7
# Words that turn a sentence round weigh as much as several others would, but never make it another sentence.
ALTERED_FLOOR = 60.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a quotation stands in an article, and its likeness to what stands there, 1 when word for word."""

    article: Article
    span: Span
    likeness: float
    statement: Statement | None = None

    @property
    def is_exact(self) -> bool:
        """Whether every word is there in its order."""
        return self.likeness == 1.0


@dataclass(frozen=True, slots=True)
class Difference:
    """A run of words: `kind` is same, added (in the quotation only) or missing (in the article only)."""

    kind: str
    words: str


def check(quote: str, sentences: Iterable[Sentence], statements: Iterable[Statement]) -> Finding | None:
    """The best place of a quotation among sentences, runs of neighbours and statements; None when none is like it.

    A statement is compared by its content alone, so that a quotation split by “, he said,” is still found.
    """
    wanted = _words(quote)
    if not wanted:
        return None
    found = [_in_statement(wanted, statement) for statement in statements]
    found += [_in_text(wanted, run) for run in _runs(sentences)]
    best = max(
        (finding for finding in found if finding),
        key=lambda one: (one.likeness, one.statement is not None),
        default=None,
    )
    return best if best and best.likeness >= MIN_LIKENESS else None


def differences(quote: str, stands: str) -> list[Difference]:
    """Word by word, what the quotation has that does not stand there and the other way round."""
    mine, theirs = quote.split(), stands.split()
    ours, stood = ([" ".join(_words(word)) or word for word in words] for words in (mine, theirs))
    runs: list[Difference] = []
    for kind, a, b, c, d in SequenceMatcher(None, stood, ours, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(Difference("same", " ".join(theirs[a:b])))
            continue
        runs += [Difference("missing", _bare(theirs[a:b]))] if b > a else []
        runs += [Difference("added", _bare(mine[c:d]))] if d > c else []
    return runs


def _bare(words: Sequence[str]) -> str:
    """The words without the punctuation at their ends, which is no difference."""
    return " ".join(words).strip(MARKS) or " ".join(words)


def _in_statement(wanted: list[str], statement: Statement) -> Finding | None:
    places = [place for span in statement.content for place in _places(statement.article.text, span)]
    return _best_run(wanted, places, statement.article, statement)


def _in_text(wanted: list[str], run: Sequence[Sentence]) -> Finding | None:
    article = run[0].article
    return _best_run(wanted, _places(article.text, (run[0].start, run[-1].end)), article, None)


def _best_run(wanted: list[str], places: list[Span], article: Article, statement: Statement | None) -> Finding | None:
    """The run of words most like the wanted ones."""
    words = [_word(article.text[start:end]) for start, end in places]
    if not words or fuzz.partial_ratio(" ".join(wanted), " ".join(words), score_cutoff=ALTERED_FLOOR) == 0:
        return None
    blocks = [b for b in SequenceMatcher(None, words, wanted, autojunk=False).get_matching_blocks() if b.size]
    if not blocks:
        return None
    first = max(0, blocks[0].a - blocks[0].b)
    last = min(len(words), blocks[-1].a + len(wanted) - blocks[-1].b)
    likeness = 2 * sum(block.size for block in blocks) / (len(wanted) + last - first)
    if blocks[-1].b + blocks[-1].size < len(wanted):
        last = _end_of_clause(article.text, places, last)
    return Finding(article, (places[first][0], places[last - 1][1]), likeness, statement)


def _end_of_clause(text: str, places: Sequence[Span], last: int) -> int:
    """Where a run that ends with changed words ends in the article, so that the word that decides is not cut off."""
    for end in range(last, min(last + LONGER, len(places)) + 1):
        if end == len(places) or STOP.search(text[places[end - 1][1] : places[end][0]]):
            return end
    return last


def _runs(sentences: Iterable[Sentence]) -> list[list[Sentence]]:
    """Sentences that stand side by side, together."""
    ordered = sorted(set(sentences), key=lambda one: (one.article.id, one.number))
    numbered = [(one.article.id, one.number - at) for at, one in enumerate(ordered)]
    return [
        [one for _, one in group] for _, group in groupby(zip(numbered, ordered, strict=True), key=lambda pair: pair[0])
    ]


def _places(text: str, span: Span) -> list[Span]:
    return [match.span() for match in WORD.finditer(text, *span)]


def _words(text: str) -> list[str]:
    return [_word(match.group()) for match in WORD.finditer(text)]


def _word(written: str) -> str:
    return written.casefold().replace("’", "'")

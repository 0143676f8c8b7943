"""An article as words with sentence, paragraph and quotation numbers, and statements in the making over them.

What the linking rules read and write; knows nothing of the rules.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from retrieval.quotations import quotations
from retrieval.schema import Span
from retrieval.windows import Word

CAPITALS = (1, 2, 3, 6)
FULL_WORDS = 5


@dataclass(slots=True)
class Draft:
    """A statement in the making; spans are word numbers, half-open. `teller` told of it within a statement."""

    cue: Span | None
    source: Span | None
    content: list[Span]
    confidence: float
    teller: "Draft | None" = None


@dataclass(slots=True)
class Page:
    """An article's words with their sentence, paragraph and quotation numbers (-1 outside one)."""

    text: str
    words: list[Word]
    sentence: list[int]
    paragraph: list[int]
    quotation: list[int]
    quotes: list[Span] = field(default_factory=list)

    def word(self, number: int) -> str:
        """The word, verbatim."""
        return self.text[self.words[number].start : self.words[number].end]

    def spoken(self, number: int) -> bool:
        """Whether it is a word and not a mark."""
        return self.words[number].shape != 5  # noqa: PLR2004 - a mark

    def count(self, span: Span) -> int:
        """How many words, marks not counted."""
        return sum(self.spoken(number) for number in range(*span))

    def is_quoted(self, span: Span) -> bool:
        """Whether a span begins and ends inside quotation marks."""
        return self.quotation[span[0]] >= 0 and self.quotation[span[1] - 1] >= 0

    def characters(self, span: Span) -> Span:
        """A span of words as a span of characters."""
        return self.words[span[0]].start, self.words[span[1] - 1].end

    def quotation_spans(self) -> list[Span]:
        """The quotations as spans of characters."""
        return [self.characters(quote) for quote in self.quotes]

    def sentence_span(self, number: int) -> Span:
        """The words of the sentence that holds a word."""
        return bisect_left(self.sentence, self.sentence[number]), bisect_right(self.sentence, self.sentence[number])


def page_of(text: str, words: list[Word], sentences: Sequence[tuple[int, int, int]]) -> Page:
    """Number the words' sentences, paragraphs and quotations."""
    starts = [start for start, _, _ in sentences]
    number = [bisect_right(starts, word.start) - 1 for word in words]
    paragraph = [sentences[at][2] for at in number]
    quotation = [-1] * len(words)
    quotes: list[Span] = []
    at = 0
    for start, end in quotations(text):
        while at < len(words) and words[at].start < start:
            at += 1
        first = at
        while at < len(words) and words[at].start < end:
            at += 1
        # cut where the paragraph ends, as a wrapped paragraph may hold line breaks and a broken mark may not
        if at > first:
            for inside in range(first, at):
                quotation[inside] = len(quotes)
            quotes.append((first, at))
    return Page(text, words, number, paragraph, quotation, quotes)


def runs_of(numbers: Iterable[int]) -> list[Span]:
    """Numbers as half-open runs."""
    runs: list[Span] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs


def is_full(page: Page, quote: Span) -> bool:
    """Whether a quotation is a sentence or more, and not a few words taken out of one."""
    body = page.text[page.words[quote[0]].start : page.words[quote[1] - 1].end].strip("\"“”‘’'`«»")
    return page.count(quote) >= FULL_WORDS and body[:1].isupper() and body[-1:] in tuple(".?!,…—-")

"""Text → words, and windows of words, as the tagger reads them.

MiniLM knows no capitals, so a word carries its case, its place in the sentence and the state of the quotation marks.
Knows nothing of the model.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from retrieval.encoder import tokenizer
from retrieval.quotations import quotations
from retrieval.schema import Span

WORD = re.compile(r"\w+(?:['’]\w+)?|``|''|[^\w\s]")
MARKS = frozenset('“”„«»‘’"') | {"``", "''"}
SHAPES = 8
# Pieces of a window read for cues, and of what is read again on either side of a cue
WINDOW = 256
BEFORE, AFTER = 88, 120
MAX_PIECES_A_WORD = 8
# No paragraph of a newspaper is so long; of one that is (a file without line breaks) only so many words are read
PARAGRAPH_WORDS = 4000
PARAGRAPH_OPENING = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark, with its pieces and what MiniLM does not see of it."""

    start: int
    end: int
    pieces: tuple[int, ...]
    shape: int
    quote: int
    place: int


@dataclass(slots=True)
class Window:
    """Words `first` to `last` (exclusive) of an article, and where in the window each word's first piece stands."""

    first: int
    last: int
    positions: list[int] = field(default_factory=list)
    length: int = 0


def shape(word: str) -> int:
    """The case of a word: 0 lower, 1 capitalised, 2 capitals, 3 mixed, 4 with a digit, 5 mark, 6 one capital letter."""
    if not (word[0].isalnum() or word[0] == "_"):
        return 5
    if any(letter.isdigit() for letter in word):
        return 4
    if word.islower():
        return 0
    if len(word) == 1:
        return 6
    if word.isupper():
        return 2
    return 1 if word[0].isupper() and word[1:].islower() else 3


def words_of(text: str, sentences: Sequence[tuple[int, int, int]]) -> list[Word]:
    """The words of a text; `sentences` are (start, end, paragraph)."""
    matches = [match for start, end, _ in sentences for match in WORD.finditer(text, start, end)]
    if not matches:
        return []
    tokens = tokenizer()
    openings = {start for start, _, _ in sentences}
    paragraph_openings = {
        start
        for number, (start, _, paragraph) in enumerate(sentences)
        if not number or sentences[number - 1][2] != paragraph
    }
    states = list(_quote_states(text, matches))
    # one kind of quotation mark and of apostrophe for the encoder, whatever the newspaper's style
    seen = [
        '"' if state > 1 else match.group()[:100].replace("’", "'")
        for match, state in zip(matches, states, strict=True)
    ]
    pieces = tokens(seen, add_special_tokens=False)["input_ids"]
    unknown = tokens.unk_token_id
    return [
        Word(
            match.start(),
            match.end(),
            tuple(ids[:MAX_PIECES_A_WORD]) or (unknown,),
            shape(match.group()),
            state,
            (match.start() in openings) + (match.start() in paragraph_openings),
        )
        for match, ids, state in zip(matches, pieces, states, strict=True)
    ]


def _quote_states(text: str, matches: Sequence[re.Match[str]]) -> Iterator[int]:
    spans = iter(quotations(text))
    span = next(spans, None)
    for match in matches:
        while span and span[1] <= match.start():
            span = next(spans, None)
        if not span or match.start() < span[0]:
            yield 0
        elif match.start() == span[0]:
            yield 2
        else:
            yield 3 if match.end() >= span[1] and match.group() in MARKS else 1


def windows_of(words: Sequence[Word], limit: int = WINDOW) -> list[Window]:
    """Cut the words into windows of at most `limit` pieces: at paragraphs, else at sentences, else anywhere."""
    windows: list[Window] = []
    first = 0
    while first < len(words):
        length, last, cut_at, cut_place = 2, first, first, 0
        while last < len(words) and length + len(words[last].pieces) <= limit:
            if last > first and words[last].place and (words[last].place >= cut_place or length < limit // 2):
                cut_at, cut_place = last, words[last].place
            length += len(words[last].pieces)
            last += 1
        if last < len(words) and cut_at > first:
            last = cut_at
        window = Window(first, max(last, first + 1))
        position = 1
        for word in words[window.first : window.last]:
            window.positions.append(position)
            position += len(word.pieces)
        window.length = position + 1
        windows.append(window)
        first = window.last
    return windows


def within_reach(words: Sequence[Word], windows: Sequence[Window]) -> list[Window]:
    """The windows with words of the first `PARAGRAPH_WORDS` of a paragraph: no text takes minutes to read."""
    kept: list[Window] = []
    opening = 0
    for window in windows:
        openings = [at for at in range(window.first, window.last) if words[at].place == PARAGRAPH_OPENING]
        if openings or window.first - opening < PARAGRAPH_WORDS:
            kept.append(window)
        opening = openings[-1] if openings else opening
    return kept


def slice_around(window: Window, cue: Span) -> tuple[int, int]:
    """Words of the window (numbered within it) that are read again for a cue (numbered within it)."""
    here, there = window.positions[cue[0]], window.positions[cue[1] - 1]
    first, last = cue
    while first > 0 and here - window.positions[first - 1] <= BEFORE:
        first -= 1
    while last < len(window.positions) and window.positions[last] - there <= AFTER:
        last += 1
    return first, last

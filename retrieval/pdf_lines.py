"""The lines of a document's pages → its paragraphs: what every page repeats is left out, what lines broke is joined.

Knows nothing of PDF but that its lines have places: points to the right and upwards from a corner of the page.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, takewhile
from statistics import median

# So many lines at either end of a page may be its header or footer; one is where so many of the pages have it.
EDGE, LEAST_SHARE = 3, 0.5
# A gap so much wider than the usual one, letters so much larger, or an indent of so many points begin a paragraph.
WIDER, LARGER, INDENT = 1.35, 1.15, 6.0
# A line so much shorter than the longest that ends a sentence ends a paragraph.
SHORT = 0.75
ENDS = re.compile(r"[.!?…:][”’\"')\]]*$")
BROKEN = re.compile(r"([^\W\d_]+)-$")
LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00ad": None, "\u00a0": " "}
)
SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: where it begins, and how large its letters are, in points."""

    text: str
    x: float
    y: float
    size: float


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[str]:
    """The paragraphs of a document, in order."""
    bodies = [body for body in _without_edges(pages) if body]
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(line.text for page in bodies for line in page)))
    found: list[list[Line]] = []
    for page in bodies:
        parts = list(_parts(page))
        if found and _runs_on(found[-1][-1], parts[0][0]):
            found[-1] += parts.pop(0)
        found += parts
    return [_joined([line.text for line in part], words) for part in found]


def _without_edges(pages: Sequence[Sequence[Line]]) -> Iterator[list[Line]]:
    """Pages without the lines that stand at the same end of most of them, whatever the number in them."""
    heads = Counter(chain.from_iterable(set(_shapes(page[:EDGE])) for page in pages))
    feet = Counter(chain.from_iterable(set(_shapes(page[-EDGE:])) for page in pages))
    least = max(2, LEAST_SHARE * len(pages))
    for page in pages:
        shapes = _shapes(page)
        head = sum(1 for _ in takewhile(lambda shape: heads[shape] >= least, shapes[:EDGE]))
        foot = sum(1 for _ in takewhile(lambda shape: feet[shape] >= least, shapes[: -EDGE - 1 : -1]))
        yield list(page[head : len(page) - foot])


def _shapes(lines: Sequence[Line]) -> list[str]:
    """What lines say, whatever the numbers in them."""
    return [re.sub(r"\d+", "#", " ".join(line.text.split())) for line in lines]


def _parts(page: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of a page that belong together."""
    gaps = [upper.y - lower.y for upper, lower in pairwise(page) if upper.y > lower.y]
    usual = median(gaps) if gaps else 0.0
    longest = max(len(line.text) for line in page)
    part = [page[0]]
    for upper, lower in pairwise(page):
        if _begins(upper, lower, usual=usual, longest=longest):
            yield part
            part = []
        part.append(lower)
    yield part


def _begins(upper: Line, lower: Line, *, usual: float, longest: int) -> bool:
    """Whether a paragraph begins with the lower of two lines; one higher up is in the next column."""
    gap = upper.y - lower.y
    if gap < 0:
        return not _runs_on(upper, lower)
    larger = max(upper.size, lower.size) > LARGER * max(min(upper.size, lower.size), 0.1)
    ended = ENDS.search(upper.text) is not None
    indented = ended and 0 < lower.x - upper.x - INDENT < longest
    return gap > WIDER * usual or larger or indented or (ended and len(upper.text) < SHORT * longest)


def _runs_on(upper: Line, lower: Line) -> bool:
    """Whether a sentence goes on from one page or column to the next."""
    return not ENDS.search(upper.text) and lower.text[:1].islower()


def _joined(lines: Iterable[str], words: Counter[str]) -> str:
    """Lines as one, with the words that they broke made whole."""
    text = ""
    for line in lines:
        stripped = line.strip()
        if text.endswith(SOFT_HYPHEN):
            text = text[:-1] + stripped
        elif BROKEN.search(text) and stripped[:1].islower():
            text = (text if _is_compound(text, stripped, words) else text[:-1]) + stripped
        else:
            text = f"{text} {stripped}" if text else stripped
    return " ".join(text.translate(LIGATURES).split())


def _is_compound(text: str, line: str, words: Counter[str]) -> bool:
    """Whether the hyphen at the end of a line belongs to the word: the document writes it so, and never without."""
    first = re.search(r"[\w-]+-$", text)
    second = re.match(r"[\w-]+", line)
    if not first or not second:
        return False
    whole = first.group() + second.group()
    return words[whole] > 0 and not words[whole.replace("-", "")]

"""Where quotation marks open and close: text → the spans of its quotations, marks included.

Curly, straight, doubled (``…'') and British single marks. A quotation ends with its line at the latest, as newspapers
open the marks anew in every paragraph of a long one. Linear in the length of the text. Knows nothing of who is
quoted.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from retrieval.schema import Span

MARK = re.compile(r"[“”„«»\"]|``|''")
CLOSED_BY = {"“": "”", "„": "“”", "«": "»", '"': '"”', "``": "''", "''": "''"}
# ‘ opens before a word; ’ closes where no letter follows, best after the punctuation that ends what was said
SINGLE = re.compile(r"(?:(?<=\s)|(?<=[(\[—–])|^)‘(?=[^\s’])(?P<body>[^‘\n]{2,600}?)(?<=[,.?!…])’(?!\w)", re.MULTILINE)
SINGLE_SHORT = re.compile(r"(?:(?<=\s)|(?<=[(\[—–])|^)‘(?=[^\s’])[^‘’\n]{2,200}’(?!\w)", re.MULTILINE)


def quotations(text: str) -> list[Span]:
    """Spans of the outermost quotations in order, their marks included; an unclosed one runs to the end of its line."""
    spans: list[Span] = []
    for line in re.finditer(r"[^\n]+", text):
        spans += _double(text, line.start(), line.end())
    if "‘" not in text:
        return spans
    for pattern in (SINGLE, SINGLE_SHORT):
        known = sorted(spans)
        spans += [match.span() for match in pattern.finditer(text) if not touches(match.span(), known)]
    return sorted(spans)


def touches(span: Span, spans: Sequence[Span]) -> bool:
    """Whether a span shares a character with one of the sorted, disjoint spans."""
    at = bisect_right(spans, (span[1], 0)) - 1
    return at >= 0 and spans[at][1] > span[0] and spans[at][0] < span[1]


def enclosing(position: int, spans: Sequence[Span]) -> Span | None:
    """The one of the sorted, disjoint spans that holds a position."""
    at = bisect_right(spans, (position, float("inf"))) - 1
    return spans[at] if at >= 0 and spans[at][0] <= position < spans[at][1] else None


def _closes(text: str, mark: re.Match[str]) -> bool:
    """Whether an opening mark stands where only a closing one can, after a word and before none: “he said.“ here."""
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
    return mark.group() == "“" and not before.isspace() and (not after or after.isspace())


def _double(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    opened: int | None = None
    closers = ""
    for match in MARK.finditer(text, start, end):
        mark = match.group()
        if opened is not None and (mark in closers or _closes(text, match)):
            spans.append((opened, match.end()))
            opened = None
        elif (
            opened is None
            and mark in CLOSED_BY
            and not (mark == "''" and text[match.end() : match.end() + 1].isspace())
        ):
            opened, closers = match.start(), CLOSED_BY[mark]
    if opened is not None:
        spans.append((opened, end))
    return spans

"""The content of a cue, in word numbers: quotations kept whole, unquoted content kept to its sentence and its clauses.

Knows nothing of sources.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from retrieval.page import Draft, Page, is_full, runs_of
from retrieval.schema import Span

# Words that no clause ends with, and words that begin a clause which goes with the one before it
DANGLING = frozenset("a an and but he i if my nor or our she than the their they we which who your".split())
BELONGING = frozenset("where which whose because unless until if".split())
NEAR = 2


def content_runs(page: Page, numbers: set[int], cue: Span, source: Span | None) -> list[Span]:
    """The content as runs: quotations whole, small gaps filled, unquoted words only from the cue's own sentence."""
    other = set(range(*cue)) | set(range(*source)) if source else set(range(*cue))
    touched = {page.quotation[number] for number in numbers} - {-1}
    cue_quote = page.quotation[cue[0]]
    whole: set[int] = {cue_quote} - {-1}
    for quote in touched:
        inside = [number for number in range(*page.quotes[quote]) if page.spoken(number)]
        share = sum(number in numbers for number in inside) / max(1, len(inside))
        if quote == cue_quote:
            continue
        if share >= 0.5 or (share >= 0.2 and is_full(page, page.quotes[quote])):  # noqa: PLR2004
            numbers |= set(range(*page.quotes[quote])) - other
            whole.add(quote)
    here = page.sentence[cue[0]]
    numbers = {
        number
        for number in numbers
        if page.sentence[number] == here or page.quotation[number] in whole or not page.spoken(number)
    }
    runs = [run for run in _filled(page, runs_of(numbers), other) if page.count(run)]
    return [_without_tail(page, run) for run in _main_runs(page, runs, cue)]


def _without_tail(page: Page, run: Span) -> Span:
    """A run that opens with a full quotation ends with it: what follows the closing mark is narrative."""
    quote = page.quotation[run[0]]
    if quote < 0 or not is_full(page, page.quotes[quote]):
        return run
    end = page.quotes[quote][1]
    return (run[0], end) if run[0] < end < run[1] and all(page.quotation[at] < 0 for at in range(end, run[1])) else run


def _filled(page: Page, runs: list[Span], other: set[int]) -> list[Span]:
    joined: list[Span] = []
    for run in runs:
        if joined:
            gap = range(joined[-1][1], run[0])
            same = page.sentence[joined[-1][1] - 1] == page.sentence[run[0]]
            if same and sum(map(page.spoken, gap)) <= 8 and not other & set(gap):  # noqa: PLR2004
                joined[-1] = (joined[-1][0], run[1])
                continue
        joined.append(run)
    return joined


def _main_runs(page: Page, runs: list[Span], cue: Span) -> list[Span]:
    """Without stray fragments: keep the longest run, quotations, and what stands beside the cue."""
    if len(runs) < 2:  # noqa: PLR2004 - nothing to choose from
        return runs
    longest = max(map(page.count, runs))
    kept = [
        run
        for run in runs
        if page.count(run) > NEAR or page.count(run) == longest or page.is_quoted(run) or _distance(run, cue) <= NEAR
    ]
    # a quotation of the paragraph before belongs to a cue that has none of its own
    kept = [run for run in kept if page.paragraph[run[0]] >= page.paragraph[cue[0]]] or kept
    if any(page.is_quoted(run) and run[1] <= cue[0] and page.count(run) > 2 for run in kept):  # noqa: PLR2004
        # “A,” X said, ...: an unquoted tail after the cue is narrative
        kept = [run for run in kept if run[1] <= cue[0] or any(page.quotation[number] >= 0 for number in range(*run))]
    return kept


def _distance(one: Span, other: Span) -> int:
    return max(one[0] - other[1] + 1, other[0] - one[1] + 1, 0)


def nest(page: Page, drafts: Sequence[Draft]) -> None:
    """Let "According to the Times, X said it was late" report for the Times that X said so."""
    for outer, inner in _neighbours(page, drafts):
        if not outer.cue or not inner.cue or not inner.source or page.word(outer.cue[0]).lower() != "according":
            continue
        comma = next((at for at in range(outer.cue[1], inner.cue[0]) if page.word(at) == ","), None)
        breaks = any(page.word(at) in ";:" for at in range(outer.cue[1], inner.cue[0]))
        if comma and not breaks and outer.cue[1] < comma and inner.cue[0] <= inner.content[0][0]:
            outer.source = (outer.cue[1], comma)
            outer.content = [(comma + 1, inner.content[0][1])]
            outer.confidence = max(outer.confidence, inner.confidence)
            if inner.source[0] <= comma:
                inner.source = (comma + 1, inner.cue[0])


def part(page: Page, drafts: Sequence[Draft]) -> None:
    """End content where ", but he refused …" or ", and she added …" begins a statement of its own."""
    for draft, after in _neighbours(page, drafts):
        start, end = draft.content[-1]
        if not draft.cue or not after.cue or not after.source or page.quotation[start] >= 0:
            continue
        comma = after.source[0] - 2
        inside = draft.cue[1] <= start < comma < after.cue[0] < end
        if inside and page.word(comma) == "," and page.word(comma + 1).lower() in ("but", "and"):
            draft.content[-1] = (start, comma)


def _neighbours(page: Page, drafts: Sequence[Draft]) -> Iterator[tuple[Draft, Draft]]:
    """Statements with the one whose cue comes next in the same sentence."""
    ordered = sorted((draft for draft in drafts if draft.cue), key=lambda draft: draft.cue or (0, 0))
    for one, other in pairwise(ordered):
        if one.cue and other.cue and page.sentence[one.cue[0]] == page.sentence[other.cue[0]]:
            yield one, other


def reach_back(page: Page, draft: Draft) -> None:
    """Let “K, X said.” take K from the start of its sentence."""
    if not draft.cue or len(draft.content) != 1:
        return
    cue, run = draft.cue, draft.content[0]
    left = (
        min(cue[0], draft.source[0])
        if draft.source and page.sentence[draft.source[0]] == page.sentence[cue[0]]
        else cue[0]
    )
    if not (run[1] <= left and left - run[1] <= 1 and page.sentence[run[0]] == page.sentence[cue[0]]):
        return
    start = page.sentence_span(run[0])[0]
    if start < run[0] and page.count(run) >= 0.35 * page.count((start, run[1])) and page.quotation[run[0]] < 0:
        draft.content[0] = (start, run[1])


def reach_on(page: Page, draft: Draft) -> None:
    """Let indirect content that stops in the middle of a clause, or before a clause that belongs to it, run to its end.

    "that her passport was taken and she | was forced to work", "was taken to an office, | where he was questioned".
    """
    start, end = draft.content[-1]
    stop = page.sentence_span(end - 1)[1]
    while stop > end and not page.spoken(stop - 1):
        stop -= 1
    if draft.cue is None or start < draft.cue[1] or stop <= end or any(at >= 0 for at in page.quotation[start:stop]):
        return
    after = end if page.spoken(end) else end + 1
    dangles = page.word(end - 1).lower() in DANGLING
    if dangles or (after > end and after < stop and page.word(after).lower() in BELONGING):
        draft.content[-1] = (start, stop)

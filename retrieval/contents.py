"""The content of a cue, in word numbers: quotations kept whole, unquoted content kept to its sentence and its clauses.

Knows nothing of sources.
"""

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
    for quote in touched:
        inside = [number for number in range(*page.quotes[quote]) if page.spoken(number)]
        share = sum(number in numbers for number in inside) / max(1, len(inside))
        if quote == cue_quote:
            continue
        if share >= 0.5 or (share >= 0.2 and is_full(page, page.quotes[quote])):  # noqa: PLR2004
            numbers |= set(range(*page.quotes[quote])) - other
    here = page.sentence[cue[0]]
    numbers = {
        number
        for number in numbers
        if page.sentence[number] == here or page.quotation[number] >= 0 or not page.spoken(number)
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
    if any(page.is_quoted(run) and run[1] <= cue[0] and page.count(run) > 2 for run in kept):  # noqa: PLR2004
        # “A,” X said, ...: an unquoted tail after the cue is narrative
        kept = [run for run in kept if run[1] <= cue[0] or any(page.quotation[number] >= 0 for number in range(*run))]
    return kept


def _distance(one: Span, other: Span) -> int:
    return max(one[0] - other[1] + 1, other[0] - one[1] + 1, 0)


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

"""The source of a cue, in word numbers: a name taken whole, or the subject of a cue that the tagger left without one.

Knows nothing of what was said, nor of who the people are.
"""

from retrieval.page import CAPITALS, Draft, Page, runs_of
from retrieval.schema import Span

PRONOUNS = frozenset("i we you he she it they who him her them this that these those one".split())
DETERMINERS = frozenset(
    "the a an his her their its our my this that these those some many several most another one two three".split()
)
CONJUNCTIONS = frozenset(
    "but and yet so then still or nor because while when if as after before although though since".split()
)
STOPS = frozenset(
    "that and but as when while because if after before which who where although though since or than".split()
)
AUXILIARIES = frozenset(
    """also has have had having is was were are be been being not n't never later then now once still again reportedly
    recently repeatedly already just even will would could should can may might did does do immediately quickly
    publicly long always often only further ever yet soon since too quietly""".split()
)
BE = frozenset("is are was were be been being am 's ’s 're ’re keeps keep kept".split())
LEADING = frozenset(
    "in on at after before during by for with as since while when if despite amid although though from under".split()
)
JOINING = frozenset("of the and for at in a an & - – . 's ’s".split())
EMPTY = LEADING | CONJUNCTIONS | frozenset("the a an however within into of also".split())


def source_runs(page: Page, numbers: list[int]) -> list[Span]:
    """The runs that a source may be, those joined that only a word like "of" parts."""
    joined: list[Span] = []
    for run in runs_of(numbers):
        gap = range(joined[-1][1], run[0]) if joined else range(0)
        near = joined and page.sentence[joined[-1][0]] == page.sentence[run[0]] and len(gap) <= 2  # noqa: PLR2004
        if near and all(page.word(number).lower() in JOINING for number in gap):
            joined[-1] = (joined[-1][0], run[1])
        else:
            joined.append(run)
    return [run for run in joined if page.count(run)]


def whole_name(page: Page, source: Span, cue: Span) -> Span:
    """Grow a source over the rest of its name or noun phrase."""
    first, last = source
    here = page.sentence[first]
    start = page.sentence_span(first)[0]
    first = _before_apposition(page, first, start, cue)
    while (
        first > start and page.spoken(first - 1) and page.quotation[first - 1] < 0 and not cue[0] <= first - 1 < cue[1]
    ):
        word = page.word(first - 1)
        if word.lower() in DETERMINERS and page.word(first).lower() not in PRONOUNS:
            first -= 1
            break
        capital = page.words[first - 1].shape in (1, 2, 3) and word.lower() not in CONJUNCTIONS | LEADING
        if not capital or page.word(first).lower() in PRONOUNS | DETERMINERS:
            break
        first -= 1
    while (
        last < len(page.words)
        and page.sentence[last] == here
        and page.words[last].shape in (1, 2, 3)
        and page.quotation[last] < 0
    ):
        if cue[0] <= last < cue[1] or page.words[last - 1].shape not in (1, 2, 3, 6):
            break
        last += 1
    return first, last


def _before_apposition(page: Page, first: int, start: int, cue: Span) -> int:
    """In "Ana Ruiz, the mayor, said" the name is the source, not what stands beside it."""
    word = page.word(first)
    opens = word.lower() in DETERMINERS | {"who"} or (word.islower() and not word.endswith(("ing", "ly")))
    if not opens or first - 2 < start or page.word(first - 1) != ",":
        return first
    at = first - 1
    while at > start and page.words[at - 1].shape in CAPITALS and page.quotation[at - 1] < 0:
        at -= 1
    opening = at in (start, cue[1]) or not page.spoken(at - 1) or page.word(at - 1).lower() in CONJUNCTIONS
    return at if opening and first - 1 - at >= 2 else first  # noqa: PLR2004 - two words make a name


def is_empty(page: Page, source: Span) -> bool:
    """Whether a source is made of words that name nobody."""
    return all(page.word(at).lower() in EMPTY or not page.spoken(at) for at in range(*source))


def subject_of(page: Page, cue: Span, content: list[Span]) -> Span | None:
    """Where the tagger found no source: the noun phrase left of the cue, else right of it."""
    said = {number for run in content for number in range(*run)}
    start, end = page.sentence_span(cue[0])
    first = page.word(cue[0]).lower()
    if first.endswith("ing") and cue[0] > start and page.word(cue[0] - 1).lower() not in BE:
        return _opening_subject(page, start, cue[0], said)
    return subject_left(page, start, cue[0], said) or _subject_right(page, end, cue[1], said)


def agent(page: Page, cue: Span, source: Span | None) -> Span | None:
    """Who speaks where "by" stands after the cue: "was alleged by two members", "the warning by the coast guard"."""
    end = page.sentence_span(cue[0])[1]
    if cue[1] + 1 >= end or page.word(cue[1]).lower() != "by" or not _opens_phrase(page, cue[1] + 1):
        return None
    active = source and source[0] < cue[0] and page.word(cue[0] - 1).lower() not in BE | DETERMINERS
    return None if active else _phrase_right(page, cue[1] + 1, end, set())


def _opening_subject(page: Page, start: int, cue: int, said: set[int]) -> Span | None:
    at = start
    while at < cue and (not page.spoken(at) or page.word(at).lower() in EMPTY - LEADING):
        at += 1
    if at < cue and page.word(at).lower() in LEADING:
        comma = next((number for number in range(at, cue) if page.word(number) == ","), cue)
        at = comma + 1 if comma < cue - 2 else at
    while at < cue and (not page.spoken(at) or page.word(at).lower() in CONJUNCTIONS or page.word(at).endswith("ly")):
        at += 1
    return _phrase_right(page, at, cue, said) if at < cue else None


def subject_left(page: Page, start: int, cue: int, said: set[int]) -> Span | None:
    """The noun phrase left of a cue, auxiliaries skipped."""
    at = cue - 1
    while (
        at >= start
        and at not in said
        and page.quotation[at] < 0
        and (not page.spoken(at) or _is_auxiliary(page.word(at)))
    ):
        at -= 1
    if at < start or at in said or page.quotation[at] >= 0:
        return None
    if page.word(at).lower() in PRONOUNS:
        return at, at + 1
    first = at
    while first > start and first - 1 not in said and page.spoken(first - 1) and at - first < 9:  # noqa: PLR2004
        before = page.word(first - 1)
        if before.lower() in STOPS:
            break
        first -= 1
        if before.lower() in DETERMINERS or (page.words[first + 1].shape in (1, 2) and page.words[first].shape == 0):
            break
    while first < at and page.word(first).lower() in AUXILIARIES | LEADING:
        first += 1
    return first, at + 1


def _subject_right(page: Page, end: int, cue_end: int, said: set[int]) -> Span | None:
    if cue_end >= end or not page.spoken(cue_end) or cue_end in said:
        return None
    return _phrase_right(page, cue_end, end, said) if _opens_phrase(page, cue_end) else None


def _opens_phrase(page: Page, at: int) -> bool:
    return page.words[at].shape in (1, 2, 3) or page.word(at).lower() in PRONOUNS | DETERMINERS


def _phrase_right(page: Page, at: int, end: int, said: set[int]) -> Span | None:
    if at in said or page.quotation[at] >= 0:
        return None
    if page.word(at).lower() in PRONOUNS:
        return at, at + 1
    last = at + 1
    while last < end and page.spoken(last) and last not in said and last - at < 8:  # noqa: PLR2004
        word = page.word(last)
        of_name = word.lower() in ("of", "the", "for") and last + 1 < end and page.words[last + 1].shape in (1, 2)
        if not (page.words[last].shape in (1, 2, 3, 6) or of_name or page.word(last - 1).lower() in DETERMINERS):
            break
        last += 1
    return at, last


def _is_auxiliary(word: str) -> bool:
    return word.lower() in AUXILIARIES or word.lower().endswith("ly")


def share_subjects(page: Page, drafts: list[Draft]) -> None:
    """Give ", adding that …" to the subject of its sentence, whoever else is named before it."""
    ordered = sorted((draft for draft in drafts if draft.cue), key=lambda draft: draft.cue or (0, 0))
    for number, draft in enumerate(ordered):
        cue = draft.cue or (0, 0)
        if not _is_participle(page, cue):
            continue
        before = ordered[number - 1] if number else None
        start = page.sentence_span(cue[0])[0]
        if before and before.cue and before.cue[0] >= start and before.source and before.source[1] <= cue[0]:
            draft.source = before.source
            continue
        said = {at for run in draft.content for at in range(*run)}
        subject = _opening_subject(page, start, cue[0], said)
        if subject and (not draft.source or draft.source[0] > subject[1]):
            draft.source = subject


def _is_participle(page: Page, cue: Span) -> bool:
    """Whether a cue is a participle that a comma or a conjunction opens."""
    at = cue[0] - 1
    while at >= 0 and page.word(at).lower().endswith("ly"):
        at -= 1
    opened = at >= 0 and page.word(at).lower() in (",", "while", "before", "after", "when")
    return opened and page.word(cue[0]).lower().endswith("ing")

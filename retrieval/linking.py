"""Tags → who said what, in word numbers: the rules that a token tagger cannot learn from few articles.

Quotations are kept whole, unquoted content stays in its sentence, a name is taken whole, a cue without a source looks
for its subject, and a quotation that goes on after its statement stays with it. Knows nothing of who the people are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from retrieval import reporting
from retrieval.quotations import quotations
from retrieval.schema import Span
from retrieval.tagger import Attribution, Tagging, Word

# Added to the probability of a role against "none"; chosen on dev/news.jsonl and our held-out news
ROLE_BIAS = 0.8
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
# Statements less sure than this are left out; chosen on dev/news.jsonl and our held-out news
CONFIDENCE = 0.6
EMPTY = LEADING | CONJUNCTIONS | frozenset("the a an however within into of also".split())
CAPITALS = (1, 2, 3, 6)
# Words that no clause ends with, and words that begin a clause which goes with the one before it
DANGLING = frozenset("a an and but he i if my nor or our she than the their they we which who your".split())
BELONGING = frozenset("where which whose because unless until if".split())
NEAR = 2
FULL_WORDS = 5


@dataclass(slots=True)
class Draft:
    """A statement in the making; spans are word numbers, half-open."""

    cue: Span | None
    source: Span | None
    content: list[Span]
    confidence: float


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


def link(page: Page, tagging: Tagging) -> list[Draft]:
    """The statements of an article, in order."""
    drafts = [draft for attribution in tagging.attributions if (draft := _draft(page, attribution))]
    drafts = [draft for draft in drafts if draft.confidence >= CONFIDENCE]
    drafts = _without_doubles(page, drafts)
    _share_subjects(page, drafts)
    _go_on(page, drafts)
    drafts += _cueless(page, tagging, drafts)
    return sorted(drafts, key=lambda draft: (draft.content[0], draft.cue or (0, 0)))


def _draft(page: Page, attribution: Attribution) -> Draft | None:
    cue = attribution.cue
    roles = attribution.roles.clone()
    roles[:, 1:] *= ROLE_BIAS
    best = roles.argmax(-1).tolist()
    first = attribution.first
    content = [first + at for at, role in enumerate(best) if role >= 3 and not cue[0] <= first + at < cue[1]]  # noqa: PLR2004
    source = [first + at for at, role in enumerate(best) if role in (1, 2) and not cue[0] <= first + at < cue[1]]
    if not any(page.spoken(number) for number in content):
        return None
    sources = _source_runs(page, source)
    weight = attribution.roles[:, 1:3].sum(-1)
    chosen = max(sources, key=lambda run: float(weight[run[0] - first : run[1] - first].sum()), default=None)
    runs = _content_runs(page, set(content), cue, chosen)
    if not runs:
        return None
    mean = float(attribution.roles[[number - first for number in content], 3:].sum(-1).mean())
    draft = Draft(cue, _whole_name(page, chosen, cue) if chosen else None, runs, attribution.confidence * mean)
    if not draft.source or _is_empty(page, draft.source):
        draft.source = _subject(page, cue, runs)
    _reach_back(page, draft)
    _reach_on(page, draft)
    return draft


def _runs(numbers: Iterable[int]) -> list[Span]:
    runs: list[Span] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs


def _source_runs(page: Page, numbers: list[int]) -> list[Span]:
    joined: list[Span] = []
    for run in _runs(numbers):
        gap = range(joined[-1][1], run[0]) if joined else range(0)
        near = joined and page.sentence[joined[-1][0]] == page.sentence[run[0]] and len(gap) <= 2  # noqa: PLR2004
        if near and all(page.word(number).lower() in JOINING for number in gap):
            joined[-1] = (joined[-1][0], run[1])
        else:
            joined.append(run)
    return [run for run in joined if page.count(run)]


def _content_runs(page: Page, numbers: set[int], cue: Span, source: Span | None) -> list[Span]:
    """The content as runs: quotations whole, small gaps filled, unquoted words only from the cue's own sentence."""
    other = set(range(*cue)) | set(range(*source)) if source else set(range(*cue))
    touched = {page.quotation[number] for number in numbers} - {-1}
    cue_quote = page.quotation[cue[0]]
    for quote in touched:
        inside = [number for number in range(*page.quotes[quote]) if page.spoken(number)]
        share = sum(number in numbers for number in inside) / max(1, len(inside))
        if quote == cue_quote:
            continue
        if share >= 0.5 or (share >= 0.2 and _is_full(page, page.quotes[quote])):  # noqa: PLR2004
            numbers |= set(range(*page.quotes[quote])) - other
    here = page.sentence[cue[0]]
    numbers = {
        number
        for number in numbers
        if page.sentence[number] == here or page.quotation[number] >= 0 or not page.spoken(number)
    }
    runs = [run for run in _filled(page, _runs(numbers), other) if page.count(run)]
    return [_without_tail(page, run) for run in _main_runs(page, runs, cue)]


def _without_tail(page: Page, run: Span) -> Span:
    """A run that opens with a full quotation ends with it: what follows the closing mark is narrative."""
    quote = page.quotation[run[0]]
    if quote < 0 or not _is_full(page, page.quotes[quote]):
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


def _is_full(page: Page, quote: Span) -> bool:
    """Whether a quotation is a sentence or more, and not a few words taken out of one."""
    body = page.text[page.words[quote[0]].start : page.words[quote[1] - 1].end].strip("\"“”‘’'`«»")
    return page.count(quote) >= FULL_WORDS and body[:1].isupper() and body[-1:] in tuple(".?!,…—-")


def _whole_name(page: Page, source: Span, cue: Span) -> Span:
    """Grow a source over the rest of its name or noun phrase."""
    first, last = source
    here = page.sentence[first]
    start = page.sentence_span(first)[0]
    first = _before_apposition(page, first, start)
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


def _before_apposition(page: Page, first: int, start: int) -> int:
    """In "Ana Ruiz, the mayor, said" the name is the source, not what stands beside it."""
    if page.word(first).lower() not in DETERMINERS or first - 2 < start or page.word(first - 1) != ",":
        return first
    at = first - 1
    while at > start and page.words[at - 1].shape in CAPITALS and page.quotation[at - 1] < 0:
        at -= 1
    opening = at == start or not page.spoken(at - 1) or page.word(at - 1).lower() in CONJUNCTIONS
    return at if opening and first - 1 - at >= 2 else first  # noqa: PLR2004 - two words make a name


def _is_empty(page: Page, source: Span) -> bool:
    """Whether a source is made of words that name nobody."""
    return all(page.word(at).lower() in EMPTY or not page.spoken(at) for at in range(*source))


def _subject(page: Page, cue: Span, content: list[Span]) -> Span | None:
    """Where the tagger found no source: the noun phrase left of the cue, else right of it."""
    said = {number for run in content for number in range(*run)}
    start, end = page.sentence_span(cue[0])
    first = page.word(cue[0]).lower()
    if first.endswith("ing") and cue[0] > start and page.word(cue[0] - 1).lower() not in BE:
        return _opening_subject(page, start, cue[0], said)
    return _subject_left(page, start, cue[0], said) or _subject_right(page, end, cue[1], said)


def _opening_subject(page: Page, start: int, cue: int, said: set[int]) -> Span | None:
    at = start
    while at < cue and not page.spoken(at):
        at += 1
    if at < cue and page.word(at).lower() in LEADING:
        comma = next((number for number in range(at, cue) if page.word(number) == ","), cue)
        at = comma + 1 if comma < cue - 2 else at
    while at < cue and (not page.spoken(at) or page.word(at).lower() in CONJUNCTIONS or page.word(at).endswith("ly")):
        at += 1
    return _phrase_right(page, at, cue, said) if at < cue else None


def _subject_left(page: Page, start: int, cue: int, said: set[int]) -> Span | None:
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
    word = page.word(cue_end).lower()
    if page.words[cue_end].shape in (1, 2, 3) or word in PRONOUNS or word in DETERMINERS:
        return _phrase_right(page, cue_end, end, said)
    return None


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


def _reach_back(page: Page, draft: Draft) -> None:
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


def _reach_on(page: Page, draft: Draft) -> None:
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


def _share_subjects(page: Page, drafts: list[Draft]) -> None:
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


def _without_doubles(page: Page, drafts: list[Draft]) -> list[Draft]:
    """Of two statements with the same content the surer one."""
    kept: list[Draft] = []
    known: dict[int, list[set[int]]] = {}
    for draft in sorted(drafts, key=lambda draft: -draft.confidence):
        words = {number for run in draft.content for number in range(*run) if page.spoken(number)}
        rivals = [other for number in words for other in known.get(number, ())]
        if words and not any(2 * len(words & other) > 0.7 * (len(words) + len(other)) for other in rivals[:200]):
            kept.append(draft)
            for number in words:
                known.setdefault(number, []).append(words)
    return sorted(kept, key=lambda draft: draft.content[0])


def _go_on(page: Page, drafts: list[Draft]) -> None:
    """Give a full quotation that follows a statement's own in the same paragraph to that statement."""
    claimed = {page.quotation[number] for draft in drafts for run in draft.content for number in range(*run)} - {-1}
    ordered = sorted((draft for draft in drafts if draft.cue), key=lambda draft: draft.cue or (0, 0))
    cues = [draft.cue[0] for draft in ordered if draft.cue]
    for number, quote in enumerate(page.quotes):
        if number in claimed or not _is_full(page, quote):
            continue
        sentence = page.sentence_span(quote[0])
        at = bisect_left(cues, quote[0]) - 1
        if at < 0 or bisect_left(cues, sentence[0]) < bisect_left(cues, sentence[1]):
            continue
        draft = ordered[at]
        if page.paragraph[cues[at]] != page.paragraph[quote[0]]:
            continue
        if any(page.quotation[number] >= 0 for run in draft.content for number in range(*run)):
            draft.content = sorted([*draft.content, quote])
            claimed.add(number)


def _cueless(page: Page, tagging: Tagging, drafts: list[Draft]) -> list[Draft]:
    """Quotations of a sentence or more that nobody claimed: they go on from the statement before them."""
    claimed = {page.quotation[number] for draft in drafts for run in draft.content for number in range(*run)} - {-1}
    added: list[Draft] = []
    ordered = sorted((draft for draft in drafts if draft.source), key=lambda draft: draft.content[-1])
    ends = [draft.content[-1][0] for draft in ordered]
    last: Draft | None = None
    for number, quote in enumerate(page.quotes):
        if number in claimed or not _is_full(page, quote):
            continue
        said = float(tagging.flat[quote[0] : quote[1], 2].mean())
        sentence = page.sentence_span(quote[0])
        whole = page.count(quote) >= 0.8 * page.count(sentence)
        if said < (0.3 if whole else 0.5):
            continue
        at = bisect_left(ends, quote[0]) - 1
        before = ordered[at] if at >= 0 else None
        if last and (not before or last.content[0] > before.content[-1]):
            before = last
        near = before and page.paragraph[quote[0]] - page.paragraph[before.content[-1][0]] <= 2  # noqa: PLR2004
        inside = (at for at in range(*sentence) if tagging.flat[at, 1] > 0.5 and page.quotation[at] < 0)  # noqa: PLR2004
        own = _runs(inside)
        source = own[0] if own else (before.source if before and near and whole else None)
        last = Draft(None, source, [quote], said * 0.8)
        added.append(last)
    return added


def _only_names(page: Page, draft: Draft) -> bool:
    """Whether "called" gives a thing its name, as in "a group called the Sea Org", and reports nothing."""
    words = [page.words[number] for run in draft.content for number in range(*run) if page.spoken(number)]
    named = all(word.shape in CAPITALS for word in words[1:]) and len(words) <= FULL_WORDS
    return named and draft.cue is not None and page.word(draft.cue[1] - 1).lower() in ("called", "named", "dubbed")


def is_statement(page: Page, draft: Draft) -> bool:
    """Whether somebody said it, as against believed or planned it."""
    if all(page.is_quoted(run) for run in draft.content):
        return True
    if not draft.cue or _only_names(page, draft):
        return False
    cue = " ".join(page.word(number) for number in range(*draft.cue))
    return reporting.is_reporting(cue) or not any(map(page.spoken, range(*draft.cue)))

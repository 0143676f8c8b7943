"""Tags → who said what, in word numbers: the rules that a token tagger cannot learn from few articles.

Sources come whole (`subjects`), contents with their quotations (`contents`); statements share subjects, and a quotation
that goes on after its statement stays with it. Knows nothing of who the people are.
"""

from bisect import bisect_left

from retrieval import contents, reporting, subjects, views
from retrieval.page import CAPITALS, FULL_WORDS, Draft, Page, is_full, runs_of
from retrieval.schema import Span
from retrieval.tagger import Attribution, Tagging

# Added to the probability of a role against "none"; chosen on dev/news.jsonl and our held-out news
ROLE_BIAS = 0.8
NEGATIONS = frozenset("not never without".split())
ASKING = frozenset("whether who whom what why how when where which if".split())
NOBODY = frozenset("nobody none neither".split())
WORDS = frozenset("word words name names letters title term phrase".split())
RELATIVES = frozenset("that which whom".split())
JOINING = frozenset("of the and for".split())
BESIDE = frozenset("with in on at near from by under over between".split())
FINITE = frozenset("is was were are has had have will would can could did does".split())
# Statements less sure than this are left out: of verbs that do nothing but report speech, of those that mostly do, and
# of those like "back" and "offer" that often do not; chosen on dev/news.jsonl and our held-out news
CONFIDENCE_PLAIN, CONFIDENCE, CONFIDENCE_RARE = 0.5, 0.6, 0.75
PLAIN = frozenset(
    """say tell state announce declare deny claim insist hint express emphasize emphasise stress reiterate argue add
    assert contend acknowledge admit concede exclaim reply explain mention remark warn indicate""".split()
)


def link(page: Page, tagging: Tagging) -> list[Draft]:
    """The statements of an article, in order."""
    drafts = [draft for attribution in tagging.attributions if (draft := _draft(page, attribution))]
    contents.nest(page, drafts)
    drafts = [draft for draft in drafts if _is_statement(page, draft)]
    drafts = _without_doubles(page, drafts)
    contents.part(page, drafts)
    subjects.share_subjects(page, drafts)
    _go_on(page, drafts)
    drafts += _cueless(page, tagging, drafts)
    drafts += views.stances(page, drafts)
    drafts += views.beliefs(page, drafts)
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
    sources = subjects.source_runs(page, source)
    weight = attribution.roles[:, 1:3].sum(-1)
    chosen = max(sources, key=lambda run: float(weight[run[0] - first : run[1] - first].sum()), default=None)
    runs = contents.content_runs(page, set(content), cue, chosen)
    if not runs:
        return None
    mean = float(attribution.roles[[number - first for number in content], 3:].sum(-1).mean())
    draft = Draft(cue, subjects.whole_name(page, chosen, cue) if chosen else None, runs, attribution.confidence * mean)
    _in_parentheses(page, draft)
    draft.source = subjects.agent(page, cue, draft.source) or draft.source
    if not draft.source or subjects.is_empty(page, draft.source):
        draft.source = subjects.subject_of(page, cue, runs)
    if draft.source and _opens_clause(page, draft.source):
        draft.source = (draft.source[0] + 1, draft.source[1])
    contents.reach_back(page, draft)
    contents.reach_on(page, draft)
    return draft


def _opens_clause(page: Page, source: Span) -> bool:
    """Whether a source opens with the "that" of a clause, as in "a plan that its makers call bold"."""
    first, after = page.word(source[0]).lower(), source[0] + 1
    return first in RELATIVES and after < source[1] and page.word(after).lower() in subjects.DETERMINERS


def _in_parentheses(page: Page, draft: Draft) -> None:
    """Let "The bridge, engineers say, needs a new deck" begin with the bridge, and the engineers say it."""
    start, stop = page.sentence_span(draft.cue[0]) if draft.cue else (0, 0)
    if (
        not draft.cue
        or draft.cue[1] + 1 >= stop
        or page.word(draft.cue[1]) != ","
        or page.quotation[draft.content[0][0]] >= 0
    ):
        return
    before = next((at for at in range(draft.cue[0] - 1, start, -1) if not page.spoken(at)), start)
    beside = draft.cue[1] <= draft.content[0][0] <= draft.cue[1] + 1
    short = 1 <= draft.cue[0] - before - 1 <= FULL_WORDS
    if beside and short and page.word(before) == "," and all(at < 0 for at in page.quotation[start:before]):
        draft.source = (before + 1, draft.cue[0])
        draft.content.insert(0, (start, before))


def _without_doubles(page: Page, drafts: list[Draft]) -> list[Draft]:
    """Of two statements with the same content the surer one; who reports that somebody said it says something else."""
    kept: list[Draft] = []
    known: dict[int, list[tuple[int, set[int]]]] = {}
    for draft in sorted(drafts, key=lambda draft: -draft.confidence):
        words = {number for run in draft.content for number in range(*run) if page.spoken(number)}
        cue = draft.cue[0] if draft.cue else -1
        rivals = [rival for number in words for rival in known.get(number, ())][:200]
        apart = [other for other_cue, other in rivals if cue not in other and other_cue not in words]
        if words and not any(2 * len(words & other) > 0.7 * (len(words) + len(other)) for other in apart):
            kept.append(draft)
            for number in words:
                known.setdefault(number, []).append((cue, words))
    return sorted(kept, key=lambda draft: draft.content[0])


def _go_on(page: Page, drafts: list[Draft]) -> None:
    """Give a full quotation that follows a statement's own in the same paragraph to that statement."""
    claimed = {page.quotation[number] for draft in drafts for run in draft.content for number in range(*run)} - {-1}
    ordered = sorted((draft for draft in drafts if draft.cue), key=lambda draft: draft.cue or (0, 0))
    cues = [draft.cue[0] for draft in ordered if draft.cue]
    for number, quote in enumerate(page.quotes):
        if number in claimed or not is_full(page, quote):
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
        if number in claimed or not is_full(page, quote):
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
        own = runs_of(inside)
        goes_on = before and near and whole and not _is_told_between(page, before, quote[0])
        source = own[0] if own else (before.source if before and goes_on else None)
        last = Draft(None, source, [quote], said * 0.8)
        added.append(last)
    return added


def _is_told_between(page: Page, before: Draft, quote: int) -> bool:
    """Whether narrative that does not name its speaker parts a new paragraph's quotation from indirect speech."""
    quoted = any(page.quotation[number] >= 0 for run in before.content for number in range(*run))
    last = max(span[1] - 1 for span in (before.content[-1], before.cue, before.source) if span)
    if quoted or before.source is None or page.paragraph[last] == page.paragraph[quote]:
        return False
    told = range(page.sentence_span(last)[1], page.sentence_span(quote)[0])
    words = {page.word(at) for at in told if page.spoken(at) and page.quotation[at] < 0}
    return bool(words) and page.word(before.source[1] - 1) not in words


def _only_names(page: Page, draft: Draft) -> bool:
    """Whether "called" gives a thing its name, as in "a group called the Sea Org", and reports nothing."""
    words = [page.words[number] for run in draft.content for number in range(*run) if page.spoken(number)]
    named = all(word.shape in CAPITALS for word in words[1:]) and len(words) <= FULL_WORDS
    rest = (page.text[word.start : word.end].lower() for word in words[1:] if word.shape not in CAPITALS)
    goes_on = next((word for word in rest if word not in JOINING), "")
    capital = len(words) > 1 and any(word.shape in CAPITALS for word in words[:2])
    calls = draft.cue is not None and page.word(draft.cue[1] - 1).lower() in ("called", "named", "dubbed")
    return calls and (named or goes_on in FINITE or (capital and goes_on in BESIDE))


def _threshold(cue: str) -> float:
    if any(reporting.lemma(word) in PLAIN for word in cue.split()):
        return CONFIDENCE_PLAIN
    return CONFIDENCE if not cue or reporting.is_speech(cue) else CONFIDENCE_RARE


def _is_unsaid(page: Page, draft: Draft) -> bool:
    """Whether nobody said it: "Nobody disputes that …", "she did not say whether …"."""
    if draft.cue is None:
        return False
    before = [page.word(at).lower() for at in range(max(0, draft.cue[0] - 3), draft.cue[1])]
    negated = any(word in NEGATIONS or word.endswith(("n’t", "n't")) for word in before)
    asks = page.word(draft.content[0][0]).lower() in ASKING
    return (negated and asks) or (draft.source is not None and page.word(draft.source[0]).lower() in NOBODY)


def _mentions_words(page: Page, draft: Draft) -> bool:
    """Whether the quotation is named and not uttered, as in "adding the words “and Sons” to the name"."""
    start, end = draft.content[0]
    at = next((number for number in range(start, end) if page.quotation[number] >= 0), start)
    quote = page.quotes[page.quotation[at]] if page.quotation[at] >= 0 else (at, at)
    goes_on = quote[1] < end and page.count(quote) <= FULL_WORDS
    return start < at and goes_on and page.word(at - 1).lower() in WORDS


def _is_statement(page: Page, draft: Draft) -> bool:
    """Whether somebody said it, as against believed or planned it."""
    cue = " ".join(page.word(number) for number in range(*(draft.cue or (0, 0))))
    if draft.confidence < _threshold(cue) or _is_unsaid(page, draft):
        return False
    if all(page.is_quoted(run) for run in draft.content):
        return True
    if not cue or _only_names(page, draft) or _mentions_words(page, draft):
        return False
    return reporting.is_reporting(cue) or not any(map(page.spoken, range(*draft.cue or (0, 0))))

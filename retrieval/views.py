"""Views that an article reports without a verb of saying: "supported this position", "indicating he believed …".

Rules over words, for what a tagger of reporting verbs overlooks. Knows nothing of who the people are.
"""

from collections.abc import Iterator, Sequence

from retrieval.page import CAPITALS, Draft, Page
from retrieval.reporting import lemma
from retrieval.schema import Span
from retrieval.subjects import AUXILIARIES, DETERMINERS, subject_left

STANCES = frozenset("support back oppose endorse welcome reject criticize criticise condemn praise applaud".split())
# What somebody can only be for or against by saying so
POSITIONS = frozenset(
    """position stance view views idea ideas proposal proposals plan plans claim claims argument arguments statement
    call calls decision decisions ruling rulings verdict move moves criticism suggestion suggestions policy policies
    bill bills law laws measure measures amendment motion resolution agreement deal offer demand demands request
    recommendation recommendations reform reforms approach initiative ban tariffs sanctions""".split()
)
BELIEFS = frozenset(
    """believe believes believed think thinks thought expect expects expected hope hopes hoped doubt doubts doubted fear
    fears feared feel feels felt consider considers considered""".split()
)
BELIEVERS = frozenset("he she they we i it".split())
# A rule knows less than the tagger: how sure it is, from its hits in our held-out news
SURE = 0.7
LONGEST = 5


def stances(page: Page, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Statements of being for or against a position: a subject, the verb, and the position."""
    taken = {number for draft in drafts for span in (draft.cue, *draft.content) if span for number in range(*span)}
    for number in range(1, len(page.words) - 2):
        if number in taken or page.quotation[number] >= 0 or lemma(page.word(number)) not in STANCES:
            continue
        content = _position(page, number + 1)
        source = subject_left(page, page.sentence_span(number)[0], number, set()) if content else None
        if source and content and _finite(page, source, number):
            yield Draft((number, number + 1), source, [content], SURE)


def _position(page: Page, at: int) -> Span | None:
    """The noun phrase that begins at a word, up to what is no position's name."""
    if page.word(at).lower() not in DETERMINERS:
        return None
    stop = min(at + LONGEST, page.sentence_span(at)[1])
    heads = [number for number in range(at + 1, stop) if page.word(number).lower() in POSITIONS]
    inside = heads and all(page.spoken(number) and page.quotation[number] < 0 for number in range(at, heads[0]))
    return (at, heads[0] + 1) if inside else None


def _finite(page: Page, source: Span, cue: int) -> bool:
    """Whether the word is a verb in its tense: "supported", not "a plan supported by" or "to support"."""
    between = [page.word(number).lower() for number in range(source[1], cue)]
    named = page.words[source[0]].shape in CAPITALS or page.word(source[0]).lower() in DETERMINERS | BELIEVERS
    return named and all(word in AUXILIARIES or word.endswith("ly") for word in between)


def beliefs(page: Page, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """What a speaker says to believe: of "indicating he believed it was late" the part after "believed"."""
    for draft in drafts:
        start, end = draft.content[0]
        if draft.cue is None or start < draft.cue[1] or page.quotation[start] >= 0:
            continue
        at = start + (page.word(start).lower() == "that")
        if at + 3 < end and page.word(at).lower() in BELIEVERS and page.word(at + 1).lower() in BELIEFS:
            first = at + 2 + (page.word(at + 2).lower() == "that")
            content = [(first, end), *draft.content[1:]]
            yield Draft((at + 1, at + 2), (at, at + 1), content, draft.confidence, teller=draft)

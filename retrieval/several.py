"""Questions that ask for several things, and sentences that open a list or go on with one.

General English; knows nothing of articles, scores or answers.
"""

import re
from functools import lru_cache

from retrieval.forms import POLITE

# More sentences of a list are not shown with the one that opens it.
MOST_LISTED = 4
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
QUANTITIES = frozenset((*NUMBERS, *"23456789", "several", "some", "many", "various", "different", "other", "few"))
# What is known already or denied is not announced.
DEFINITE = frozenset("the this that these those his her its their our my all both no any every each of".split())
AUXILIARY = "are|were|do|did|have|had|can|could|will|would|shall|should|may|might|must|is|was|has|does"
PLURAL = r"(?:(?!(?:is|was|has|does)\b)[^\W\d_]{2,}(?<![sui])s|people|men|women|children)"
WORD = rf"(?:(?!(?:of|{AUXILIARY})\b)[\w’'-]+ )"
# Before the noun of “which” only what is plainly no noun itself: “which country sends boats” asks for one.
DESCRIBING = r"(?:(?:two|three|four|five|other|main|new|old|big|\d+|\w+(?:ic|al|ous|ive|ish|ese|ern|an)) )"
TELL = "(?:name|list|enumerate|mention|(?:give|show)(?: me| us)?)"
FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"which {DESCRIBING}{{0,3}}?(?P<noun>{PLURAL})\b(?! (?:is|was|has)\b)",
        rf"what {WORD}{{0,3}}?(?P<noun>{PLURAL}) (?!(?:is|was|has)\b)(?:of|{AUXILIARY})\b",
        rf"(?:who|what|which) (?:are|were)\b(?:[^?]*?\b(?P<noun>{PLURAL})\b)?",
        rf"(?:(?:can|could|would|will) you (?:please )?)?{TELL} (?:(?!of\b)[\w’'-]+ ){{0,4}}?(?P<noun>{PLURAL})\b",
        r"who (?:(?:is|was) (?:[a-z]+(?:ed|ing)|hurt|there|present)\b|(?!(?:is|was|do|does|did)\b)[a-z]+)(?P<noun>)",
    )
)
# “three countries, Spain, France and Italy”: the list stands in the sentence itself.
NAMED_HERE = re.compile(r"[,:(–—].*\b(?:and|or)\b|\b(?:including|such as|namely|like|among them)\b", re.IGNORECASE)
NAME = re.compile(r"\s[“\"(]?[A-Z]\w")
FIRST = re.compile(r"(?:first(?:ly)?|for one thing|to begin with),", re.IGNORECASE)
FURTHER = (
    r"[“\"‘']?(?:another|others|a (?:second|third|fourth|further)|the (?:others|rest)|secondly|thirdly|finally|lastly"
    r"|in addition|additionally|besides|moreover|furthermore|also)\b(?! of\b)"
)
OPENS_FURTHER = re.compile(FURTHER, re.IGNORECASE)
# “Also” near the beginning; further on it belongs to something else.
ADDS = re.compile(
    rf"(?:\A|[.!?][”\"]?\s+)(?:{FURTHER}|(?:[\w’'-]+ ){{1,4}}also\b)|\bas well\b(?! as)|\btoo\b(?=[.,;!”\"])",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def asks_for_several(question: str) -> bool:
    """Whether more than one thing may be the answer: “which countries”, “name the”, “who attended”."""
    return _asked(question) is not None


def announced(question: str, sentence: str) -> int:
    """How many sentences after it, at the most, tell what a sentence only announces; 0 where it tells that itself.

    “Engineers gave three reasons.” is no reason yet, where reasons are asked for.
    """
    asked = _asked(question)
    if asked is None:
        return 0
    noun = asked["noun"]
    found = _counted(sentence, noun) if noun else _counted_people(sentence)
    if FIRST.match(sentence) or sentence.endswith(":"):
        return found[1] if found else MOST_LISTED
    return 0 if found is None or NAMED_HERE.search(sentence, found[0]) else found[1]


def adds(text: str) -> bool:
    """Whether a sentence in a text says that it goes on with what stands before it: “also”, “finally”, “the rest”."""
    return ADDS.search(text) is not None


def opens_further(sentence: str) -> bool:
    """Whether a sentence begins by going on with what stands before it."""
    return OPENS_FURTHER.match(sentence) is not None


def _asked(question: str) -> re.Match[str] | None:
    opening = POLITE.match(question)
    bare = question[opening.end() :] if opening else question
    return next((match for form in FORMS if (match := form.match(bare))), None)


def _counted(sentence: str, noun: str) -> tuple[int, int] | None:
    """Where a sentence counts what the noun means, or speaks of it for the first time, and how many there are."""
    for match in re.finditer(rf"\b{re.escape(noun)}\b", sentence, re.IGNORECASE):
        before = re.findall(r"[\w’']+", sentence[: match.start()].casefold())[-3:]
        quantity = next((word for word in before if word in QUANTITIES), None)
        if quantity or DEFINITE.isdisjoint(before[-2:]):
            return match.end(), _many(quantity)
    return None


def _counted_people(sentence: str) -> tuple[int, int] | None:
    """The same where it was asked who: a sentence that opens with a number of people and names nobody."""
    match = re.match(rf"(?P<many>\w+)(?: [\w-]+){{0,2}}? {PLURAL}\b", sentence)
    if match is None or match["many"].casefold() not in QUANTITIES or NAME.search(sentence):
        return None
    return match.end(), _many(match["many"].casefold())


def _many(quantity: str | None) -> int:
    if quantity is None:
        return MOST_LISTED
    count = int(quantity) if quantity.isdigit() else NUMBERS.get(quantity, MOST_LISTED)
    return min(count, MOST_LISTED)

"""Text → Question: its kind, whom it is about, and what to look for once form and speaker are taken away.

What has none of the forms asks for a fact. Knows nothing of articles: whether there is such a speaker is not decided
here.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from retrieval.errors import QuestionError
from retrieval.forms import (
    ARTICLED,
    ASKED_OF_QUOTE,
    ASKING_AGAIN,
    ATTRIBUTED,
    BESIDE_QUOTE,
    DEEDS,
    LEADING,
    NAME_ENDS,
    NOBODY,
    OPINION,
    OPINION_FORMS,
    PASSIVE,
    PATTERNS,
    POLITE,
    QUESTION_WORDS,
    QUOTED,
    SWAPPED,
    WORDED,
    is_called,
    is_clause,
)
from retrieval.language import language_of
from retrieval.quotations import quotations
from retrieval.reporting import is_reporting, lemma
from retrieval.schema import Question, QuestionKind

WORD = re.compile(r"\w")
NEGATED = re.compile(r"\bnot\b|n[’']t\b", re.IGNORECASE)
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
JOINERS = "\u200c\u200d"  # they belong to words in Persian and Hindi
# A quotation of fewer words is a name or a catchword.
MIN_QUOTED_WORDS = 3
MIN_PASTED_WORDS = 5
# What stands between the halves of one quotation: “…,” the president said on Monday, “…”
MAX_SPLIT_WORDS = 7
MARKS = " “”„«»\"‘’'`"
ADVERBS = frozenset("really actually also then later once".split())


def understand(text: str, *, max_chars: int = 2000) -> Question:
    """The question in a text.

    Raises:
        QuestionError: There is nothing in it to look for, or it is too long.
    """
    cleaned = clean(text)
    if not cleaned:
        raise QuestionError("The question is empty.")
    if len(cleaned) > max_chars:
        raise QuestionError(f"The question is {len(cleaned):,} characters long; ask it in at most {max_chars:,}.")
    if not WORD.search(cleaned):
        raise QuestionError("There are no words in the question.")
    question = (
        _quotation(cleaned)
        or _form(cleaned)
        or Question(text=cleaned, kind="fact", topic=cleaned, quote=_pasted(cleaned))
    )
    return replace(question, language=language_of(cleaned))


def checkable(text: str) -> list[str]:
    """What of a text may be a quotation to check: all of it, and the longest quotation in it.

    Raises:
        QuestionError: It is a single word.
    """
    if len(text.split()) == 1 and WORD.search(text):
        raise QuestionError("One word is no quotation; send the sentence, or a few words of it.")
    quoted = [text[start:end].strip(MARKS) for start, end in quotations(text)]
    longest = max(quoted, key=len, default="")
    inside = len(longest.split()) >= MIN_QUOTED_WORDS and longest != text.strip(MARKS)
    return [text, longest] if inside else [text]


def clean(text: str) -> str:
    """The text without control and direction characters, white space folded."""
    spaced = " ".join(text.split())
    return "".join(c for c in spaced if c in JOINERS or unicodedata.category(c) not in INVISIBLE).strip()


def _quotation(text: str) -> Question | None:
    """A text that is a quotation, or asks who said one or whether somebody did."""
    pieces = list(QUOTED.finditer(text))
    if not pieces:
        return None
    quoted = pieces if _is_split(text, pieces) else [max(pieces, key=lambda match: len(match.group()))]
    quote = " ".join(next(group for group in match.groups() if group) for match in quoted)
    start, end = quoted[0].start(), quoted[-1].end()
    around = clean(f"{text[:start]} {' '.join(_between(text, quoted))} {text[end:]}")
    if len(quote.split()) < MIN_QUOTED_WORDS or len(around.split()) > max(8, len(quote.split())):
        return None
    asked = _form(f"{text[:start]}{text[end:]}")
    if re.match(r"who\b", _plainly(around), re.IGNORECASE) or (asked and asked.kind == "who_said"):
        return Question(text=text, kind="who_said", topic=quote, quote=quote)
    return Question(text=text, kind="quote", topic=quote, quote=quote, speaker=_speaker_of_quote(around))


def _between(text: str, pieces: Sequence[re.Match[str]]) -> list[str]:
    return [text[before.end() : after.start()] for before, after in pairwise(pieces)]


def _is_split(text: str, pieces: Sequence[re.Match[str]]) -> bool:
    """Whether the quotations of a text are one that is split: “A,” he said, “B”."""
    stopped = all(piece.group()[-2] in ",.;" for piece in pieces[:-1])
    return stopped and all(len(words.split()) <= MAX_SPLIT_WORDS for words in _between(text, pieces))


def _speaker_of_quote(around: str) -> str | None:
    """Who is named beside a quotation as having said it."""
    bare = _plainly(around)
    if asked := ASKED_OF_QUOTE.search(bare):
        return _teller(asked["told"].strip())
    beside = BESIDE_QUOTE.search(bare)
    return _teller(beside.group().strip()) if beside else None


def _teller(told: str) -> str | None:
    """The name in “Name declared”, “said Name of Place”, “by Name” or a bare “Name”."""
    told = ATTRIBUTED.sub("", told)
    words = told.split()
    if not words or (words[0].lower() in NOBODY and not ARTICLED.match(told)):
        return None
    from_word = 2 if ARTICLED.match(told) else 0  # “the report” is no verb
    cue = next((at for at, word in enumerate(words) if at >= from_word and word.islower() and is_reporting(word)), None)
    if cue is None:
        return _name(told)
    if cue > 0:
        return _name(" ".join(word for word in words[:cue] if word not in ADVERBS))
    return _name(NAME_ENDS.sub("", " ".join(words[1:])))


def _form(text: str) -> Question | None:
    bare = _untangled(_plainly(text)) or text
    for kind, pattern in PATTERNS:
        match = _match(kind, pattern, bare)
        if match is None:
            continue
        found = match.groupdict()
        if kind == "what_said" and NEGATED.search(bare[: match.start("verb" if "verb" in found else "said")]):
            return None  # what was not said is no statement
        rest = _without_leading((found.get("rest") or "").strip(" ?"))
        if rest or kind == "what_said":
            return Question(text=text, kind=kind, topic=rest or text, speaker=_name(found.get("speaker") or ""))
    return None


def _match(kind: QuestionKind, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The match with the shortest name that leaves a verb which reports or holds an opinion."""
    names = range(8) if "speaker" in pattern.groupindex else range(1)
    for longer in names:
        match = re.match(pattern.pattern.replace("{0,7}?", f"{{{longer},7}}?"), text, re.IGNORECASE)
        if match is None:
            return None
        found = match.groupdict()
        if ("verb" in found and not _reports(found["verb"])) or ("speaker" in found and not _name(found["speaker"])):
            continue
        if "verb" not in found or _tells(kind, found["verb"], (found["rest"] or "").strip(" ?")):
            return match
        if found["verb"].islower():
            return None  # a capital may be part of the name: “the Washington Post report …”
    return None


def _tells(kind: QuestionKind, verb: str, rest: str) -> bool:
    """Whether a verb with what follows it is about words, as against a deed such as “invite Trump to Moscow”."""
    meant = lemma(verb)
    if meant not in DEEDS or (kind == "what_said" and meant in WORDED):
        return True
    return is_clause(rest) or (meant == "call" and is_called(rest))


def _reports(verb: str) -> bool:
    return is_reporting(verb) or lemma(verb) in OPINION or verb.lower() in OPINION_FORMS


def _plainly(text: str) -> str:
    """The text without the politeness it opens with."""
    opening = POLITE.match(text)
    return text[opening.end() :] if opening else text


def _without_leading(rest: str) -> str:
    leading = LEADING.match(rest)
    return rest[leading.end() :].strip() if leading else rest


def _name(written: str) -> str | None:
    """A speaker's name as typed, or None where there is none."""
    name = re.sub(r"(?:'s|’s)\Z", "", written.strip(' ,.:;-–—"“”'))
    first = name.split()[0].lower() if name else ""
    is_none = first in {"", *QUESTION_WORDS} or name.lower() in NOBODY or not WORD.search(name)
    return None if is_none or PASSIVE.search(name) or ASKING_AGAIN.search(name) else name


def _pasted(text: str) -> str | None:
    """The text itself where it may be a sentence pasted without quotation marks."""
    words = text.split()
    asks = "?" in text[-3:] or words[0].lower().strip("“\"',") in QUESTION_WORDS
    return None if asks or len(words) < MIN_PASTED_WORDS else text


def _untangled(text: str) -> str:
    """Swapped letters in the words that make a question put right: “waht did”, “woh siad”."""
    return re.sub(r"[A-Za-z]+", lambda match: SWAPPED.get(match.group().lower(), match.group()), text)

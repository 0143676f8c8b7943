"""Text → Question: its kind, whom it is about, and what to look for once form and speaker are taken away.

What has none of the forms asks for a fact. Knows nothing of articles: whether there is such a speaker is not decided
here.
"""

import re
import unicodedata
from dataclasses import replace

from retrieval.errors import QuestionError
from retrieval.forms import (
    LEADING,
    NOBODY,
    OPINION,
    OPINION_FORMS,
    PASSIVE,
    PATTERNS,
    POLITE,
    QUESTION_WORDS,
    QUOTED,
    SPEAKER_OF_QUOTE,
    SWAPPED,
)
from retrieval.language import language_of
from retrieval.reporting import is_reporting, lemma
from retrieval.schema import Question

WORD = re.compile(r"\w")
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
JOINERS = "\u200c\u200d"  # they belong to words in Persian and Hindi
# A quotation of fewer words is a name or a catchword.
MIN_QUOTED_WORDS = 3
MIN_PASTED_WORDS = 5


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


def clean(text: str) -> str:
    """The text without control and direction characters, white space folded."""
    spaced = " ".join(text.split())
    return "".join(c for c in spaced if c in JOINERS or unicodedata.category(c) not in INVISIBLE).strip()


def _quotation(text: str) -> Question | None:
    """A text that is a quotation, or asks who said one or whether somebody did."""
    longest = max(QUOTED.finditer(text), key=lambda match: len(match.group()), default=None)
    if longest is None:
        return None
    quote = next(group for group in longest.groups() if group)
    around = clean(text[: longest.start()] + " " + text[longest.end() :])
    if len(quote.split()) < MIN_QUOTED_WORDS or len(around.split()) > max(8, len(quote.split())):
        return None
    asked = _form(f"{text[: longest.start()]}{text[longest.end() :]}")
    if re.match(r"who\b", _plainly(around), re.IGNORECASE) or (asked and asked.kind == "who_said"):
        return Question(text=text, kind="who_said", topic=quote, quote=quote)
    return Question(text=text, kind="quote", topic=quote, quote=quote, speaker=_speaker_of_quote(around))


def _speaker_of_quote(around: str) -> str | None:
    bare = _plainly(around)
    for pattern in SPEAKER_OF_QUOTE:
        match = pattern.search(bare)
        if match and (name := _name(match["name"])):
            return name
    return None


def _form(text: str) -> Question | None:
    bare = _untangled(_plainly(text)) or text
    for kind, pattern in PATTERNS:
        match = _match(pattern, bare)
        if match is None:
            continue
        found = match.groupdict()
        rest = _without_leading((found.get("rest") or "").strip(" ?"))
        if rest or kind != "who_said":
            return Question(text=text, kind=kind, topic=rest or text, speaker=_name(found.get("speaker") or ""))
    return None


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The match with the shortest name that leaves a verb which reports or holds an opinion."""
    names = range(8) if "speaker" in pattern.groupindex else range(1)
    for longer in names:
        match = re.match(pattern.pattern.replace("{0,7}?", f"{{{longer},7}}?"), text, re.IGNORECASE)
        if match is None:
            return None
        found = match.groupdict()
        if ("verb" not in found or _reports(found["verb"])) and ("speaker" not in found or _name(found["speaker"])):
            return match
    return None


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
    return (
        None
        if first in {"", *QUESTION_WORDS} or name.lower() in NOBODY or PASSIVE.search(name) or not WORD.search(name)
        else name
    )


def _pasted(text: str) -> str | None:
    """The text itself where it may be a sentence pasted without quotation marks."""
    words = text.split()
    asks = "?" in text[-3:] or words[0].lower().strip("“\"',") in QUESTION_WORDS
    return None if asks or len(words) < MIN_PASTED_WORDS else text


def _untangled(text: str) -> str:
    """Swapped letters in the words that make a question put right: “waht did”, “woh siad”."""
    return re.sub(r"[A-Za-z]+", lambda match: SWAPPED.get(match.group().lower(), match.group()), text)

"""A question asked anew for another detail: why, when, where, how much; or of another time or place.

General English; knows nothing of articles, speakers or turns.
"""

import re

from retrieval.ellipsis import AUXILIARY, stripped

MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|winter"
)
TIME = re.compile(
    rf"\b(?:{MONTHS}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|tomorrow"
    r"|(?:last|this|next|that) (?:year|month|week|night)|\d{4}"
    r"|(?:an?|one|two|three|\d+|some|several|a few) (?:year|month|week|day)s? (?:earlier|later|ago|before|after))\b",
    re.IGNORECASE,
)
PLACED = re.compile(r"\A(?:in|at|by|since|until|during|after|before|from|to|for|with|under|near) ", re.IGNORECASE)
# What a sentence that answers such a question shows
CUES = {
    "why": re.compile(r"\b(?:because|since|due to|owing to|as a result|reasons?|so that|in order)\b", re.IGNORECASE),
    "when": re.compile(
        rf"\d{{4}}|\d[.:]\d\d|day\b|morning|evening|night|noon|\bago\b|\b(?:last|this|next|that) (?:year|month|week)"
        rf"|(?:days|weeks|months|years) (?:later|earlier|before|after)|\b(?:in|on|since|until|of|by|\d) (?:{MONTHS})",
        re.IGNORECASE,
    ),
    "how m": re.compile(
        r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twent|thirt|fort|fift|sixt|sevent|eight"
        r"|ninet|hundred|thousand|million|billion|dozen|half|twice|double)",
        re.IGNORECASE,
    ),
}
ASKED = re.compile(
    rf"(?:(?:in|on|at|by|for|to|from|with|of|about|since|until) )?(?P<wh>who|whom|what|which|when|where|why|how)\b"
    rf"(?P<noun>(?: (?!(?:{AUXILIARY})\b)\S+){{0,5}}?) (?P<aux>{AUXILIARY})\b (?P<rest>.+)",
    re.IGNORECASE,
)
YES_NO = re.compile(rf"(?P<aux>{AUXILIARY})\b (?P<rest>.+)", re.IGNORECASE)
DETERMINED = re.compile(r"(?:the|a|an|his|her|its|their|this|that|these|those|he|she|it|they|[A-Z])(?i:\b|\w)")
PLACED = re.compile(
    r"\b(?:in|on|at|for|during|since|until|by|from|to|after|before|under|over|with|into)\b", re.IGNORECASE
)
PLACES = frozenset(("when", "where", "why"))
MAX_SHORT_WORDS = 6


def detail(word: str, question: str, short: str | None) -> str:
    """An earlier question asked anew for a detail: “why”, “How much did it cost?” → “Why did it cost …?”.

    Args:
        word: The question word asked now.
        question: The earlier question, which stands on its own.
        short: Its answer in a few words, where known.
    """
    bare, _ = stripped(question)
    answer = short.strip(" .,;") if short and len(short.split()) <= MAX_SHORT_WORDS else ""
    asking = word[0].upper() + word[1:]
    if match := ASKED.fullmatch(bare):
        return f"{asking} {_anew(match, answer)}?"
    if match := YES_NO.fullmatch(bare):
        return f"{asking} {match['aux'].lower()} {match['rest']}?"
    opens = re.match(r"who|what|which", bare, re.IGNORECASE)
    if opens and " " in bare and not word.startswith("how "):
        subject = answer or ("somebody" if opens.group().lower() == "who" else "something")
        return f"{asking} was it that {subject} {bare.partition(' ')[2]}?"
    return f"{bare}: {word}?"


def _anew(match: re.Match[str], answer: str) -> str:
    """What follows the new question word: auxiliary, subject, and what was asked for where it is known."""
    wh, noun, aux, rest = match["wh"].lower(), match["noun"].strip(), match["aux"].lower(), match["rest"]
    if wh in PLACES or (wh == "how" and not noun.startswith(("many", "much"))):
        return f"{aux} {rest}"
    wanted = answer or re.sub(r"^(?:many|much)\s*", "", noun)
    if aux in ("is", "are", "was", "were") or wh == "which":
        return f"{aux} {rest}" if DETERMINED.match(rest) else f"{aux} {wanted or 'it'} {rest}"
    placed = PLACED.search(rest, rest.find(" ") + 1)
    if not wanted:
        return f"{aux} {rest}"
    return f"{aux} {rest[: placed.start()]}{wanted} {rest[placed.start() :]}" if placed else f"{aux} {rest} {wanted}"


def shows(word: str, sentence: str) -> bool:
    """Whether a sentence may show the detail that a question word asks for; unless that can be told, it may."""
    cue = next((cue for asked, cue in CUES.items() if asked in word), None)
    return cue is None or cue.search(sentence) is not None


def is_circumstance(named: str) -> bool:
    """Whether a phrase is a time or place: “in March”, “last year”."""
    return PLACED.match(named) is not None or TIME.fullmatch(re.sub(r"\Aon ", "", named)) is not None


def placed(question: str, named: str) -> str:
    """A question with its time or place replaced by another, or with that at its end."""
    bare = question.rstrip(" ?")
    timed = TIME.search(named) is not None
    for match in re.finditer(
        r"\b(?:in|on|at|during|since) [^?]+?(?=\Z| (?:in|on|at|during|since|by|for|to)\b)", bare, re.IGNORECASE
    ):
        if (TIME.search(match.group()) is not None) == timed:
            return f"{bare[: match.start()]}{named}{bare[match.end() :]}?"
    return f"{bare} {named}?"

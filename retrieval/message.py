"""A message → the questions in it, each to be asked by itself.

A question is cut off where it opens as questions do or leans on the question before as follow-ups do: “And him?”,
“Why?”, “Was he ill?”. Other fragments stay with what is before them, and what is in quotation marks is never cut. Knows
nothing of articles or answers.
"""

import re
from collections.abc import Iterator

from retrieval.ellipsis import lean
from retrieval.forms import POLITE, QUOTED

# A message with more is a text; what goes beyond stays with the last.
MAX_QUESTIONS = 5
MIN_WORDS = 3
END = re.compile(r"[?？؟][?!？؟]*(?=\s)")
AUXILIARY = "did|does|do|is|are|was|were|has|have|had|will|would|can|could|should"
# What is asked for with its noun, “how much crude oil”, but not with a subject, “how much he”, “how Trump”
NOUN = r"(?-i:(?! (?:he|she|it|they|we|you|this|that|the|an?|his|her|its|their)\b) [a-z]+)"
ASKED = rf"(?:who|when|where|why|how(?:{NOUN}|(?: many| much){NOUN}{{0,3}}?)?|(?:what|which){NOUN}{{0,3}}?)"
# “and what did …” within a question: only before an auxiliary, which few subordinate clauses have in that place.
JOINED = re.compile(
    rf",? and (?={ASKED} (?:{AUXILIARY})\b)|(?<=\w[.]) (?=(?:who|what|when|where|why|how|which)\b)",
    re.IGNORECASE,
)
# No subordinate clause is turned round like this: “what did they”, “when was it”, “how long is it”.
INVERTED = re.compile(
    rf"{ASKED} (?:did|does|do)\b|(?:when|where|why|how(?: (?!many|much)[a-z]+)?) (?:{AUXILIARY})\b", re.IGNORECASE
)
NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s+|[-–•*]\s+")
OPENS = re.compile(
    r"(?:according to [^,?]{2,60}, |(?:about|approximately|roughly|exactly) )?"
    r"(?:(?:in|at|on|by|for|to|from|with|of|about|since|until|under|after|before|according to) )?"
    rf"(?:who|whom|whose|what|when|where|why|how|which|{AUXILIARY})(?:['’]s)?\b(?! (?:else|about|so|not|come)\b)",
    re.IGNORECASE,
)
# What hides its own question in another: “Do you know who …”, “Who said where …”.
REPORTS = re.compile(
    r"\b(?:say|says|said|tell|told|know|knows|knew|ask|asks|asked|explain\w*|think|thinks|thought|claim\w*|wonder\w*"
    r"|decid\w+|describ\w+|that|whether|if)\b",
    re.IGNORECASE,
)
PRONOUN = re.compile(
    r"\b(?:he|she|they|him|her|hers|them|his|their|theirs|itself|himself|herself|themselves|its"
    r"|it(?! (?:true|correct|right|possible|likely|take|cost)\b))\b"
    r"|\b(?:this|that|these|those)\b(?=\s*(?:\?|\w+\?|\Z))",
    re.IGNORECASE,
)
NAMED = re.compile(r"\s[A-Z]\w")


def split_questions(text: str) -> list[str]:
    """The questions of a message, in order; the message itself where it is one, or none.

    One that leans on the question before it is to be asked with that as the turn before.
    """
    questions: list[str] = []
    for piece in _pieces(text):
        if questions and not (
            len(questions) < MAX_QUESTIONS and (_stands_alone(piece) or _follows(piece, questions[-1]))
        ):
            questions[-1] = f"{questions[-1]} {piece}"
        else:
            questions.append(piece)
    return questions or [text]


def _pieces(text: str) -> Iterator[str]:
    start = 0
    for end in [*_ends(text), len(text)]:
        if piece := text[start:end].strip():
            yield from _parts(_unnumbered(piece))
        start = end


def _unnumbered(piece: str) -> str:
    """A question of a list without its number or bullet."""
    number = NUMBERED.match(piece)
    return piece[number.end() :] if number and OPENS.match(piece[number.end() :]) else piece


def _ends(text: str) -> list[int]:
    """Where questions end: behind question marks and at ends of lines, outside quotation marks."""
    quoted = [match.span() for match in QUOTED.finditer(text)]
    ends = [match.end() for match in END.finditer(text)] + [match.start() for match in re.finditer(r"\n", text)]
    return sorted(end for end in ends if not any(s < end < e for s, e in quoted))


def _parts(piece: str) -> list[str]:
    """The questions of “When did … and who was …?”, or the piece as it is."""
    if QUOTED.search(piece):
        return [piece]
    for joint in JOINED.finditer(piece):
        first, second = piece[: joint.start()], piece[joint.end() :]
        ended = first.endswith(".")
        apart = ended or INVERTED.match(second) or not REPORTS.search(first)
        if apart and _stands_alone(first) and _stands_alone(second):
            return [first if ended else f"{first}?", *_parts(second)]
    return [piece]


def _follows(piece: str, question: str) -> bool:
    """Whether a piece asks a follow-up to the question before it."""
    if not (piece.endswith("?") and question.endswith("?")) or QUOTED.search(piece):
        return False
    found = lean(piece)
    opening = POLITE.match(piece)
    asks = OPENS.match(piece[opening.end() :] if opening else piece) is not None and len(piece.split()) >= MIN_WORDS
    return asks if found is None else found.form != "instead" or found.word != ""


def _stands_alone(piece: str) -> bool:
    """Whether a piece can be asked without the one before it."""
    opening = POLITE.match(piece)
    bare = piece[opening.end() :] if opening else piece
    if len(bare.split()) < MIN_WORDS or not OPENS.match(bare):
        return False
    pronoun = PRONOUN.search(bare)
    return pronoun is None or names_before(bare[: pronoun.start()])


def names_before(text: str) -> bool:
    """Whether a pronoun after this may mean somebody in it: a name, or the one in “Who denied that he …”."""
    asks_who = re.match(r"who\b", text, re.IGNORECASE) is not None
    return NAMED.search(text) is not None or (asks_who and REPORTS.search(text) is not None)

"""Short questions that lean on the one before: their forms, and an earlier question asked anew for another detail.

General English; knows nothing of articles, speakers or turns.
"""

import re
from dataclasses import dataclass
from typing import Literal

from retrieval.forms import ADVERB, SWAPPED, WONDERING

Form = Literal["who_is", "further", "doubt", "source", "detail", "instead"]

MAX_WORDS = 12
OPENING = re.compile(
    r"(?:(?:and|but|so|ok(?:ay)?|well|then|also|hm+|yes|yeah|no|right|thanks|thank you|please|hi|hello|hey)"
    r"\b[ ,.!]*"
    r"|(?:could|can|would|will) you (?:please |kindly |perhaps )?(?:tell|remind|show|give) me\b[ ,:]*"
    rf"|{WONDERING}"
    r"|you (?:could|can|might) (?:please |kindly |perhaps )?(?:tell|remind|show|give) me\b[ ,:]*"
    r"|(?:do you know|i(?: would|'d|’d) (?:like|love) to know|i want to know|tell me|i mean)\b[ ,:]*)+",
    re.IGNORECASE,
)
CLOSING = re.compile(r"(?:,? (?:please|then|though|again|by the way|thanks|thank you|actually))+\Z", re.IGNORECASE)
# Letters left out, where no other English word has that spelling.
LEFT_OUT = {
    "wht": "what", "waht": "what", "abot": "about", "anthing": "anything", "anyting": "anything", "els": "else",
    "realy": "really", "wich": "which", "hwo": "who", "whi": "why", "wen": "when", "whre": "where", "whn": "when",
}  # fmt: skip
PRONOUN = "he|she|they|it"
ONE = rf"(?:{PRONOUN}|that|this|these|those|(?:that|this|the) (?:man|woman|person|guy|lady|one|people))"
IT = "(?:that|this|it|so|these words|those words|that sentence|this sentence|such a thing)"
SAY = "say|said|says|claim|claimed|think|thinks|thought|believe|believes|believed|write|wrote|mean|meant|tell|told"
SAID = "(?:said|says|saying|claimed|claims|told you|wrote|thinks|thought)"
ADVERBS = rf"(?:(?:{ADVERB}) )*"
ABOUT = r"(?: (?:about|on|regarding) (?P<about>.+?))?"
WH = (
    "why(?: not)?|how come|what for|for what reason|when|since when|until when|where|from where|to where|where from"
    "|how much|how many|how long|how far|how often"
    rf"|how (?!(?:{PRONOUN}|that|this|about|do|does|did|is|are|was|were|has|have|had|can|could|will|would)\b)[a-z]+"
    "|how|by whom|with whom|to whom|for whom"
    "|(?:in |on |at )?(?:what|which) (?:year|month|day|date|time|place|city|country)"
)
WHY = re.compile(r"\A(?:why not|how come|what for|for what reason)\Z")
HAPPENED = (
    rf"(?: exactly| precisely| so| (?:is|was) (?:that|this)| did {IT} (?:happen|take place|occur)"
    rf"| (?:that|this|it) (?:is|was|happened)| (?:did|does|do|has) (?:{PRONOUN}) (?:{SAY}|do|done)(?: {IT})?"
    rf"| (?:{PRONOUN}) (?:{SAY})(?: {IT})?)?"
)
SPEAKS = rf"(?:did|does|has|have) (?P<who>{PRONOUN}) {ADVERBS}(?:{SAY})"
# “What did he say about it?”: whoever it is cannot be told from the question
SPEAKING = re.compile(rf"\b(?:did|does|do|has|have) (?P<who>{PRONOUN}) {ADVERBS}(?:{SAY})\b", re.IGNORECASE)
# “Did Trump say that?”
SAID_IT = re.compile(rf"did (?P<name>\S+(?: \S+){{0,3}}?) {ADVERBS}(?:{SAY}) {IT}", re.IGNORECASE)
FORMS: tuple[tuple[Form, tuple[str, ...]], ...] = (
    ("who_is", (rf"who(?:['’]?s| is| was| are| were) {ONE}", rf"who {ONE} (?:is|was|are|were)")),
    (
        "further",
        (
            rf"(?:what|who|where|when|why|how)(?: more)? else(?: {SPEAKS}| is there| was said)?{ABOUT}",
            rf"who(?:['’]s| is| has| was)? else {ADVERBS}{SAID}(?: {IT})?",
            rf"(?:anything|something|everything) (?:else|more){ABOUT}",
            rf"{SPEAKS} (?:anything|something|much) (?:else|more){ABOUT}",
            rf"(?:is|are|was|were) (?:there|that) (?:anything (?:else|more)|(?:any )?(?:more|others)|all){ABOUT}",
            rf"(?:(?:any|some|what|even|a bit|a little) )?more{ABOUT}",
            r"go on|continue|next|others|any others",
        ),
    ),
    (
        "doubt",
        (
            rf"(?:{SPEAKS}|didn['’]?t (?P<who>{PRONOUN}) {ADVERBS}say) (?:exactly )?{IT}".replace("?P<who>", "?:"),
            rf"is (?:that|this|it) {ADVERBS}(?:true|real|correct|right|a real quote|what (?:{PRONOUN}) {ADVERBS}said)",
            rf"really|seriously|are you sure|did (?:{PRONOUN})",
        ),
    ),
    (
        "source",
        (
            rf"(?:who|which of them)(?:['’]s| has| is| was it(?: who| that)?)? {ADVERBS}{SAID}(?: {IT})?",
            r"says who|said who|according to whom?|whose quote|who(?:se| is| was) (?:is |was )?(?:that|this|it) from",
            r"whose (?:words|quote|statement|claim)s? (?:is|are|was|were) (?:that|this|it|these|those|they)",
        ),
    ),
    ("detail", (rf"(?P<wh>{WH}){HAPPENED}",)),
    ("instead", (r"(?:what about|how about|what of|same for|the same for|about|as for) (?P<what>.+?)",)),
)
PATTERNS = tuple((form, re.compile(pattern, re.IGNORECASE)) for form, patterns in FORMS for pattern in patterns)
AND = re.compile(r"(?:and|but|or|then|also)\b", re.IGNORECASE)
AUXILIARY = "did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|might|may|must"
CLAUSE = re.compile(rf"\b(?:{AUXILIARY}|who|whom|whose|what|which|when|where|why|how|if|whether)\b", re.IGNORECASE)
MAX_NAMED_WORDS = 6


@dataclass(frozen=True, slots=True)
class Lean:
    """A follow-up's form and what it names itself: a detail's question word, a topic, a person or thing instead."""

    form: Form
    word: str = ""
    named: str = ""
    about: str = ""
    pronoun: str = ""


def lean(text: str) -> Lean | None:
    """The form of a text that cannot be asked without the turn before; None of any other."""
    bare, joins = stripped(text)
    if not bare or len(bare.split()) > MAX_WORDS:
        return None
    for form, pattern in PATTERNS:
        if match := pattern.fullmatch(bare):
            found = match.groupdict()
            if len((found.get("what") or "").split()) > MAX_NAMED_WORDS:
                return None
            return Lean(
                form,
                word=WHY.sub("why", (found.get("wh") or bare.partition(" ")[0]).lower()),
                named=found.get("what") or "",
                about=found.get("about") or "",
                pronoun=(found.get("who") or found.get("whom") or "").lower(),
            )
    names = len(bare.split()) <= MAX_NAMED_WORDS and not CLAUSE.search(bare)
    if names and (joins or text.rstrip().endswith("?")):
        return Lean("instead", word="and" if joins else "", named=bare)
    return None


def stripped(text: str) -> tuple[str, bool]:
    """The text without politeness, slips and marks at its end; and whether it opened with an “and”."""
    words = " ".join(text.split()).strip(" ?!.…")
    opening = OPENING.match(words)
    joins = opening is not None and AND.match(words) is not None
    bare = CLOSING.sub("", words[opening.end() :] if opening else words).strip(" ,?!.…")
    slips = SWAPPED | LEFT_OUT
    return re.sub(r"[A-Za-z]+", lambda match: slips.get(match.group().lower(), match.group()), bare), joins

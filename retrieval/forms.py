"""The forms of English questions about who said what, as patterns.

General English; knows nothing of articles or speakers.
"""

import re
from itertools import pairwise

from retrieval.schema import QuestionKind

QUOTED = re.compile(r"[“„«\"]([^“”„«»\"]+)[”“»\"]|``(.+?)''|(?<!\w)[‘'](\S[^‘]+?)[’'](?!\w)")
POLITE = re.compile(
    r"(?:(?:hi|hello|hey|please|excuse me|ok|okay|so|and|but|well)\b[ ,!.]*"
    r"|(?:could|can|would|will) you (?:please |kindly |perhaps )?(?:tell|inform|remind) me\b[ ,:]*"
    r"|(?:do you know|i (?:would|'d|’d) (?:like|love) to know|i want to know|i wonder|tell me)\b[ ,:]*)+",
    re.IGNORECASE,
)
OPINION = frozenset("think believe feel consider want hope fear expect favor favour compare liken dislike".split())
OPINION_FORMS = frozenset(
    "thinks thought believes believed felt feels wants wanted hopes hoped considers feared".split()
)
ADVERB = "really|ever|actually|also|already|just|publicly|once|indeed|not|else|first|later|then|initially|originally"
VIEWS = (
    "views?|opinions?|positions?|stance|reactions?|comments?|responses?|answers?|statements?|claims?|arguments?"
    "|explanation|quotes?|words|take|thoughts"
)
SAID = "said|says|claimed|claims|denied|denies|told|wrote|thinks|thought|believes"
ADVERBS = rf"(?:(?:{ADVERB}) )*"
NAME = r"(?P<speaker>\S+(?: \S+){0,7}?)"
VERB = r"(?P<verb>[^\W\d_]+)"
REST = r"(?:\s+(?P<rest>.+?))?"
SURELY = r"(?:, (?:right|correct|true|isn't it|didn't (?:he|she|they)|did (?:he|she|they))\s*)?"
FORMS: tuple[tuple[QuestionKind, tuple[str, ...]], ...] = (
    (
        "who_said",
        (
            rf"who(?:'s|’s| has| had| have| else| was it(?: that| who)?| is it(?: that| who)?)? {ADVERBS}{VERB}{REST}",
            rf"which \S+(?: \S+){{0,3}}? {ADVERBS}(?P<said>{SAID}){REST}",
            rf"(?:who|whom) (?:is|was|are|were) {ADVERBS}(?:quoted|cited|reported) as {VERB}{REST}",
            rf"(?:by|from) whom (?:was|were|is|are) (?:it |this |that )?{VERB}{REST}",
            r"whose (?P<said>words|statement|claim|quote|opinion|view) (?:is|are|was|were|it is that)\s+(?P<rest>.+?)",
        ),
    ),
    (
        "what_said",
        (
            rf"what (?:else )?(?:did|does|do) {NAME} {ADVERBS}{VERB}{REST}",
            rf"what (?:else )?(?:has|have|had) {NAME} {ADVERBS}{VERB}{REST}",
            rf"what (?:else )?(?:is|are|was|were) {NAME} {ADVERBS}(?P<verb>[^\W\d_]+ing){REST}",
            rf"how (?:did|does|do|has|have) {NAME} {ADVERBS}(?P<said>react(?:ed)?|respond(?:ed)?|reply){REST}",
            rf"what (?:is|was|are|were) {NAME}(?:'s|’s|'|’) (?P<said>{VIEWS}){REST}",
            rf"(?P<said>{VIEWS})(?: (?:by|from|of))? {NAME} (?P<rest>(?:on|about|regarding) .+?)",
            rf"(?P<said>{VIEWS}) (?:by|from|of) {NAME}",
            rf"what {NAME} (?P<said>{SAID}){REST}",
        ),
    ),
    (
        "did_say",
        (
            rf"(?:did|didn't|didn’t) {NAME} {ADVERBS}{VERB}{REST}",
            rf"(?:does|do|doesn't|doesn’t) {NAME} {ADVERBS}(?P<said>say|claim|deny|think|believe|want){REST}",
            rf"(?:has|have|had|hasn't|hasn’t) {NAME} {ADVERBS}(?P<said>{SAID}){REST}",
            rf"is it (?:true|correct|right) that {NAME} {ADVERBS}{VERB}{REST}",
            rf"{NAME} {ADVERBS}(?P<said>{SAID}) (?P<rest>[^?]+?){SURELY}\?",
        ),
    ),
)
PATTERNS: list[tuple[QuestionKind, re.Pattern[str]]] = [
    (kind, re.compile(form + r"[\s?.!]*\Z", re.IGNORECASE)) for kind, forms in FORMS for form in forms
]
# After the verb: what only leads to the topic.
LEADING = re.compile(
    r"(?:(?:that|about|on|of|regarding|concerning|over|to|as|if|whether|:)\b[ ,:]*|: *)+(?=\S)", re.IGNORECASE
)
QUESTION_WORDS = frozenset("who what when where why how which whose whom did does do has have had is are was".split())
SPEAKER_OF_QUOTE = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # “…” — Name; Name: “…”; “…”, said Name
        (
            r"\A[\s\-–—:,(]*(?:(?:by|said|says|according to|from|attributed to)\s+)?(?P<name>[^?:,.;()]{2,60}?)"
            r"(?: said| says)?[\s,.:)!]*\Z"
        ),
        # Did Name say this: “…”? Is that what Name said?
        (
            r"\b(?:did|does|has|(?:is|was) (?:it|this|that)(?: true that)?(?: what)?) (?P<name>[^?:,.;]{2,60}?) "
            r"(?:really |actually |ever )?(?:say|says|said|claim|claimed|tell|told|write|wrote|words)\b"
        ),
        # Name said “…”, right?
        r"\A(?P<name>[^?:,.;]{2,60}?) (?:really |actually )?(?:said|says|claimed|claims|told|wrote|declared)\b",
    )
)
NOBODY = frozenset(
    "he she they it i we you anybody anyone somebody someone people who that this there everyone the a an".split()
)
PASSIVE = re.compile(r"\b(?:be|been|being)\Z", re.IGNORECASE)
FORMAL = (
    "who",
    "what",
    "did",
    "said",
    "says",
    "say",
    "about",
    "quote",
    "think",
    "thinks",
    "why",
    "when",
    "where",
    "else",
)


def swaps(word: str) -> set[str]:
    """The word with two neighbouring letters swapped, in every way."""
    return {word[:i] + b + a + word[i + 2 :] for i, (a, b) in enumerate(pairwise(word)) if a != b}


SWAPPED = {typo: word for word in FORMAL for typo in swaps(word)} | {"wat": "what", "sayed": "said", "abut": "about"}

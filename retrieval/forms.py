"""The forms of English questions about who said what, as patterns.

General English; knows nothing of articles or speakers.
"""

import re
from itertools import pairwise

from retrieval.schema import QuestionKind

QUOTED = re.compile(r"[“„«\"]([^“”„«»\"]+)[”“»\"]|``(.+?)''|(?<!\w)[‘'](\S[^‘]+?)[’'](?!\w)")
WONDERING = r"(?:i wonder|i was wondering)(?: (?:if|whether)(?= (?:you|anybody|anyone|someone)\b))?\b[ ,:]*"
POLITE = re.compile(
    r"(?:(?:hi|hello|hey|please|excuse me|ok|okay|so|and|but|well|yes)\b[ ,!.]*"
    r"|i (?:did|do|have|see|saw|heard|know|agree|understand)[.!…]+\s*"
    r"|(?:could|can|would|will) you (?:please |kindly |perhaps )?(?:tell|inform|remind) me\b[ ,:]*"
    r"|(?:do you know|i (?:would|'d|’d) (?:like|love) to know|i want to know|tell me)\b[ ,:]*"
    rf"|{WONDERING}"
    r"|you (?:could|can|might) (?:please |kindly |perhaps )?(?:tell|inform|remind) me\b[ ,:]*)+",
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
    r"(?:(?:that|about|on|of|out|regarding|concerning|over|to|as|if|whether|:)\b[ ,:]*|: *)+(?=\S)", re.IGNORECASE
)
# Verbs that report speech now and then, and are first of all something done: “invite”, “publish”.
DEEDS = frozenset(
    """invite order charge call write speak talk answer press thank observe recall maintain post field refer request
    publish release issue fire shoot back oppose support offer appeal beg direct attack trash bash lash pan fault
    apologise apologize welcome greet celebrate salute credit champion challenge address relay convey communicate
    interrupt question query quiz read rule view project advocate counsel cry scream laugh snap bark volunteer venture
    differ direct instruct vent press refuse decline reject dismiss defend counter mock rip slam blast hail tout
    """.split()
)
# Of these, what is always words when it is asked what somebody did: “What did he write?”
WORDED = frozenset("call write speak talk answer reject dismiss defend maintain recall".split())
AUXILIARY = (
    r"(?:is|are|was|were|has|have|had|will|would|can|could|should|may|might|must|does|did|cannot)(?:n['’]t)?|can['’]t"
    r"|won['’]t"
)
# What is said rather than done to: “that …”, “about …”, or a subject and its verb.
CLAUSE = re.compile(
    r"(?:that|whether|if|how|why|about|of|out|he|she|they|we|i|there)\b|:"
    rf"|(?:(?!(?:who|which|that|where|when|what|after|before|because|as)\b)\S+ )+?(?:{AUXILIARY})\b",
    re.IGNORECASE,
)
# What a verb has an object in, and may have something that it is called behind: “the plan” of “call the plan madness”.
OBJECT = re.compile(r"(?:(?:the|a|an|his|her|its|their|our|my|this|that|these|those) )?(?:[A-Z]\S*(?: [A-Z]\S*)*|\S+)")
# With one of these something else goes on than what it is called.
CIRCUMSTANCE = re.compile(
    r"(?:to|on|in|at|for|after|before|from|and|or|by|during|with|when|while|off|up|out|back|again|first|then|later"
    r"|yesterday|today|tonight|now|last|this|next)\b",
    re.IGNORECASE,
)
QUESTION_WORDS = frozenset("who what when where why how which whose whom did does do has have had is are was".split())
# Did Name say this: “…”? Is that what Name said?
ASKED_OF_QUOTE = re.compile(
    r"\b(?:did|does|has|(?:is|was) (?:it|this|that)(?: true that)?(?: what)?) (?P<told>[^?:,.;]{2,80})", re.IGNORECASE
)
# What stands around a quotation before or after its first stop: Name: “…”; “…”, said Name; “…” — Name
BESIDE_QUOTE = re.compile(r"[^,.:;!?()\n–—]*[^\s,.:;!?()–—\-][^,.:;!?()\n–—]*")
ATTRIBUTED = re.compile(r"(?:by|from|according to|attributed to)\s+", re.IGNORECASE)
# Where a name that follows its verb ends: “said the president on Monday”
NAME_ENDS = re.compile(
    r"\s(?:of|in|on|at|to|from|with|for|then|and|who|when|while|as|after|before|later|again|yesterday|today)\b.*",
    re.IGNORECASE,
)
ARTICLED = re.compile(r"\A(?:the|a|an)\s", re.IGNORECASE)
NOBODY = frozenset(
    "he she they it i we you anybody anyone somebody someone people who that this there everyone the a an".split()
)
PASSIVE = re.compile(r"\b(?:be|been|being)\Z", re.IGNORECASE)
# Two sentences, of which the second asks, are no name: “Yes, they did. Who”
ASKING_AGAIN = re.compile(rf"(?:[?!]|(?<=\w{{3}})[.…])\s+(?:{'|'.join(sorted(QUESTION_WORDS))})\b", re.IGNORECASE)
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


def is_clause(rest: str) -> bool:
    """Whether what follows a verb is what was said, as against somebody or something that was dealt with."""
    return CLAUSE.match(rest) is not None


def is_called(rest: str) -> bool:
    """Whether what follows “call” has somebody or something and what it is called: “the plan madness”."""
    named = OBJECT.match(rest.lower() if rest.isupper() else rest)
    behind = rest[named.end() :].strip(" ?.!") if named else ""
    return bool(behind) and CIRCUMSTANCE.match(behind) is None


def swaps(word: str) -> set[str]:
    """The word with two neighbouring letters swapped, in every way."""
    return {word[:i] + b + a + word[i + 2 :] for i, (a, b) in enumerate(pairwise(word)) if a != b}


SWAPPED = {typo: word for word in FORMAL for typo in swaps(word)} | {"wat": "what", "sayed": "said", "abut": "about"}

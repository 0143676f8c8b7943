"""The words of reporting: which cues say that somebody said something, as against thought or planned it.

General English; knows nothing of texts.
"""

import re
from functools import cache

WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
SPEECH = frozenset(
    """say tell add claim state announce argue explain note insist declare reply respond ask warn report suggest
    acknowledge admit concede deny reveal confirm assert contend maintain stress emphasize emphasise describe comment
    remark observe write tweet post testify urge promise vow pledge predict recall recount complain criticize criticise
    accuse allege call joke quip boast brag point question conclude caution counter retort shout yell whisper exclaim
    mention cite quote propose recommend repeat reiterate reassure apologize apologise lament mock blast slam dismiss
    dispute defend demand inform speak talk answer disclose estimate advise assure proclaim pronounce opine continue
    interject tout praise condemn denounce decry hail rip blame charge swear threaten invite order implore plead accord
    according accordance remind echo imply indicate refer thank express voice complaint criticism accusation allegation
    assertion statement interview speech letter email e-mail memo testimony press""".split()
)
# Reporting all the same, though lists of reporting verbs often lack them
MORE = frozenset(
    """reject rebuff rebut refute refuse decline welcome applaud salute commend credit champion oppose support back
    endorse object protest insinuate hint signal signify profess affirm attest certify underline underscore highlight
    outline detail elaborate clarify specify stipulate summarize summarise relate narrate relay convey communicate
    publish release issue offer appeal call beg request instruct direct vent rail fume grumble grouse
    gripe moan rant rave reaffirm restate
    ridicule deride scorn scoff sneer taunt jeer chide rebuke scold berate lambast lambaste lash castigate deplore
    excoriate pan trash attack bash fault thunder bemoan regret rue marvel muse wonder inquire enquire query press quiz
    interrupt intone utter voice mutter murmur mumble cry scream bark snap shoot fire laugh chuckle sigh gush enthuse
    forecast project expect posit theorize speculate guess reckon pronounce rule advocate counsel caution prescribe
    recite paraphrase retell recollect reminisce confess confide divulge blurt volunteer venture chime concur agree
    differ demur disagree acclaim laud extol celebrate congratulate greet wish warning promise pledge vow claim denial
    remark comment message proposal recommendation suggestion conclusion response answer argument contention insistence
    prediction forecast estimate assurance admission confession declaration announcement report tweet post question
    reading view word telegram dispatch filing affidavit lawsuit complaint petition""".split()
)
IRREGULAR = {
    "said": "say", "says": "say", "saying": "say", "told": "tell", "wrote": "write", "written": "write",
    "spoke": "speak",
    "spoken": "speak", "swore": "swear", "sworn": "swear", "denied": "deny", "denies": "deny", "replied": "reply",
    "replies": "reply", "testified": "testify", "testifies": "testify", "decried": "decry", "decries": "decry",
    "pled": "plead", "begged": "beg", "retold": "retell", "cried": "cry", "shot": "shoot", "rang": "ring",
}  # fmt: skip
ENDINGS = (
    ("ies", "y"),
    ("ied", "y"),
    ("es", "e"),
    ("es", ""),
    ("s", ""),
    ("ed", "e"),
    ("ed", ""),
    ("ing", "e"),
    ("ing", ""),
)


@cache
def lemma(word: str) -> str:
    """The base form of a reporting word; any other word comes back in lower case."""
    word = word.lower()
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word in SPEECH or word in MORE:
        return word
    for ending, rest in ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            base = word[: -len(ending)] + rest
            for form in (base, base[:-1] if base[-1:] == base[-2:-1] else base):
                if form in SPEECH or form in MORE:
                    return form
    return word


def is_speech(cue: str) -> bool:
    """Whether a cue reports speech."""
    return any(lemma(word) in SPEECH for word in WORD.findall(cue))


def is_reporting(cue: str) -> bool:
    """Whether a cue may report speech, given that there is a source and a content beside it."""
    return any(lemma(word) in SPEECH or lemma(word) in MORE for word in WORD.findall(cue))

"""Whether a statement makes a claim, in the same words or in others: numbers, names and opposites kept apart.

Compares meaning by the embedding of the whole and of each word, and is careful: a claim with a word that nothing in the
statement comes near is another claim. Knows nothing of speakers, denials or negation.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np

from retrieval.embed import Vectors
from retrieval.reporting import WORD

Embed = Callable[[Sequence[str]], Sequence[Vectors] | Vectors]

# From so much likeness on a claim in other words is the same, when each of its words is near one of the statement's;
# of 31 claims about an article of our own these confirm most paraphrases and none of what was not said
SAME_MEANING, NEAR_WORD = 0.6, 0.42
NUMERIC = re.compile(r"\d")
DATES = frozenset(
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday one two three four five six seven eight nine ten eleven twelve twenty thirty forty
    fifty hundred thousand million billion half third quarter first second""".split()
)
# Words that may stand in a claim though nothing like them was said
LIGHT = frozenset(
    """the a an of in on at to for and or but nor is are was were be been being am he she it they i we you him her them
    us me my your this that these those his its their our do does did done has had have having will would shall should
    can could may might must with by from as if so than then there here not no never said says say told very just also
    until since before after about into over up down out off away back again more most some any all go goes going gone
    went come comes coming came get gets got getting take takes took make makes made look looks put stay stays keep
    """.split()
)
OPPOSITES = tuple(
    frozenset(pair.split("/"))
    for pair in """double/halve rise/fall rise/drop increase/decrease increase/fall grow/shrink raise/lower raise/cut
    open/close open/shut reopen/close reopen/shut start/stop begin/end start/end win/lose buy/sell accept/reject
    support/oppose back/oppose help/ignore help/harm praise/criticise praise/criticize praise/accuse allow/ban
    allow/forbid use/avoid hire/dismiss pass/fail higher/lower more/less more/fewer before/after better/worse best/worst
    always/never guilty/innocent safe/dangerous safe/unsafe possible/impossible true/false enter/leave love/hate
    save/spend trust/distrust remember/forget strong/weak early/late earlier/later cheap/expensive good/bad""".split()
)  # fmt: skip


def likeness(claim: str, speaker: str, stands: str, context: str, embed: Embed) -> float:
    """How like a claim is to what stands in a statement, affirmed or denied; 0 where it is another claim.

    Args:
        claim: What is asked about.
        speaker: Who is asked about.
        stands: The sentence of the statement.
        context: The same with the sentence before, which may hold what its pronouns stand for.
        embed: Texts → unit vectors.
    """
    if differs(claim, context) or turns_round(claim, stands) or not all_near(claim, context, embed):
        return 0.0
    bare, told, said = embed([claim, f"{speaker} said that {claim}", stands])
    return float(max(np.dot(bare, said), np.dot(told, said)))


def differs(claim: str, context: str) -> bool:
    """Whether the claim has a number or a date that the context has not."""
    known = _words(context)
    return any((NUMERIC.search(word) or word in DATES) and word not in known for word in _words(claim))


def turns_round(claim: str, stands: str) -> bool:
    """Whether one says the opposite of a word of the other's that it does not have itself."""
    mine, theirs = ({_base(word) for word in _words(text)} for text in (claim, stands))
    return any(
        one in mine and other in theirs and other not in mine and one not in theirs
        for pair in OPPOSITES
        for one, other in (tuple(pair), tuple(pair)[::-1])
    )


def all_near(claim: str, context: str, embed: Embed) -> bool:
    """Whether each word of the claim that carries meaning is near one of the context's."""
    known = [word for word in dict.fromkeys(_words(context)) if word not in LIGHT]
    asked = [word for word in dict.fromkeys(_words(claim)) if word not in LIGHT and word not in known]
    if not asked or not known:
        return not asked
    vectors = np.stack(list(embed([*asked, *known])))
    near = (vectors[: len(asked)] @ vectors[len(asked) :].T).max(axis=1)  # (asked,)
    return bool((near >= NEAR_WORD).all())


def _words(text: str) -> list[str]:
    return [re.sub(r"['’]s\Z", "", word.lower()).rstrip(".") for word in WORD.findall(text)]


def _base(word: str) -> str:
    """A word without its ending, as far as opposites need."""
    for ending, rest in (("ied", "y"), ("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        bare = word.removesuffix(ending) + rest
        form = next((form for form in (bare, bare + "e", bare[:-1]) if form in KNOWN), None)
        if word.endswith(ending) and form:
            return form
    return word


KNOWN = frozenset().union(*OPPOSITES)

"""Whether a statement makes a claim, in the same words or in others: numbers, names and opposites kept apart.

Compares meaning by the embedding of the whole and of each word, and is careful: a claim with a word that nothing in the
statement comes near, or most of whose words are others, is another claim. Tells which clause of a statement makes the
claim and whether it is negated there. Knows nothing of speakers or denials.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np

from retrieval.embed import Vectors
from retrieval.reporting import WORD

Embed = Callable[[Sequence[str]], Sequence[Vectors] | Vectors]
Stems = Callable[[str], frozenset[str]]

# From so much likeness on a claim in other words is the same, when each of its words is near one of the statement's;
# of 31 claims about an article of our own these confirm most paraphrases and none of what was not said
SAME_MEANING, NEAR_WORD = 0.6, 0.42
# As like at least without the speaker's name, which makes any two of their sentences alike
SAME_BARE = 0.5
# Of the words that carry a claim in other words so many must stand in the statement themselves
MIN_SHARE = 0.5
NEGATION = re.compile(r"\b(?:not(?! only\b)|no|never|nobody|nothing|none|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE)
# Where the negation of one clause does not reach the next
CLAUSES = re.compile(
    r"[;:.!?—–]\s|,?\s+(?:but|although|though|while|whereas|because|since|however|and that)\b|,\s+(?:and|or|yet|so)\b"
    r"|\s+(?=(?:and|or) not\b)",
    re.IGNORECASE,
)
# What makes “no one wants it more than he” say nothing of whether anybody wants it
COMPARED = re.compile(r"\b(more|less|fewer|better|worse|[^\W\d_]{3,}er)\b(?=[^.;]*\bthan\b)", re.IGNORECASE)
SPELLED = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (r"\$(\d[\d.,]*)", r"\1 dollars"),
        (r"£(\d[\d.,]*)", r"\1 pounds"),
        (r"€(\d[\d.,]*)", r"\1 euros"),
        (r"\b(?:a|one) hundred\b(?! (?:and|thousand|million|billion)\b)", "100"),
        (r"(\d)%", r"\1 per cent"),
    )
)
QUOTES = re.compile(r"[“”„«»\"]")
# “A, not B” affirms A
BUT_NOT = re.compile(r",\s+not\b", re.IGNORECASE)
UN = re.compile(r"(?:un(?=\w{4})|non-?(?=\w{4})|i(?:m(?=[mp])|n|l(?=l)|r(?=r))(?=\w{6}))")
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
    went come comes coming came get gets got getting take takes took make makes made look looks put stay stays keep own
    whether
    """.split()
)
OPPOSITES = tuple(
    frozenset(pair.split("/"))
    for pair in """double/halve rise/fall rise/drop increase/decrease increase/fall grow/shrink raise/lower raise/cut
    open/close open/shut reopen/close reopen/shut start/stop begin/end start/end win/lose buy/sell accept/reject
    support/oppose back/oppose help/ignore help/harm praise/criticise praise/criticize praise/accuse allow/ban
    allow/forbid use/avoid hire/dismiss pass/fail higher/lower more/less more/fewer before/after better/worse best/worst
    always/never guilty/innocent safe/dangerous safe/unsafe possible/impossible true/false enter/leave love/hate
    save/spend trust/distrust remember/forget strong/weak early/late earlier/later cheap/expensive good/bad right/wrong
    correct/wrong heavy/light heaviest/lightest large/small largest/smallest high/low highest/lowest""".split()
)  # fmt: skip


def spelled(text: str) -> str:
    """A text with its sums as they are spoken and round numbers in digits, so that “$100” is “a hundred dollars”."""
    for pattern, words in SPELLED:
        text = pattern.sub(words, text)
    return text


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
    return float(max(np.dot(bare, said), np.dot(told, said))) if np.dot(bare, said) >= SAME_BARE else 0.0


def carrying(claim: str) -> list[str]:
    """The words that carry a claim."""
    return [word for word in dict.fromkeys(_words(claim)) if word not in LIGHT and not NEGATION.fullmatch(word)]


def share(claim: str, stands: str, stems: Stems) -> float:
    """How many of the words that carry a claim stand there, as they are or turned round by “un”; 0 where none carry."""
    asked, known = carrying(claim), _known(stands, stems)
    return sum(_turns(word, known, stems) is not None for word in asked) / max(1, len(asked))


def negated(claim: str, stands: str, stems: Stems) -> bool | None:
    """Whether what stands there says that a claim, in its own words, is not so; None where it is not clear.

    Negations count where they stand in the clauses that have the claim's words, and both ways round: a claim that is
    negated itself is negated by what affirms it.
    """
    asked = carrying(claim)
    mine = NEGATION.search(claim) is not None
    polarities: set[bool | None] = set()
    for clause in CLAUSES.split(QUOTES.sub("", stands)):
        known = _known(clause, stems)
        turns = [turn for word in asked if (turn := _turns(word, known, stems)) is not None]
        if turns:
            theirs = _is_negative(clause, asked, stems)
            is_clear = not (mine or theirs) or _compared(clause) <= _compared(claim)
            polarities.add(mine ^ theirs ^ (sum(turns) % 2 == 1) if is_clear else None)
    return polarities.pop() if len(polarities) == 1 else None


def _compared(text: str) -> set[str]:
    return {word.lower() for word in COMPARED.findall(text)}


def _is_negative(clause: str, asked: Sequence[str], stems: Stems) -> bool:
    """Whether a clause is negated; of “A, not B” the half that has the words asked for."""
    head, *tails = BUT_NOT.split(clause)
    known = _known(" ".join(tails), stems)
    return NEGATION.search(head) is not None or any(_turns(word, known, stems) is not None for word in asked)


def _turns(word: str, known: frozenset[str], stems: Stems) -> bool | None:
    """Whether a word stands among known ones: False as it is, True with “un” or without, None not at all."""
    own, bare = stems(word), _without_un(word)
    if own <= known:
        return False
    return True if (bare and stems(bare) <= known) or {f"-{stem}" for stem in own} <= known else None


def _known(text: str, stems: Stems) -> frozenset[str]:
    """The stems of a text's words and, marked, of what they are without “un”."""
    bare = (_without_un(word) for word in _words(text))
    return stems(text) | {f"-{stem}" for word in bare if word for stem in stems(word)}


def _without_un(word: str) -> str | None:
    return UN.sub("", word, count=1) if UN.match(word) else None


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

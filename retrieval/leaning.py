"""What must be read with a cited sentence: what stands before it, for whom it speaks of; what after, for its list.

General English and a citation's own context; knows nothing of scores.
"""

import re
from typing import TYPE_CHECKING

from retrieval.several import adds, announced, asks_for_several, opens_further

if TYPE_CHECKING:
    from retrieval.schema import Article, Citation

OPENING = (
    r"[“\"‘'(]?"
    r"(?:(?:and|but|so|then|yet|however|instead|still|now|later|meanwhile|afterwards?|even so|before that|after that"
    r"|since then|until then|by then)\b,? )?"
    # A place or a time is nobody that a pronoun could mean; “After the minister’s speech, he” names him.
    r"(?:(?:in|on|at|from|until|since|by|during) [^,.]{1,40}, )?"
)
PRONOUN = re.compile(
    OPENING + r"(?:he|she|they|it|his|her|their|its|this|that|these|those|both|neither)\b", re.IGNORECASE
)
PERSON = re.compile(OPENING + r"(?:he|she|his|her)\b", re.IGNORECASE)
# “The company employs …”: which one only the sentence before tells, unless there is a name or it was asked about.
DEFINITE = re.compile(
    OPENING + r"the (?P<noun>[a-z]+)"
    r" (?:is|are|was|were|has|had|have|will|would|can|could|may|might|must|should|also|now|then|[a-z]+(?:ed|s))\b",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<=[\w,;:”’\"] )[“\"]?[A-Z]\w")
PARAGRAPH = re.compile(r"\s*\n\s*\n")


def leans_back(text: str, question: str, before: str) -> bool:
    """Whether a sentence is about what only the one before it tells.

    Args:
        text: The sentence.
        question: What was asked; what it names needs no telling.
        before: What stands before the sentence.
    """
    if PRONOUN.match(text) or (asks_for_several(question) and opens_further(text)):
        return True
    definite = DEFINITE.match(text)
    if definite is None or NAME.search(text):
        return False
    asked = re.search(rf"\b{definite['noun']}\b", question, re.IGNORECASE)
    return asked is None and NAME.search(before) is not None


def tells_whom(text: str, before: str, article: "Article") -> bool:
    """Whether what stands before a sentence names somebody, where the sentence speaks of a person.

    The first word of a sentence is a name where the article has it elsewhere within a sentence.
    """
    if PERSON.match(text) is None or NAME.search(before):
        return True
    first = re.match(r"[“\"]?(?P<word>[A-Z][\w-]+)", before)
    return first is not None and re.search(rf"(?<=[a-z,] ){first['word']}\b", article.text) is not None


def needs_before(citation: "Citation", question: str) -> bool:
    """Whether what stands before a citation has to be read with it."""
    return bool(citation.before) and leans_back(citation.text, question, citation.before)


def needs_after(citation: "Citation", question: str) -> bool:
    """Whether what stands after a citation has to be read with it, as the rest of a list that was asked for."""
    after = citation.article.text[citation.end : citation.context_end]
    if not after.strip() or not asks_for_several(question):
        return False
    return announced(question, citation.text) > 0 or (not PARAGRAPH.match(after) and adds(after.strip()))

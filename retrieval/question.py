"""Text → Question: what is asked, cleaned of what cannot be asked.

Knows nothing of articles.
"""

import re
import unicodedata

from retrieval.errors import QuestionError
from retrieval.schema import Question

WORD = re.compile(r"\w")
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
JOINERS = "\u200c\u200d"  # they belong to words in Persian and Hindi


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
    return Question(text=cleaned, kind="fact", topic=cleaned)


def clean(text: str) -> str:
    """The text without control and direction characters, white space folded."""
    spaced = " ".join(text.split())
    return "".join(c for c in spaced if c in JOINERS or unicodedata.category(c) not in INVISIBLE).strip()

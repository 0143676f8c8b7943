"""What a question takes for granted: its names and numbers, and whether an article has them.

General English capitals and digits; knows nothing of ranking.
"""

import re
from functools import lru_cache

from retrieval.schema import Article

TOKEN = re.compile(r"[^\W_]+(?:[.,’'-][^\W_]+)*")
POSSESSIVE = re.compile(r"['’]s\Z")
# Names are compared by their beginnings, so that Canadian finds Canada and a slip at the end does no harm.
BEGINNING = 4
CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december""".split()
)


def missing(question: str, article: Article) -> tuple[str, ...]:
    """The names and numbers of a question that an article has nowhere: not in text, title, source or date."""
    beginnings, numbers = _known(article)
    return tuple(
        word
        for word in _names_and_numbers(question)
        if (word not in numbers if word[0].isdigit() else word[:BEGINNING].casefold() not in beginnings)
    )


def _names_and_numbers(question: str) -> list[str]:
    words = [POSSESSIVE.sub("", word) for word in TOKEN.findall(question)]
    if sum(word.isupper() for word in words) > len(words) / 2:
        return [word for word in words if word[0].isdigit()]  # shouted: capitals tell nothing
    later = [word for word in words[1:] if word[0].isupper() and len(word) > 1 and word.casefold() not in CALENDAR]
    return later + [word for word in words if word[0].isdigit()]


@lru_cache(maxsize=1024)
def _known(article: Article) -> tuple[frozenset[str], frozenset[str]]:
    text = " ".join(part for part in (article.text, article.title, article.source, article.published) if part)
    words = [POSSESSIVE.sub("", word) for word in TOKEN.findall(text)]
    parts = {piece for word in words for piece in (word, *re.split(r"[-’'.]", word)) if piece}
    return frozenset(part[:BEGINNING].casefold() for part in parts), frozenset(
        part for part in parts if part[0].isdigit()
    )

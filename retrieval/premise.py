"""What a question takes for granted: its names and numbers, and whether an article has them.

General English capitals and digits; knows nothing of ranking.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from retrieval.people import unaccented
from retrieval.schema import Article

TOKEN = re.compile(r"[^\W_]+(?:[.,’'–-][^\W_]+)*")
POSSESSIVE = re.compile(r"['’]s\Z")
JOINT = re.compile(r"[-–’'.]")
# Names are compared by their beginnings, so that Canadian finds Canada and a slip at the end does no harm.
BEGINNING = 4
# A slip in the beginning does none either: a letter too many, too few or another in so long a name, or two that changed
# places in any.
LONG = 6
CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december""".split()
)


def missing(question: str, article: Article) -> tuple[str, ...]:
    """The names and numbers of a question that an article has nowhere: not in text, title, source or date."""
    names, beginnings, numbers = _known(article)
    return tuple(
        word
        for word in _names_and_numbers(question)
        if (
            _number(word) not in numbers
            if word[0].isdigit()
            else not all(part[:BEGINNING] in beginnings or _is_slip(part, names) for part in _parts(_name(word)))
        )
    )


def _names_and_numbers(question: str) -> list[str]:
    words = [POSSESSIVE.sub("", word) for word in TOKEN.findall(question)]
    if sum(word.isupper() for word in words) > len(words) / 2:
        return [word for word in words if word[0].isdigit()]  # shouted: capitals tell nothing
    later = [word for word in words[1:] if word[0].isupper() and len(word) > 1 and word.casefold() not in CALENDAR]
    return later + [word for word in words if word[0].isdigit()]


def _is_slip(word: str, names: Iterable[str]) -> bool:
    """Whether a name is one of those with a single slip in it."""
    alike = (one for one in names if one[0] == word[0] and OSA.distance(word, one, score_cutoff=1) == 1)
    return any(len(word) >= LONG or sorted(one) == sorted(word) for one in alike)


def _parts(word: str) -> list[str]:
    return [part for part in JOINT.split(word) if part]


def _name(word: str) -> str:
    """A name as it is compared: in small letters, without accents."""
    return unaccented(word).lower()


def _number(word: str) -> str:
    """A number as it is compared: its dash is plain, and the “s” of a decade is left out."""
    return word.replace("–", "-").removesuffix("s")


@lru_cache(maxsize=1024)
def _known(article: Article) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """An article's names, the beginnings of its words, and its numbers."""
    text = " ".join(part for part in (article.text, article.title, article.source, article.published) if part)
    words = [POSSESSIVE.sub("", word) for word in TOKEN.findall(text)]
    parts = {piece for word in words for piece in (word, *_parts(word))}
    return (
        frozenset(_name(part) for part in parts if part[0].isupper()),
        frozenset(_name(part)[:BEGINNING] for part in parts),
        frozenset(_number(part) for part in parts if part[0].isdigit()),
    )

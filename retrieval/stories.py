"""One story once: articles that are copies of one another, and which of their sentences stand in an earlier one.

Of a copy only those sentences are left out of a search that stand word for word in an earlier article of the story:
what a copy alone says can still be found. Knows nothing of indexes.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from retrieval.records import Record
from retrieval.schema import Article, Sentence
from retrieval.sketch import bands, shared
from retrieval.urls import canonical

# Articles that share so much of their runs of five words tell one story. One word changed in ten leaves about .4 of a
# text, a third cut away .67; an agency's report with as much again of one's own .5.
MIN_SHARED = 0.5
# Where more articles than these are alike in a place, they share boilerplate, or one story that binds them all anyway.
MOST_COMPARED = 8
LATEST = dt.datetime.max.replace(tzinfo=dt.UTC)


class Stories:
    """The stories that more than one of the articles tell.

    Args:
        records: The articles by id.
    """

    def __init__(self, records: Mapping[str, Record]) -> None:
        self._records = records

    @cached_property
    def told_twice(self) -> tuple[tuple[Article, ...], ...]:
        """The articles of each story, the original first: the earliest published, then by id."""
        leader: dict[str, str] = {}
        for one, other in self._pairs():
            _join(leader, one, other)
        groups: dict[str, list[Article]] = defaultdict(list)
        for key in leader:
            groups[_leader(leader, key)].append(self._records[key].article)
        return tuple(tuple(sorted(group, key=_age)) for _, group in sorted(groups.items()))

    @cached_property
    def hidden(self) -> dict[str, frozenset[int]]:
        """By article, the numbers of the sentences that stand in an earlier article of its story."""
        found: dict[str, frozenset[int]] = {}
        for group in self.told_twice:
            seen: set[str] = set()
            for article in group:
                folded = [(one.number, _folded(one.text)) for one in self._records[article.id].sentences]
                found[article.id] = frozenset(number for number, text in folded if text in seen)
                seen.update(text for _, text in folded)
        return found

    def hides(self, sentence: Sentence) -> bool:
        """Whether an earlier article of the story has the sentence."""
        return sentence.number in self.hidden.get(sentence.article.id, ())

    def also(self, article: Article, text: str) -> tuple[Article, ...]:
        """The other articles of the story that say the same, word for word."""
        wanted = _folded(text)
        others = self._others.get(article.id, ())
        return tuple(one for one in others if one.id != article.id and wanted in self._folded[one.id])

    @cached_property
    def _others(self) -> dict[str, tuple[Article, ...]]:
        return {article.id: group for group in self.told_twice for article in group}

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {key: _folded(self._records[key].article.text) for key in self._others}

    def _pairs(self) -> Iterator[tuple[str, str]]:
        """Articles that are copies, each beside one that came before it."""
        drawn = [(key, record.sketch) for key, record in self._records.items() if record.sketch is not None]
        sketches = np.array([sketch for _, sketch in drawn])
        near: dict[tuple[int, bytes], list[int]] = defaultdict(list)
        for row, (key, sketch) in enumerate(drawn):
            places = [near[place] for place in enumerate(bands(sketch))]
            others = np.array(sorted({other for place in places for other in place[-MOST_COMPARED:]}), dtype=np.int64)
            for other in others[shared(sketch, sketches[others]) >= MIN_SHARED]:
                yield key, drawn[other][0]
            for place in places:
                place.append(row)
        addresses: dict[str, str] = {}
        for key, record in self._records.items():
            if record.article.url and (other := addresses.setdefault(_address(record.article.url), key)) != key:
                yield key, other


def _join(leader: dict[str, str], one: str, other: str) -> None:
    leader[_leader(leader, one)] = _leader(leader, other)


def _leader(leader: dict[str, str], key: str) -> str:
    while (above := leader.setdefault(key, key)) != key:
        key = above
    return key


def _age(article: Article) -> tuple[dt.datetime, str]:
    """What puts the original first; an article without a date comes last."""
    if article.published is None:
        return LATEST, article.id
    published = dt.datetime.fromisoformat(article.published)
    return (published if published.tzinfo else published.replace(tzinfo=dt.UTC)), article.id


def _address(url: str) -> str:
    """The address that names what is there, however a reader came to it."""
    try:
        return canonical(url)
    except ValueError:  # what an editor wrote; it names nothing but itself
        return url


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()

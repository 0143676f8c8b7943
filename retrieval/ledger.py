"""Who said what in the whole archive: statements by speaker and by sentence, speakers across articles.

Built from a snapshot's statements and immutable like it. Knows nothing of questions.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from retrieval import people
from retrieval.schema import Sentence, Speaker, Statement

Place = tuple[str, int]
# Names as typed whose speakers are remembered: each is compared with every name of the archive.
KEPT_NAMES = 1_024


class Ledger:
    """The statements of an archive. `speakers` holds each person or body once, however many articles name them."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.statements, self.speakers = people.merge(statements)
        self._find = lru_cache(KEPT_NAMES)(lambda name: people.find(name, self.speakers))
        self._by_speaker: dict[str, list[Statement]] = defaultdict(list)
        self._by_place: dict[Place, list[Statement]] = defaultdict(list)
        for statement in self.statements:
            self._by_speaker[statement.speaker.id].append(statement)
            for sentence in statement.sentences:
                self._by_place[sentence.article.id, sentence.number].append(statement)

    def find(self, name: str) -> list[Speaker]:
        """The speakers that a name as typed may mean, best first."""
        return list(self._find(name))

    def of(self, speaker: Speaker) -> Sequence[Statement]:
        """What one speaker said, in the order of articles."""
        return self._by_speaker.get(speaker.id, [])

    def at(self, sentence: Sentence) -> Sequence[Statement]:
        """The statements that a sentence reports, in whole or in part."""
        return self._by_place.get((sentence.article.id, sentence.number), [])

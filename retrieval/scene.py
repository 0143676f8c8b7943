"""What is known of an article while its pronouns are resolved: who was named, who spoke, what stood for whom so far.

Knows nothing of how a pronoun's candidates are weighed.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.entities import Entity
from retrieval.lexicon import Gender
from retrieval.names import Mention
from retrieval.schema import Sentence, Span

PRONOUN = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself)\b(?![’']s\s+(?:name|own)\b)", re.IGNORECASE)
GENDERS: dict[str, Gender] = {
    "he": "he", "him": "he", "his": "he", "himself": "he", "she": "she", "her": "she", "hers": "she", "herself": "she",
}  # fmt: skip
GENDERS_ASKED: tuple[Gender, ...] = ("he", "she")
PLACED = re.compile(r"\b(?:in|from|at|near|across|to|into|outside|around|throughout|of|between)\s+(?:the\s+)?$")


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun in its place."""

    start: int
    end: int
    text: str
    sentence: int

    @property
    def gender(self) -> Gender:
        """Which of the two it asks for."""
        return GENDERS[self.text]


@dataclass(frozen=True, slots=True, order=False, eq=False)
class Reported:
    """A statement as the resolver sees it: its source's span and entity, and its content."""

    source: Span | None
    entity: Entity | None
    content: tuple[Span, ...]


class Scene:
    """What is known of an article while its pronouns are resolved, in order."""

    def __init__(
        self,
        sentences: Sequence[Sentence],
        entities: Sequence[Entity],
        quotes: Sequence[Span],
        reported: Sequence[Reported],
        mentions: Sequence[Mention],
    ) -> None:
        self.sentences = sentences
        self.entities = entities
        self.quotes = quotes
        self.mentions = mentions
        self.resolved: list[tuple[Pronoun, Entity | None]] = []
        self.starts = [mention.start for mention in mentions]
        self.spoke = Counter(report.entity for report in reported)
        self.named = sum(len(entity.mentions) for entity in entities if entity.kind == "person") or 1
        self._contents = sorted(((span, report) for report in reported for span in report.content), key=_first)
        self._content_starts = [span[0] for span, _ in self._contents]
        self._sources = sorted(((report.source, report) for report in reported if report.source), key=_first)
        self._source_ends = [source[1] for source, _ in self._sources if source]
        self._places: dict[Entity, float] = {}
        self._passed = 0
        self.counts: Counter[Entity] = Counter()
        self.last: dict[Entity, Mention] = {}
        self.leading: dict[Gender, Entity] = {}

    def advance(self, position: int) -> None:
        """Count the mentions before a position; positions only grow."""
        while self._passed < len(self.mentions) and self.starts[self._passed] < position:
            mention = self.mentions[self._passed]
            entity = mention.entity
            self._passed += 1
            if entity is None:
                continue
            self.counts[entity] += 1
            self.last[entity] = mention
            for gender in GENDERS_ASKED:
                best = self.leading.get(gender)
                if entity.kind == "person" and entity.gender in (None, gender):
                    self.leading[gender] = entity if not best or self.counts[entity] > self.counts[best] else best

    def persons(self, pronoun: Pronoun, *, reach: int = 80) -> list[Entity]:
        """Whoever is named in the last mentions, in the rest of the sentence, or was meant by the last pronouns."""
        at = bisect_left(self.starts, pronoun.start)
        ahead = bisect_left(self.starts, self.sentences[pronoun.sentence].end)
        found = [m.entity for m in self.mentions[max(0, at - reach) : min(ahead, at + 20)]]
        found += [entity for _, entity in self.resolved[-6:]]
        leading = self.leading.get(pronoun.gender)
        return list(dict.fromkeys(entity for entity in [*found, leading] if entity))

    def around(self, position: int) -> list[Reported]:
        """The statements whose content holds a position."""
        at = bisect_right(self._content_starts, position)
        return [report for span, report in self._contents[max(0, at - 8) : at] if span[0] <= position < span[1]]

    def teller(self, pronoun: Pronoun) -> Entity | None:
        """Whose statement a pronoun opens as its subject: in "X said that he was late" he is X, if X can be a he."""
        text = self.sentences[0].article.text
        for report in self.around(pronoun.start):
            entity, start = report.entity, report.content[0][0]
            opens = text[start : pronoun.start].strip().lower() in ("", "that")
            if opens and entity and entity.kind != "organisation" and entity.gender in (None, pronoun.gender):
                return entity if report.source and report.source[1] <= start else None
        return None

    def speaker_before(self, position: int) -> Entity | None:
        """Who spoke last before a position."""
        at = bisect_right(self._source_ends, position)
        return self._sources[at - 1][1].entity if at else None

    def placed(self, entity: Entity) -> float:
        """How often an entity stands where places stand."""
        if entity not in self._places:
            text = self.sentences[0].article.text
            some = entity.mentions[:12]
            hits = sum(bool(PLACED.search(text[max(0, m.start - 14) : m.start])) for m in some)
            self._places[entity] = hits / len(some)
        return self._places[entity]

    def persons_between(self, start: int, end: int) -> int:
        """How many mentions of persons start between two places, counted up to 40 mentions back."""
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return sum(bool(m.entity and m.entity.kind == "person") for m in self.mentions[max(first, last - 40) : last])


def _first(pair: tuple[Span, Reported]) -> Span:
    return pair[0]


def pronouns_of(sentences: Iterable[Sentence]) -> Iterator[Pronoun]:
    """The pronouns of an article in order."""
    for sentence in sentences:
        text = sentence.article.text
        for match in PRONOUN.finditer(text, sentence.start, sentence.end):
            yield Pronoun(match.start(), match.end(), match.group().lower(), sentence.number)


def sentence_start(scene: Scene, pronoun: Pronoun) -> int:
    """Where the pronoun's sentence starts."""
    return scene.sentences[pronoun.sentence].start


def learn_genders(scene: Scene) -> None:
    """Let the pronouns soon after a person's mentions as a subject correct what the given name alone suggests."""
    seen = list(pronouns_of(scene.sentences))
    starts = [pronoun.start for pronoun in seen]
    mentions = [m.start for m in scene.mentions if m.entity and m.entity.kind != "organisation"]
    for entity in scene.entities:
        if entity.gender or entity.kind == "organisation":
            continue
        tally = {"he": 0, "she": 0}
        for mention in entity.mentions:
            at = bisect_left(starts, mention.end)
            rival = bisect_right(mentions, mention.start)
            until = mentions[rival] if rival < len(mentions) else math.inf
            if at < len(seen) and seen[at].sentence - mention.sentence <= 1 and seen[at].start < until:
                tally[seen[at].gender] += 1
        entity.woman = (2 * entity.woman + tally["she"]) / (2 + tally["he"] + tally["she"])


def fit_of(entity: Entity, pronoun: Pronoun) -> float:
    """The probability that the entity is of the pronoun's gender."""
    return entity.woman if pronoun.gender == "she" else 1 - entity.woman

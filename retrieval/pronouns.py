"""Whom "he", "she", "his", "her" and "him" stand for: names and statements of an article → an entity for each, or none.

A linear score over each person named before (and in the same sentence) and "nobody named here", trained on our own
annotated news; below a margin a pronoun stays unresolved. Knows nothing of speakers or other articles.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.lexicon import Gender
from retrieval.names import Entity, Mention
from retrieval.quotations import enclosing
from retrieval.schema import Sentence, Span

PRONOUN = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself)\b(?![’']s\s+(?:name|own)\b)", re.IGNORECASE)
GENDERS: dict[str, Gender] = {
    "he": "he", "him": "he", "his": "he", "himself": "he", "she": "she", "her": "she", "hers": "she", "herself": "she",
}  # fmt: skip
GENDERS_ASKED: tuple[Gender, ...] = ("he", "she")
SUBJECTS = frozenset(("he", "she"))
POSSESSIVES = frozenset(("his", "her", "hers"))
BEFORE_SUBJECT = re.compile(
    r"(?:^|[,;:—–“\"(]|\b(?:and|but|that|as|when|while|because|if|after|before|said|says|though|although|where|which))\s*$"
)
PREPOSITION = re.compile(
    r"\b(?:of|with|to|from|by|for|against|about|on|in|at|under|over|like|than|between|after|before|behind|near|as)\s+(?:the\s+|a\s+|an\s+)?$"
)
VERB_AFTER = re.compile(
    r"\s*(?:,|\(|[a-z]+ed\b|(?:is|was|has|had|says|said|will|would|told|also|never|did|does|can|could|may|might|took|made|went|came|spent|won|lost|left|began|became|who)\b)"
)
SIZE = 40
HIDDEN = 96
# Chosen on dev/pronouns.jsonl so that at most one pronoun in ten gets a wrong name
MARGIN = 0.58
# A name this surely of the other gender is left out
UNFIT = 0.02
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


@dataclass(slots=True)
class Candidate:
    """An entity that a pronoun may stand for, seen from the pronoun."""

    entity: Entity
    mention: Mention
    features: list[float]


def candidates(scene: Scene, pronoun: Pronoun) -> list[Candidate]:
    """The persons whom a pronoun may stand for, each with its features (SIZE,)."""
    scene.advance(pronoun.start)
    quote = enclosing(pronoun.start, scene.quotes)
    around = scene.around(pronoun.start)
    found: list[Candidate] = []
    for entity in scene.persons(pronoun):
        if entity.kind == "organisation" or (entity.gender and entity.gender != pronoun.gender):
            continue
        if _fit(entity, pronoun) >= UNFIT:
            found.append(Candidate(entity, scene.last.get(entity, entity.mentions[0]), []))
    order = sorted(found, key=lambda candidate: -candidate.mention.start)
    for rank, candidate in enumerate(order):
        candidate.features = _features(scene, pronoun, candidate, (rank, len(order)), quote, around)
    return order


def _features(
    scene: Scene,
    pronoun: Pronoun,
    candidate: Candidate,
    place: tuple[int, int],
    quote: Span | None,
    around: Sequence[Reported],
) -> list[float]:
    entity, mention = candidate.entity, candidate.mention
    sentences = scene.sentences
    text = sentences[0].article.text
    ahead = mention.start > pronoun.start
    gap = pronoun.sentence - mention.sentence
    same_paragraph = sentences[pronoun.sentence].paragraph == sentences[mention.sentence].paragraph
    before = text[max(sentences[mention.sentence].start, mention.start - 24) : mention.start]
    after = text[mention.end : mention.end + 14]
    subject = (
        bool(BEFORE_SUBJECT.search(before)) and not PREPOSITION.search(before) and not after.startswith(("’s", "'s"))
    )
    last = next(((p, e) for p, e in reversed(scene.resolved[-8:]) if p.gender == pronoun.gender), None)
    chained = last is not None and last[1] is entity
    chain_gap = pronoun.sentence - last[0].sentence if last else 99
    speaker_before = scene.speaker_before(pronoun.start)
    own = any(r.entity is entity for r in around)
    count = scene.counts[entity]
    rank, rivals = place
    object_here = pronoun.text == "him" and gap == 0 and subject and not ahead
    between = scene.persons_between(mention.end, pronoun.start)
    fit = _fit(entity, pronoun)
    return [
        float(gap == 0 and not ahead),
        float(gap == 1),
        float(gap == 2),  # noqa: PLR2004
        min(max(gap, 0), 20) / 5,
        float(ahead),
        float(same_paragraph),
        float(subject),
        float(subject and gap <= 1),
        float(bool(PREPOSITION.search(before))),
        float(after.startswith(("’s", "'s"))),
        float(bool(VERB_AFTER.match(after))),
        float(rank == 0),
        float(rank == 1),
        min(rank, 6) / 3,
        float(chained),
        float(chained and chain_gap == 0),
        float(chained and chain_gap == 1),
        float(chained and chain_gap > 2),  # noqa: PLR2004
        float(last is not None and last[1] is not entity and chain_gap == 0),
        float(last is not None and last[1] is not entity and chain_gap == 1),
        float(speaker_before is entity),
        float(own and quote is None),
        float(own and quote is not None),
        float(quote is not None),
        2 * fit - 1,
        float(fit > 0.85),  # noqa: PLR2004
        float(entity.kind == "person"),
        float(len(entity.name) > 1),
        math.log1p(count) / 2,
        float(object_here),
        float(entity is scene.leading.get(pronoun.gender)),
        len(entity.mentions) / scene.named,
        math.log1p(scene.spoke[entity]),
        scene.placed(entity),
        min(between, 6) / 3,
        float(pronoun.text in POSSESSIVES),
        float(pronoun.text in POSSESSIVES and gap == 0 and not ahead),
        float(pronoun.text in SUBJECTS and gap == 0 and not ahead),
        float(pronoun.start - sentence_start(scene, pronoun) < 3),  # noqa: PLR2004
        min(rivals, 10) / 10,
    ]


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


def _fit(entity: Entity, pronoun: Pronoun) -> float:
    """The probability that the entity is of the pronoun's gender."""
    return entity.woman if pronoun.gender == "she" else 1 - entity.woman


class Scorer:
    """A small network over a candidate's features; "nobody" has a score of its own."""

    def __init__(self, weights: Sequence[float]) -> None:
        """Take hidden weights (HIDDEN, SIZE), hidden biases, output weights (HIDDEN + SIZE), and nobody's score."""
        values = np.asarray(weights, dtype=np.float32)
        cut = HIDDEN * SIZE
        self._hidden = values[:cut].reshape(HIDDEN, SIZE)
        self._bias = values[cut : cut + HIDDEN]
        self._out = values[cut + HIDDEN : cut + 2 * HIDDEN]
        self._linear = values[cut + 2 * HIDDEN : cut + 2 * HIDDEN + SIZE]
        self._nobody = float(values[-1])

    def probabilities(self, found: Sequence[Candidate]) -> list[float]:
        """The probability of each candidate; what is left is nobody's."""
        if not found:
            return []
        features = np.array([candidate.features for candidate in found], dtype=np.float32)  # (candidates, SIZE)
        hidden = np.maximum(features @ self._hidden.T + self._bias, 0)
        scores = np.append(hidden @ self._out + features @ self._linear, self._nobody)
        weights = np.exp(scores - scores.max())
        return [float(value) for value in weights[:-1] / weights.sum()]


def resolve(scene: Scene, scorer: Scorer, *, margin: float = MARGIN) -> list[tuple[Pronoun, Entity | None, float]]:
    """Resolve every pronoun of an article in order: the entity, or none below the margin, and the probability."""
    decided: list[tuple[Pronoun, Entity | None, float]] = []
    learn_genders(scene)
    for pronoun in pronouns_of(scene.sentences):
        found = candidates(scene, pronoun)
        probabilities = scorer.probabilities(found)
        best = max(range(len(found)), key=probabilities.__getitem__, default=None)
        probability = probabilities[best] if best is not None else 0.0
        entity = found[best].entity if best is not None else None
        scene.resolved.append((pronoun, entity))
        decided.append((pronoun, entity if probability >= margin else None, probability))
    return decided

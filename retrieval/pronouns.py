"""Whom "he", "she", "his", "her" and "him" stand for: names and statements of an article → an entity for each, or none.

A linear score over each person named before (and in the same sentence) and "nobody named here", trained on our own
annotated news; below a margin a pronoun stays unresolved. Knows nothing of speakers or other articles.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from retrieval.lexicon import Gender
from retrieval.names import Entity, Mention
from retrieval.quotations import enclosing
from retrieval.schema import Sentence, Span

PRONOUN = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself)\b(?![’']s\s+(?:name|own)\b)", re.IGNORECASE)
GENDERS: dict[str, Gender] = {
    "he": "he", "him": "he", "his": "he", "himself": "he", "she": "she", "her": "she", "hers": "she", "herself": "she",
}  # fmt: skip
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
# Chosen so that at most one pronoun in ten gets a wrong name
MARGIN = 0.64
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


@dataclass(frozen=True, slots=True)
class Reported:
    """A statement as the resolver sees it: its source's span and entity, and its content."""

    source: Span | None
    entity: Entity | None
    content: tuple[Span, ...]


@dataclass(slots=True)
class Scene:
    """What is known of an article while its pronouns are resolved, in order."""

    sentences: Sequence[Sentence]
    entities: Sequence[Entity]
    quotes: Sequence[Span]
    reported: Sequence[Reported]
    mentions: Sequence[Mention] = ()
    resolved: list[tuple[Pronoun, Entity | None]] = field(default_factory=list)

    def people_between(self, start: int, end: int) -> Sequence[Mention]:
        """The mentions that start between two places."""
        if not self._starts:
            self._starts = [mention.start for mention in self.mentions]
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    _starts: list[int] = field(default_factory=list)


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


def candidates(scene: Scene, pronoun: Pronoun, *, reach: int = 60) -> list[Candidate]:
    """The persons whom a pronoun may stand for, each with its features (SIZE,)."""
    found: list[Candidate] = []
    sentence = scene.sentences[pronoun.sentence]
    quote = enclosing(pronoun.start, scene.quotes)
    around = [r for r in scene.reported if any(start <= pronoun.start < end for start, end in r.content)]
    for entity in scene.entities:
        if entity.kind == "organisation" or (entity.gender and entity.gender != pronoun.gender):
            continue
        if _fit(entity, pronoun) < UNFIT:
            continue
        at = bisect_left([mention.start for mention in entity.mentions], pronoun.start) - 1
        mention = entity.mentions[at] if at >= 0 else None
        if mention is None:
            ahead = entity.mentions[0]
            if ahead.start >= sentence.end:
                continue
            mention = ahead
        if pronoun.sentence - mention.sentence > reach and not _recent(scene, pronoun, entity):
            continue
        found.append(Candidate(entity, mention, []))
    order = sorted(found, key=lambda candidate: -candidate.mention.start)
    for rank, candidate in enumerate(order):
        candidate.features = _features(scene, pronoun, candidate, rank, len(order), quote, around)
    return order


def _recent(scene: Scene, pronoun: Pronoun, entity: Entity) -> bool:
    return any(other is entity and pronoun.sentence - before.sentence <= 3 for before, other in scene.resolved[-6:])  # noqa: PLR2004


def _features(
    scene: Scene,
    pronoun: Pronoun,
    candidate: Candidate,
    rank: int,
    rivals: int,
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
    speaker_before = next((r for r in reversed(scene.reported) if r.source and r.source[1] <= pronoun.start), None)
    own = any(r.entity is entity for r in around)
    count = sum(m.start < pronoun.start for m in entity.mentions)
    object_here = pronoun.text == "him" and gap == 0 and subject and not ahead
    spoke = sum(r.entity is entity for r in scene.reported)
    total = sum(len(other.mentions) for other in scene.entities if other.kind == "person") or 1
    placed = sum(bool(PLACED.search(text[max(0, m.start - 14) : m.start])) for m in entity.mentions[:12])
    between = sum(mention.end <= m.start < pronoun.start for m in _persons_after(scene, mention.end, pronoun.start))
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
        float(speaker_before is not None and speaker_before.entity is entity),
        float(own and quote is None),
        float(own and quote is not None),
        float(quote is not None),
        2 * fit - 1,
        float(fit > 0.85),  # noqa: PLR2004
        float(entity.kind == "person"),
        float(len(entity.name) > 1),
        math.log1p(count) / 2,
        float(object_here),
        float(entity is _leading(scene, pronoun)),
        len(entity.mentions) / total,
        math.log1p(spoke),
        placed / min(12, len(entity.mentions)),
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


def _persons_after(scene: Scene, start: int, end: int) -> list[Mention]:
    return [m for m in scene.people_between(start, end) if m.entity and m.entity.kind == "person"]


def _leading(scene: Scene, pronoun: Pronoun) -> Entity | None:
    """The person of the pronoun's gender named most so far."""
    best, most = None, 0
    for entity in scene.entities:
        if entity.kind == "person" and entity.gender in (None, pronoun.gender):
            count = bisect_right([m.start for m in entity.mentions], pronoun.start)
            if count > most:
                best, most = entity, count
    return best


class Scorer:
    """A small network over a candidate's features; "nobody" has a score of its own."""

    def __init__(self, weights: Sequence[float]) -> None:
        """Take the numbers: hidden weights (HIDDEN, SIZE), hidden biases, output weights (HIDDEN + SIZE), and nobody's."""
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

"""Whom "he", "she", "his", "her" and "him" stand for: names and statements of an article → an entity for each, or none.

A linear score over each person named before (and in the same sentence) and "nobody named here", trained on our own
annotated news; below a margin a pronoun stays unresolved. Knows nothing of speakers or other articles.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from retrieval.names import FEMALE, MALE, OFFICES, Entity, Gender, Mention
from retrieval.quotations import enclosing
from retrieval.schema import Sentence, Span

PRONOUN = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself)\b(?![’']s\s+(?:name|own)\b)", re.IGNORECASE)
GENDERS: dict[str, Gender] = {
    "he": "he", "him": "he", "his": "he", "himself": "he", "she": "she", "her": "she", "hers": "she", "herself": "she",
}  # fmt: skip
SUBJECTS = frozenset(("he", "she"))
POSSESSIVES = frozenset(("his", "her", "hers"))
PERSONS = (
    OFFICES
    | FEMALE
    | MALE
    | frozenset(
        "man woman person victim suspect defendant neighbour neighbor colleague friend survivor patient driver driver owner".split()
    )
) - {"count", "major", "general", "chair", "miss"}
NOMINAL = re.compile(
    r"\b(?:the|a|an|another|one|his|her|their|its|my|our|[A-Z]\w+[’']s)\s+(?:(?:[a-z][\w-]*|\d+-year-old|[A-Z][\w-]*)\s+){0,3}?(?P<head>[a-z][\w-]+)\b(?!\s+[A-Z])"
)
BEFORE_SUBJECT = re.compile(
    r"(?:^|[,;:—–“\"(]|\b(?:and|but|that|as|when|while|because|if|after|before|said|says|though|although|where|which))\s*$"
)
PREPOSITION = re.compile(
    r"\b(?:of|with|to|from|by|for|against|about|on|in|at|under|over|like|than|between|after|before|behind|near|as)\s+(?:the\s+|a\s+|an\s+)?$"
)
VERB_AFTER = re.compile(
    r"\s*(?:,|\(|[a-z]+ed\b|(?:is|was|has|had|says|said|will|would|told|also|never|did|does|can|could|may|might|took|made|went|came|spent|won|lost|left|began|became|who)\b)"
)
SIZE = 26
MARGIN = 0.5


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
    resolved: list[tuple[Pronoun, Entity | None]] = field(default_factory=list)


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
        float(chained and chain_gap > 2),  # noqa: PLR2004
        float(last is not None and last[1] is not entity and chain_gap <= 1),
        float(speaker_before is not None and speaker_before.entity is entity),
        float(own and quote is None),
        float(own and quote is not None),
        float(entity.gender == pronoun.gender),
        float(entity.kind == "person"),
        math.log1p(count) / 2,
        float(object_here),
        float(entity is _leading(scene, pronoun)),
    ]


def _leading(scene: Scene, pronoun: Pronoun) -> Entity | None:
    """The person of the pronoun's gender named most so far."""
    best, most = None, 0
    for entity in scene.entities:
        if entity.kind == "person" and entity.gender in (None, pronoun.gender):
            count = bisect_right([m.start for m in entity.mentions], pronoun.start)
            if count > most:
                best, most = entity, count
    return best


def score(features: Sequence[float], weights: Sequence[float]) -> float:
    """The linear score of a candidate; that of "nobody" is the last weight."""
    return sum(value * weight for value, weight in zip(features, weights, strict=False))


def resolve(
    scene: Scene, weights: Sequence[float], *, margin: float = MARGIN
) -> list[tuple[Pronoun, Entity | None, float]]:
    """Resolve every pronoun of an article in order: the entity, or none below the margin, and the probability."""
    decided: list[tuple[Pronoun, Entity | None, float]] = []
    for pronoun in pronouns_of(scene.sentences):
        found = candidates(scene, pronoun)
        scores = [score(candidate.features, weights) for candidate in found]
        total = math.exp(weights[-1]) + sum(map(math.exp, scores))
        best = max(range(len(found)), key=scores.__getitem__, default=None)
        probability = math.exp(scores[best]) / total if best is not None else 0.0
        entity = found[best].entity if best is not None else None
        scene.resolved.append((pronoun, entity))
        decided.append((pronoun, entity if probability >= margin else None, probability))
    return decided

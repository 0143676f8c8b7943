"""Whom a pronoun may stand for: the persons within its reach, each with what speaks for and against it.

Knows nothing of weights.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.entities import Entity
from retrieval.names import Mention
from retrieval.quotations import enclosing
from retrieval.scene import Pronoun, Reported, Scene, fit_of, sentence_start
from retrieval.schema import Span

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
# A name this surely of the other gender is left out
UNFIT = 0.02


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
        if fit_of(entity, pronoun) >= UNFIT:
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
    fit = fit_of(entity, pronoun)
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

"""Whom "he", "she", "his", "her" and "him" stand for: names and statements of an article → an entity for each, or none.

A linear score over each person named before (and in the same sentence) and "nobody named here", trained on our own
annotated news; below a margin a pronoun stays unresolved. Knows nothing of speakers or other articles.
"""

from collections.abc import Sequence

import numpy as np

from retrieval.antecedents import SIZE, SUBJECTS, Candidate, candidates
from retrieval.entities import Entity
from retrieval.scene import Pronoun, Scene, learn_genders, pronouns_of

HIDDEN = 96
# Chosen on dev/pronouns.jsonl so that at most one pronoun in ten gets a wrong name
MARGIN = 0.58


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
        teller = scene.teller(pronoun) if pronoun.text in SUBJECTS else None
        if teller is not None and teller in (candidate.entity for candidate in found):
            entity, probability = teller, 1.0
        scene.resolved.append((pronoun, entity))
        decided.append((pronoun, entity if probability >= margin else None, probability))
    return decided

"""Whom "he", "she", "his", "her" and "him" stand for: names and statements of an article → an entity for each, or none.

A linear score over each person named before (and in the same sentence) and "nobody named here", trained on our own
annotated news; below a margin a pronoun stays unresolved, and one that speaks below a higher one. Knows nothing of
other articles.
"""

from collections.abc import Sequence

import numpy as np

from retrieval.antecedents import SIZE, SUBJECTS, Candidate, candidates
from retrieval.entities import Entity
from retrieval.scene import Pronoun, Scene, learn_genders, pronouns_of
from retrieval.voices import Voices

HIDDEN = 96
# Chosen on dev/pronouns.jsonl so that at most one pronoun in ten gets a wrong name
MARGIN = 0.58
# Of the "he" of "he said" where others are named beside him: from 0.60 to 0.75 hardly more than half were right on
# dev/pronouns.jsonl and our held-out news
SPEAKER_MARGIN = 0.75


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


def resolve(
    scene: Scene, scorer: Scorer, voices: Voices | None = None, *, margin: float = MARGIN
) -> list[tuple[Pronoun, Entity | None, float]]:
    """Resolve every pronoun of an article in order: the entity, or none below the margin, and the probability."""
    decided: list[tuple[Pronoun, Entity | None, float]] = []
    voices = voices or Voices(())
    learn_genders(scene)
    for pronoun in pronouns_of(scene.sentences):
        entity, probability = _best(scene, scorer, voices, pronoun)
        scene.resolved.append((pronoun, entity))
        doubtful = voices.of(pronoun) and not voices.is_alone(scene, pronoun, entity)
        needed = max(margin, SPEAKER_MARGIN) if doubtful else margin
        decided.append((pronoun, entity if probability >= needed else None, probability))
    return decided


def _best(scene: Scene, scorer: Scorer, voices: Voices, pronoun: Pronoun) -> tuple[Entity | None, float]:
    """The likeliest entity and its probability among those that nothing rules out."""
    found = candidates(scene, pronoun)
    probabilities = scorer.probabilities(found)
    voice = voices.of(pronoun)
    settled = voices.goes_on(scene, pronoun, voice) if voice else None
    if settled is None and pronoun.text in SUBJECTS:
        settled = scene.teller(pronoun)
    if settled is not None and settled in (candidate.entity for candidate in found):
        return settled, 1.0
    if voice:
        probabilities = _without(probabilities, voices.ruled_out(scene, pronoun, voice, found))
    best = max(range(len(found)), key=probabilities.__getitem__, default=None)
    return (None, 0.0) if best is None else (found[best].entity, probabilities[best])


def _without(probabilities: Sequence[float], out: Sequence[bool]) -> list[float]:
    """The probabilities where some candidates are ruled out, in the same order."""
    rest = 1 - sum(value for value, gone in zip(probabilities, out, strict=True) if gone)
    return [0.0 if gone or rest <= 0 else value / rest for value, gone in zip(probabilities, out, strict=True)]

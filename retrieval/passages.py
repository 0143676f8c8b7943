"""Sentences → Passages: the window around each sentence, and the window's vector.

Knows nothing of where vectors come from.
"""

from collections.abc import Sequence

import numpy as np

from retrieval.embed import Vectors
from retrieval.schema import Passage, Sentence

# How much each neighbour weighs in a window's vector, the sentence itself being 1. The mean of the three sentences' own
# vectors puts the right sentence first as often as the window's text embedded (.70/.68 against .70/.67 on news_dev,
# .808/.807 against .811/.808 on squad2_dev) at a quarter of the work.
NEIGHBOUR_SHARE = 0.5


def windows(sentences: Sequence[Sentence]) -> tuple[Passage, ...]:
    """For each sentence of one article the passage from the sentence before it to the one after."""
    last = len(sentences) - 1
    return tuple(Passage(sentences[max(0, at - 1)], sentences[min(last, at + 1)]) for at in range(len(sentences)))


def window_vectors(vectors: Vectors) -> Vectors:
    """The unit vectors of the windows around an article's sentences, whose vectors are given; both (sentences, d)."""
    summed = vectors.copy()
    summed[1:] += NEIGHBOUR_SHARE * vectors[:-1]
    summed[:-1] += NEIGHBOUR_SHARE * vectors[1:]
    lengths = np.linalg.norm(summed, axis=1, keepdims=True)
    return np.asarray(summed / np.maximum(lengths, 1e-12), dtype=np.float32)

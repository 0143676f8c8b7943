"""Sentences → Passages: the window around each sentence, within its article.

Knows nothing of vectors.
"""

from collections.abc import Sequence

from retrieval.schema import Passage, Sentence


def windows(sentences: Sequence[Sentence], *, radius: int) -> tuple[Passage, ...]:
    """For each sentence the passage from `radius` sentences before it to `radius` after; one passage a sentence."""
    last = len(sentences) - 1
    return tuple(
        Passage(sentences[max(0, number - radius)], sentences[min(last, number + radius)])
        for number in range(len(sentences))
    )

"""The window around each sentence, and its vector."""

from collections.abc import Callable

import numpy as np
import pytest

from retrieval.passages import window_vectors, windows
from retrieval.schema import Article
from retrieval.sentences import split


def test_windows_reach_one_sentence_to_either_side(make_article: Callable[..., Article]) -> None:
    """And no further than the article."""
    found = windows(split(make_article("One here. Two here. Three here.")))
    assert [window.text for window in found] == [
        "One here. Two here.",
        "One here. Two here. Three here.",
        "Two here. Three here.",
    ]
    assert windows(()) == ()


def test_window_vectors_are_unit_and_lean_to_the_sentence() -> None:
    """A neighbour weighs half as much as the sentence itself."""
    made = window_vectors(np.eye(3, dtype=np.float32))
    assert np.linalg.norm(made, axis=1) == pytest.approx(1.0)
    assert made[1] == pytest.approx(np.array([0.5, 1.0, 0.5]) / np.sqrt(1.5))
    assert made[0, 2] == 0


def test_one_sentence_is_its_own_window() -> None:
    """Nothing to lean to."""
    vector = np.array([[0.6, 0.8]], dtype=np.float32)
    assert window_vectors(vector) == pytest.approx(vector)

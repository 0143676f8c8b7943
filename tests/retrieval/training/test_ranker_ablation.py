"""What a source is worth: figures counted from what a reader said, and training for so many steps."""

import time

import numpy as np
import pytest

from retrieval.training.ranker_ablation import Worth, table, worth
from retrieval.training.ranker_measure import Read
from retrieval.training.ranker_train import Length


def _read(mode: str, order: list[float], *, right: int | None, fused: list[float], answers: list[float]) -> Read:
    """A reading of three sentences, of which one is right, or none."""
    marks = np.array([place == right for place in range(3)])
    by_words, ordered, answering = (np.array(scores, dtype=np.float64) for scores in (fused, order, answers))
    return Read("small", mode, right is not None, marks, by_words, ordered, answering, missed=False)


def test_worth_counts_the_right_first() -> None:
    """Alone the reader is right of one question in two, with retrieval's score of both; it tells which have one."""
    reads = [
        _read("closed", [2, 1, 0], right=0, fused=[1, 0, 0], answers=[3, 0, 0]),
        _read("closed", [1, 2, 0], right=0, fused=[1, 0, 0], answers=[2, 0, 0]),
        _read("closed", [2, 1, 0], right=None, fused=[1, 0, 0], answers=[1, 0, 0]),
    ]
    assert worth("qed", reads) == [Worth("qed", "small", "closed", 0.5, 1.0, 1.0)]


def test_the_table_has_a_line_for_each_source_left_out() -> None:
    """Closed and open stand in one cell, and AUROC only where some questions cannot be answered."""
    found = [Worth(source, "small", mode, 0.5, 0.75, None) for source in (None, "qed") for mode in ("closed", "open")]
    lines = table(found).splitlines()
    assert lines[0] == "| trained without | small, reader alone | small, with retrieval |"
    assert lines[2:] == [
        "| nothing: all sources | .500 / .500 | .750 / .750 |",
        "| qed | .500 / .500 | .750 / .750 |",
    ]


@pytest.mark.parametrize(("step", "done"), [(1, 0.0), (2, 0.25), (5, 1.0)])
def test_steps_are_counted_whatever_time_they_take(step: int, done: float) -> None:
    """With four steps the fifth is not begun, however long ago training began."""
    assert Length(minutes=1, steps=4).done(step, begun=time.monotonic() - 3600) == done

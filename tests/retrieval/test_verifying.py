"""The words of a question that the verifier doubts."""

import numpy as np
import pytest

from retrieval.plan import encode
from retrieval.reader import UNUSED
from retrieval.verifying import Judgement

QUESTION = "When did “Yale’s” rowing crew leave Göttingen (1,000)?"


def of_tokens(*amiss: str, read: int = 99) -> list[str]:
    """The words that are doubted where these pieces of the question are amiss; only the first tokens were `read`."""
    places = encode([QUESTION])[0].places
    doubts = [1.0 if QUESTION[start:end] in amiss else -1.0 for start, end in places.tolist()]
    judged = Judgement(np.zeros(1), np.array(doubts[:read]))
    return [QUESTION[start:end] for start, end in judged.doubted(QUESTION, places)]


@pytest.mark.parametrize(
    ("amiss", "words"),
    [
        ((), []),
        (("Yale",), ["Yale’s"]),
        (("rowing", "crew", "When"), ["When", "rowing", "crew"]),
        (("leave", "?", "“"), ["leave"]),
        (("000",), ["1,000"]),
    ],
)
def test_a_word_is_doubted_wherever_a_token_of_it_is(amiss: tuple[str, ...], words: list[str]) -> None:
    """Without the marks around it; a mark alone is no word."""
    assert of_tokens(*amiss) == words


def test_what_was_not_read_is_not_doubted() -> None:
    """A long question is read up to a number of tokens."""
    assert of_tokens("rowing", "leave", read=8) == ["rowing"]


def test_the_greatest_doubt_counts() -> None:
    """One word amiss is enough; where nothing was read there is no telling."""
    assert Judgement(np.zeros(2), np.array([-3.0, 1.5, -2.0])).doubt == 1.5
    assert Judgement(np.zeros(2), np.zeros(0)).doubt == 0
    assert Judgement(np.zeros(2), np.full(3, UNUSED)).doubt == 0

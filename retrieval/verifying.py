"""The bundled verifier: whether a sentence that stands first answers, by a second reader that was taught to doubt.

What makes a reader doubt sentences that nearly answer makes it doubt those that answer in other words, too, and puts
fewer right sentences first. So one reader orders all that was found, and this one reads the first once more among its
neighbours. Knows nothing of order, retrieval or calibration.
"""

import re
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from retrieval.reader import UNKNOWN, UNUSED, Batch, Reader, Window
from retrieval.schema import Span

# Tokens read, at most: a wider view finds more that seems to bear a question out, and tells near misses less well
# (AUROC on squad2_dev .796 where 112 give .782, 2026-11-29).
VERIFIED = 72

WORD = re.compile(r"\S+")
MARKS = "?!.,:;()[]…“”„«»\"'‘’–—-"

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """How what both readers say becomes a probability: weights fitted on held-out questions.

    That a sentence is right has log-odds of `ranker` · the ranker's answering score + `verifier` · the verifier's +
    `doubt` · how much the verifier doubts the most doubted word of the question + `intercept`.
    """

    ranker: float
    verifier: float
    doubt: float
    intercept: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a verifying reader says of a window: that each sentence answers, that each token of the question is amiss.

    Both are log-odds, (sentences,) and (tokens,).
    """

    answers: Numbers
    doubts: Numbers

    @property
    def doubt(self) -> float:
        """Of the most doubted token; even odds where none could be read."""
        return float(max(self.doubts[self.doubts > UNUSED], default=0.0))

    def doubted(self, question: str, places: NDArray[np.uint16]) -> tuple[Span, ...]:
        """Where words of the question stand that are more probably amiss than not.

        Args:
            question: Its text.
            places: Where in it each token stands, (tokens, 2); the first ones were read.
        """
        amiss = places[: len(self.doubts)][self.doubts > 0].tolist()
        words = (_bare(word) for word in WORD.finditer(question))
        return tuple(word for word in words if any(start < word[1] and end > word[0] for start, end in amiss))


@dataclass(frozen=True, slots=True)
class Verifier:
    """The verifier that the package ships: a network, and how its scores and the ranker's become a probability."""

    reader: Reader
    evidence: Evidence

    def log_odds(self, said: Judgement, slot: int, answers: float) -> float:
        """That the sentence in this place of a window answers, given the ranker's answering score of it."""
        weights = self.evidence
        own = weights.verifier * float(said.answers[slot]) + weights.doubt * said.doubt
        return weights.ranker * answers + own + weights.intercept


def judge(reader: Reader, window: Window) -> Judgement:
    """What a verifying reader says of a window; what it cannot read, as emoji, it has no doubt of."""
    with torch.inference_mode():
        scores = reader.read(Batch.of([window]))
    answers = scores.answers[0, : len(window.starts)].numpy()
    end = window.starts[0] - 2
    known = np.array(window.ids[1:end]) != UNKNOWN
    doubts = np.where(known, scores.doubts[0, 1:end].numpy(), UNUSED)
    return Judgement(np.asarray(answers, dtype=np.float64), np.asarray(doubts, dtype=np.float64))


def _bare(word: re.Match[str]) -> Span:
    """Where a word stands, without the marks around it."""
    start = word.start() + len(word.group()) - len(word.group().lstrip(MARKS))
    return start, max(start, word.start() + len(word.group().rstrip(MARKS)))

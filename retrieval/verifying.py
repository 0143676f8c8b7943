"""The bundled verifier: whether a sentence that stands first answers, by a second reader that was taught to doubt.

What makes a reader doubt sentences that nearly answer makes it doubt those that answer in other words, too, and puts
fewer right sentences first. So one reader orders all that was found, and this one reads the window of the first once
more. Knows nothing of order, retrieval or calibration.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from retrieval.reader import Batch, Reader, Window

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """How what both readers say becomes a probability: weights fitted on held-out questions.

    That a sentence is right has log-odds of `ranker` · the ranker's answering score + `verifier` · the verifier's +
    `intercept`.
    """

    ranker: float
    verifier: float
    intercept: float


class Verifier:
    """The verifier that the package ships.

    Args:
        reader: The network.
        evidence: How its scores and the ranker's become a probability.
    """

    def __init__(self, reader: Reader, evidence: Evidence) -> None:
        self._reader = reader
        self._evidence = evidence

    def log_odds(self, window: Window, answers: Numbers) -> Numbers:
        """That each of a window's sentences answers, given the ranker's answering scores, both (sentences,)."""
        weights = self._evidence
        return np.asarray(weights.ranker * answers + weights.verifier * self.answers(window) + weights.intercept)

    def answers(self, window: Window) -> Numbers:
        """The verifier's own answering scores, (sentences,)."""
        with torch.inference_mode():
            scores = self._reader.read(Batch.of([window]))
        return np.asarray(scores.answers[0, : len(window.starts)].numpy(), dtype=np.float64)

"""Questions and their hits → sentences in order, each with the probability that it answers.

Three ways that one setting chooses between: the bundled reader, any cross-encoder, or retrieval's own order. Knows
nothing of archives or answers.
"""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from retrieval.batching import Cores
from retrieval.errors import ModelError
from retrieval.schema import Hit, Ranked

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

Request = tuple[str, Sequence[Hit]]
BUNDLED, NONE = "bundled", "none"
CANDIDATES = 16
# The fused score's own calibration: a logistic regression on squad2_dev and news_dev, closed and open.
SCORE_SLOPE, SCORE_INTERCEPT = 2.0, -1.27


class Ranker(Protocol):
    """What decides which of a question's hits comes first."""

    candidates: int
    """How many hits it makes use of."""

    def rank(self, requests: Sequence[Request], *, verify: bool = True) -> list[list[Ranked]]:
        """Put each question's hits in order, best first; several questions are ranked together.

        Args:
            requests: The questions, each with its hits.
            verify: Whether to look twice at whether the first sentence answers, where the ranker can.
        """


class ScoreRanker:
    """Retrieval's own order."""

    def __init__(self, *, candidates: int = CANDIDATES) -> None:
        self.candidates = candidates

    def rank(self, requests: Sequence[Request], *, verify: bool = True) -> list[list[Ranked]]:  # noqa: ARG002 - looks once
        """The hits by their fused score."""
        return [
            in_order(Ranked(hit.sentence, hit.score, self._probability(hit)) for hit in hits) for _, hits in requests
        ]

    @staticmethod
    def _probability(hit: Hit) -> float:
        return logistic(SCORE_SLOPE * hit.score + SCORE_INTERCEPT)


class CrossEncoderRanker:
    """Any cross-encoder that sentence-transformers can load, on the sentences alone.

    Its probability is the model's own, which nothing here has calibrated.

    Args:
        name: A folder, or a name that sentence-transformers knows.
        candidates: How many hits to rank.

    Raises:
        ModelError: There is no such model.
    """

    def __init__(self, name: str, *, candidates: int = CANDIDATES) -> None:
        self.candidates = candidates
        self._model = _cross_encoder(name)

    def rank(self, requests: Sequence[Request], *, verify: bool = True) -> list[list[Ranked]]:  # noqa: ARG002 - looks once
        """The hits by the model's score."""
        pairs = [(question, hit.sentence.text) for question, hits in requests for hit in hits]
        scores = iter(self._scores(pairs))
        return [in_order(Ranked(hit.sentence, score := next(scores), score) for hit in hits) for _, hits in requests]

    def _scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        from torch.nn import Sigmoid

        if not pairs:
            return []
        return [float(s) for s in self._model.predict(list(pairs), activation_fn=Sigmoid(), show_progress_bar=False)]


class SharedRanker:
    """A ranker for many threads, each on a core of its own."""

    def __init__(self, ranker: Ranker, cores: Cores) -> None:
        self.candidates = ranker.candidates
        self._ranker = ranker
        self._cores = cores

    def rank(self, requests: Sequence[Request], *, verify: bool = True) -> list[list[Ranked]]:
        """Put each question's hits in order, best first."""
        with self._cores.one():
            return self._ranker.rank(requests, verify=verify)


def load_ranker(name: str = BUNDLED, *, candidates: int = CANDIDATES) -> Ranker:
    """The ranker of a name: `bundled`, `none`, or a cross-encoder's name or folder.

    Raises:
        ModelError: Its weights are missing or damaged.
    """
    if name == NONE:
        return ScoreRanker(candidates=candidates)
    if name == BUNDLED:
        from retrieval.reading import BundledRanker

        return BundledRanker.load(candidates=candidates)
    return CrossEncoderRanker(name, candidates=candidates)


def in_order(ranked: Iterable[Ranked]) -> list[Ranked]:
    """Best first; equals stay as they came."""
    return sorted(ranked, key=lambda one: -one.score)


def logistic(value: float) -> float:
    """The probability of a log-odds."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, value))))


def _cross_encoder(name: str) -> "CrossEncoder":
    from sentence_transformers import CrossEncoder

    if name.startswith((".", "/", "~")) and not Path(name).is_dir():
        raise ModelError(f"There is no model folder {name} (retrieval.ranker).")
    try:
        model: CrossEncoder = CrossEncoder(name)
    except Exception as error:  # the library raises whatever its parts raise
        raise ModelError(f"The ranker {name} cannot be loaded (retrieval.ranker): {error}.") from error
    return model

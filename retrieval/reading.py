"""The bundled ranker: hits → windows → the reader's scores → sentences in order with probability and short answer.

Knows how scores become one; what is read at once is `retrieval.plan`, the network itself `retrieval.reader`, and the
first sentence is read once more by `retrieval.verifying`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from retrieval.encoder import MODELS, load_encoder
from retrieval.plan import Plan, Sentences, probe
from retrieval.rank import CANDIDATES, Request, in_order, logistic
from retrieval.reader import SENTENCE, Batch, Reader, Scores, Window
from retrieval.schema import Ranked, Sentence, Span
from retrieval.verifying import VERIFIED, Evidence, Verifier, judge

FOLDER, VERIFIER = MODELS / "ranker", MODELS / "verifier"
# Tokens of a short answer, at most.
MAX_SHORT = 30
# Whether an answer may begin at a row's token and end at a column's.
LATER = np.arange(SENTENCE) - np.arange(SENTENCE)[:, None]
SHORT = (LATER >= 0) & (LATER < MAX_SHORT)
NUMBER = (
    r"(?:\d[\d,.]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty"
    r"|hundred|thousand|million|billion)"
)
QUANTITY = re.compile(rf"\b{NUMBER}(?: [a-z]+)?\Z", re.IGNORECASE)
FURTHER = re.compile(rf" and (?:(?:a|one) (?:half|quarter|third)|three quarters|{NUMBER} [a-z]+s)\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of a sentence; `short` spans tokens of it."""

    order: float
    answers: float
    short: Span


@dataclass(frozen=True, slots=True)
class Mix:
    """How readings become a score and a probability: weights fitted on held-out questions.

    A sentence's score is the reader's order + `fused` · retrieval's score + `answers` · the answering score. That it is
    right has log-odds of `slope` · the answering score + `lead` · its lead + `intercept`, where no verifier is asked.
    """

    fused: float
    answers: float
    slope: float
    lead: float
    intercept: float


def load_reader(folder: Path) -> tuple[Reader, list[float]]:
    """The reader whose weights lie in a folder, made quick, and the numbers that say how its scores are mixed.

    Raises:
        ModelError: They are missing or damaged.
    """
    encoder, heads = load_encoder(folder)
    mix = heads.pop("mix").tolist()
    reader = Reader(encoder).eval()
    reader.load_state_dict(heads, strict=False)
    return reader.hasten(probe()), mix


class BundledRanker:
    """The reader that the package ships.

    Args:
        reader: The network.
        mix: How its scores become one.
        verifier: What says whether the first sentence and those beside it answer; without one the reader does.
        candidates: How many hits it is given.
    """

    def __init__(
        self, reader: Reader, mix: Mix, *, verifier: Verifier | None = None, candidates: int = CANDIDATES
    ) -> None:
        self.candidates = candidates
        self._reader = reader
        self._mix = mix
        self._verifier = verifier
        self._sentences = Sentences()

    @classmethod
    def load(cls, folder: Path = FOLDER, verifier: Path = VERIFIER, *, candidates: int = CANDIDATES) -> "BundledRanker":
        """The ranker and the verifier whose weights lie in two folders.

        Raises:
            ModelError: They are missing or damaged.
        """
        reader, mix = load_reader(folder)
        second, evidence = load_reader(verifier)
        return cls(reader, Mix(*mix), verifier=Verifier(second, Evidence(*evidence)), candidates=candidates)

    def rank(self, requests: Sequence[Request], *, verify: bool = True) -> list[list[Ranked]]:
        """Put each question's hits, and the neighbours read with them, in order."""
        plans = [Plan(question, hits, self._sentences) for question, hits in requests]
        verifier = self._verifier if verify else None
        return [self._ranked(plan, self.read([window for _, window in plan.windows]), verifier) for plan in plans]

    def read(self, windows: Sequence[Window]) -> list[list[Reading]]:
        """What the reader says of each window's sentences.

        The windows of a question are read at once, and alone: int8 layers take one scale for all that they read, and an
        answer is not to depend on who else asks.
        """
        if not windows:
            return []
        with torch.inference_mode():
            scores = self._reader.read(Batch.of(windows))
        return [list(_readings(scores, row, window)) for row, window in enumerate(windows)]

    def _ranked(self, plan: Plan, readings: Sequence[Sequence[Reading]], verifier: Verifier | None) -> list[Ranked]:
        fused = {(hit.sentence.article.id, hit.sentence.number): hit.score for hit in plan.hits}
        least = min(fused.values(), default=0.0)
        found: list[tuple[Sentence, Reading, float]] = []
        for (article, window), read in zip(plan.windows, readings, strict=True):
            for number, reading in enumerate(read, window.first):
                alike = fused.get((article, number), least)
                found.append((plan.known[article][number], reading, alike))
        scores = np.array([r.order + self._mix.answers * r.answers + self._mix.fused * alike for _, r, alike in found])
        answers = np.array([reading.answers for _, reading, _ in found])
        odds = self._mix.slope * answers + self._mix.lead * leads(scores) + self._mix.intercept
        ranked = in_order(
            Ranked(sentence, score, logistic(odd), self._short(plan, sentence, reading))
            for (sentence, reading, _), score, odd in zip(found, scores.tolist(), odds.tolist(), strict=True)
        )
        if verifier and ranked:
            known = {(sentence.article.id, sentence.number): reading.answers for sentence, reading, _ in found}
            ranked = self._verified(plan, ranked, known, verifier)
        return ranked + self._unread(plan, ranked)

    @staticmethod
    def _verified(
        plan: Plan, ranked: Sequence[Ranked], answers: Mapping[tuple[str, int], float], verifier: Verifier
    ) -> list[Ranked]:
        """The first sentence, and those around it, as likely as the verifier finds them too; the others as they are."""
        first = ranked[0].sentence
        window = plan.around(first.article.id, first.number, length=VERIFIED)
        said = judge(verifier.reader, window)
        places = said.doubted(plan.question, plan.asked.places)

        def verified(one: Ranked) -> Ranked:
            slot = one.sentence.number - window.first
            if one.sentence.article.id != first.article.id or not 0 <= slot < len(window.starts):
                return one
            odds = verifier.log_odds(said, slot, answers[one.sentence.article.id, one.sentence.number])
            return replace(one, probability=logistic(odds), doubted=places)

        return [verified(one) for one in ranked]

    @staticmethod
    def _unread(plan: Plan, ranked: Sequence[Ranked]) -> list[Ranked]:
        """The hits that there was no room for, in retrieval's order below all others."""
        read = {(one.sentence.article.id, one.sentence.number) for one in ranked}
        lowest = ranked[-1].score if ranked else 0.0
        left = [hit for hit in plan.hits if (hit.sentence.article.id, hit.sentence.number) not in read]
        return [Ranked(hit.sentence, lowest - place, 0.0) for place, hit in enumerate(left, 1)]

    @staticmethod
    def _short(plan: Plan, sentence: Sentence, reading: Reading) -> Span | None:
        places = plan.encoded[sentence.article.id][sentence.number].places
        first, last = reading.short
        if not len(places):
            return None
        start, end = int(places[first, 0]), int(places[last, 1])
        return sentence.start + start, sentence.start + whole_quantity(sentence.text, start, end)


def whole_quantity(text: str, start: int, end: int) -> int:
    """Where a quantity that begins at `start` ends: “an hour” goes on to “and a half”, “21 hours” to “36 minutes”."""
    further = FURTHER.match(text, end) if QUANTITY.search(text, start, end) else None
    return further.end() if further else end


def _readings(scores: Scores, row: int, window: Window) -> Iterator[Reading]:
    order, answers = scores.order[row].tolist(), scores.answers[row].tolist()
    starts, ends = scores.starts[row].numpy(), scores.ends[row].numpy()
    for slot, (s, e) in enumerate(zip(window.starts, window.ends, strict=True)):
        _, short = best_span(starts[s:e], ends[s:e])
        yield Reading(order[slot], answers[slot], short)


def leads(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each score is above the best of the others, in log-odds of the softmax."""
    shares = np.exp(scores - scores.max(initial=0.0))
    shares = np.clip(shares / max(shares.sum(), 1e-9), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(shares / (1 - shares)))


def best_span(starts: NDArray[np.float32], ends: NDArray[np.float32]) -> tuple[float, Span]:
    """The best first and last token of an answer no longer than MAX_SHORT, and its score."""
    count = len(starts)
    if not count:
        return 0.0, (0, 0)
    both = np.where(SHORT[:count, :count], starts[:, None] + ends[None, :], -np.inf)
    first, last = divmod(int(both.argmax()), count)
    return float(both[first, last]), (first, last)

"""The bundled ranker: hits → windows → the reader's scores → sentences in order with probability and short answer.

Knows how windows are laid over hits and how scores become one; the network itself is `retrieval.reader`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from retrieval.batching import Remembered
from retrieval.encoder import MODELS, load_encoder, tokenizer
from retrieval.rank import CANDIDATES, Request, in_order, logistic
from retrieval.reader import SENTENCE, Batch, Reader, Scores, Tokens, Window, reach
from retrieval.schema import Hit, Ranked, Sentence, Span

FOLDER = MODELS / "ranker"
# Tokens read for a question, at most. On news_dev and squad2_dev 450 put no more questions right (2026-11-22).
MAX_TOKENS = 300
# Tokens of a short answer, at most.
MAX_SHORT = 30
# Whether an answer may begin at a row's token and end at a column's.
LATER = np.arange(SENTENCE) - np.arange(SENTENCE)[:, None]
SHORT = (LATER >= 0) & (LATER < MAX_SHORT)
KEPT_SENTENCES = 50_000
PROBE = (
    "Who said on Tuesday that no one wants peace more than Ukraine?",
    "A council in the north of England voted by 31 to 4 on Tuesday to close its last coal-fired power station.",
    "“No one wants peace more than Ukraine,” Zelensky (47) said, hours after the call with Mr. Trump ended.",
)
NUMBER = (
    r"(?:\d[\d,.]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty"
    r"|hundred|thousand|million|billion)"
)
QUANTITY = re.compile(rf"\b{NUMBER}(?: [a-z]+)?\Z", re.IGNORECASE)
FURTHER = re.compile(rf" and (?:(?:a|one) (?:half|quarter|third)|three quarters|{NUMBER} [a-z]+s)\b")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A sentence's token ids and their places in its text, (tokens,) and (tokens, 2)."""

    ids: NDArray[np.uint16]
    places: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of a sentence; `short` spans tokens of it."""

    order: float
    answers: float
    span: float
    short: Span


@dataclass(frozen=True, slots=True)
class Mix:
    """How readings become a score and a probability: weights fitted on held-out questions.

    A sentence's score is the reader's order + `fused` · retrieval's score + `answers` · the answering score. That it is
    right has log-odds of `slope` · the answering score + `lead` · its lead + `intercept`.
    """

    fused: float
    answers: float
    slope: float
    lead: float
    intercept: float


class Sentences(Remembered[Sentence, Encoded]):
    """Sentences → their tokens, those of the last KEPT_SENTENCES kept."""

    def __init__(self) -> None:
        super().__init__(
            lambda sentences: encode([one.text for one in sentences]),
            key=lambda one: (one.article.id, one.article.version, one.number),
            kept=KEPT_SENTENCES,
        )


def encode(texts: Sequence[str]) -> list[Encoded]:
    """Texts as the reader's tokens."""
    made = tokenizer()(list(texts), add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    return [
        Encoded(np.array(ids[:SENTENCE], dtype=np.uint16), np.array(places[:SENTENCE], dtype=np.uint16).reshape(-1, 2))
        for ids, places in zip(made["input_ids"], made["offset_mapping"], strict=True)
    ]


def probe() -> Batch:
    """A question over two sentences."""
    question, *sentences = [one.ids.tolist() for one in encode(PROBE)]
    return Batch.of([Window.build(question, dict(enumerate(sentences)), 0, len(sentences) - 1)])


class Plan:
    """The windows that one question's hits are read in, best hit first until MAX_TOKENS."""

    def __init__(self, question: str, hits: Sequence[Hit], sentences: Sentences) -> None:
        self.hits = hits
        self.windows: list[tuple[str, Window]] = []
        self.known: dict[str, dict[int, Sentence]] = {}
        self.encoded: dict[str, dict[int, Encoded]] = {}
        for hit in hits:
            own = self.known.setdefault(hit.sentence.article.id, {})
            own |= {one.number: one for one in (hit.before, hit.sentence, hit.after) if one is not None}
        everything = [sentence for own in self.known.values() for sentence in own.values()]
        for sentence, encoded in zip(everything, sentences(everything), strict=True):
            self.encoded.setdefault(sentence.article.id, {})[sentence.number] = encoded
        self._lay(encode([question])[0].ids.tolist())

    def _lay(self, question: Tokens) -> None:
        ids = {article: {n: one.ids.tolist() for n, one in own.items()} for article, own in self.encoded.items()}
        covered: dict[str, set[int]] = {article: set() for article in ids}
        total = 0
        for hit in self.hits:
            article, number = hit.sentence.article.id, hit.sentence.number
            if number in covered[article]:
                continue
            first, last = reach(question, ids[article], number, before_and_after(), covered[article])
            window = Window.build(question, ids[article], first, last)
            total += len(window.ids)
            if self.windows and total > MAX_TOKENS:
                break
            covered[article].update(range(first, last + 1))
            self.windows.append((article, window))


def before_and_after() -> Iterator[int]:
    """First the side before, then the one after, and so on."""
    return chain.from_iterable(repeat((-1, 1)))


class BundledRanker:
    """The reader that the package ships.

    Args:
        reader: The network.
        mix: How its scores become one.
        candidates: How many hits it is given.
    """

    def __init__(self, reader: Reader, mix: Mix, *, candidates: int = CANDIDATES) -> None:
        self.candidates = candidates
        self._reader = reader
        self._mix = mix
        self._sentences = Sentences()

    @classmethod
    def load(cls, folder: Path = FOLDER, *, candidates: int = CANDIDATES) -> "BundledRanker":
        """The ranker whose weights lie in a folder.

        Raises:
            ModelError: They are missing or damaged.
        """
        encoder, heads = load_encoder(folder)
        mix = Mix(*heads.pop("mix").tolist())
        reader = Reader(encoder).eval()
        reader.load_state_dict(heads, strict=False)
        return cls(reader.hasten(probe()), mix, candidates=candidates)

    def rank(self, requests: Sequence[Request]) -> list[list[Ranked]]:
        """Put each question's hits, and the neighbours read with them, in order."""
        plans = [Plan(question, hits, self._sentences) for question, hits in requests]
        return [self._ranked(plan, self.read([window for _, window in plan.windows])) for plan in plans]

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

    def _ranked(self, plan: Plan, readings: Sequence[Sequence[Reading]]) -> list[Ranked]:
        fused = {(hit.sentence.article.id, hit.sentence.number): hit.score for hit in plan.hits}
        least = min(fused.values(), default=0.0)
        found: list[tuple[Sentence, Reading, float]] = []
        for (article, window), read in zip(plan.windows, readings, strict=True):
            for number, reading in enumerate(read, window.first):
                alike = fused.get((article, number), least)
                found.append((plan.known[article][number], reading, alike))
        scores = [r.order + self._mix.answers * r.answers + self._mix.fused * alike for _, r, alike in found]
        read_here = in_order(
            Ranked(sentence, score, self._probability(reading, lead), self._short(plan, sentence, reading))
            for (sentence, reading, _), score, lead in zip(found, scores, leads(np.array(scores)), strict=True)
        )
        return read_here + self._unread(plan, read_here)

    @staticmethod
    def _unread(plan: Plan, ranked: Sequence[Ranked]) -> list[Ranked]:
        """The hits that there was no room for, in retrieval's order below all others."""
        read = {(one.sentence.article.id, one.sentence.number) for one in ranked}
        lowest = ranked[-1].score if ranked else 0.0
        left = [hit for hit in plan.hits if (hit.sentence.article.id, hit.sentence.number) not in read]
        return [Ranked(hit.sentence, lowest - place, 0.0) for place, hit in enumerate(left, 1)]

    def _probability(self, reading: Reading, lead: float) -> float:
        return logistic(self._mix.slope * reading.answers + self._mix.lead * lead + self._mix.intercept)

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
        yield Reading(order[slot], answers[slot], *best_span(starts[s:e], ends[s:e]))


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

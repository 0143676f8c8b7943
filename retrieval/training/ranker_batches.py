"""Examples → training batches: for each question a window that holds the answer and one that nearly does.

Knows how negatives are found and windows drawn; knows nothing of losses or optimisers.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import torch
from numpy.typing import NDArray

from retrieval.embed import Embedder
from retrieval.encoder import tokenizer
from retrieval.reader import QUESTION, SENTENCE, SLOTS, WINDOW, Batch, Window, reach
from retrieval.training.ranker_examples import Collection, Example, Place, as_typed, changed
from retrieval.training.ranker_labels import Label, Targets, differing

BLOCK = 512  # questions compared with all sentences at a time
NEAR, FAR = 8, 4  # negatives kept of the same and of other documents
SHORTEST = 48  # tokens that a window is filled to, at least
AT_ONCE = 16  # batches cut from what is drawn at a time
REMOVED_SHARE = 0.06  # of answerable questions lose the answering sentence
UNCHANGED_SOURCES = ("qamr",)  # many questions to a sentence: a changed one is often another's true question


@dataclass(frozen=True, slots=True)
class Shares:
    """How windows are drawn.

    `far` of second windows come from another document; `changed` of answerable questions stand beside themselves,
    changed into unanswerable ones; `beside` of those written to be unanswerable stand beside one that the same sentence
    answers, `likest` of these beside the one most like it. Lengths are drawn from SHORTEST to `longest` tokens, and
    those above WINDOW are WINDOW.
    """

    far: float
    changed: float
    beside: float
    likest: float
    longest: int


@dataclass(frozen=True, slots=True)
class Negatives:
    """The most similar wrong sentences: of the example's document (examples, NEAR), of others (examples, FAR, 2)."""

    near: NDArray[np.int32]
    far: NDArray[np.int32]


def mine(collection: Collection, embedder: Embedder) -> Negatives:
    """Find the sentences nearest to each question that do not answer it; -1 where a document has too few."""
    texts = list(chain.from_iterable(document.texts for document in collection.documents))
    sizes = [len(document.texts) for document in collection.documents]
    firsts = np.cumsum([0, *sizes])
    owners = np.repeat(np.arange(len(sizes)), sizes)
    vectors = embedder.embed(texts)
    questions = embedder.embed([example.question for example in collection.examples])
    near = np.full((len(questions), NEAR), -1, dtype=np.int32)
    far = np.full((len(questions), FAR, 2), -1, dtype=np.int32)
    alike = chain.from_iterable(
        questions[block : block + BLOCK] @ vectors.T for block in range(0, len(questions), BLOCK)
    )
    for row, (example, products) in enumerate(zip(collection.examples, alike, strict=True)):
        begin, end = firsts[example.document], firsts[example.document + 1]
        inside = products[begin:end].copy()
        inside[list(example.gold)] = -2
        best = np.argsort(-inside)[: max(0, min(NEAR, len(inside) - len(example.gold)))]
        near[row, : len(best)] = best
        products[begin:end] = -2
        others = np.argpartition(-products, FAR)[:FAR]
        far[row] = np.stack([owners[others], others - firsts[owners[others]]], axis=1)
    return Negatives(near, far)


def joined(*parts: tuple[Collection, Negatives]) -> tuple[Collection, Negatives]:
    """Collections with their negatives as one."""
    whole = Collection([], [])
    near, far = [], []
    for collection, negatives in parts:
        shift = len(whole.documents)
        whole.documents += collection.documents
        whole.examples += [replace(example, document=example.document + shift) for example in collection.examples]
        near.append(negatives.near)
        far.append(negatives.far + np.array([shift, 0], dtype=np.int32))
    return whole, Negatives(np.concatenate(near), np.concatenate(far))


@dataclass(frozen=True, slots=True)
class Group:
    """What is asked, its two windows, in which of them the answer is, and how the question stands to each."""

    example: Example
    windows: tuple[Window, Window]
    home: int = 0
    labels: tuple[Label, Label] = (Label(), Label())

    @property
    def length(self) -> int:
        """Tokens of the longer window."""
        return min(WINDOW, max(len(window.ids) for window in self.windows))


class Batches:
    """Draws groups from a collection without end."""

    def __init__(
        self, collection: Collection, negatives: Negatives, weights: Mapping[str, float], shares: Shares, seed: int
    ) -> None:
        self._documents = collection.documents
        self._examples = collection.examples
        self._negatives = negatives
        self._weights = weights
        self._shares = shares
        self._draw = random.Random(seed)  # noqa: S311 - no secret
        encoded = [_encode(document.texts) for document in collection.documents]
        self._ids = [dict(enumerate(ids)) for ids, _ in encoded]
        self._offsets = [offsets for _, offsets in encoded]
        self._answered: dict[Place, list[Example]] = defaultdict(list)
        for example in self._examples:
            for sentence in example.gold:
                self._answered[example.document, sentence].append(example)

    def epochs(self) -> Iterator[int]:
        """Example numbers, each as often an epoch as its source's weight says."""
        while True:
            numbers: list[int] = []
            for number, example in enumerate(self._examples):
                weight = self._weights.get(example.source, 1.0)
                numbers += [number] * (int(weight) + (self._draw.random() < weight % 1))
            self._draw.shuffle(numbers)
            yield from numbers

    def batches(self, tokens: int) -> Iterator[tuple[Batch, Targets]]:
        """Batches of groups, two windows each, of about as many `tokens` with what fills them up.

        Groups are drawn for several batches at once and those of like length put together: windows are of SHORTEST to
        WINDOW tokens, and two short ones teach as much as two long ones.
        """
        numbers = self.epochs()
        while True:
            drawn = [self._group(next(numbers)) for _ in range(AT_ONCE * tokens // (SHORTEST + WINDOW))]
            drawn.sort(key=lambda group: group.length)
            batches = list(_cut(drawn, tokens))
            self._draw.shuffle(batches)
            yield from map(self._batch, batches)

    def _batch(self, groups: Sequence[Group]) -> tuple[Batch, Targets]:
        gold = torch.zeros(len(groups), 2 * SLOTS)
        start, end = torch.full((len(groups),), -1), torch.full((len(groups),), -1)
        for row, group in enumerate(groups):
            window = group.windows[group.home]
            answering = [slot for g in group.example.gold if 0 <= (slot := g - window.first) < len(window.starts)]
            gold[row, [group.home * SLOTS + slot for slot in answering]] = 1
            if group.example.short and answering and not group.home:
                start[row], end[row] = self._short(group.example, window)
        length = groups[-1].length
        labels = [one for group in groups for one in group.labels]
        doubts = torch.full((len(labels), length), -1.0)
        for row, one in enumerate(labels):
            if one.doubts is not None:
                doubts[row, 1 : 1 + len(one.doubts)] = torch.tensor(one.doubts).float()
        missed = torch.tensor([float(one.missed) for one in labels])
        batch = Batch.of([w for g in groups for w in g.windows], length)
        return batch, Targets(gold, start, end, doubts, missed)

    def _group(self, number: int) -> Group:
        example = self._examples[number]
        length = min(WINDOW, self._draw.randint(SHORTEST, self._shares.longest))
        if contrast := self._contrast(example):
            return self._beside(*contrast, length)
        removed = bool(example.gold) and self._draw.random() < REMOVED_SHARE
        question = self._tokens(example.question)
        near = [int(n) for n in self._negatives.near[number] if n >= 0]
        stop = frozenset(example.gold if removed and near else ())
        centre = self._centre(example, near, stop)
        first = self._window(question, (example.document, centre), stop, length)
        covered = range(first.first, first.first + len(first.starts))
        beyond = [n for n in near if n not in covered]
        place = (example.document, beyond[self._rank(len(beyond))]) if beyond else None
        if place is None or self._draw.random() < self._shares.far:
            document, sentence = self._draw.choice(self._negatives.far[number].tolist())
            place = (document, sentence)
        closed = frozenset((*covered, *example.gold)) if place[0] == example.document else frozenset()
        second = self._window(question, place, closed, length)
        if stop:
            return Group(replace(example, gold=(), short=None), (first, second))
        label = Label.answered(question) if example.gold else Label(missed=1)
        return Group(example, (first, second), labels=(label, Label()))

    def _centre(self, example: Example, near: Sequence[int], stop: frozenset[int]) -> int:
        """The sentence that the first window is laid around."""
        if example.gold and not stop:
            return self._draw.choice(example.gold)
        return example.about if example.about is not None else near[self._rank(len(near))]

    def _contrast(self, example: Example) -> tuple[Example, Example, int] | None:
        """A question, one very like it that is not answered, and the sentence that answers only the first."""
        if example.about is not None:
            answered = self._answered.get((example.document, example.about))
            if not answered or self._draw.random() >= self._shares.beside:
                return None
            return self._most_like(answered, example), example, example.about
        if not example.gold or example.source in UNCHANGED_SOURCES or self._draw.random() >= self._shares.changed:
            return None
        other = changed(example, self._documents, self._draw)
        return (example, other, self._draw.choice(example.gold)) if other else None

    def _most_like(self, answered: Sequence[Example], example: Example) -> Example:
        """One of the questions that its sentence answers: of a share, the one that is most like it."""
        if not self._shares.likest or self._draw.random() >= self._shares.likest:
            return self._draw.choice(answered)
        words = frozenset(example.question.lower().split())
        others = [(frozenset(one.question.lower().split()), one) for one in answered]
        return max(others, key=lambda other: len(words & other[0]) / len(words | other[0]))[1]

    def _beside(self, true: Example, other: Example, sentence: int, length: int) -> Group:
        """One run of sentences behind a question that it does not answer, and behind the one that it does."""
        missed, label = self._labelled(other.question, true.question)
        answered = self._tokens(true.question)
        first = self._window(max(missed, answered, key=len), (true.document, sentence), frozenset(), length)
        sentences, last = self._ids[true.document], first.first + len(first.starts) - 1
        windows = (
            Window.build(missed, sentences, first.first, last),
            Window.build(answered, sentences, first.first, last),
        )
        return Group(true, windows, home=1, labels=(label, Label.answered(answered)))

    def _labelled(self, question: str, answered: str) -> tuple[list[int], Label]:
        """A question's tokens, and which of them one that is answered lacks, where it is plain which."""
        typed = as_typed(question, self._draw)
        made = tokenizer()(typed, add_special_tokens=False, return_offsets_mapping=True)
        places = made["offset_mapping"][:QUESTION]
        return made["input_ids"], Label.missing(places, differing(question, answered) if typed == question else [])

    def _tokens(self, question: str) -> list[int]:
        ids: list[int] = tokenizer()(as_typed(question, self._draw), add_special_tokens=False)["input_ids"]
        return ids

    def _rank(self, count: int) -> int:
        return min(int(self._draw.expovariate(0.5)), count - 1)

    def _window(self, question: Sequence[int], place: Place, stop: frozenset[int], length: int) -> Window:
        sentences = self._ids[place[0]]
        order = iter(lambda: self._draw.choice((-1, 1)), None)
        first, last = reach(question, sentences, place[1], order, stop, length=length)
        return Window.build(question, sentences, first, last)

    def _short(self, example: Example, window: Window) -> tuple[int, int]:
        home = example.gold[0]
        slot = home - window.first
        if example.short is None or not 0 <= slot < len(window.starts):
            return -1, -1
        tokens = [
            place
            for place, (start, end) in enumerate(self._offsets[example.document][home][:SENTENCE])
            if start < example.short[1] and end > example.short[0]
        ]
        begin = window.starts[slot]
        return (begin + tokens[0], begin + tokens[-1]) if tokens and begin + tokens[-1] < WINDOW - 1 else (-1, -1)


def _cut(groups: Sequence[Group], tokens: int) -> Iterator[list[Group]]:
    """Groups in order of length, cut where two windows a group padded to the longest would be more than `tokens`."""
    batch: list[Group] = []
    for group in groups:
        if batch and 2 * (len(batch) + 1) * group.length > tokens:
            yield batch
            batch = []
        batch.append(group)
    yield batch


def _encode(texts: Sequence[str]) -> tuple[list[list[int]], list[list[tuple[int, int]]]]:
    encoded = tokenizer()(list(texts), add_special_tokens=False, return_offsets_mapping=True)
    return encoded["input_ids"], encoded["offset_mapping"]

"""The bundled reader: which sentences of a window answer a question, and with which words.

A window is a run of sentences of one article behind the question, `[CLS] question [SEP] ▸ sentence ▸ sentence … [SEP]`,
so that each is read in its context and every token counts twice, as a candidate and as a neighbour's context. Knows
token ids, tensors and scores; knows nothing of retrieval, calibration or what the scores are compared with.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import BertModel

from retrieval.encoder import multiplies_bf16, multiplies_int8
from retrieval.layers import Int8Layers

# [UNK], [CLS], [SEP] and [unused1] in the bundled vocabulary
UNKNOWN, CLASSIFY, SEPARATE, MARK = 100, 101, 102, 2
WINDOW = 112  # tokens; the training windows' length too
STEP = 16  # a multiple of which all windows read together are long: attention over others takes half as long again
SLOTS = 16  # sentences in a window, at most
QUESTION = 40  # tokens of a question, at most
SENTENCE = 100  # tokens of a sentence, at most
HIDDEN = 384
UNUSED = -1e4

Tokens = Sequence[int]


@dataclass(slots=True)
class Window:
    """A question and a run of sentences as token ids; `starts` are the places of the sentences' first tokens."""

    ids: list[int]
    first: int
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    @classmethod
    def build(cls, question: Tokens, sentences: Mapping[int, Tokens], first: int, last: int) -> "Window":
        """A window over the sentences numbered `first` to `last`."""
        window = cls([CLASSIFY, *question[:QUESTION], SEPARATE], first)
        for number in range(first, last + 1):
            window.ids.append(MARK)
            window.starts.append(len(window.ids))
            window.ids.extend(sentences[number][:SENTENCE])
            window.ends.append(len(window.ids))
        window.ids.append(SEPARATE)
        return window


def reach(
    question: Tokens,
    sentences: Mapping[int, Tokens],
    centre: int,
    order: Iterator[int],
    stop: Container[int] = (),
    *,
    length: int = WINDOW,
) -> tuple[int, int]:
    """The run around `centre` that fills a window: one sentence at a time on the side that `order` says (-1 or 1).

    Sentences in `stop` are not entered. Returns the first and the last sentence's numbers.
    """
    first = last = centre
    room = length - 3 - min(len(question), QUESTION) - _cost(sentences[centre])
    closed: set[int] = set()
    while len(closed) < 2 and last - first + 1 < SLOTS:  # noqa: PLR2004 - two sides
        side = next(order)
        if side in closed:
            side = -side
        reached = first - 1 if side < 0 else last + 1
        if reached not in sentences or reached in stop or _cost(sentences[reached]) > room:
            closed.add(side)
            continue
        room -= _cost(sentences[reached])
        first, last = min(first, reached), max(last, reached)
    return first, last


def _cost(sentence: Tokens) -> int:
    return min(len(sentence), SENTENCE) + 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows as tensors, all (windows, tokens); `slots` counts a window's sentences from 1 and is 0 outside them."""

    ids: torch.Tensor
    types: torch.Tensor
    mask: torch.Tensor
    slots: torch.Tensor

    @classmethod
    def of(cls, windows: Sequence[Window], length: int | None = None) -> "Batch":
        """The windows padded to `length`, or to the longest and on to the next STEP."""
        length = length or -(-max(len(window.ids) for window in windows) // STEP) * STEP
        ids = np.zeros((len(windows), length), dtype=np.int64)
        types, mask, slots = np.zeros_like(ids), np.zeros_like(ids), np.zeros_like(ids)
        for row, window in enumerate(windows):
            size = min(len(window.ids), length)
            ids[row, :size] = window.ids[:size]
            mask[row, :size] = 1
            types[row, window.starts[0] - 1 : size] = 1
            for slot, (start, end) in enumerate(zip(window.starts, window.ends, strict=True), 1):
                slots[row, start - 1 : end] = slot
        return cls(*(torch.from_numpy(array) for array in (ids, types, mask, slots)))


@dataclass(frozen=True, slots=True)
class Scores:
    """Raw outputs: `order` and `answers` (windows, SLOTS), `starts`, `ends` and `doubts` (windows, tokens).

    `doubts` are of the question's tokens: whether the window does not bear them out.
    """

    order: torch.Tensor
    answers: torch.Tensor
    starts: torch.Tensor
    ends: torch.Tensor
    doubts: torch.Tensor


class Reader(nn.Module):
    """MiniLM with heads for the order of sentences, whether each answers, where its answer starts and ends, and doubts.

    Doubts, of the words of the question, are taught to the verifier only.
    """

    def __init__(self, encoder: BertModel, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.middle = nn.Linear(2 * HIDDEN, HIDDEN)
        self.sentence = nn.Linear(HIDDEN, 2)
        self.span = nn.Linear(HIDDEN, 2)
        self.doubt = nn.Linear(HIDDEN, 1)
        self._layers: Int8Layers | None = None

    def forward(
        self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor, slots: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Scores of sentences (windows, SLOTS, 2: order, answers) and of tokens (windows, tokens, 3).

        Those of tokens say whether an answer starts or ends there, and whether the token is doubted.
        """
        if self._layers:
            hidden = self._layers(ids, types, mask)
        else:
            hidden = self.encoder(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        hidden = hidden.to(self.middle.weight.dtype)
        member = functional.one_hot(slots, SLOTS + 1)[:, :, 1:].to(hidden.dtype).transpose(1, 2)
        marks = member * (ids == MARK).to(hidden.dtype)[:, None]
        mean = (member @ hidden) / member.sum(2, keepdim=True).clamp_min(1)
        pair = self.dropout(torch.cat([mean, marks @ hidden], dim=2))
        tokens = torch.cat([self.span(self.dropout(hidden)), self.doubt(hidden)], dim=2)
        return self.sentence(functional.gelu(self.middle(pair))), tokens

    def read(self, batch: Batch) -> Scores:
        """The forward pass; see `scores`."""
        return self.scores(batch, *self(batch.ids, batch.types, batch.mask, batch.slots))

    def hasten(self, probe: Batch) -> "Reader":
        """Compute the layers from now on in what the CPU is quickest at; `probe` is a text as it will read them.

        The embedding table, which other models share, stays as it is.
        """
        if multiplies_int8():
            self._layers = Int8Layers(self.encoder, probe.ids, probe.types, probe.mask)
            del self.encoder.encoder
        elif multiplies_bf16():
            self.encoder.encoder.to(torch.bfloat16)
            self.encoder.embeddings.register_forward_hook(lambda _module, _inputs, output: output.bfloat16())
        return self

    @staticmethod
    def scores(batch: Batch, sentences: torch.Tensor, tokens: torch.Tensor) -> Scores:
        """What `forward` gave in float32, far below any score where there is no sentence or none of its tokens."""
        used = functional.one_hot(batch.slots, SLOTS + 1)[:, :, 1:].amax(1).bool()
        sentences = sentences.float().masked_fill(~used[:, :, None], UNUSED)
        spans = tokens[:, :, :2].float().masked_fill(((batch.slots == 0) | (batch.ids == MARK))[:, :, None], UNUSED)
        asked = (batch.mask == 1) & (batch.types == 0) & (batch.ids != CLASSIFY) & (batch.ids != SEPARATE)
        doubts = tokens[:, :, 2].float().masked_fill(~asked, UNUSED)
        return Scores(sentences[:, :, 0], sentences[:, :, 1], spans[:, :, 0], spans[:, :, 1], doubts)

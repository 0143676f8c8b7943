"""The tagger's network: one MiniLM encoder, read twice.

The whole window is read once to find the cues; then, for every cue, the words around it are read again from the layer
`SPLIT` on with that cue marked, which tells its source and content apart from its neighbours' and lets statements nest.
Knows nothing of thresholds or articles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from retrieval.encoder import tokenizer
from retrieval.schema import Span
from retrieval.windows import SHAPES, Window, Word, slice_around

TOKEN_LABELS = ("cue", "source", "content")
ROLES = ("O", "B-source", "I-source", "B-content", "I-content")
QUOTE_STATES = 4
PLACES = 3
SPLIT = 2
HEADS = 12


class QuoteModel(nn.Module):
    """The encoder with its added inputs and its two heads."""

    def __init__(self, encoder: BertModel) -> None:
        """Wrap an encoder; its word embeddings stay frozen."""
        super().__init__()
        width = encoder.config.hidden_size
        self.encoder = encoder
        self.shape = nn.Embedding(SHAPES, width)
        self.quote = nn.Embedding(QUOTE_STATES, width)
        self.place = nn.Embedding(PLACES, width)
        self.mark = nn.Embedding(2, width)
        self.tokens = nn.Linear(width, 3 * len(TOKEN_LABELS))
        self.roles = nn.Linear(width, len(ROLES))
        for table in (self.shape, self.quote, self.place, self.mark):
            nn.init.zeros_(table.weight)

    def embed(self, pieces: Tensor, shape: Tensor, quote: Tensor, place: Tensor) -> Tensor:
        """Piece numbers and features (windows, pieces) → (windows, pieces, width)."""
        table = self.encoder.embeddings
        hidden = table.word_embeddings(pieces) + self.shape(shape) + self.quote(quote) + self.place(place)
        hidden = hidden + table.position_embeddings.weight[: pieces.shape[1]] + table.token_type_embeddings.weight[0]
        normed: Tensor = table.LayerNorm(hidden)
        return normed

    def layers(self, hidden: Tensor, mask: Tensor, first: int, last: int, dropout: float = 0.0) -> Tensor:
        """Encoder layers `first` to `last` (exclusive); `mask` (windows, pieces) is true where there is a piece."""
        windows, pieces, width = hidden.shape
        bias = torch.zeros(mask.shape, dtype=hidden.dtype).masked_fill(~mask, -1e4)[:, None, None, :]
        layers: list[Any] = list(self.encoder.encoder.layer)  # modules, which mypy takes for tensors
        for layer in layers[first:last]:
            attention = layer.attention
            query, key, value = (
                part(hidden).view(windows, pieces, HEADS, width // HEADS).transpose(1, 2)
                for part in (attention.self.query, attention.self.key, attention.self.value)
            )
            mixed = _attend(query, key, value, bias.to(query.dtype), training=self.training)
            mixed = attention.output.dense(mixed.transpose(1, 2).reshape(windows, pieces, width))
            hidden = attention.output.LayerNorm(hidden + functional.dropout(mixed, dropout, self.training))
            wide = layer.output.dense(functional.gelu(layer.intermediate.dense(hidden)))
            hidden = layer.output.LayerNorm(hidden + functional.dropout(wide, dropout, self.training))
        return hidden


def _attend(query: Tensor, key: Tensor, value: Tensor, bias: Tensor, *, training: bool) -> Tensor:
    if not training:
        return functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
    # In bfloat16 on a CPU this is three times as fast as PyTorch's fused attention with its gradient (2.13, Zen 4)
    with torch.autocast("cpu", enabled=False):
        scores = query @ key.transpose(-1, -2) * float(query.shape[-1] ** -0.5) + bias
        return scores.softmax(-1) @ value


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows as tensors (windows, pieces)."""

    pieces: Tensor
    shape: Tensor
    quote: Tensor
    place: Tensor
    mask: Tensor


def batch_of(windows: Sequence[tuple[Sequence[Word], Window]]) -> Batch:
    """Pad windows of articles' words into one batch."""
    tokens = tokenizer()
    longest = _padded(max(window.length for _, window in windows))
    rows: list[list[list[int]]] = [[], [], [], []]
    for words, window in windows:
        inside = words[window.first : window.last]
        padding = [0] * (longest - window.length)
        ids = [tokens.cls_token_id, *(piece for word in inside for piece in word.pieces), tokens.sep_token_id]
        rows[0].append(ids + padding)
        for row, name in zip(rows[1:], ("shape", "quote", "place"), strict=True):
            row.append([0, *(getattr(word, name) for word in inside for _ in word.pieces), 0, *padding])
    mask = torch.arange(longest)[None] < torch.tensor([window.length for _, window in windows])[:, None]
    pieces, shapes, quotes, places = (torch.tensor(row) for row in rows)
    return Batch(pieces, shapes, quotes, places, mask)


def roles_again(
    model: QuoteModel, low: Tensor, places: Sequence[tuple[int, Window, Span]], dropout: float = 0.0
) -> tuple[Tensor, list[tuple[int, int]]]:
    """Read the words around each cue again from layer `SPLIT` on, the cue marked.

    Args:
        model: The model.
        low: What layer `SPLIT` gave for the windows, (windows, pieces, width).
        places: For each cue the row of its window in `low`, the window, and the cue in words of the window.
        dropout: While training.

    Returns:
        The last layer (cues, pieces, width), and for each cue the words (first, last exclusive) of the window it was
        read with: word w stands at `positions[w] - positions[first]`.
    """
    around = [slice_around(window, cue) for _, window, cue in places]
    longest = _padded(
        max(
            _end(window, last) - window.positions[first]
            for (_, window, _), (first, last) in zip(places, around, strict=True)
        )
    )
    index = torch.zeros((len(places), longest), dtype=torch.long)
    marks, mask = index.clone(), index.bool()
    for at, ((row, window, cue), (first, last)) in enumerate(zip(places, around, strict=True)):
        start, end = window.positions[first], _end(window, last)
        index[at, : end - start] = torch.arange(row * low.shape[1] + start, row * low.shape[1] + end)
        mask[at, : end - start] = True
        marks[at, window.positions[cue[0]] - start : _end(window, cue[1]) - start] = 1
    hidden = low.flatten(0, 1).index_select(0, index.flatten()).view(*index.shape, -1) + model.mark(marks)
    return model.layers(hidden, mask, SPLIT, len(model.encoder.encoder.layer), dropout), around


def _padded(length: int) -> int:
    """Lengths in steps, so that the kernels of few shapes are kept in memory."""
    return -(-length // 16) * 16


def _end(window: Window, last: int) -> int:
    """Where in the window the piece after word `last - 1` stands."""
    return window.positions[last] if last < len(window.positions) else window.length - 1

"""The token tagger: text → cues, and for each cue which words are its source and its content.

One MiniLM encoder, read twice. The whole window is read once to find the cues; then, for every cue, the words around
it are read again from the layer `SPLIT` on with that cue marked, which tells its source and content apart from its
neighbours' and lets statements nest. MiniLM knows no capitals, so the case of a word, its place in the sentence and
the state of the quotation marks are added to its embedding. Knows nothing of names, statements or linking rules.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from retrieval.encoder import MODELS, load_encoder, tokenizer
from retrieval.quotations import quotations
from retrieval.schema import Span

WORD = re.compile(r"\w+(?:['’]\w+)?|``|''|[^\w\s]")
MARKS = frozenset('“”„«»‘’"') | {"``", "''"}
TOKEN_LABELS = ("cue", "source", "content")
ROLES = ("O", "B-source", "I-source", "B-content", "I-content")
SHAPES = 8
QUOTE_STATES = 4
PLACES = 3
SPLIT = 2
HEADS = 12
# Pieces of a window read for cues, and of what is read again on either side of a cue
WINDOW = 256
BEFORE, AFTER = 88, 120
MAX_PIECES_A_WORD = 8
BATCH_PIECES = 4096
CUES_AT_ONCE = 24
CUE_THRESHOLD = 0.35
FOLDER = MODELS / "quotes"


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark, with its pieces and what MiniLM does not see of it."""

    start: int
    end: int
    pieces: tuple[int, ...]
    shape: int
    quote: int
    place: int


@dataclass(slots=True)
class Window:
    """Words `first` to `last` (exclusive) of an article, and where in the window each word's first piece stands."""

    first: int
    last: int
    positions: list[int] = field(default_factory=list)
    length: int = 0


@dataclass(frozen=True, slots=True)
class Attribution:
    """A cue found, as word numbers (first, last exclusive), and the probability of each role for the words near it."""

    cue: Span
    confidence: float
    first: int
    roles: Tensor  # (words from `first` on, len(ROLES)), probabilities


@dataclass(frozen=True, slots=True)
class Tagging:
    """What the tagger says of an article: its words, the attributions, and the flat probabilities of each word."""

    words: list[Word]
    flat: Tensor  # (words, len(TOKEN_LABELS)), probability to be inside one
    attributions: list[Attribution]


def shape(word: str) -> int:
    """The case of a word: 0 lower, 1 capitalised, 2 capitals, 3 mixed, 4 with a digit, 5 mark, 6 one capital letter."""
    if not (word[0].isalnum() or word[0] == "_"):
        return 5
    if any(letter.isdigit() for letter in word):
        return 4
    if word.islower():
        return 0
    if len(word) == 1:
        return 6
    if word.isupper():
        return 2
    return 1 if word[0].isupper() and word[1:].islower() else 3


def words_of(text: str, sentences: Sequence[tuple[int, int, int]]) -> list[Word]:
    """The words of a text; `sentences` are (start, end, paragraph)."""
    matches = [match for start, end, _ in sentences for match in WORD.finditer(text, start, end)]
    if not matches:
        return []
    tokens = tokenizer()
    openings = {start for start, _, _ in sentences}
    paragraph_openings = {
        start
        for number, (start, _, paragraph) in enumerate(sentences)
        if not number or sentences[number - 1][2] != paragraph
    }
    states = list(_quote_states(text, matches))
    # one kind of quotation mark and of apostrophe for the encoder, whatever the newspaper's style
    seen = [
        '"' if state > 1 else match.group()[:100].replace("’", "'")
        for match, state in zip(matches, states, strict=True)
    ]
    pieces = tokens(seen, add_special_tokens=False)["input_ids"]
    unknown = tokens.unk_token_id
    return [
        Word(
            match.start(),
            match.end(),
            tuple(ids[:MAX_PIECES_A_WORD]) or (unknown,),
            shape(match.group()),
            state,
            (match.start() in openings) + (match.start() in paragraph_openings),
        )
        for match, ids, state in zip(matches, pieces, states, strict=True)
    ]


def _quote_states(text: str, matches: Sequence[re.Match[str]]) -> Iterator[int]:
    spans = iter(quotations(text))
    span = next(spans, None)
    for match in matches:
        while span and span[1] <= match.start():
            span = next(spans, None)
        if not span or match.start() < span[0]:
            yield 0
        elif match.start() == span[0]:
            yield 2
        else:
            yield 3 if match.end() >= span[1] and match.group() in MARKS else 1


def windows_of(words: Sequence[Word], limit: int = WINDOW) -> list[Window]:
    """Cut the words into windows of at most `limit` pieces: at paragraphs, else at sentences, else anywhere."""
    windows: list[Window] = []
    first = 0
    while first < len(words):
        length, last, cut_at, cut_place = 2, first, first, 0
        while last < len(words) and length + len(words[last].pieces) <= limit:
            if last > first and words[last].place and (words[last].place >= cut_place or length < limit // 2):
                cut_at, cut_place = last, words[last].place
            length += len(words[last].pieces)
            last += 1
        if last < len(words) and cut_at > first:
            last = cut_at
        window = Window(first, max(last, first + 1))
        position = 1
        for word in words[window.first : window.last]:
            window.positions.append(position)
            position += len(word.pieces)
        window.length = position + 1
        windows.append(window)
        first = window.last
    return windows


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


def slice_around(window: Window, cue: Span) -> tuple[int, int]:
    """Words of the window (numbered within it) that are read again for a cue (numbered within it)."""
    here, there = window.positions[cue[0]], window.positions[cue[1] - 1]
    first, last = cue
    while first > 0 and here - window.positions[first - 1] <= BEFORE:
        first -= 1
    while last < len(window.positions) and window.positions[last] - there <= AFTER:
        last += 1
    return first, last


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


class Tagger:
    """Tags articles in batches with a loaded model."""

    def __init__(self, model: QuoteModel) -> None:
        """Take a trained model."""
        self.model = model.eval()

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "tuple[Tagger, dict[str, Tensor]]":
        """Load the weights that the package ships, and the tensors of the other heads in their file.

        Raises:
            ModelError: They are missing or damaged.
        """
        encoder, heads = load_encoder(folder)
        model = QuoteModel(encoder)
        model.load_state_dict(heads, strict=False)
        return cls(model), heads

    @torch.inference_mode()
    def tag(self, texts: Sequence[tuple[str, Sequence[tuple[int, int, int]]]]) -> list[Tagging]:
        """Tag texts, each with its sentences as (start, end, paragraph)."""
        words = [words_of(text, sentences) for text, sentences in texts]
        flat = [torch.zeros(len(article), len(TOKEN_LABELS)) for article in words]
        found: list[list[Attribution]] = [[] for _ in texts]
        windows = [(number, window) for number, article in enumerate(words) for window in windows_of(article)]
        for batch in _batches(windows):
            self._tag_batch(batch, words, flat, found)
        ordered = [sorted(attributions, key=lambda a: a.cue) for attributions in found]
        return [Tagging(*parts) for parts in zip(words, flat, ordered, strict=True)]

    def _tag_batch(
        self,
        chosen: Sequence[tuple[int, Window]],
        words: Sequence[list[Word]],
        flat: Sequence[Tensor],
        found: Sequence[list[Attribution]],
    ) -> None:
        model = self.model
        batch = batch_of([(words[number], window) for number, window in chosen])
        low = model.layers(model.embed(batch.pieces, batch.shape, batch.quote, batch.place), batch.mask, 0, SPLIT)
        high = model.layers(low, batch.mask, SPLIT, len(model.encoder.encoder.layer))
        tags = model.tokens(high).unflatten(-1, (len(TOKEN_LABELS), 3)).softmax(-1)
        places: list[tuple[int, Window, Span]] = []
        confidences: list[float] = []
        for row, (number, window) in enumerate(chosen):
            here = tags[row, torch.tensor(window.positions)]
            flat[number][window.first : window.last] = 1 - here[..., 0]
            for cue, confidence in _cues(here[:, 0]):
                places.append((row, window, cue))
                confidences.append(confidence)
        order = sorted(range(len(places)), key=lambda at: places[at][1].length)
        for start in range(0, len(order), CUES_AT_ONCE):
            part = order[start : start + CUES_AT_ONCE]
            again, around = roles_again(model, low, [places[at] for at in part])
            roles = model.roles(again).softmax(-1)
            for line, (at, (first, last)) in enumerate(zip(part, around, strict=True)):
                row, window, (begin, end) = places[at]
                positions = torch.tensor(window.positions[first:last]) - window.positions[first]
                base = window.first
                found[chosen[row][0]].append(
                    Attribution((begin + base, end + base), confidences[at], first + base, roles[line, positions])
                )


def _batches(windows: list[tuple[int, Window]]) -> Iterator[list[tuple[int, Window]]]:
    batch: list[tuple[int, Window]] = []
    for pair in sorted(windows, key=lambda pair: pair[1].length):
        if batch and (len(batch) + 1) * pair[1].length > BATCH_PIECES:
            yield batch
            batch = []
        batch.append(pair)
    if batch:
        yield batch


def _cues(probabilities: Tensor) -> list[tuple[Span, float]]:
    """Runs of words that are probably a cue, from (words, 3) probabilities of O, B and I."""
    inside = (1 - probabilities[:, 0]).tolist()
    begins = (probabilities[:, 1] > probabilities[:, 2]).tolist()
    runs: list[tuple[int, int]] = []
    for at, probability in enumerate(inside):
        if probability < CUE_THRESHOLD:
            continue
        if runs and runs[-1][1] == at and not begins[at]:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return [(run, max(inside[run[0] : run[1]])) for run in runs]

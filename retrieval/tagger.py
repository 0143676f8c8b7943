"""The token tagger: text → cues, and for each cue which words are its source and its content.

Runs the network over windows of many articles in batches. Knows nothing of names, statements or linking rules.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from retrieval.encoder import MODELS, load_encoder
from retrieval.quote_model import SPLIT, TOKEN_LABELS, QuoteModel, batch_of, roles_again
from retrieval.schema import Span
from retrieval.windows import Window, Word, windows_of, within_reach, words_of

BATCH_PIECES = 4096
CUES_AT_ONCE = 24
CUE_THRESHOLD = 0.35
FOLDER = MODELS / "quotes"


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
        windows = [
            (number, window)
            for number, article in enumerate(words)
            for window in within_reach(article, windows_of(article))
        ]
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

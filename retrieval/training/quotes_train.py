"""Fine-tune the bundled MiniLM as the quotation tagger.

    python -m retrieval.training.quotes_train OUT.safetensors --data FOLDER --corpus retrieval/training/corpus

Knows the loss, the sampling and the schedule; the reading of the sources is `quotes_data`'s.
"""

import argparse
import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional
from transformers import BertModel

from retrieval.encoder import bundled_folder, dequantised, save_encoder
from retrieval.quote_model import SPLIT, Batch, QuoteModel, batch_of, roles_again
from retrieval.schema import Span
from retrieval.training.quotes_data import IGNORED, Document, Labelled, read_jsonl, read_newsroom
from retrieval.windows import Window, windows_of

logger = logging.getLogger(__name__)

# How much of each kind an epoch reads: windows with a statement, windows without
SHARES = {
    "newsroom": (1.0, 1.0),
    "gum-news": (1.5, 1.0),
    "ewt": (0.5, 0.05),
    "qasrl": (0.4, 0.03),
    "pud": (0.5, 0.1),
    "synth": (0.05, 0.0),
}
OTHER = (0.5, 0.15)
LENGTHS = (128, 192, 256, 256)
PIECES = 2600
DROPOUT = 0.1
NEGATIVE_CUES = 0.15
AVERAGING = 0.995


@dataclass(frozen=True, slots=True)
class Example:
    """A window of a document."""

    document: Document
    window: Window


def examples(documents: Sequence[Document], generator: random.Random) -> list[Example]:
    """The windows that one epoch reads."""
    chosen: list[Example] = []
    for document in documents:
        positive, negative = SHARES.get(document.kind, OTHER)
        for copy in range(int(max(positive, negative)) + 1):
            for window in windows_of(document.words, generator.choice(LENGTHS)):
                inside = any(_within(a, window) for a in document.attributions)
                if generator.random() < (positive if inside else negative) - copy:
                    chosen.append(Example(document, window))
    return chosen


def _within(attribution: Labelled, window: Window) -> bool:
    return any(window.first <= number < window.last for number in attribution.content)


def batches(chosen: list[Example], generator: random.Random) -> Iterator[list[Example]]:
    """Windows of like length together, about `PIECES` pieces a batch."""
    generator.shuffle(chosen)
    ordered = [
        example for start in range(0, len(chosen), 256) for example in sorted(chosen[start : start + 256], key=_length)
    ]
    batch: list[Example] = []
    made: list[list[Example]] = []
    for example in ordered:
        if batch and (len(batch) + 1) * max(example.window.length, batch[-1].window.length) > PIECES:
            made.append(batch)
            batch = []
        batch.append(example)
    made.append(batch)
    generator.shuffle(made)
    yield from made


def _length(example: Example) -> int:
    return example.window.length


def token_labels(batch: Batch, chosen: Sequence[Example]) -> Tensor:
    """BIO labels (windows, pieces, 3) of cue, source and outermost content."""
    labels = torch.full((*batch.pieces.shape, 3), IGNORED)
    for row, example in enumerate(chosen):
        window, document = example.window, example.document
        size = window.last - window.first
        table = torch.zeros((size, 3), dtype=torch.long)
        runs: list[tuple[int, Sequence[int]]] = []
        for attribution in sorted(document.attributions, key=lambda a: -len(a.content)):
            if attribution.cue:
                runs.append((0, range(*attribution.cue)))
            runs += [(1, sorted(attribution.source)), (2, sorted(attribution.content))]
        for column, run in runs:
            before = -2
            for number in run:
                at = number - window.first
                if 0 <= at < size and not table[at, column]:
                    table[at, column] = 2 if number == before + 1 else 1
                before = number
        for number in document.unknown:
            if window.first <= number < window.last:
                table[number - window.first, 0] = IGNORED
        labels[row, torch.tensor(window.positions)] = table
    return labels


def cues_of(chosen: Sequence[Example], generator: random.Random) -> list[tuple[int, Example, Span, Labelled | None]]:
    """The cues to read again: every gold one, and some reporting words that report nothing here."""
    found: list[tuple[int, Example, Span, Labelled | None]] = []
    for row, example in enumerate(chosen):
        window = example.window
        for attribution in example.document.attributions:
            if attribution.cue and window.first <= attribution.cue[0] and attribution.cue[1] <= window.last:
                cue = (attribution.cue[0] - window.first, attribution.cue[1] - window.first)
                found.append((row, example, cue, attribution))
        for number in example.document.reporting:
            if window.first <= number < window.last and generator.random() < NEGATIVE_CUES:
                at = number - window.first
                found.append((row, example, (at, at + 1), None))
    return found


def role_labels(
    shape: tuple[int, int], cues: Sequence[tuple[int, Example, Span, Labelled | None]], around: Sequence[Span]
) -> Tensor:
    """Role numbers (cues, pieces), as `tagger.ROLES`."""
    labels = torch.full(shape, IGNORED)
    for row, ((_, example, _, attribution), (first, last)) in enumerate(zip(cues, around, strict=True)):
        window = example.window
        before = 0
        for at in range(first, last):
            number = at + window.first
            role = 0
            if attribution and number in attribution.content:
                role = 4 if before in (3, 4) else 3
            elif attribution and number in attribution.source:
                role = 2 if before in (1, 2) else 1
            before = role
            labels[row, window.positions[at] - window.positions[first]] = role
    return labels


def loss_of(model: QuoteModel, chosen: Sequence[Example], generator: random.Random) -> Tensor:
    """The cross entropy of flat tags and roles."""
    batch = batch_of([(example.document.words, example.window) for example in chosen])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = model.embed(batch.pieces, batch.shape, batch.quote, batch.place)
        low = model.layers(hidden, batch.mask, 0, SPLIT, DROPOUT)
        high = model.layers(low, batch.mask, SPLIT, len(model.encoder.encoder.layer), DROPOUT)
        flat = model.tokens(high)
    labels = token_labels(batch, chosen)
    loss = functional.cross_entropy(flat.float().view(-1, 3), labels.view(-1), ignore_index=IGNORED)
    cues = cues_of(chosen, generator)
    if cues:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            again, around = roles_again(
                model, low, [(row, example.window, cue) for row, example, cue, _ in cues], DROPOUT
            )
            roles = model.roles(again)
        wanted = role_labels((roles.shape[0], roles.shape[1]), cues, around)
        loss = loss + functional.cross_entropy(roles.float().flatten(0, 1), wanted.flatten(), ignore_index=IGNORED)
    return loss


def train(
    documents: Sequence[Document], *, epochs: int, seconds: float, rate: float, seed: int, out: Path, begin: Path | None
) -> None:
    """Train until the epochs or the seconds are over, and write the average of the last weights."""
    torch.manual_seed(seed)
    generator = random.Random(seed)  # noqa: S311 - sampling, not secrets
    model = QuoteModel(BertModel.from_pretrained(bundled_folder(), add_pooling_layer=False))
    model.encoder.embeddings.word_embeddings.requires_grad_(False)  # noqa: FBT003 - PyTorch's own signature
    if begin:
        load_weights(model, begin)
    model.train()
    new = [p for name, p in model.named_parameters() if not name.startswith("encoder.")]
    old = [p for name, p in model.named_parameters() if name.startswith("encoder.") and p.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": old, "lr": rate}, {"params": new, "lr": 5 * rate}], weight_decay=0.01, fused=True
    )
    averaged = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
    started, step, running = time.monotonic(), 0, 0.0
    for epoch in range(epochs):
        made = list(batches(examples(documents, generator), generator))
        for number, chosen in enumerate(made):
            done = max((epoch + number / len(made)) / epochs, (time.monotonic() - started) / seconds)
            if done >= 1:
                break
            scale = min(1.0, (step + 1) / 40) * max(0.02, 1 - done)
            for group, base in zip(optimiser.param_groups, (rate, 5 * rate), strict=True):
                group["lr"] = base * scale
            loss = loss_of(model, chosen, generator)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            keep = min(AVERAGING, (step + 1) / (step + 10))
            with torch.no_grad():
                for name, parameter in model.named_parameters():
                    if name in averaged:
                        averaged[name].lerp_(parameter, 1 - keep)
            step += 1
            running = loss.item() if step == 1 else 0.97 * running + 0.03 * loss.item()
            if step % 25 == 0:
                logger.info(
                    "step %d epoch %.2f loss %.4f seconds %.0f",
                    step,
                    epoch + number / len(made),
                    running,
                    time.monotonic() - started,
                )
        save(averaged, out)


def load_weights(model: QuoteModel, path: Path) -> None:
    """Go on from weights that `save` wrote."""
    tensors = dequantised(load_file(path))
    model.load_state_dict({name.removeprefix("head."): tensor for name, tensor in tensors.items()}, strict=False)


def save(weights: dict[str, Tensor], out: Path) -> None:
    """Write the weights as `retrieval.encoder.load_encoder` reads them."""
    tensors = {
        name if name.startswith("encoder.") else f"head.{name}": tensor
        for name, tensor in weights.items()
        if "word_embeddings" not in name
    }
    save_encoder(out, tensors, int8=True)


def main() -> int:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="the folder with real.jsonl and synthetic.jsonl")
    parser.add_argument("--corpus", type=Path, required=True, help="the folder with our own annotated news")
    parser.add_argument("--held-out", type=Path, help="a file of attributions whose documents are not read")
    parser.add_argument("--skip", default="\n", help="leave out our own articles whose names end so")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--begin", type=Path, help="weights to go on from")
    parser.add_argument("--limit", type=int, help="read only so many documents of each file")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(options.threads)
    held_out = frozenset[str]()
    if options.held_out:
        held_out = frozenset(document.id for document in read_jsonl(options.held_out))
    documents = [
        document
        for document in read_newsroom(options.corpus)
        if not document.id.endswith(tuple(options.skip.split(",")))
    ]
    for name in ("real.jsonl", "synthetic.jsonl"):
        documents += list(read_jsonl(options.data / name, held_out=held_out))[: options.limit]
    logger.info("%d documents", len(documents))
    train(
        documents,
        epochs=options.epochs,
        seconds=options.seconds,
        rate=options.rate,
        seed=options.seed,
        out=options.out,
        begin=options.begin,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Train the bundled reader on a CPU in a given number of minutes, or of steps.

    python -m retrieval.training.ranker_train --sets QA/train --minutes 60 --out build/reader.pt

The learning rate falls with the time that is left, so that a slower machine trains less and not wrong; with `--steps`
it falls with the steps that are left, so that runs on a busy machine compare. Knows losses and optimisers; knows
nothing of where examples come from.
"""

import argparse
import logging
import pickle
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn import functional

from retrieval.embed import Embedder
from retrieval.encoder import bundled_folder, load_encoder
from retrieval.reader import SLOTS, Batch, Reader, Scores
from retrieval.training.ranker_batches import Batches, Negatives, Shares, joined, mine
from retrieval.training.ranker_examples import Collection, our_news, public_sets
from retrieval.training.ranker_labels import Targets

KEEP_STEPS = 500
WARM_UP = 0.04  # of the length
CORPUS = Path(__file__).parent / "corpus"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Aim:
    """What a reader is trained for: how much each source and each loss counts, and how windows are drawn.

    Of the layers nearest to the words so many are `frozen`, as MiniLM has them: with two, a fifth less is computed,
    which is more steps on a CPU.
    """

    sources: Mapping[str, float]
    losses: Mapping[str, float]
    shares: Shares
    frozen: int


# To put the right sentence first, or to doubt what nearly answers.
AIMS = {
    "ranker": Aim(
        {"newsroom": 3, "news": 1, "texts": 0.6, "written": 0.4, "squad2": 3, "qed": 1, "qamr": 0.15, "nqg": 0.3},
        {"listwise": 1, "sentencewise": 0.5, "questionwise": 0.5, "against": 0.5, "span": 0.4},
        Shares(far=0.3, changed=0.2, beside=0.75, likest=0, longest=160),
        frozen=2,
    ),
    "verifier": Aim(
        {"newsroom": 3, "news": 1, "texts": 0.8, "written": 0.6, "squad2": 3, "qed": 1, "qamr": 0.05, "nqg": 0.25},
        {
            "listwise": 0.2,
            "sentencewise": 0.5,
            "questionwise": 0.8,
            "against": 0.8,
            "span": 0.2,
            "word": 2,
            "miss": 0.8,
        },
        Shares(far=0.15, changed=0.3, beside=0.95, likest=0.7, longest=104),
        frozen=0,
    ),
}


def reader(frozen: int = 0) -> Reader:
    """The bundled MiniLM with new heads; its embeddings and the `frozen` layers nearest to them do not learn.

    Without dropout in the layers, whose draws took a quarter of a step, and with attention written out, whose gradient
    takes a sixth of the time of the fused one's on a CPU (2026-11-28).
    """
    from transformers import BertModel

    encoder = BertModel.from_pretrained(
        bundled_folder(),
        add_pooling_layer=False,
        attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=0.0,
        attn_implementation="eager",
    )
    for part in (encoder.embeddings, *encoder.encoder.layer[:frozen]):
        part.requires_grad_(requires_grad=False)
    return Reader(encoder)


def losses(scores: Scores, targets: Targets) -> dict[str, torch.Tensor]:
    """What there is to lower.

    The order of sentences (`listwise`); whether one answers, sentence by sentence, for the whole question and `against`
    all others; the `span`; the doubted `word`s of the question, and whether the most doubted tells that it is a `miss`.

    Args:
        scores: Of 2 * groups windows, two by two a group.
        targets: Of the groups.
    """
    groups = len(targets.gold)
    order = scores.order.view(groups, 2 * SLOTS)
    answers = scores.answers.view(groups, 2 * SLOTS)
    used = order > -1e3  # noqa: PLR2004 - beyond any score
    answerable = targets.gold.any(1)
    none = order.new_zeros(())
    entropy = functional.binary_cross_entropy_with_logits

    def mean_of_answerable(values: torch.Tensor) -> torch.Tensor:
        return values[answerable].mean() if answerable.any() else none

    def of_known(values: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        known = wanted >= 0
        return entropy(values[known], wanted[known]) if known.any() else none

    binary = entropy(answers, targets.gold, reduction="none")
    best = (answers + torch.where(targets.gold.bool() | ~answerable[:, None], 0.0, -1e4)).amax(1)
    rest = (answers + torch.where(targets.gold.bool() | ~used, -1e4, 0.0)).amax(1)
    known = targets.start >= 0
    starts, ends = scores.starts.view(groups, 2, -1)[:, 0], scores.ends.view(groups, 2, -1)[:, 0]
    span = none
    if known.any():
        span = functional.cross_entropy(starts[known], targets.start[known])
        span = (span + functional.cross_entropy(ends[known], targets.end[known])) / 2
    return {
        "listwise": -mean_of_answerable((order.log_softmax(1) + (1 - targets.gold) * -1e4).logsumexp(1)),
        "sentencewise": (binary * used).sum(1).mean() / 2,
        "questionwise": entropy(best, answerable.float()),
        "against": mean_of_answerable(functional.softplus(rest - best)),
        "span": span,
        "word": of_known(scores.doubts, targets.doubts),
        "miss": of_known(scores.doubts.amax(1), targets.missed),
    }


def share_right(scores: Scores, targets: Targets) -> float:
    """The share of answerable groups whose first sentence is right; 0 where none is answerable."""
    firsts = scores.order.view(len(targets.gold), 2 * SLOTS).argmax(1, keepdim=True)
    answerable = targets.gold.any(1)
    return float(targets.gold.gather(1, firsts)[answerable].mean()) if answerable.any() else 0.0


@dataclass(frozen=True, slots=True)
class Length:
    """How long to train: so many steps or, where they are None, so many minutes."""

    minutes: float
    steps: int | None = None

    def done(self, step: int, begun: float) -> float:
        """The share that is done before a step, the first being 1; `begun` is by the monotonic clock."""
        return (step - 1) / self.steps if self.steps else (time.monotonic() - begun) / (60 * self.minutes)


class Average:
    """The exponential moving average of a model's trained parameters: what is kept."""

    def __init__(self, model: torch.nn.Module, decay: float = 0.997) -> None:
        self._decay = decay
        self._steps = 0
        self.states = {name: value.detach().clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: torch.nn.Module) -> None:
        """Move towards the model as it is now."""
        self._steps += 1
        share = 1 - min(self._decay, self._steps / (self._steps + 10))
        for name, value in model.named_parameters():
            if value.requires_grad:
                self.states[name].lerp_(value, share)


def train(
    model: Reader,
    batches: Iterator[tuple[Batch, Targets]],
    weights: Mapping[str, float],
    *,
    length: Length,
    rate: float,
    end_rate: float = 0.0,
    kept: Path | None = None,
) -> Average:
    """Train so long on losses of these weights; returns the averaged weights, which are `kept` now and then."""
    heads = [p for name, p in model.named_parameters() if not name.startswith("encoder.")]
    body = [p for name, p in model.named_parameters() if name.startswith("encoder.") and p.requires_grad]
    groups = [{"params": body, "share": 1.0}, {"params": heads, "share": 3.0}]
    optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=0.01, fused=True)
    average = Average(model)
    model.train()
    begun = time.monotonic()
    seen: dict[str, float] = {}
    for step, (batch, targets) in enumerate(batches, 1):
        done = length.done(step, begun)
        if done >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = group["share"] * rate * min(1, done / WARM_UP + 0.02) * max(1 - done + end_rate * done, 0)
        with torch.autocast("cpu", torch.bfloat16):
            raw = model(batch.ids, batch.types, batch.mask, batch.slots)
        scores = Reader.scores(batch, *raw)
        parts = losses(scores, targets)
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(torch.stack([weight * parts[name] for name, weight in weights.items()]).sum())
        torch.nn.utils.clip_grad_norm_([*body, *heads], 1.0)
        optimiser.step()
        average.update(model)
        now = {name: part.item() for name, part in parts.items()} | {"right": share_right(scores, targets)}
        seen = {name: 0.98 * seen.get(name, part) + 0.02 * part for name, part in now.items()}
        if kept and step % KEEP_STEPS == 0:
            torch.save(average.states, kept)
        if step % 10 == 0:
            shown = {name: round(part, 3) for name, part in seen.items()}
            log.info("step %d, %.1f min, %s", step, (time.monotonic() - begun) / 60, shown)
    return average


def prepared(sets: Path, texts: Path, cache: Path) -> tuple[Collection, Negatives]:
    """Everything to train on with its negatives; those of the public sets are mined once and kept in `cache`."""
    embedder = Embedder()
    if not cache.exists():
        public = public_sets(sets, texts)
        cache.write_bytes(pickle.dumps((public, mine(public, embedder))))
    ours = our_news(CORPUS, held_out=False)
    return joined((ours, mine(ours, embedder)), pickle.loads(cache.read_bytes()))  # noqa: S301 - our own file


def started(weights: Path) -> dict[str, torch.Tensor]:
    """The states of weights as training leaves them, or of a shipped folder."""
    if weights.is_file():
        states: dict[str, torch.Tensor] = torch.load(weights)
        return states
    encoder, heads = load_encoder(weights.resolve())
    return {f"encoder.{name}": value for name, value in encoder.state_dict().items()} | {
        name: value for name, value in heads.items() if name != "mix"
    }


def take(model: Reader, states: Mapping[str, torch.Tensor]) -> None:
    """Give a reader its weights; those from before there were doubts leave that head as it is.

    Raises:
        ValueError: They are of another network.
    """
    missing, unexpected = model.load_state_dict(states, strict=False)
    if unexpected or not {*missing} <= {"doubt.weight", "doubt.bias"}:
        raise ValueError(f"these are no weights of a reader: {[*missing, *unexpected][:3]} …")


def main() -> None:
    """Train and keep the averaged weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, help="the folder with nqg.jsonl, qamr.jsonl, qed.jsonl and squad2_train")
    parser.add_argument("--texts", type=Path, help="the texts of questions/texts.tsv, JSON lines of id and text")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--aim", choices=AIMS, default="ranker")
    parser.add_argument("--start", type=Path, help="go on from these weights, or from those of a shipped folder")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, help="train so many steps, however long they take")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--end-rate", type=float, default=0.0, help="share of the rate left at the end")
    parser.add_argument("--tokens", type=int, default=4480, help="of a batch")
    parser.add_argument("--without", nargs="*", default=[], help="sources to leave out")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    collection, negatives = prepared(options.sets, options.texts, options.cache or options.out.with_suffix(".pkl"))
    aim = AIMS[options.aim]
    sources = {**aim.sources, **dict.fromkeys(options.without, 0.0)}
    model = reader(aim.frozen)
    if options.start:
        take(model, started(options.start))
    batches = Batches(collection, negatives, sources, aim.shares, options.seed).batches(options.tokens)
    average = train(
        model,
        batches,
        aim.losses,
        length=Length(options.minutes, options.steps),
        rate=options.rate,
        end_rate=options.end_rate,
        kept=options.out,
    )
    torch.save(average.states, options.out)


if __name__ == "__main__":
    main()

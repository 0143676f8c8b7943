r"""What each source of training questions is worth: the reader trained for as many steps with it left out.

    python -m retrieval.training.ranker_ablation QA/news_dev QA/squad2_dev --sets QA/train --texts texts.jsonl \
        --out build/sources

Trains from the untrained start with all sources and without each, asks the dev sets, and writes sources.md and
sources.json into `--out`. Weights that lie there already are not trained again, so that a run that was cut off goes on.
Knows nothing of how training or measuring is done.
"""

import argparse
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from retrieval.embed import Embedder
from retrieval.reading import Mix
from retrieval.training.accuracy import MODES, markdown, shown
from retrieval.training.question_sets import QuestionSet, auroc
from retrieval.training.ranker_batches import Batches, Negatives
from retrieval.training.ranker_examples import Collection
from retrieval.training.ranker_measure import Read, firsts, fit_order, read, requests, right_first, unmixed
from retrieval.training.ranker_train import AIMS, Length, prepared, reader, train

READER_ALONE = Mix(0, 0, 1, 1, 0)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Worth:
    """How right the reader is about a set without a source: alone, and mixed with retrieval's score.

    `auroc` is of its answering score, closed; None where every question can be answered.
    """

    without: str | None
    set: str
    mode: str
    reader: float
    mixed: float
    auroc: float | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """How many steps, of how many tokens, at what rate, and from which draw to train."""

    steps: int
    tokens: int
    rate: float
    seed: int


def train_without(
    source: str | None, collection: Collection, negatives: Negatives, schedule: Schedule, out: Path
) -> None:
    """Train from the untrained start with a source left out, and keep the averaged weights."""
    torch.manual_seed(schedule.seed)
    aim = AIMS["ranker"]
    sources = {**aim.sources, **({source: 0.0} if source else {})}
    batches = Batches(collection, negatives, sources, aim.shares, schedule.seed).batches(schedule.tokens)
    average = train(reader(aim.frozen), batches, aim.losses, length=Length(0, schedule.steps), rate=schedule.rate)
    torch.save(average.states, out)


def worth(without: str | None, reads: Sequence[Read]) -> list[Worth]:
    """The figures of each set and mode."""
    mix = fit_order(reads)
    found = []
    for key in dict.fromkeys((one.name, one.mode) for one in reads):
        own = [one for one in reads if (one.name, one.mode) == key]
        can = [one.answerable for one in own]
        surest = firsts(own, mix).verified[:, 0]
        told = auroc(surest[can], surest[[not one for one in can]]) if not all(can) else None
        found.append(Worth(without, *key, right_first(own, READER_ALONE), right_first(own, mix), told))
    return found


def table(found: Sequence[Worth]) -> str:
    """In Markdown, a line for each source left out, closed and open in one cell."""
    sets = list(dict.fromkeys(one.set for one in found))
    told = [name for name in sets if any(one.auroc is not None for one in found if one.set == name)]
    head = ["trained without", *(f"{name}, {how}" for name in sets for how in ("reader alone", "with retrieval"))]
    rows = [[*head, *(f"{name}, AUROC" for name in told)]]
    for without in dict.fromkeys(one.without for one in found):
        at = {(one.set, one.mode): one for one in found if one.without == without}
        cells = [
            " / ".join(shown(getattr(at[name, mode], which)) for mode in MODES)
            for name in sets
            for which in ("reader", "mixed")
        ]
        cells += [" / ".join(shown(at[name, mode].auroc) for mode in MODES) for name in told]
        rows.append([without or "nothing: all sources", *cells])
    return markdown(rows)


def main() -> None:
    """Train, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dev", type=Path, nargs="+", help="folders with articles.jsonl and questions.jsonl")
    parser.add_argument("--sets", type=Path, required=True, help="as of ranker_train")
    parser.add_argument("--texts", type=Path, required=True, help="as of ranker_train")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    parser.add_argument(
        "--sources", nargs="*", choices=sorted(AIMS["ranker"].sources), default=list(AIMS["ranker"].sources)
    )
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--tokens", type=int, default=4480, help="of a batch")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, default=400, help="questions of a dev set, at most")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", type=Path, help="where ranker_train has kept the public sets (default: in --out)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    collection, negatives = prepared(options.sets, options.texts, options.cache or options.out / "public.pkl")
    schedule = Schedule(options.steps, options.tokens, options.rate, options.seed)
    embedder = Embedder()
    asked = {
        folder.name: list(requests(QuestionSet.read(folder, limit=options.limit), embedder)) for folder in options.dev
    }
    found: list[Worth] = []
    for source in (None, *options.sources):
        weights = options.out / f"without-{source or 'nothing'}.pt"
        if not weights.exists():
            train_without(source, collection, negatives, schedule, weights)
        ranker = unmixed(weights)
        found += worth(source, [one for name, own in asked.items() for one, _ in read(name, own, ranker)])
        log.info("without %s: %s", source, [asdict(one) for one in found[-2 * len(asked) :]])
    page = f"{schedule.steps} steps of {schedule.tokens} tokens from the untrained start.\n\n{table(found)}\n"
    (options.out / "sources.md").write_text(page, encoding="utf-8")
    figures = {"schedule": asdict(schedule), "figures": [asdict(one) for one in found]}
    (options.out / "sources.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()

"""Put questions with known answers through retrieval and the reader, fit its scores' mix, say how right it is.

    python -m retrieval.training.ranker_measure read build/reader.pt build/readings.pkl QA/news_dev QA/squad2_dev
    python -m retrieval.training.ranker_measure fit build/readings.pkl
    python -m retrieval.training.ranker_measure ship build/readings.pkl build/reader.pt retrieval/models/ranker

`read` keeps what the reader says of every sentence (slow), of weights as trained or of a shipped folder, when it is
asked the sets named and our own news that was held out; `fit` finds the mix and prints the measures (quick); `ship`
writes weights and mix as the package reads them. Knows nothing of training.
"""

import argparse
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from retrieval.embed import Embedder
from retrieval.encoder import MODELS, digest, save_encoder
from retrieval.rank import CANDIDATES, Request
from retrieval.reading import BundledRanker, Mix, Plan, Sentences, leads, probe
from retrieval.training.question_sets import Asked, QuestionSet, auroc
from retrieval.training.ranker_train import CORPUS, reader
from retrieval.training.systems import Index


@dataclass(frozen=True, slots=True)
class Read:
    """One question in one mode and what was said of its sentences, each an array (sentences,)."""

    name: str
    mode: str
    answerable: bool
    right: NDArray[np.bool_]
    fused: NDArray[np.float64]
    order: NDArray[np.float64]
    answers: NDArray[np.float64]
    span: NDArray[np.float64]
    missed: bool
    """Whether the question can be answered but no sentence that was read does."""


def requests(asked: QuestionSet, embedder: Embedder) -> Iterator[tuple[str, Asked, Request]]:
    """Each question of a set in both modes with its hits."""
    index = Index.over(asked.articles, embedder)
    embedded = embedder.embed([one.text for one in asked.questions])
    for one, vector in zip(asked.questions, embedded, strict=True):
        for mode, within in (("closed", one.article), ("open", None)):
            hits = index.retriever.retrieve(one.text, vector, limit=CANDIDATES, rows=index.within(within))
            yield mode, one, (one.text, hits)


def read(name: str, asked: Sequence[tuple[str, Asked, Request]], ranker: BundledRanker) -> Iterator[Read]:
    """What the reader says of every sentence that it is given."""
    sentences = Sentences()
    for mode, one, (question, hits) in asked:
        plan = Plan(question, hits, sentences)
        said = ranker.read([window for _, window in plan.windows])
        fused = {(hit.sentence.article.id, hit.sentence.number): hit.score for hit in hits}
        least = min(fused.values(), default=0.0)
        flat = [
            (plan.known[article][number], fused.get((article, number), least), reading)
            for (article, window), own in zip(plan.windows, said, strict=True)
            for number, reading in enumerate(own, window.first)
        ]
        right = np.array([one.is_answered_by((s.article.id, s.start, s.end)) for s, _, _ in flat])
        said_of = np.array([(f, r.order, r.answers, r.span) for _, f, r in flat], dtype=np.float64).T
        missed = one.answerable and not bool(right.any())
        fused_scores, order, answers, span = said_of
        yield Read(name, mode, one.answerable, right, fused_scores, order, answers, span, missed=missed)


def scored(one: Read, mix: Mix) -> NDArray[np.float64]:
    """The order's scores of a question's sentences."""
    return np.asarray(one.order + mix.answers * one.answers + mix.fused * one.fused)


def right_first(reads: Sequence[Read], mix: Mix) -> float:
    """The share of answerable questions whose first sentence is right."""
    return float(np.mean([one.right[scored(one, mix).argmax()] for one in reads if one.answerable]))


def fit_order(reads: Sequence[Read]) -> Mix:
    """The weights of retrieval's score and of the answering score that put the right sentence first most often."""
    sets = [[r for r in reads if (r.name, r.mode) == key] for key in sorted({(r.name, r.mode) for r in reads})]
    grid = [Mix(f, a, 1.0, 1.0, 0.0) for f in (0, 1, 2, 3, 4, 6, 8, 10, 14) for a in (0, 0.25, 0.5, 0.75, 1.0, 1.5)]
    return max(grid, key=lambda mix: float(np.mean([right_first(own, mix) for own in sets])))


def features(reads: Sequence[Read], mix: Mix) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Of each question's first sentence: its answering score and lead, (questions, 2); and whether it is right."""
    inputs, right = [], []
    for one in reads:
        scores = scored(one, mix)
        first = int(scores.argmax())
        inputs.append((one.answers[first], leads(scores)[first]))
        right.append(bool(one.right[first]))
    return np.array(inputs), np.array(right)


def fit(reads: Sequence[Read]) -> Mix:
    """The whole mix; the probability is that the first sentence is right, each set and mode of equal weight."""
    from scipy.optimize import brentq
    from sklearn.linear_model import LogisticRegression

    mix = fit_order(reads)
    inputs, right = features(reads, mix)
    keys = [(one.name, one.mode) for one in reads]
    weights = np.array([1 / keys.count(key) for key in keys])
    # Sets differ in how many of their questions have an answer, which is to tell nothing of what a sentence looks like.
    of_set = np.array([[key[0] == name for name in dict.fromkeys(name for name, _ in keys)] for key in keys])
    model = LogisticRegression(C=100, max_iter=1000, fit_intercept=False)
    model.fit(np.hstack([inputs, of_set]), right, sample_weight=weights)
    slope, lead = map(float, model.coef_[0, : inputs.shape[1]])
    told = inputs @ np.array([slope, lead])
    intercept = brentq(lambda shift: weights @ (1 / (1 + np.exp(-told - shift)) - right), -30, 30)
    return Mix(mix.fused, mix.answers, slope, lead, float(intercept))


def probabilities(reads: Sequence[Read], mix: Mix) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Of each question's first sentence the probability, and whether it is right."""
    inputs, right = features(reads, mix)
    return 1 / (1 + np.exp(-(inputs @ np.array([mix.slope, mix.lead]) + mix.intercept))), right


def report(reads: Sequence[Read], mix: Mix) -> None:
    """Print the measures of each set and mode."""
    retrieval_only = Mix(1e6, 0, 1, 1, 0)
    for key in sorted({(one.name, one.mode) for one in reads}):
        own = [one for one in reads if (one.name, one.mode) == key]
        answerable = [one for one in own if one.answerable]
        p, right = probabilities(own, mix)
        can = np.array([one.answerable for one in own])
        shown = {
            f"≥{t}": (round(float((p >= t).mean()), 2), round(float(right[p >= t].mean()), 3))
            for t in (0.3, 0.4, 0.5, 0.6, 0.7)
        }
        print(
            f"{key[0]:12} {key[1]:6} n={len(answerable):4} right@1 {right_first(own, mix):.3f}"
            f" (retrieval {right_first(own, retrieval_only):.3f}, reader {right_first(own, Mix(0, 0, 1, 1, 0)):.3f},"
            f" read {1 - np.mean([one.missed for one in answerable]):.3f}) auroc {auroc(p[can], p[~can]):.3f}"
            f" answered and right {shown}"
        )


def trained(weights: Path) -> BundledRanker:
    """A ranker of weights as training leaves them, its scores not yet mixed."""
    network = reader()
    network.load_state_dict(torch.load(weights))
    return BundledRanker(network.eval().hasten(probe()), Mix(0, 0, 1, 0, 0))


def ship(weights: Path, mix: Mix, folder: Path, *, int8: bool) -> None:
    """Write a trained reader and its mix into a folder of `retrieval/models`, and its digest into SHA256SUMS."""
    table = "encoder.embeddings.word_embeddings.weight"
    states = {name: value for name, value in torch.load(weights).items() if name != table}
    named = {name if name.startswith("encoder.") else f"head.{name}": value for name, value in states.items()}
    folder.mkdir(exist_ok=True)
    path = folder / "weights.safetensors"
    save_encoder(path, named | {"head.mix": torch.tensor(astuple(mix))}, int8=int8)
    sums = MODELS / "SHA256SUMS"
    name = path.resolve().relative_to(MODELS.resolve())
    others = [line for line in sums.read_text().splitlines() if not line.endswith(f"  {name}")] if sums.exists() else []
    sums.write_text("\n".join(sorted([*others, f"{digest(path)}  {name}"], key=lambda line: line[66:])) + "\n")


def main() -> None:
    """Read, fit and report, or ship."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    reading = commands.add_parser("read")
    reading.add_argument("weights", type=Path)
    reading.add_argument("out", type=Path)
    reading.add_argument("sets", type=Path, nargs="+")
    reading.add_argument("--limit", type=int, default=500)
    reading.add_argument("--threads", type=int, default=2)
    fitting = commands.add_parser("fit")
    fitting.add_argument("readings", type=Path)
    shipping = commands.add_parser("ship")
    shipping.add_argument("readings", type=Path)
    shipping.add_argument("weights", type=Path)
    shipping.add_argument("folder", type=Path)
    shipping.add_argument("--int8", action="store_true")
    options = parser.parse_args()
    if options.command == "read":
        torch.set_num_threads(options.threads)
        ranker = BundledRanker.load(options.weights.resolve()) if options.weights.is_dir() else trained(options.weights)
        embedder = Embedder()
        sets = [QuestionSet.read(folder, limit=options.limit) for folder in options.sets]
        sets.append(QuestionSet.held_out(CORPUS))
        reads = [one for asked in sets for one in read(asked.name, list(requests(asked, embedder)), ranker)]
        options.out.write_bytes(pickle.dumps(reads))
        return
    reads = pickle.loads(options.readings.read_bytes())  # noqa: S301 - our own file
    mix = fit(reads)
    if options.command == "ship":
        ship(options.weights, mix, options.folder, int8=options.int8)
    print(mix)
    report(reads, mix)


if __name__ == "__main__":
    main()

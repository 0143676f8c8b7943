"""Put questions with known answers through retrieval and two readers, fit their scores' mix, say how right they are.

    python -m retrieval.training.ranker_measure read build/a.pt build/b.pt build/readings.pkl QA/news_dev QA/squad2_dev
    python -m retrieval.training.ranker_measure fit build/readings.pkl
    python -m retrieval.training.ranker_measure ship build/readings.pkl build/a.pt build/b.pt retrieval/models

`read` keeps what the ranker says of every sentence and the verifier of the first (slow), of weights as trained or of
shipped folders, when they are asked the sets named and our own news that was held out; `fit` finds the mix and prints
the measures (quick); `ship` writes weights and mix as the package reads them. Knows nothing of training.
"""

import argparse
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from retrieval.embed import Embedder
from retrieval.encoder import MODELS, digest, save_encoder
from retrieval.plan import Plan, Sentences, probe
from retrieval.rank import CANDIDATES, Request
from retrieval.reader import Reader
from retrieval.reading import FOLDER, VERIFIER, BundledRanker, Mix, leads, load_reader
from retrieval.training.question_sets import Asked, QuestionSet, auroc
from retrieval.training.ranker_train import CORPUS, reader, take
from retrieval.training.systems import Index
from retrieval.verifying import VERIFIED, Evidence, judge

# What the verifier and its greatest doubt count beside the ranker's answering score. Fitted to what is right all count
# differently; so, fewer near misses are taken for answers, and the lead, which tells of order, is left out for the same
# reason (the verifier's card has the figures).
SHARES = np.array([2.0, 2.0, -1.0])


@dataclass(frozen=True, slots=True)
class Read:
    """One question in one mode and what the ranker said of its sentences, each an array (sentences,)."""

    name: str
    mode: str
    answerable: bool
    right: NDArray[np.bool_]
    fused: NDArray[np.float64]
    order: NDArray[np.float64]
    answers: NDArray[np.float64]
    missed: bool
    """Whether the question can be answered but no sentence that was read does."""
    verified: float = 0.0
    """What the verifier says of the sentence that stands first: that it answers."""
    doubt: float = 0.0
    """How much it doubts the question's most doubted word."""


def requests(asked: QuestionSet, embedder: Embedder) -> Iterator[tuple[str, Asked, Request]]:
    """Each question of a set in both modes with its hits."""
    index = Index.over(asked.articles, embedder)
    embedded = embedder.embed([one.text for one in asked.questions])
    for one, vector in zip(asked.questions, embedded, strict=True):
        for mode, within in (("closed", one.article), ("open", None)):
            hits = index.retriever.retrieve(one.text, vector, limit=CANDIDATES, rows=index.within(within))
            yield mode, one, (one.text, hits)


def read(name: str, asked: Sequence[tuple[str, Asked, Request]], ranker: BundledRanker) -> Iterator[tuple[Read, Plan]]:
    """What the ranker says of every sentence that it is given, and where those stand."""
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
        fused_scores, order, answers = np.array([(f, r.order, r.answers) for _, f, r in flat], dtype=np.float64).T
        missed = one.answerable and not bool(right.any())
        yield Read(name, mode, one.answerable, right, fused_scores, order, answers, missed), plan


def verified(reads: Sequence[tuple[Read, Plan]], verifier: Reader) -> list[Read]:
    """With what the verifier says of the sentences that stand first, ordered as fits them best."""
    mix = fit_order([one for one, _ in reads])
    found = []
    for one, plan in reads:
        places = [(a, n) for a, w in plan.windows for n in range(w.first, w.first + len(w.starts))]
        article, number = places[int(scored(one, mix).argmax())]
        window = plan.around(article, number, length=VERIFIED)
        said = judge(verifier, window)
        found.append(replace(one, verified=float(said.answers[number - window.first]), doubt=said.doubt))
    return found


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


class Firsts(NamedTuple):
    """Of each question's first sentence what the ranker, (questions, 2), and the verifier, (questions, 3), go by.

    The ranker goes by its answering score and the lead; the verifier by that score, its own and its greatest doubt.
    """

    ranked: NDArray[np.float64]
    verified: NDArray[np.float64]
    right: NDArray[np.bool_]


def firsts(reads: Sequence[Read], mix: Mix) -> Firsts:
    """What is said of the sentences that a mix puts first, and whether they are right."""
    ranked, verified, right = [], [], []
    for one in reads:
        scores = scored(one, mix)
        first = int(scores.argmax())
        ranked.append((one.answers[first], leads(scores)[first]))
        verified.append((one.answers[first], one.verified, one.doubt))
        right.append(bool(one.right[first]))
    return Firsts(np.array(ranked), np.array(verified), np.array(right))


def fit(reads: Sequence[Read]) -> tuple[Mix, Evidence]:
    """The whole mix; the probability is that the first sentence is right, with and without the verifier."""
    mix = fit_order(reads)
    first = firsts(reads, mix)
    slope, lead, intercept = fit_odds(reads, first.ranked, first.right)
    told, shift = fit_odds(reads, first.verified @ SHARES[:, None], first.right)
    ranker, own, doubt = (told * SHARES).tolist()
    return Mix(mix.fused, mix.answers, slope, lead, intercept), Evidence(ranker, own, doubt, shift)


def fit_odds(reads: Sequence[Read], inputs: NDArray[np.float64], right: NDArray[np.bool_]) -> list[float]:
    """The weights of inputs (questions, n) and the intercept of the log-odds; each set and mode of equal weight."""
    from scipy.optimize import brentq
    from sklearn.linear_model import LogisticRegression

    keys = [(one.name, one.mode) for one in reads]
    weights = np.array([1 / keys.count(key) for key in keys])
    # Sets differ in how many of their questions have an answer, which is to tell nothing of what a sentence looks like.
    of_set = np.array([[key[0] == name for name in dict.fromkeys(name for name, _ in keys)] for key in keys])
    model = LogisticRegression(C=100, max_iter=1000, fit_intercept=False)
    model.fit(np.hstack([inputs, of_set]), right, sample_weight=weights)
    coefficients = model.coef_[0, : inputs.shape[1]]
    told = inputs @ coefficients
    intercept = brentq(lambda shift: weights @ (1 / (1 + np.exp(-told - shift)) - right), -30, 30)
    return [*map(float, coefficients), float(intercept)]


def probabilities(reads: Sequence[Read], mix: Mix, evidence: Evidence) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Of each question's first sentence the probability, and whether it is right."""
    first = firsts(reads, mix)
    told = first.verified @ np.array([evidence.ranker, evidence.verifier, evidence.doubt]) + evidence.intercept
    return 1 / (1 + np.exp(-told)), first.right


def report(reads: Sequence[Read], mix: Mix, evidence: Evidence) -> None:
    """Print the measures of each set and mode."""
    retrieval_only = Mix(1e6, 0, 1, 1, 0)
    for key in sorted({(one.name, one.mode) for one in reads}):
        own = [one for one in reads if (one.name, one.mode) == key]
        answerable = [one for one in own if one.answerable]
        p, right = probabilities(own, mix, evidence)
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


def loaded(weights: Path) -> Reader:
    """The reader of weights as training leaves them, or of a shipped folder."""
    if weights.is_dir():
        return load_reader(weights.resolve())[0]
    network = reader()
    take(network, torch.load(weights))
    return network.eval().hasten(probe())


def unmixed(weights: Path) -> BundledRanker:
    """A ranker whose scores are not yet mixed."""
    return BundledRanker(loaded(weights), Mix(0, 0, 1, 0, 0))


def ship(weights: Path, mix: Mix | Evidence, folder: Path, *, int8: bool) -> None:
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
    reading.add_argument("ranker", type=Path)
    reading.add_argument("verifier", type=Path)
    reading.add_argument("out", type=Path)
    reading.add_argument("sets", type=Path, nargs="+")
    reading.add_argument("--limit", type=int, default=500)
    reading.add_argument("--threads", type=int, default=2)
    fitting = commands.add_parser("fit")
    fitting.add_argument("readings", type=Path)
    shipping = commands.add_parser("ship")
    shipping.add_argument("readings", type=Path)
    shipping.add_argument("ranker", type=Path)
    shipping.add_argument("verifier", type=Path)
    shipping.add_argument("models", type=Path)
    shipping.add_argument("--int8", action="store_true")
    options = parser.parse_args()
    if options.command == "read":
        torch.set_num_threads(options.threads)
        ranker = unmixed(options.ranker)
        verifier = loaded(options.verifier)
        embedder = Embedder()
        sets = [QuestionSet.read(folder, limit=options.limit) for folder in options.sets]
        sets.append(QuestionSet.held_out(CORPUS))
        reads = [one for asked in sets for one in read(asked.name, list(requests(asked, embedder)), ranker)]
        options.out.write_bytes(pickle.dumps(verified(reads, verifier)))
        return
    reads = pickle.loads(options.readings.read_bytes())  # noqa: S301 - our own file
    mix, evidence = fit(reads)
    if options.command == "ship":
        ship(options.ranker, mix, options.models / FOLDER.name, int8=options.int8)
        ship(options.verifier, evidence, options.models / VERIFIER.name, int8=options.int8)
    print(mix, evidence)
    report(reads, mix, evidence)


if __name__ == "__main__":
    main()

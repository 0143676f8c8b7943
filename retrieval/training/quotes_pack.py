"""Fit the given names and the pronouns, and pack them with the tagger's weights into the file that ships.

    python -m retrieval.training.quotes_pack TAGGER.safetensors --corpus retrieval/training/corpus

Knows the loss of the pronoun scorer; its features are `retrieval.pronouns`'.
"""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from sklearn.linear_model import LogisticRegression
from torch import Tensor
from torch.nn import functional

from retrieval import names, sentences
from retrieval.antecedents import SIZE, candidates
from retrieval.encoder import MODELS, digest
from retrieval.entities import gather
from retrieval.given_names import GivenNames, features
from retrieval.lexicon import BODIES, GEOGRAPHY, OFFICES, ORDINARY, QUALIFIERS
from retrieval.pronouns import HIDDEN
from retrieval.quotations import quotations
from retrieval.referents import Cast
from retrieval.scene import Reported, Scene, learn_genders, pronouns_of
from retrieval.schema import Article
from retrieval.training import newsroom
from retrieval.training.quotes_measure import names_agree

NAMES = Path(__file__).parent / "given_names.txt"
SHIPPED = MODELS / "quotes" / "weights.safetensors"
CANDIDATES = 40
# Networks trained from different seeds and averaged into one
NETWORKS = 4
STEPS = 500


@dataclass(frozen=True, slots=True)
class Row:
    """A pronoun with the features of its candidates, and the place of the right one or None."""

    features: list[list[float]]
    right: int | None


def given_names() -> Tensor:
    """Fit the vectors that tell men's and women's given names from other words, (3, 3 * width + 1)."""
    lists: dict[str, list[str]] = {}
    for line in NAMES.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            words = lists.setdefault(line[2:], [])
        else:
            words += line.split()
    known = set(lists["man"]) | set(lists["woman"])
    general = GEOGRAPHY | BODIES | OFFICES | ORDINARY | QUALIFIERS
    lists["neither"] += sorted(word for word in general if word.isalpha() and word not in known)
    judged = [(word, number) for number, kind in enumerate(("man", "woman", "neither")) for word in lists[kind]]
    inputs = np.stack([features(word).numpy() for word, _ in judged])
    fitted = LogisticRegression(C=1, max_iter=600).fit(inputs, [number for _, number in judged])
    return torch.tensor(np.concatenate([fitted.coef_, fitted.intercept_[:, None]], axis=1), dtype=torch.float32)


def rows_of(folder: Path, judge: GivenNames, skip: tuple[str, ...]) -> Iterator[Row]:
    """The annotated pronouns of our own news, with the pronouns before them resolved as annotated."""
    for path in sorted(folder.glob("*.txt")):
        if path.stem.endswith(skip):
            continue
        try:
            gold = newsroom.parse(path.read_text(encoding="utf-8").partition("\n---\n")[0], path.stem)
        except newsroom.MarkupError:
            continue
        yield from _rows(gold, judge)


def _rows(gold: newsroom.GoldArticle, judge: GivenNames) -> Iterator[Row]:
    split = sentences.split(Article("", "", "", gold.text))
    mentions = names.mentions_of(split)
    entities = gather(mentions, judge.judge)
    cast = Cast(gold.text, split, mentions)
    reported = [
        Reported(a.source, cast.entity_of(a.source) if a.source else None, tuple(a.content)) for a in gold.attributions
    ]
    reported.sort(key=lambda report: report.source or report.content[0])
    scene = Scene(split, entities, quotations(gold.text), reported, mentions)
    learn_genders(scene)
    for pronoun in pronouns_of(split):
        wanted = next(
            (name for (start, end), name in gold.pronouns if start < pronoun.end and end > pronoun.start), None
        )
        found = candidates(scene, pronoun)
        agreeing = (at for at, candidate in enumerate(found) if wanted and names_agree(candidate.entity.full, [wanted]))
        right = next(agreeing, None)
        scene.resolved.append((pronoun, found[right].entity if right is not None else None))
        if wanted:
            yield Row([candidate.features for candidate in found][:CANDIDATES], right)


def scorer(rows: Iterable[Row]) -> Tensor:
    """Fit the networks and average them into one, as `pronouns.Scorer` reads it."""
    kept = list(rows)
    inputs = torch.zeros(len(kept), CANDIDATES, SIZE)
    mask = torch.full((len(kept), CANDIDATES + 1), -1e9)
    wanted = torch.full((len(kept),), CANDIDATES)
    mask[:, CANDIDATES] = 0
    for number, row in enumerate(kept):
        inputs[number, : len(row.features)] = torch.tensor(row.features).view(-1, SIZE)
        mask[number, : len(row.features)] = 0
        if row.right is not None and row.right < CANDIDATES:
            wanted[number] = row.right
    networks = [_network(inputs, mask, wanted, seed) for seed in range(NETWORKS)]
    hidden, bias, out, linear, nobody = (torch.cat([network[part] for network in networks]) for part in range(5))
    linear = linear.view(NETWORKS, SIZE).mean(0)
    return torch.cat([hidden.flatten(), bias, out / NETWORKS, linear, nobody.mean().view(1)])


def _network(inputs: Tensor, mask: Tensor, wanted: Tensor, seed: int) -> list[Tensor]:
    torch.manual_seed(seed)
    width = HIDDEN // NETWORKS
    weights = [
        torch.randn(width, SIZE) * 0.15,
        torch.zeros(width),
        torch.randn(width) * 0.1,
        torch.zeros(SIZE),
        torch.zeros(1),
    ]
    for weight in weights:
        weight.requires_grad_()
    hidden, bias, out, linear, nobody = weights
    optimiser = torch.optim.AdamW(weights, lr=0.01, weight_decay=0.02)
    for step in range(STEPS):
        for group in optimiser.param_groups:
            group["lr"] = 0.01 * (1 - step / STEPS) + 1e-5
        chosen = torch.randperm(len(inputs))[:512]
        x = inputs[chosen]
        inner = functional.dropout((x @ hidden.T + bias).relu(), 0.2)
        scores = torch.cat([inner @ out + x @ linear, nobody.expand(len(chosen), 1)], 1) + mask[chosen]
        loss = functional.cross_entropy(scores, wanted[chosen])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return [weight.detach() for weight in weights]


def main() -> int:
    """Pack from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tagger", type=Path)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--skip", default="5", help="leave out our own articles whose names end so")
    options = parser.parse_args()
    torch.set_num_threads(2)
    tensors = {name: tensor for name, tensor in load_file(options.tagger).items() if "given_names" not in name}
    vectors = given_names()
    rows = list(rows_of(options.corpus, GivenNames(vectors), tuple(options.skip.split(","))))
    print(f"{len(rows)} pronouns")
    tensors["head.given_names.weight"] = vectors.half().contiguous()
    tensors["head.pronouns.weight"] = scorer(rows)
    save_file(tensors, SHIPPED)
    SHIPPED.chmod(0o644)
    sums = MODELS / "SHA256SUMS"
    name = SHIPPED.relative_to(MODELS).as_posix()
    listed = sums.read_text(encoding="utf-8").splitlines() if sums.exists() else []
    kept = [line for line in listed if not line.endswith(f"  {name}")]
    sums.write_text(
        "\n".join(sorted([*kept, f"{digest(SHIPPED)}  {name}"], key=lambda line: line.split()[1])) + "\n",
        encoding="utf-8",
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Write how right the product and its parts are: a table, and pictures of reliability and of accuracy against latency.

    python -m retrieval.training.report QA/news_dev QA/squad2_dev --out build/accuracy [--readme README.md]

Each folder holds a set as `retrieval.training.question_sets` reads it. `--out` gets report.md, report.json,
reliability.png and latency.png; between the two marks of `--readme` come a few figures and the pictures. Times mean
something on an idle machine only. Knows nothing of how anything is measured.
"""

import argparse
import json
import logging
import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import torch

from retrieval.embed import Embedder, EmbedsTexts
from retrieval.encoder import digest
from retrieval.indexing import ReadsStatements
from retrieval.rank import BUNDLED
from retrieval.training import pictures
from retrieval.training.accuracy import Measured, accuracy_table, as_json, first_table, markdown, measure
from retrieval.training.question_sets import QuestionSet
from retrieval.training.systems import SHIPPED, systems

LIMIT = 400
MARKS = re.compile(r"(<!-- figures[^>]*-->\n).*?(<!-- end of figures -->)", re.DOTALL)
# What the README shows, each with whether it has context.
FIRST = (("vectors", False), ("vectors", True), ("BM25", True), ("fused", True), (SHIPPED, True))


@dataclass(frozen=True, slots=True)
class Parts:
    """What the systems are made of; the bundled statement reader where `reader` is None."""

    embedder: EmbedsTexts
    ranker: str = BUNDLED
    reader: ReadsStatements | None = None


def measured_sets(folders: Sequence[Path], parts: Parts, *, limit: int | None = LIMIT) -> list[Measured]:
    """Every system on every set; with a `limit`, on a fixed draw of so many of its questions."""
    found: list[Measured] = []
    for folder in folders:
        asked = QuestionSet.read(folder, limit=limit)
        with systems(asked.articles, embedder=parts.embedder, reader=parts.reader, ranker=parts.ranker) as made:
            found += measure(asked, made)
    return found


def write(out: Path, measured: Sequence[Measured], made_with: dict[str, str]) -> None:
    """Write the report's four files."""
    out.mkdir(parents=True, exist_ok=True)
    pictures.reliability([one for one in measured if one.system == SHIPPED], out / "reliability.png")
    pictures.latency([one for one in measured if one.mode == "open"], out / "latency.png")
    content = {"made_with": made_with, "figures": as_json(measured)}
    (out / "report.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (out / "report.md").write_text(_page(measured, made_with), encoding="utf-8")


def with_figures(readme: str, measured: Sequence[Measured], folder: str) -> str:
    """A README that shows, between its marks, the figures measured and the pictures; `folder` is where it finds them.

    Raises:
        ValueError: It has no such marks.
    """
    shown = markdown(
        [
            ["accuracy against latency, all articles asked", "probability against share right"],
            [f"![Median time and right first]({folder}/latency.png)", f"![Reliability]({folder}/reliability.png)"],
        ]
    )
    whole = f"[The report]({folder}/report.md) has every part alone, with and without the sentences around."
    content = "\n\n".join([first_table(measured, of=FIRST), shown, whole])
    changed, count = MARKS.subn(lambda marks: f"{marks[1]}{content}\n{marks[2]}", readme)
    if count != 1:
        raise ValueError("there is no place for figures, <!-- figures --> to <!-- end of figures -->, or several")
    return changed


def _page(measured: Sequence[Measured], made_with: dict[str, str]) -> str:
    parts = ["# How right it is", "Written by `python -m retrieval.training.report`; do not edit."]
    parts.append("; ".join(f"{name} {value}" for name, value in made_with.items()) + ".")
    parts.append(
        "In each cell first with its article asked (closed), then with all (open). Right means: in the right article,"
        " at most 700 characters, and at least half of the shorter of it and an answering span. Without context, every"
        " sentence stands alone. “Answered” is at the default threshold; AUROC is the chance that a question that can"
        " be answered gets a higher probability, or score, than one that cannot. The time of the whole with all"
        " articles asked is without embedding: it has just put the same question to one article, and remembers."
    )
    for name in dict.fromkeys(one.set for one in measured):
        own = [one for one in measured if one.set == name]
        outcomes = own[0].outcomes
        answerable = sum(one.answerable for one in outcomes)
        margin = max(one.figures.margin or 0.0 for one in own)
        parts.append(f"## {name}")
        parts.append(f"{len(outcomes)} questions, {answerable} of them answerable; 95 % confidence ± {margin:.3f}.")
        parts.append(accuracy_table(own))
    parts.append("![Probability given against share that is right](reliability.png)")
    parts.append("![Median time of a question against right sentence first](latency.png)")
    return "\n\n".join(parts) + "\n"


def _made_with(ranker: str) -> dict[str, str]:
    found = {"CPUs": str(os.cpu_count()), "threads": str(torch.get_num_threads()), "Python": platform.python_version()}
    found |= {name: version(name) for name in ("torch", "sentence-transformers")} | {"ranker": ranker}
    if ranker == BUNDLED:
        from retrieval.reading import FOLDER, VERIFIER

        found |= {f"{one.name} weights": digest(one / "weights.safetensors")[:16] for one in (FOLDER, VERIFIER)}
    return found


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="+", help="folders with articles.jsonl and questions.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    parser.add_argument("--readme", type=Path, help="a README with marks for the figures")
    parser.add_argument("--limit", type=int, default=LIMIT, help="questions of a set, at most (default: %(default)s)")
    parser.add_argument("--ranker", default=BUNDLED, help="as in config.yaml (default: %(default)s)")
    options = parser.parse_args()
    logging.basicConfig(format="%(message)s")
    logging.getLogger("retrieval.training").setLevel(logging.INFO)
    measured = measured_sets(options.sets, Parts(Embedder(), options.ranker), limit=options.limit)
    write(options.out, measured, _made_with(options.ranker))
    if options.readme:
        folder = Path(os.path.relpath(options.out, options.readme.parent)).as_posix()
        text = with_figures(options.readme.read_text(encoding="utf-8"), measured, folder)
        options.readme.write_text(text, encoding="utf-8")
    print((options.out / "report.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()

"""Print how well the shipped models do: attributed F1 with errors by kind, pronouns, and speed.

    python -m retrieval.training.quotes_report FOLDER

FOLDER holds `news.jsonl` (attributions) and `pronouns.jsonl`, or a folder `dev` with both.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from retrieval import sentences
from retrieval.schema import Article, Sentence
from retrieval.statements import StatementReader
from retrieval.training.quotes_measure import Score, add, names_agree


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def prepared(rows: Sequence[dict[str, Any]]) -> list[tuple[Article, Sequence[Sentence]]]:
    """Articles and sentences of rows."""
    articles = [Article(row["id"], "", row.get("title") or "", row["text"]) for row in rows]
    return [(article, sentences.split(article)) for article in articles]


def report_statements(reader: StatementReader, rows: Sequence[dict[str, Any]]) -> Score:
    """Print and return the score of statements."""
    articles = prepared(rows)
    started = time.perf_counter()
    readings = reader.read(articles)
    seconds = time.perf_counter() - started
    score = Score()
    for row, statements in zip(rows, readings, strict=True):
        add(score, row, statements)
    words = sum(len(row["text"].split()) for row in rows)
    print(f"articles {len(rows)}, gold statements {score.gold}, found {score.found}")
    precision, recall = score.attributed / max(1, score.found), score.attributed / max(1, score.gold)
    print(
        f"attributed F1 {score.f1:.3f} (precision {precision:.3f}, recall {recall:.3f}); "
        f"content F1 {score.content_f1:.3f}"
    )
    print("errors: " + ", ".join(f"{kind} {count}" for kind, count in score.errors.most_common()))
    print(f"{700 * seconds / words:.2f} seconds for 700 words, {torch.get_num_threads()} threads")
    return score


def report_pronouns(reader: StatementReader, rows: Sequence[dict[str, Any]]) -> Counter[str]:
    """Print and return the counts of pronouns resolved right, wrong and not."""
    counts: Counter[str] = Counter()
    by_genre: dict[str, Counter[str]] = {}
    for row, reading in zip(rows, reader.read_closely(prepared(rows)), strict=True):
        names = {span[0]: name for span, name in reading.pronouns}
        for pronoun in row["pronouns"]:
            name = names.get(pronoun["span"][0])
            result = "open" if not name else "right" if names_agree(name, pronoun["accept"]) else "wrong"
            counts[result] += 1
            by_genre.setdefault(row.get("genre", ""), Counter())[result] += 1
    for genre, counted in [("pronouns", counts), *sorted(by_genre.items())]:
        total = max(1, counted.total())
        shares = ", ".join(f"{result} {counted[result] / total:.3f}" for result in ("right", "wrong", "open"))
        print(f"{genre} {counted.total()}: {shares}")
    return counts


def main() -> int:
    """Report from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder = folder / "dev" if (folder / "dev").is_dir() else folder
    torch.set_num_threads(2)
    reader = StatementReader.load()
    report_statements(reader, rows_of(folder / "news.jsonl"))
    report_pronouns(reader, rows_of(folder / "pronouns.jsonl"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""What both benchmarks stand on: real news to index, questions about it, and programs run one at a time.

Only the standard library is imported before it is needed, so that a peer's process holds nothing of ours. Knows nothing
of what is measured.
"""

import hashlib
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from retrieval.embed import EmbedsTexts, Vectors
    from retrieval.indexing import ReadsStatements
    from retrieval.schema import Article, Sentence, Statement

    Articles = Sequence[tuple[Article, Sequence[Sentence]]]

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
NUMBER = re.compile(r"\d+")
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "TOKENIZERS_PARALLELISM": "false",
}
WARMING = 5


class Piece(NamedTuple):
    """A news article and what can be asked about it."""

    name: str
    text: str
    questions: tuple[str, ...] = ()


class Folder(NamedTuple):
    """What was written to index; `copied` of the sentences are varied copies of real ones."""

    articles: int
    sentences: int
    copied: int

    def __str__(self) -> str:
        copies = f" ({self.copied:,} of them copies with other names and numbers)" if self.copied else ""
        return f"{self.sentences:,} sentences of {self.articles:,} articles{copies}"


class WatchedEmbedder:
    """An embedder that counts the seconds it takes."""

    def __init__(self, embedder: "EmbedsTexts") -> None:
        self.identity = embedder.identity
        self.seconds = 0.0
        self._embedder = embedder

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """Unit vectors, (len(texts), dimension)."""
        began = time.perf_counter()
        found = self._embedder.embed(texts)
        self.seconds += time.perf_counter() - began
        return found


class WatchedReader:
    """A statement reader that counts the seconds it takes."""

    def __init__(self, reader: "ReadsStatements") -> None:
        self.identity = reader.identity
        self.seconds = 0.0
        self._reader = reader

    def read(self, articles: "Articles") -> "Sequence[tuple[Statement, ...]]":
        """The statements of each article."""
        began = time.perf_counter()
        found = self._reader.read(articles)
        self.seconds += time.perf_counter() - began
        return found


def news() -> list[Piece]:
    """The repository's articles and training news, in an order that mixes them and never changes."""
    from retrieval.fetch import fetch
    from retrieval.parse import parse
    from retrieval.training import newsroom

    samples = [parse(fetch(path, max_bytes=1_000_000)) for path in sorted((ROOT / "articles").glob("*.md"))]
    pieces = [Piece(article.id, article.text) for article in samples]
    for path in sorted((ROOT / "retrieval" / "training" / "corpus").glob("*.txt")):
        with suppress(newsroom.MarkupError):  # one that is still being annotated is left out
            found = newsroom.parse(path.read_text(encoding="utf-8"), path.stem)
            pieces.append(Piece(found.id, found.text, tuple(question.text for question in found.questions)))
    return sorted(pieces, key=lambda piece: hashlib.sha256(piece.name.encode()).digest())


def write_articles(folder: Path, wanted: int) -> Folder:
    """Write so many sentences as .txt articles; past the real ones come copies with other names and numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    articles = total = copied = 0
    for piece, copy in _pieces():
        cut = _spans(piece.text)[: wanted - total]
        (folder / f"{piece.name}-{copy}.txt").write_text(piece.text[: cut[-1][1]], encoding="utf-8")
        articles += 1
        total += len(cut)
        copied += len(cut) if copy else 0
        if total >= wanted:
            break
    return Folder(articles, total, copied)


def sentences(text: str) -> list[str]:
    """Our sentences of a text."""
    return [text[start:end] for start, end in _spans(text)]


def questions(folder: Path, limit: int) -> list[str]:
    """Questions about the articles in a folder, one of each article in turn."""
    written = {path.stem.rpartition("-")[0] for path in folder.glob("*.txt")}
    asked = [(turn, text) for piece in news() if piece.name in written for turn, text in enumerate(piece.questions)]
    return [text for _, text in sorted(asked, key=lambda one: one[0])][:limit]


def timed(ask: Callable[[str], object], asked: Sequence[str]) -> list[float]:
    """Milliseconds that each question took, one at a time, after a few to warm up."""
    for question in asked[:WARMING]:
        ask(question)
    taken = []
    for question in asked:
        began = time.perf_counter()
        ask(question)
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which so many per cent lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def peak_megabytes() -> float:
    """The most memory that this process has held, MB; Linux counts in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def run(module: str, *arguments: object) -> tuple[dict[str, Any], float]:
    """Run a module of this folder on its own.

    Returns:
        The JSON object in its first line of output, and the seconds from its start to that line.

    Raises:
        RuntimeError: It ended without one.
    """
    command = [sys.executable, "-W", "ignore", "-m", module, *map(str, arguments)]
    return first_line(command)


def first_line(command: Sequence[str]) -> tuple[dict[str, Any], float]:
    """Run a command as `run` does."""
    began = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | OFFLINE, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        out, errors = process.stdout, process.stderr
        line = out.readline() if out else ""
        seconds = time.perf_counter() - began
        complaint = errors.read() if errors else ""
    if not line:
        raise RuntimeError(f"{' '.join(command)} said nothing:\n{complaint}")
    found: dict[str, Any] = json.loads(line)
    return found, seconds


def medians(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median of each measure over several runs."""
    return {name: statistics.median(one[name] for one in runs) for name in runs[0]}


def machine(*packages: str) -> str:
    """The machine, the versions and how busy it is now: figures mean nothing without them."""
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    return f"{os.cpu_count()} CPUs, load average {load}; Python {platform.python_version()}, {versions}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows with their columns aligned, the first column to the left."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def _pieces() -> Iterator[tuple[Piece, int]]:
    """All news, then copies of it without end, each with the number of the copy."""
    real = news()
    names = sorted({name for piece in real for name in NAME.findall(piece.text)})
    places = {name: place for place, name in enumerate(names)}
    for copy in count():
        for piece in real:
            yield (piece._replace(text=_varied(piece.text, copy, names, places)) if copy else piece), copy


def _varied(text: str, copy: int, names: Sequence[str], places: Mapping[str, int]) -> str:
    renamed = NAME.sub(lambda found: names[(places[found.group()] + 101 * copy) % len(names)], text)
    return NUMBER.sub(lambda found: str(int(found.group()) + copy), renamed)


def _spans(text: str) -> list[tuple[int, int]]:
    from retrieval.schema import Article
    from retrieval.sentences import split

    return [(sentence.start, sentence.end) for sentence in split(Article(id="", version="", title="", text=text))]

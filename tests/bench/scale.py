"""How an archive grows, from a hundred sentences to a hundred thousand, and which vector index is fastest when.

`python -m tests.bench.scale` prints two tables. The first: indexing, the store's size, start-up from the store and
question latency with `ranker: none`, with what the embedding model takes of them apart. The second: the exact FAISS
index, HNSW as `retrieval.vectors` sets it up, and an 8-bit scalar quantiser, by latency, recall and time to build; its
EXACT_ROWS rests on it.

Embedding a hundred thousand sentences and reading who said what takes hours of two cores, so past `--embedded`
sentences other vectors stand in, those of `--base` real sentences repeated with noise, and every third sentence stands
in for a statement. Questions are always embedded by the model.
"""

import argparse
import json
import statistics
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.bench import material

if TYPE_CHECKING:
    from retrieval.archive import Archive
    from retrieval.config import Config
    from retrieval.embed import EmbedsTexts, Vectors
    from retrieval.schema import Sentence, Statement

SIZES = (100, 1_000, 10_000, 100_000)
# Noise of each component; a vector's cosine to the one it repeats is about 0.86.
NOISE = 0.03
NEIGHBOURS = 10
# The training news holds about one statement for three sentences; so many people share the stand-ins.
STATEMENT_EVERY, SPEAKERS = 3, 1000
# How many neighbours a question with 16 candidates asks for.
WIDTH = 32
GROWTH = {
    "sentences": "{sentences:,}",
    "indexing/s": "{indexing:,.1f}",
    "but the models": "{indexing_rest:,.0f}",
    "store, MB": "{store:.1f}",
    "open, ms": "{open:,.0f}",
    "indexes, ms": "{indexes:,.0f}",
    "question p50, ms": "{p50:.1f}",
    "p99, ms": "{p99:.1f}",
    "but the model, p50": "{rest:.2f}",
    "peak, MB": "{memory:,.0f}",
}
INDEXES = {
    "rows": "{rows:,}",
    "index": "{index}",
    "build, ms": "{build:,.1f}",
    "search p50, ms": "{p50:.3f}",
    "p99, ms": "{p99:.3f}",
    "recall@10": "{recall:.3f}",
    "bytes a row": "{size:,.0f}",
}


class Embeds:
    """Embeds questions by the model and articles with stand-ins, repeated from real vectors."""

    def __init__(self, model: "EmbedsTexts", base: "Vectors") -> None:
        self.identity = f"stand-in for {model.identity}"
        self._model = model
        self._stand_ins = _repeated(base)

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """Unit vectors, (len(texts), dimension)."""
        if len(texts) == 1:
            return self._model.embed(texts)
        return np.stack([vector for _, vector in zip(texts, self._stand_ins, strict=False)])


class Reads:
    """Stands in for the statement reader: every third sentence is somebody's."""

    identity = "stand-in"

    def read(self, articles: "material.Articles") -> "list[tuple[Statement, ...]]":
        """The statements of each article."""
        return [tuple(_statement(sentence) for sentence in cut[::STATEMENT_EVERY]) for _, cut in articles]


def _statement(sentence: "Sentence") -> "Statement":
    from retrieval.schema import Speaker, Statement

    number = zlib.crc32(sentence.text.encode()) % SPEAKERS
    speaker = Speaker(f"person-{number}", f"Person {number}", "person")
    return Statement((sentence,), speaker, None, None, ((sentence.start, sentence.end),), "direct", 0.9)


def make_vectors(work: Path, rows: int, limit: int) -> dict[str, float]:
    """Embed real sentences and questions and keep them for the other processes; how many a second."""
    from retrieval.embed import Embedder

    folder = work / "base"
    material.write_articles(folder, rows)
    texts = [text for path in sorted(folder.glob("*.txt")) for text in material.sentences(path.read_text("utf-8"))]
    model = Embedder()
    model.embed(["warm"])
    began = time.perf_counter()
    np.save(work / "base.npy", model.embed(texts))
    seconds = time.perf_counter() - began
    np.save(work / "questions.npy", model.embed(material.questions(folder, limit)))
    return {"rate": len(texts) / seconds}


def measure_growth(work: Path, size: int, options: argparse.Namespace) -> dict[str, float]:
    """Index so many sentences, open the store again and ask."""
    from retrieval.archive import Archive
    from retrieval.config import Config
    from retrieval.embed import Embedder
    from retrieval.indexing import BundledStatements

    folder = work / str(size)
    written = material.write_articles(folder / "articles", size)
    config = Config(folder=folder, ranker="none")
    model = Embedder(config.model_path)
    model.embed(["warm"])
    real = size <= options.embedded
    embedder = material.WatchedEmbedder(model if real else Embeds(model, np.load(work / "base.npy")))
    reader = material.WatchedReader(BundledStatements() if real else Reads())
    found = _measure_indexing(config, embedder, reader, written.sentences)
    began = time.perf_counter()
    archive = Archive.open(config, embedder=embedder, reader=reader)
    found["open"] = 1000 * (time.perf_counter() - began)
    began = time.perf_counter()
    archive._snapshot.build()
    found["indexes"] = 1000 * (time.perf_counter() - began)
    found |= _measure_questions(archive, embedder, material.questions(folder / "articles", options.questions))
    archive.close()
    return found | {"sentences": written.sentences, "memory": material.peak_megabytes()}


def _measure_indexing(
    config: "Config", embedder: material.WatchedEmbedder, reader: material.WatchedReader, sentences: int
) -> dict[str, float]:
    from retrieval.archive import Archive

    archive = Archive.open(config, embedder=embedder, reader=reader)
    began = time.perf_counter()
    archive.reload()
    archive._snapshot.build()
    seconds = time.perf_counter() - began
    archive.close()
    megabytes = sum(path.stat().st_size for path in config.store.parent.iterdir()) / 1e6
    rest = seconds - embedder.seconds - reader.seconds
    return {"indexing": sentences / seconds, "indexing_rest": sentences / rest, "store": megabytes}


def _measure_questions(
    archive: "Archive", embedder: material.WatchedEmbedder, asked: Sequence[str]
) -> dict[str, float]:
    rest: list[float] = []

    def ask(question: str) -> None:
        began, spent = time.perf_counter(), embedder.seconds
        archive.ask(question)
        rest.append(1000 * (time.perf_counter() - began - (embedder.seconds - spent)))

    taken = material.timed(ask, asked)
    return {
        "p50": material.percentile(taken, 50),
        "p99": material.percentile(taken, 99),
        "rest": statistics.median(rest[material.WARMING :]),
    }


def measure_indexes(work: Path, size: int) -> dict[str, list[dict[str, Any]]]:
    """Build each kind of index over so many vectors and search it for the questions, one at a time."""
    import faiss

    from retrieval import vectors

    base, asked = np.load(work / "base.npy"), np.load(work / "questions.npy")
    matrix = np.stack([vector for vector, _ in zip(_repeated(base), range(size), strict=False)])
    dimension = matrix.shape[1]
    kinds = {
        "exact": vectors._exact(dimension),
        "HNSW": vectors._navigable(dimension),
        "8-bit": faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT),
    }
    nearest = np.argsort(-(asked @ matrix.T), axis=1, kind="stable")[:, :NEIGHBOURS]  # (questions, 10)
    return {
        "rows": [
            {"rows": size, "index": name} | _measured(index, matrix, asked, nearest) for name, index in kinds.items()
        ]
    }


def _measured(index: Any, matrix: "Vectors", asked: "Vectors", nearest: np.ndarray[Any, Any]) -> dict[str, float]:
    import faiss

    began = time.perf_counter()
    index.train(matrix)
    index.add(matrix)
    built = time.perf_counter() - began
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)  # one question has no work for two, and starting them takes the longest
    taken, recalls = [], []
    for query, best in zip(asked, nearest, strict=True):
        began = time.perf_counter()
        _, found = index.search(query[None, :], WIDTH)
        taken.append(1000 * (time.perf_counter() - began))
        recalls.append(len(set(found[0][:NEIGHBOURS].tolist()) & set(best.tolist())) / len(best))
    faiss.omp_set_num_threads(threads)
    return {
        "build": 1000 * built,
        "p50": material.percentile(taken, 50),
        "p99": material.percentile(taken, 99),
        "recall": statistics.mean(recalls),
        "size": len(faiss.serialize_index(index)) / len(matrix),
    }


def _repeated(base: "Vectors") -> "Iterator[Vectors]":
    """The vectors as they are, then again and again with noise, without end."""
    yield from base
    noise = np.random.default_rng(0)
    while True:
        moved = base + noise.normal(0, NOISE, base.shape).astype(np.float32)
        yield from moved / np.linalg.norm(moved, axis=1, keepdims=True)


def main() -> None:
    """Measure one step when told which, else all of them."""
    options = _arguments().parse_args()
    step: dict[str, Any] | None = None
    if options.step == "vectors":
        step = make_vectors(options.work, options.base, options.questions)
    elif options.step == "growth":
        step = measure_growth(options.work, options.size, options)
    elif options.step == "indexes":
        step = measure_indexes(options.work, options.size)
    if step is not None:
        print(json.dumps(step), flush=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        _measure_all(Path(folder), options)


def _measure_all(work: Path, options: argparse.Namespace) -> None:
    shared = ("--work", work, "--base", options.base, "--embedded", options.embedded, "--questions", options.questions)
    sizes = [size for size in SIZES if size <= options.largest]
    print(material.machine("article-bot", "faiss-cpu", "sentence-transformers", "torch"))
    rate = material.run(__spec__.name, *shared, "--step", "vectors")[0]["rate"]
    print(f"The model alone embeds {rate:.1f} sentences a second; an archive also embeds the window around each.")
    print(f"Above {options.embedded:,} sentences, {options.base:,} vectors and made-up statements stand in.\n")
    growth = [material.run(__spec__.name, *shared, "--step", "growth", "--size", size)[0] for size in sizes]
    print(_table(GROWTH, growth), "\n", flush=True)
    print(f"Above {options.base:,} rows they are repeated with noise; {WIDTH} neighbours of one question at a time.\n")
    indexes = [material.run(__spec__.name, *shared, "--step", "indexes", "--size", size)[0]["rows"] for size in sizes]
    print(_table(INDEXES, [row for rows in indexes for row in rows]), "\n")
    print(material.machine("faiss-cpu"))


def _table(columns: dict[str, str], rows: Sequence[dict[str, Any]]) -> str:
    return material.table([list(columns), *([cell.format(**row) for cell in columns.values()] for row in rows)])


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="the last size (default: %(default)s sentences)")
    parser.add_argument("--embedded", type=int, default=1_000, help="up to here all is embedded (default: %(default)s)")
    parser.add_argument("--base", type=int, default=2_000, help="real sentences for stand-ins (default: %(default)s)")
    parser.add_argument("--questions", type=int, default=200, help="how many to ask (default: %(default)s)")
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--step", choices=("vectors", "growth", "indexes"), help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    main()

"""Article Bot beside Haystack, in one run, on the same articles and the same bundled model.

`python -m tests.bench.peer` prints indexing throughput, question latency, cold start to the first answer, peak memory
and their ratios. Each side runs in processes of its own, in turn with the others; what is printed are medians.

Haystack stands here twice: over the very sentences that we index (its splitter is given our boundaries, so that both
hold as many), and with its DocumentSplitter as it comes, 200 words a piece. Both use its InMemoryDocumentStore and its
sentence-transformers embedders with their defaults, and look for the nearest vectors alone, where we also run BM25 and
embed the window around each sentence. Neither side asks a language model. Throughput is of sentences in the articles.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import material

if TYPE_CHECKING:
    from haystack.core.pipeline import Pipeline
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    from retrieval.archive import Archive

Measured = dict[str, float]

TOP = 10
# What a ranker is given, as ours is.
CANDIDATES = 16
OURS, RANKED, SENTENCES, DEFAULT = "ours, ranker none", "ours, ranker", "Haystack, sentences", "Haystack, as it comes"
SIDES = (OURS, RANKED, SENTENCES, DEFAULT)
IMPORT = "import json, sentence_transformers; print(json.dumps({}), flush=True)"
# What is measured, and whether more of it is better.
MEASURES = {
    "indexing, sentences a second": True,
    "the same without who said what": True,
    "question p50, ms": False,
    "question p99, ms": False,
    "cold start to first answer, s": False,
    "peak memory, indexing and asking, MB": False,
    "peak memory, start and first answer, MB": False,
}
THROUGHPUT, PLAIN, P50, P99, COLD, MEMORY, COLD_MEMORY = MEASURES


class Ours:
    """An Archive over the articles."""

    def __init__(self, work: Path, *, ranker: str) -> None:
        from retrieval.config import Config
        from retrieval.indexing import BundledStatements

        self._reader = material.WatchedReader(BundledStatements())
        self._config = Config(folder=work, data=f"store-{ranker}", ranker=ranker)

    def load(self) -> None:
        """Load the models over an empty archive."""
        self._config.store.unlink(missing_ok=True)
        self._archive = self._opened()
        self._archive.warm()
        self._reader.read([])

    def index(self) -> None:
        """Bring the archive up to date with the folder."""
        self._archive.reload()
        self._archive.warm()

    def open(self) -> None:
        """Open the store, as `article-bot ask` does: with a look at the folder for what is new."""
        self._archive = self._opened()
        self._archive.reload()

    def ask(self, question: str) -> str:
        """The best citation, or what comes nearest."""
        answer = self._archive.ask(question)
        found = answer.citations[:1] or (answer.nearest,)
        return found[0].text if found[0] else ""

    @property
    def saying_seconds(self) -> float:
        """What reading who said what has taken: the peers have nothing like it."""
        return self._reader.seconds

    def lacks(self) -> str | None:
        """Why this side cannot be measured, if it cannot."""
        from retrieval.errors import ModelError
        from retrieval.rank import NONE, ScoreRanker, load_ranker

        try:
            ranker = load_ranker(self._config.ranker_path)
        except ModelError as error:
            return str(error)
        unranked = isinstance(ranker, ScoreRanker) and self._config.ranker != NONE
        return f"there are no weights for the ranker “{self._config.ranker}” yet." if unranked else None

    def _opened(self) -> "Archive":
        from retrieval.archive import Archive

        return Archive.open(self._config, reader=self._reader)


class Haystack:
    """Pipelines of Haystack's own components; `ranker` is the folder of a cross-encoder that ranks what is found."""

    saying_seconds = 0.0

    def __init__(self, work: Path, *, sentences: bool, ranker: Path | None = None) -> None:
        from haystack.components.preprocessors import DocumentSplitter

        self._ranker = ranker
        self._articles = work / "articles"
        self._kept = work / f"haystack-{sentences}.json"
        self._splitter = (
            DocumentSplitter(split_by="function", split_length=1, splitting_function=material.sentences)
            if sentences
            else DocumentSplitter()
        )

    def load(self) -> None:
        """Load the model."""
        from haystack.components.writers import DocumentWriter
        from haystack.core.pipeline import Pipeline
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
        )

        self._store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        embedder = SentenceTransformersDocumentEmbedder(model=_model(), progress_bar=False)
        embedder.warm_up()
        self._indexing = Pipeline()
        self._indexing.add_component("splitter", self._splitter)
        self._indexing.add_component("embedder", embedder)
        self._indexing.add_component("writer", DocumentWriter(self._store))
        self._indexing.connect("splitter", "embedder")
        self._indexing.connect("embedder", "writer")
        self._question = _haystack_question(self._store, self._ranker)

    def index(self) -> None:
        """Run the indexing pipeline over the folder."""
        from haystack.dataclasses import Document

        paths = sorted(self._articles.glob("*.txt"))
        documents = [Document(content=path.read_text(encoding="utf-8"), meta={"name": path.stem}) for path in paths]
        self._indexing.run({"splitter": {"documents": documents}})

    def keep(self) -> None:
        """Write the document store to disk; ours is on disk as soon as it is indexed."""
        self._store.save_to_disk(str(self._kept))

    def open(self) -> None:
        """Load the document store from disk: nothing is embedded again."""
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        self._question = _haystack_question(InMemoryDocumentStore.load_from_disk(str(self._kept)), self._ranker)

    def ask(self, question: str) -> str:
        """The best document."""
        asked = {"embedder": {"text": question}} | ({"ranker": {"query": question}} if self._ranker else {})
        found = self._question.run(asked)["ranker" if self._ranker else "retriever"]["documents"]
        return str(found[0].content)


def _haystack_question(store: "InMemoryDocumentStore", ranker: Path | None) -> "Pipeline":
    from haystack.components.retrievers import InMemoryEmbeddingRetriever
    from haystack.core.pipeline import Pipeline
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

    embedder = SentenceTransformersTextEmbedder(model=_model(), progress_bar=False)
    embedder.warm_up()
    pipeline = Pipeline()
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("retriever", InMemoryEmbeddingRetriever(store, top_k=CANDIDATES if ranker else TOP))
    pipeline.connect("embedder.embedding", "retriever.query_embedding")
    if ranker:
        from haystack_integrations.components.rankers.sentence_transformers import SentenceTransformersSimilarityRanker

        ranking = SentenceTransformersSimilarityRanker(model=ranker, top_k=TOP)
        ranking.warm_up()
        pipeline.add_component("ranker", ranking)
        pipeline.connect("retriever.documents", "ranker.documents")
    return pipeline


def make_cross_encoder(folder: Path) -> None:
    """Keep a cross-encoder of the bundled model's size in a folder; its head is untrained, which takes no less time."""
    from sentence_transformers import CrossEncoder

    CrossEncoder(_model(), num_labels=1).save(str(folder))


def _model() -> str:
    from retrieval.encoder import bundled_folder

    return str(bundled_folder())


def side(name: str, work: Path) -> Ours | Haystack:
    """The side of a name, over the articles in a working folder."""
    if name in (OURS, RANKED):
        return Ours(work, ranker="none" if name == OURS else "bundled")
    return Haystack(work, sentences=name == SENTENCES)


def measure_work(name: str, work: Path, limit: int) -> dict[str, float]:
    """Index the folder and ask about it: seconds, milliseconds, MB."""
    measured = side(name, work)
    measured.load()
    began = time.perf_counter()
    read = measured.saying_seconds
    measured.index()
    seconds = time.perf_counter() - began
    taken = material.timed(measured.ask, material.questions(work / "articles", limit))
    found = {
        "seconds": seconds,
        "plain": seconds - (measured.saying_seconds - read),
        P50: material.percentile(taken, 50),
        P99: material.percentile(taken, 99),
        MEMORY: material.peak_megabytes(),
    }
    if isinstance(measured, Haystack):
        measured.keep()
    return found


def measure_start(name: str, work: Path, question: str) -> dict[str, float]:
    """Open what was indexed and answer once; the parent takes the time."""
    measured = side(name, work)
    measured.open()
    measured.ask(question)
    return {COLD_MEMORY: material.peak_megabytes()}


def compare(work: Path, sides: Sequence[str], options: argparse.Namespace) -> tuple[dict[str, Measured], float]:
    """All sides in turn, so often as asked: their medians, and the seconds to import sentence-transformers."""
    found: dict[str, list[Measured]] = {name: [] for name in sides}
    imports: list[float] = []
    question = material.questions(work / "articles", 1)[0]
    for _ in range(options.repeats):
        imports.append(material.first_line([sys.executable, "-W", "ignore", "-c", IMPORT])[1])
        for name in sides:
            worked, _ = material.run(__spec__.name, "--work", work, "--side", name, "--questions", options.questions)
            started, seconds = material.run(__spec__.name, "--work", work, "--side", name, "--first", question)
            rates = {THROUGHPUT: options.sentences / worked["seconds"], PLAIN: options.sentences / worked["plain"]}
            found[name].append(worked | started | rates | {COLD: seconds})
    return {name: material.medians(runs) for name, runs in found.items()}, statistics.median(imports)


def report(found: Mapping[str, Measured], imported: float) -> str:
    """The table, our ratios to the peer's and how far the cold start is from the bare import."""
    ours = [name for name in found if name in (OURS, RANKED)]
    ratios = [f"{name}: × better" for name in ours]
    rows = [["", *found, *ratios]]
    for measure, more_is_better in MEASURES.items():
        peer = found[SENTENCES][measure]
        better = [found[name][measure] / peer if more_is_better else peer / found[name][measure] for name in ours]
        values = [f"{figures[measure]:,.1f}" for figures in found.values()]
        rows.append([measure, *values, *(f"{ratio:.2f}" for ratio in better)])
    lines = [material.table(rows), "", "“× better” is against Haystack over the same sentences; above 1 we do better."]
    lines.append(f"import sentence_transformers, in a process of its own: {imported:.1f} s")
    lines += [f"{name}: cold start is the import and {found[name][COLD] - imported:.1f} s" for name in ours]
    return "\n".join(lines)


def main() -> None:
    """Measure one side when told which, else all of them."""
    options = _arguments().parse_args()
    if options.lacks:
        print(json.dumps({"lacks": Ours(options.work, ranker="bundled").lacks()}), flush=True)
    elif options.first:
        print(json.dumps(measure_start(options.side, options.work, options.first)), flush=True)
    elif options.side:
        print(json.dumps(measure_work(options.side, options.work, options.questions)), flush=True)
    else:
        with tempfile.TemporaryDirectory() as folder:
            _compare_all(Path(folder), options)


def _compare_all(work: Path, options: argparse.Namespace) -> None:
    written = material.write_articles(work / "articles", options.sentences)
    print(material.machine("article-bot", "haystack-ai", "sentence-transformers", "torch"))
    print(f"{written}; {options.questions} questions, medians of {options.repeats} runs, sides in turn\n")
    lacks = material.run(__spec__.name, "--work", work, "--lacks")[0]["lacks"]
    if lacks:
        print(f"{RANKED} is left out: {lacks}\n")
    sides = [name for name in SIDES if not (lacks and name == RANKED)]
    print(report(*compare(work, sides, options)))
    print(f"\n{material.machine('haystack-ai')}")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peer", description=__doc__.partition("\n")[0])
    parser.add_argument("--sentences", type=int, default=1000, help="how many to index (default: %(default)s)")
    parser.add_argument("--questions", type=int, default=200, help="how many to ask (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=3, help="how often to measure each side (default: %(default)s)")
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--first", help=argparse.SUPPRESS)
    parser.add_argument("--lacks", action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    main()

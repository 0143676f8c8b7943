"""How quickly an archive of a thousand articles tells who said what, and what its statements cost in the store.

`python -m tests.bench.statements` prints the store's size with and without statements, and the latency of “what did X
say about …?”, “who said …?” and “did X say …?” with `ranker: none`. Articles are the repository's news and copies of
it; as reading and embedding all of it takes hours, every third sentence stands in for a statement of one of some two
thousand people, and vectors repeat those of `--base` real sentences with noise. Questions are embedded by the model.
"""

import argparse
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.bench import material, scale

if TYPE_CHECKING:
    from retrieval.archive import Archive
    from retrieval.schema import Sentence, Statement

GIVEN = "Ana Bela Carl Dora Emil Faye Gus Hana Ivo Jana Karl Lena Milo Nora Otto Pia Rolf Sara Tom Vera".split()
SURNAMES = [f"{first}{last}" for first in ("Bra", "Cor", "Dal", "Fen", "Gar", "Hol", "Kel", "Lan", "Mor", "Ver")
            for last in ("by", "dale", "ford", "ley", "man", "ner", "rick", "son", "ton", "well")]  # fmt: skip
SENTENCES_AN_ARTICLE = 25
TOPIC_WORDS = 4


class Reads:
    """Stands in for the statement reader: every third sentence is somebody's."""

    identity = "stand-in"

    def read(self, articles: "material.Articles") -> "list[tuple[Statement, ...]]":
        """The statements of each article."""
        return [tuple(_statement(sentence) for sentence in cut[:: scale.STATEMENT_EVERY]) for _, cut in articles]


class ReadsNothing:
    """Finds no statements."""

    identity = "nothing"

    def read(self, articles: "material.Articles") -> "list[tuple[Statement, ...]]":
        """No statements, for each article."""
        return [() for _ in articles]


def _statement(sentence: "Sentence") -> "Statement":
    from retrieval.schema import Speaker, Statement

    number = zlib.crc32(sentence.text.encode())
    name = f"{GIVEN[number % len(GIVEN)]} {SURNAMES[number // len(GIVEN) % len(SURNAMES)]}"
    speaker = Speaker(name.lower().replace(" ", "-"), name, "person")
    span = (sentence.start, sentence.end)
    return Statement((sentence,), speaker, span, span, (span,), "indirect", 0.9)


def questions(statements: "Sequence[Statement]", count: int) -> Iterator[tuple[str, str]]:
    """Questions of each kind about statements spread over the archive."""
    for statement in statements[:: max(1, len(statements) // count)][:count]:
        words = [word for word in statement.sentences[0].text.split() if word.isalpha() and word.islower()]
        topic = " ".join(words[:TOPIC_WORDS])
        yield "what_said", f"What did {statement.speaker.name} say about {topic}?"
        yield "who_said", f"Who said that {topic}?"
        yield "did_say", f"Did {statement.speaker.name} say that {topic}?"


def measure(work: Path, options: argparse.Namespace) -> None:
    """Index, ask, and print what it took."""
    from retrieval.archive import Archive
    from retrieval.config import Config
    from retrieval.embed import Embedder

    scale.make_vectors(work, options.base, 1)
    written = material.write_articles(work / "articles", options.articles * SENTENCES_AN_ARTICLE)
    embedder = scale.Embeds(Embedder(), np.load(work / "base.npy"))
    sizes = []
    for reader in (ReadsNothing(), Reads()):
        config = Config(folder=work, ranker="none", data=reader.identity)
        archive = Archive.open(config, embedder=embedder, reader=reader)
        archive.reload()
        sizes.append(sum(path.stat().st_size for path in config.store.parent.iterdir()) / 1e6)
        if isinstance(reader, Reads):
            _ask(archive, options.questions)
        archive.close()
    print(f"{written}; the store is {sizes[1]:.1f} MB, of which statements {sizes[1] - sizes[0]:.1f} MB")


def _ask(archive: "Archive", count: int) -> None:
    archive.warm()
    asked = list(questions(archive.statements(), count))
    print(f"{len(archive.statements()):,} statements of {len(archive.speakers):,} speakers\n")
    taken: dict[str, list[tuple[float, float]]] = {}
    for number, (kind, text) in enumerate(asked):
        began, spent = time.perf_counter(), time.process_time()
        answer = archive.ask(text)
        if number >= material.WARMING and answer.question.kind == kind:
            times = (1000 * (time.perf_counter() - began), 1000 * (time.process_time() - spent))
            taken.setdefault(kind, []).append(times)
    rows = [["kind", "questions", "p50, ms", "p99, ms", "CPU p50, ms"]]
    for kind, pairs in taken.items():
        wall, cpu = ([pair[at] for pair in pairs] for at in (0, 1))
        figures = (material.percentile(wall, 50), material.percentile(wall, 99), material.percentile(cpu, 50))
        rows.append([kind, str(len(pairs)), *(f"{figure:.1f}" for figure in figures)])
    print(material.table(rows), "\n")


def main() -> None:
    """Measure in a folder of its own."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.statements", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--articles", type=int, default=1_000, help="how many (default: %(default)s)")
    parser.add_argument("--base", type=int, default=500, help="real sentences for stand-ins (default: %(default)s)")
    parser.add_argument("--questions", type=int, default=100, help="how many of each kind (default: %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), options)
    print(material.machine("article-bot", "torch"))


if __name__ == "__main__":
    main()

"""How many questions a second an archive answers, and how long one takes, with the bundled ranker.

`python -m tests.bench.load` indexes real news (10,000 sentences; made-up statements stand in for those the reader would
take minutes to find), asks one question after another, then with many threads without pause, so that the models read
the questions of several threads together. No question is asked twice in a measure.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench import material
from tests.bench.scale import Reads

PEOPLE = (1, 2, 4, 8, 16)


def per_second(ask: Callable[[str], object], asked: Sequence[str], people: int) -> tuple[float, list[float]]:
    """Questions a second that so many people get answered who ask without pause, and the milliseconds each took."""
    left = iter(asked)
    lock = threading.Lock()
    taken: list[float] = []

    def person() -> None:
        for question in _each(left, lock):
            began = time.perf_counter()
            ask(question)
            taken.append(1000 * (time.perf_counter() - began))

    began = time.perf_counter()
    with ThreadPoolExecutor(people) as pool:
        for future in [pool.submit(person) for _ in range(people)]:
            future.result()
    return len(taken) / (time.perf_counter() - began), taken


def _each(left: Iterator[str], lock: threading.Lock) -> Iterator[str]:
    while True:
        with lock:
            question = next(left, None)
        if question is None:
            return
        yield question


def main() -> None:
    """Index, ask, print."""
    options = _arguments().parse_args()
    from retrieval.archive import Archive
    from retrieval.config import Config

    print(material.machine("article-bot", "sentence-transformers", "torch"))
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        print(f"{material.write_articles(folder / 'articles', options.sentences)}, ranker: {options.ranker}")
        archive = Archive.open(Config(folder=folder, ranker=options.ranker), reader=Reads())
        archive.reload()
        archive.warm()
        asked = material.questions(folder / "articles", options.questions)
        for question in asked[: material.WARMING]:
            archive.ask(question)
        rows = [["people asking", "questions/s", "p50, ms", "p99, ms"]]
        for people in PEOPLE:
            rate, taken = per_second(archive.ask, asked, people)
            p50, p99 = material.percentile(taken, 50), material.percentile(taken, 99)
            rows.append([str(people), f"{rate:.1f}", f"{p50:.0f}", f"{p99:.0f}"])
        print(material.table(rows))
        archive.close()
    print(material.machine("torch"))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sentences", type=int, default=10_000, help="how many to index (default: %(default)s)")
    parser.add_argument("--questions", type=int, default=300, help="how many to ask each time (default: %(default)s)")
    parser.add_argument("--ranker", default="bundled", help="as in config.yaml (default: %(default)s)")
    return parser


if __name__ == "__main__":
    main()

"""How many questions a second an archive answers, and how long one takes, with the bundled ranker; and Haystack.

`python -m tests.bench.load` indexes real news (10,000 sentences; made-up statements stand in for those the reader would
take minutes to find), asks one question after another, then with many threads without pause, so that the models read
the questions of several threads together. No question is asked twice in a measure. Haystack does the same in a process
of its own: over the same sentences, with the same sentence model, it takes the 16 nearest and ranks them by its
sentence-transformers ranker, whose cross-encoder is of the size of our reader.
"""

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.bench import material, peer

OURS, PEER = SIDES = ("ours", "Haystack")
MEASURES = {"questions/s": True, "p50, ms": False, "p99, ms": False}
RATE, P50, P99 = MEASURES
Measured = dict[str, float]
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


def ours(work: Path, ranker: str) -> Callable[[str], object]:
    """Index the articles; what asks us."""
    from retrieval.archive import Archive
    from retrieval.config import Config
    from tests.bench.scale import Reads

    archive = Archive.open(Config(folder=work, ranker=ranker), reader=Reads())
    archive.reload()
    archive.warm()
    return archive.ask


def haystack(work: Path) -> Callable[[str], object]:
    """Index the articles; what asks Haystack."""
    peer.make_cross_encoder(work / "cross-encoder")
    side = peer.Haystack(work, sentences=True, ranker=work / "cross-encoder")
    side.load()
    side.index()
    return side.ask


def measure(ask: Callable[[str], object], asked: Sequence[str]) -> dict[str, Measured]:
    """Rate and milliseconds by the number of people who ask."""
    for question in asked[: material.WARMING]:
        ask(question)
    found: dict[str, Measured] = {}
    for people in PEOPLE:
        rate, taken = per_second(ask, asked, people)
        found[str(people)] = {RATE: rate, P50: material.percentile(taken, 50), P99: material.percentile(taken, 99)}
    return found


def report(found: dict[str, dict[str, Measured]]) -> str:
    """A line for each number of people, and how much better than the peer we do."""
    sides = list(found)
    better = [f"× better, {name.partition(',')[0]}" for name in MEASURES] if PEER in sides else []
    rows = [["people asking", *(f"{side}: {name}" for side in sides for name in MEASURES), *better]]
    for people, own in found[OURS].items():
        cells = [f"{found[side][people][name]:,.1f}" for side in sides for name in MEASURES]
        if better:
            theirs = found[PEER][people]
            cells += [f"{_ratio(own[name], theirs[name], more=more):.2f}" for name, more in MEASURES.items()]
        rows.append([people, *cells])
    return material.table(rows)


def _ratio(own: float, theirs: float, *, more: bool) -> float:
    return own / theirs if more else theirs / own


def main() -> None:
    """Measure one side when told which, else all of them."""
    options = _arguments().parse_args()
    if options.side:
        ask = ours(options.work, options.ranker) if options.side == OURS else haystack(options.work)
        asked = material.questions(options.work / "articles", options.questions)
        print(json.dumps(measure(ask, asked)), flush=True)
        return
    print(material.machine("article-bot", "haystack-ai", "sentence-transformers", "torch"))
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        print(f"{material.write_articles(folder / 'articles', options.sentences)}, ranker: {options.ranker}\n")
        shared = ("--work", work, "--questions", options.questions, "--ranker", options.ranker)
        sides = SIDES[:1] if options.alone else SIDES
        found: dict[str, Any] = {side: material.run(__spec__.name, *shared, "--side", side)[0] for side in sides}
        print(report(found))
    print(f"\n{material.machine('torch')}")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sentences", type=int, default=10_000, help="how many to index (default: %(default)s)")
    parser.add_argument("--questions", type=int, default=300, help="how many to ask each time (default: %(default)s)")
    parser.add_argument("--ranker", default="bundled", help="as in config.yaml (default: %(default)s)")
    parser.add_argument("--alone", action="store_true", help="leave Haystack out")
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    main()

"""Asking while the archive is reloaded, and what a reload costs: `python -m tests.bench.reload`.

Eight threads ask without pause, first alone and then during twenty reloads that change every article; no answer may mix
editions. Then a thousand articles are reloaded unchanged and with one changed.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import material
from tests.faults.editions import edition_of, open_archive, text_of, write_edition

if TYPE_CHECKING:
    from retrieval.archive import Archive

THREADS = 8
RELOADS = 20
SETTLED_SECONDS = 10.0


@dataclass
class Asked:
    """What threads got: milliseconds of each answer, errors, and answers that mix editions."""

    taken: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    mixed: int = 0


def asked_during(archive: "Archive", work: Callable[[], None], articles: int) -> Asked:
    """Ask from THREADS threads without pause for as long as `work` takes."""
    found, done = Asked(), threading.Event()

    def ask(first: int) -> None:
        number = first
        while not done.is_set():
            number = (number + THREADS) % articles
            began = time.perf_counter()
            try:
                answer = archive.ask(f"Which edition does article {number} come in today?")
            except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
                found.errors.append(repr(error))
                continue
            found.taken.append(1000 * (time.perf_counter() - began))
            found.mixed += len({edition_of(one.sentence.article.text) for one in answer.ranked}) > 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    work()
    done.set()
    for thread in threads:
        thread.join()
    return found


def measure_asking(folder: Path, articles: int, *, bundled: bool) -> None:
    """Ask alone, then during reloads, and print both."""
    write_edition(folder, articles, 0)
    archive = _open(folder, bundled=bundled)
    archive.reload()
    archive.warm()
    alone = asked_during(archive, lambda: time.sleep(SETTLED_SECONDS), articles)
    seconds: list[float] = []

    def reload() -> None:
        for edition in range(1, RELOADS + 1):
            write_edition(folder, articles, edition)
            seconds.append(archive.reload().seconds)

    during = asked_during(archive, reload, articles)
    archive.close()
    rows = [["", "answers", "p50 ms", "p99 ms", "errors", "mixed"]]
    for name, one in (("alone", alone), (f"during {RELOADS} reloads of {articles}", during)):
        cells = (len(one.taken), *(f"{material.percentile(one.taken, percent):.1f}" for percent in (50, 99)))
        rows.append([name, *map(str, cells), str(len(one.errors)), str(one.mixed)])
    print(material.table(rows))
    ratio = material.percentile(during.taken, 99) / material.percentile(alone.taken, 99)
    print(f"p99 during reloads is {ratio:.2f} times that without; a reload took {max(seconds):.1f} s at the most.")
    for error in dict.fromkeys(during.errors):
        print(error)


def measure_reload(folder: Path, articles: int, *, bundled: bool) -> None:
    """Reload a kept archive unchanged and with one article changed, and print both."""
    write_edition(folder, articles, 0)
    archive = _open(folder, bundled=bundled)
    archive.reload()
    archive.close()
    began = time.perf_counter()
    archive = _open(folder, bundled=bundled)
    print(f"{articles} articles are open after {time.perf_counter() - began:.2f} s;", end=" ")
    archive.warm()
    unchanged = archive.reload().seconds
    (folder / "articles" / "a0000.txt").write_text(text_of(0, 1), encoding="utf-8")
    changed = archive.reload()
    archive.close()
    print(f"a reload takes {unchanged:.2f} s unchanged, {changed.seconds:.2f} s with {len(changed.changed)} changed.")


def _open(folder: Path, *, bundled: bool) -> "Archive":
    if not bundled:
        return open_archive(folder, threshold=0.0)
    from retrieval.archive import Archive
    from retrieval.config import Config

    return Archive.open(Config(folder=folder))


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.reload", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--articles", type=int, default=200, help="while asking (default: %(default)s)")
    parser.add_argument("--kept", type=int, default=1_000, help="of which one changes (default: %(default)s)")
    parser.add_argument("--bundled", action="store_true", help="with the bundled models, not a stand-in for them")
    options = parser.parse_args()
    print(material.machine("article-bot", "sqlalchemy"))
    for measure, count in ((measure_asking, options.articles), (measure_reload, options.kept)):
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), count, bundled=options.bundled)
    print(material.machine("faiss-cpu"))


if __name__ == "__main__":
    main()

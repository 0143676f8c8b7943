"""Kill -9 at random moments of a reload, and look at what is left: `python -m tests.faults.kill --kills 200`.

After each kill the store must open, every article must be whole, old or new, and the next reload must complete and
embed nothing that was kept.
"""

import argparse
import multiprocessing
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import HashingEmbedder
from tests.faults.editions import changing, check_file, editions, open_archive, write_edition

FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Kill:
    """A reload that was killed: after how long, and how many articles were new already."""

    seconds: float
    articles: int
    renewed: int


def kill_reloads(folder: Path, *, articles: int, kills: int, seed: int = 0) -> Iterator[Kill]:
    """Kill reloads that change every article; tells each when what it left has been found sound.

    Raises:
        AssertionError, ValueError, StoreError: Something was left that must not be.
    """
    moments = random.Random(seed)  # noqa: S311 - not a secret
    write_edition(folder, articles, 0)
    archive = open_archive(folder)
    archive.reload()
    archive.close()
    write_edition(folder, articles, 1)
    seconds, _ = _killed(folder, None)
    for edition in range(2, kills + 2):
        write_edition(folder, articles, edition)
        moment = moments.uniform(0, seconds)
        taken, ended = _killed(folder, moment)
        if ended:
            seconds = taken
        yield Kill(moment, articles, _look(folder, articles, edition))


def _killed(folder: Path, after: float | None) -> tuple[float, bool]:
    """Reload in a process that is killed after so many seconds; how long it ran, and whether it had ended."""
    ready, told = FORK.Pipe()
    process = FORK.Process(target=_reload, args=(folder, told))
    process.start()
    ready.recv()
    began = time.perf_counter()
    process.join(after)
    ended = process.exitcode is not None
    process.kill()
    process.join()
    return time.perf_counter() - began, ended


def _reload(folder: Path, told: "multiprocessing.connection.Connection") -> None:
    archive = open_archive(folder)
    told.send("ready")
    archive.reload()


def _look(folder: Path, articles: int, edition: int) -> int:
    """See that what is left is sound and that the next reload completes; how many articles were new already."""
    check_file(folder)
    embedder = HashingEmbedder()
    archive = open_archive(folder, embedder)
    left = editions(archive)
    assert len(left) == articles, "articles are missing"
    assert set(left.values()) <= {edition - 1, edition}, "articles are of an edition that was not kept"
    assert embedder.embedded == [], "opening embeds"
    report = archive.reload()
    old = [key for key, kept in left.items() if kept != edition]
    assert report.changed == tuple(sorted(old)), "the next reload does not complete"
    assert set(editions(archive).values()) == {edition}, "the next reload does not complete"
    wanted = sorted(changing(int(key[1:]), edition) for key in old)
    assert sorted(embedder.embedded) == wanted, "something is embedded twice"
    archive.close()
    return articles - len(old)


def main() -> None:
    """Kill as often as told and say how it went."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kill", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200, help="how many (default: %(default)s)")
    parser.add_argument("--articles", type=int, default=500, help="of how many articles (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the random moments (default: %(default)s)")
    options = parser.parse_args()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = list(kill_reloads(Path(folder), articles=options.articles, kills=options.kills, seed=options.seed))
    amid = sum(0 < one.renewed < one.articles for one in found)
    none, every = sum(one.renewed == 0 for one in found), sum(one.renewed == one.articles for one in found)
    print(f"{len(found)} reloads of {options.articles} articles killed in {time.perf_counter() - began:.0f} s:")
    print(f"{none} before the first article was kept, {amid} amid the articles, {every} after the last.")
    print("After each the store opened, every article was whole, the next reload completed, nothing embedded twice.")


if __name__ == "__main__":
    main()

"""Proof before publishing: golden questions put to what is live and to what is staged, and the difference.

Takes the way to ask as an argument; knows nothing of how answers are found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import GoldenError
from retrieval.evaluate import Comparison, Outcome, Run, compare, run_golden
from retrieval.golden import load_golden
from retrieval.schema import Answer
from retrieval.snapshot import Snapshot

Ask = Callable[[Snapshot, str, str | None], Answer]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Proof:
    """What the golden questions get from what is live and from what is staged.

    `moved` holds the questions that are answered with another sentence than before, for better, worse or neither;
    `lost` those whose right sentence the staged articles no longer have.
    """

    live: Run
    staged: Run
    compared: Comparison
    moved: tuple[tuple[Outcome, Outcome], ...]
    lost: tuple[str, ...]

    @property
    def harms(self) -> bool:
        """Whether publication makes an answer worse or loses one."""
        return bool(self.compared.worse or self.lost)


def prove(path: Path | None, live: Snapshot, staged: Snapshot, ask: Ask, progress: Progress | None = None) -> Proof:
    """Ask the questions of both.

    Raises:
        GoldenError: There is no file of questions, or it cannot be used.
    """
    if path is None:
        raise GoldenError(
            "There are no golden questions to ask: name their file in the configuration (retrieval.golden)."
        )
    now, _ = _run(path, live, ask, progress)
    then, lost = _run(path, staged, ask, progress)
    earlier = {one.key: one for one in now.outcomes}
    pairs = ((earlier[one.key], one) for one in then.outcomes if one.key in earlier)
    moved = tuple((was, will_be) for was, will_be in pairs if was.given != will_be.given)
    return Proof(now, then, compare(now, then), moved, tuple(key for key in lost if key in earlier))


@dataclass(frozen=True, slots=True)
class _Asking:
    """A snapshot that can be asked."""

    snapshot: Snapshot
    put: Ask

    def ask(self, text: str, *, article: str | None = None) -> Answer:
        return self.put(self.snapshot, text, article)


def _run(path: Path, snapshot: Snapshot, ask: Ask, progress: Progress | None) -> tuple[Run, list[str]]:
    lost: list[str] = []
    articles = [record.article for record in snapshot.records.values()]
    golden = load_golden(path, articles, lost=lost.append)
    return run_golden(_Asking(snapshot, ask), golden.questions, progress=progress), lost

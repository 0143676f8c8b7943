"""How right systems are about a set's questions, and how long they take: outcomes, figures and tables of them.

Knows nothing of how a system answers, nor of pictures.
"""

import logging
import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.training.question_sets import Asked, QuestionSet, auroc
from retrieval.training.systems import System

MODES = ("closed", "open")
"""One article is asked, or all are."""
IN_3 = 3
BINS = 10
WARMING = 3
LOG_EVERY = 50
SHARE, TIME = "{:.3f}", "{:.1f}"
COLUMNS = {
    "right first": ("right_at_1", SHARE),
    "right in 3": ("right_in_3", SHARE),
    "answered": ("answered", SHARE),
    "of these right": ("right_of_answered", SHARE),
    "AUROC": ("auroc", SHARE),
    "p50, ms": ("p50_ms", TIME),
}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question: where the first right sentence stood, from 1, and whether what was given is right."""

    answerable: bool
    place: int | None
    sure: float
    answered: bool | None
    right: bool
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What the outcomes of one system come to; None where there is nothing to count.

    Shares are of answerable questions for `right_at_1`, whose 95 % margin is `margin`, and `right_in_3`, of all for
    `answered`, of those answered for `right_of_answered`. `auroc` says how well its sureness tells questions that can
    be answered from others.
    """

    right_at_1: float | None
    margin: float | None
    right_in_3: float | None
    answered: float | None
    right_of_answered: float | None
    auroc: float | None
    p50_ms: float


@dataclass(frozen=True, slots=True)
class Measured:
    """A system's outcomes on a set, one article asked (`closed`) or all of them (`open`)."""

    set: str
    mode: str
    system: str
    context: bool
    outcomes: tuple[Outcome, ...]

    @property
    def figures(self) -> Figures:
        """What they come to."""
        places = [one.place for one in self.outcomes if one.answerable]
        given = [one.right for one in self.outcomes if one.answered]
        first = _share(place == 1 for place in places)
        surest = {can: [one.sure for one in self.outcomes if one.answerable == can] for can in (True, False)}
        return Figures(
            right_at_1=first,
            margin=None if first is None else 1.96 * math.sqrt(first * (1 - first) / len(places)),
            right_in_3=_share(place is not None and place <= IN_3 for place in places),
            answered=_share(one.answered for one in self.outcomes if one.answered is not None),
            right_of_answered=_share(given),
            auroc=_number(auroc(surest[True], surest[False])),
            p50_ms=float(np.median([one.milliseconds for one in self.outcomes])),
        )

    def bins(self) -> NDArray[np.float64]:
        """Of BINS equal stretches of probability how many outcomes, their mean, the share that is right; (BINS, 3)."""
        found = np.full((BINS, 3), np.nan)
        sure = np.array([one.sure for one in self.outcomes])
        right = np.array([one.right for one in self.outcomes])
        own = np.minimum((sure * BINS).astype(int), BINS - 1)
        for place in range(BINS):
            inside = own == place
            found[place, 0] = inside.sum()
            if inside.any():
                found[place, 1:] = sure[inside].mean(), right[inside].mean()
        return found

    def calibration_error(self) -> float:
        """How far probabilities are from shares, on average over the outcomes (Naeini et al. 2015)."""
        counts, means, shares = self.bins().T
        return float(np.nansum(counts * np.abs(means - shares)) / counts.sum())


def measure(asked: QuestionSet, systems: Iterable[System]) -> list[Measured]:
    """Put each question to every system in turn, of its article and of all, so that a busy minute meets all alike."""
    each = [(system, mode) for system in systems for mode in MODES]
    for one in asked.questions[:WARMING]:
        _turn(one, each)
    turns: list[list[Outcome]] = []
    for one in asked.questions:
        turns.append(_turn(one, each))
        if len(turns) % LOG_EVERY == 0:
            log.info("%s: %d of %d questions", asked.name, len(turns), len(asked.questions))
    return [
        Measured(asked.name, mode, system.name, system.context, outcomes)
        for (system, mode), outcomes in zip(each, zip(*turns, strict=True), strict=True)
    ]


def _turn(one: Asked, each: Sequence[tuple[System, str]]) -> list[Outcome]:
    return [_outcome(one, system, one.article if mode == "closed" else None) for system, mode in each]


def _outcome(one: Asked, system: System, article: str | None) -> Outcome:
    began = time.perf_counter()
    said = system.ask(one.text, article)
    milliseconds = 1000 * (time.perf_counter() - began)
    place = next((at for at, place in enumerate(said.places, 1) if one.is_answered_by(place)), None)
    right = said.first is not None and one.is_answered_by(said.first)
    answered = said.cited is not None if said.declines else None
    return Outcome(one.answerable, place, said.sure, answered, right, milliseconds)


def as_json(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """The figures as machines read them."""
    return [
        {"set": one.set, "mode": one.mode, "system": one.system, "context": one.context, "questions": len(one.outcomes)}
        | {name: None if value is None else round(value, 4) for name, value in asdict(one.figures).items()}
        | ({"calibration_error": round(one.calibration_error(), 4)} if one.outcomes[0].answered is not None else {})
        for one in measured
    ]


def accuracy_table(measured: Sequence[Measured]) -> str:
    """A set's figures in Markdown, a line for each system, closed and open in one cell."""
    rows = [["system", "context", *COLUMNS]]
    for closed, opened in _pairs(measured):
        both = [asdict(one.figures) for one in (closed, opened)]
        cells = [" / ".join(shown(one[name], form) for one in both) for name, form in COLUMNS.values()]
        rows.append([closed.system, "yes" if closed.context else "no", *cells])
    return markdown(rows)


def first_table(measured: Sequence[Measured], *, of: Sequence[tuple[str, bool]]) -> str:
    """The few figures of some systems, each by its name and whether it has context, on all sets, in Markdown."""
    sets = list(dict.fromkeys(one.set for one in measured))
    found = {(one.set, one.system, one.context): pair for pair in _pairs(measured) for one in pair}
    rows = [["right sentence first, closed / open", *sets, "answered, of these right (open)", "p50, ms"]]
    for name, context in of:
        pairs = [found[key, name, context] for key in sets]
        firsts = [" / ".join(shown(one.figures.right_at_1) for one in pair) for pair in pairs]
        opened = [pair[1].figures for pair in pairs]
        given = "; ".join(f"{shown(one.answered)}, {shown(one.right_of_answered)}" for one in opened)
        times = "; ".join(shown(one.p50_ms, TIME) for one in opened)
        label = name if context else f"{name}, sentences alone"
        rows.append([label, *firsts, given if opened[0].answered is not None else "–", times])
    return markdown(rows)


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first row is its head."""
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join([head, "|" + " --- |" * len(rows[0]), *body])


def shown(value: float | None, form: str = SHARE) -> str:
    """A figure as tables have it, a share without its nought; a dash where there is none."""
    return "–" if value is None else form.format(value).removeprefix("0" if form == SHARE else "")


def _pairs(measured: Sequence[Measured]) -> list[tuple[Measured, Measured]]:
    """Each system's closed and open."""
    closed, opened = ([one for one in measured if one.mode == mode] for mode in MODES)
    return list(zip(closed, opened, strict=True))


def _share(judged: Iterable[bool | None]) -> float | None:
    counted = [bool(one) for one in judged]
    return sum(counted) / len(counted) if counted else None


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value

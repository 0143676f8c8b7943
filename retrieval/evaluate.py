"""Golden questions put to an archive → what it does right, in shares and question by question.

A sentence is right when it shares at least half of the shorter of the two with an expected one. Knows nothing of files
but how a run is kept; imports nothing heavy before it is needed.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from retrieval.errors import GoldenError, QuestionError
from retrieval.schema import Answer, Citation, Sentence, Speaker, Verdict

MEASURES = {
    "right_at_1": "right sentence ranked first",
    "right_in_3": "right sentence among the first three",
    "right": "right sentence cited first",
    "speakers": "right speaker",
    "verdicts": "right verdict",
    "declined": "rightly declined",
    "precision": "right of what was answered",
}
IN_3 = 3


@dataclass(frozen=True, slots=True)
class Golden:
    """A question with the sentences of which each is right; none where the articles do not say."""

    key: str
    line: int
    question: str
    expected: tuple[Sentence, ...] = ()
    article: str | None = None
    speaker: str | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a golden question.

    `expected` and `given` are texts, `place` is where the first right sentence was ranked, from 1. `right` means that a
    right sentence was cited first, or that nothing was where nothing is. `speakers` and `verdicts` are the expected and
    the given, None where nothing is expected.
    """

    key: str
    question: str
    expected: tuple[str, ...]
    given: str | None
    place: int | None
    right: bool
    speakers: tuple[str, str | None] | None = None
    verdicts: tuple[str, str | None] | None = None
    right_speaker: bool | None = None

    @property
    def right_verdict(self) -> bool | None:
        """Whether the verdict is the expected one."""
        return None if self.verdicts is None else self.verdicts[0] == self.verdicts[1]

    @property
    def sound(self) -> bool:
        """Whether nothing about the answer is wrong."""
        return self.right and self.right_speaker is not False and self.right_verdict is not False


@dataclass(frozen=True, slots=True)
class Measure:
    """How many of how many; `share` is None where there are none to count."""

    count: int
    total: int

    @property
    def share(self) -> float | None:
        """The share of right ones, 0 to 1."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Run:
    """The outcomes of an evaluation."""

    outcomes: tuple[Outcome, ...]

    @property
    def measures(self) -> dict[str, Measure]:
        """By the names of `MEASURES`."""
        answerable = [one for one in self.outcomes if one.expected]
        places = [one.place for one in answerable]
        return {
            "right_at_1": _measure(place == 1 for place in places),
            "right_in_3": _measure(place is not None and place <= IN_3 for place in places),
            "right": _measure(one.right for one in answerable),
            "speakers": _measure(one.right_speaker for one in self.outcomes),
            "verdicts": _measure(one.right_verdict for one in self.outcomes),
            "declined": _measure(one.right for one in self.outcomes if not one.expected),
            "precision": _measure(one.right for one in self.outcomes if one.given is not None),
        }

    @property
    def wrong(self) -> tuple[Outcome, ...]:
        """The outcomes about which something is wrong."""
        return tuple(one for one in self.outcomes if not one.sound)

    def below(self, bounds: Mapping[str, float]) -> tuple[str, ...]:
        """The measures that are below their bounds; one that counts nothing is not."""
        shares = {name: measure.share for name, measure in self.measures.items()}
        return tuple(name for name, bound in bounds.items() if (share := shares[name]) is not None and share < bound)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of the questions of an earlier run: each as it was and as it is now.

    `new` and `gone` count those that only one of the runs has.
    """

    better: tuple[tuple[Outcome, Outcome], ...]
    worse: tuple[tuple[Outcome, Outcome], ...]
    new: int = 0
    gone: int = 0


class Answers(Protocol):
    """What can be asked: an archive."""

    def ask(self, text: str, *, article: str | None = None) -> Answer:
        """Answer a question."""


def run_golden(
    archive: Answers,
    questions: Sequence[Golden],
    *,
    closed: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Ask every golden question.

    Args:
        archive: What is asked.
        questions: What to ask it, with what is right.
        closed: Ask a question that names its article of that article only, not of all.
        progress: Told how many questions of how many are done.

    Raises:
        GoldenError: A question cannot be asked; names its line.
    """
    outcomes: list[Outcome] = []
    for golden in questions:
        outcomes.append(_outcome(golden, _ask(archive, golden, closed=closed)))
        if progress:
            progress(len(outcomes), len(questions))
    return Run(tuple(outcomes))


def compare(before: Run, now: Run) -> Comparison:
    """What got better and what got worse, question by question; questions are the same by id, else by their text."""
    earlier = {one.key: one for one in before.outcomes}
    pairs = [(earlier[one.key], one) for one in now.outcomes if one.key in earlier]
    return Comparison(
        better=tuple((was, is_now) for was, is_now in pairs if is_now.sound and not was.sound),
        worse=tuple((was, is_now) for was, is_now in pairs if was.sound and not is_now.sound),
        new=len(now.outcomes) - len(pairs),
        gone=len(before.outcomes) - len(pairs),
    )


def run_json(run: Run) -> dict[str, Any]:
    """A run as it is kept and as machines read it."""
    measures = {name: asdict(one) | {"share": one.share} for name, one in run.measures.items()}
    return {"measures": measures, "outcomes": [asdict(one) for one in run.outcomes]}


def save_run(run: Run, path: str | Path) -> None:
    """Keep a run in a JSON file, to compare later ones with.

    Raises:
        GoldenError: The file cannot be written.
    """
    try:
        Path(path).write_text(json.dumps(run_json(run), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise GoldenError(f"The run cannot be saved in {path}: {error}.") from error


def load_run(path: str | Path) -> Run:
    """A run that was kept.

    Raises:
        GoldenError: There is none in the file.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Run).validate_json(Path(path).read_bytes())
    except OSError as error:
        raise GoldenError(f"The run {path} cannot be read: {error}.") from error
    except ValidationError as error:
        raise GoldenError(f"{path} is not a run that `--save` has written.") from error


def _ask(archive: Answers, golden: Golden, *, closed: bool) -> Answer:
    try:
        return archive.ask(golden.question, article=golden.article if closed else None)
    except QuestionError as error:
        raise GoldenError(f"The golden question on line {golden.line} cannot be asked: {error}") from error


def _outcome(golden: Golden, answer: Answer) -> Outcome:
    ranked = [one.sentence for one in answer.ranked]
    places = (place for place, one in enumerate(ranked, 1) if _is_right(one, golden.expected))
    cited = answer.citations[0] if answer.citations else None
    right = _is_right(cited, golden.expected) if cited and golden.expected else not (answer.found or golden.expected)
    return Outcome(
        golden.key,
        golden.question,
        expected=tuple(one.text for one in golden.expected),
        given=cited.text if answer.found and cited else None,
        place=next(places, None),
        right=right,
        speakers=(golden.speaker, answer.speaker.name if answer.speaker else None) if golden.speaker else None,
        verdicts=(golden.verdict, answer.verdict) if golden.verdict else None,
        right_speaker=_is_called(answer.speaker, golden.speaker) if golden.speaker else None,
    )


def _is_right(given: Sentence | Citation, expected: Iterable[Sentence]) -> bool:
    """Whether a stretch shares at least half of the shorter of the two with an expected sentence."""
    return any(
        given.article.id == one.article.id
        and 2 * (min(given.end, one.end) - max(given.start, one.start))
        >= min(given.end - given.start, one.end - one.start)
        for one in expected
    )


def _is_called(speaker: Speaker | None, name: str) -> bool:
    names = (speaker.name, *speaker.aliases) if speaker else ()
    return name.casefold() in {one.casefold() for one in names}


def _measure(judged: Iterable[bool | None]) -> Measure:
    """Of those that were judged, how many are right."""
    counted = [one for one in judged if one is not None]
    return Measure(sum(counted), len(counted))

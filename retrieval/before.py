"""The turn before: what of a question and its answer a follow-up needs, and its JSON.

Holds names and places rather than articles, so that it outlives a restart and an article's removal. Knows nothing of
how a follow-up is read.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, get_args

from retrieval.schema import Answer, QuestionKind, Reference


@dataclass(frozen=True, slots=True)
class Before:
    """A question as it was understood, and what was answered.

    Attributes:
        question: Its text, which stands on its own.
        kind: What kind of question it was.
        topic: What it was about, once speaker and form are taken away.
        quote: The quotation in it.
        asked: The speaker that it named, as typed.
        found: Whether there was an answer.
        speaker: The name of whoever said what was cited.
        short: The answer's own words within the first citation.
        cited: Where the citations stand, best first.
        shown: Those and all that this thread of questions has cited before.
    """

    question: str
    kind: QuestionKind
    topic: str
    quote: str | None = None
    asked: str | None = None
    found: bool = False
    speaker: str | None = None
    short: str | None = None
    cited: tuple[Reference, ...] = ()
    shown: tuple[Reference, ...] = ()

    @classmethod
    def of(cls, answer: Answer) -> "Before":
        """What the next question may lean on, after this answer."""
        question = answer.question
        cited = tuple(citation.reference for citation in answer.citations)
        return cls(
            question=question.text,
            kind=question.kind,
            topic=question.topic,
            quote=question.quote,
            asked=question.speaker,
            found=answer.found,
            speaker=answer.speaker.name if answer.speaker else None,
            short=answer.short.text if answer.short else None,
            cited=cited,
            shown=tuple(dict.fromkeys((*question.shown, *cited))),
        )

    def to_json(self) -> str:
        """One line of JSON that `from_json` reads again."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, written: str) -> "Before | None":
        """What `to_json` wrote; None where it is something else, as after a change of release."""
        try:
            return cls._of_row(json.loads(written))
        except (ValueError, TypeError, KeyError):
            return None

    @classmethod
    def _of_row(cls, row: dict[str, Any]) -> "Before":
        kind: QuestionKind = row["kind"]
        texts = [row[name] for name in ("question", "topic")]
        optional = [row[name] for name in ("quote", "asked", "speaker", "short")]
        if (
            kind not in get_args(QuestionKind)
            or not all(isinstance(text, str) for text in texts)
            or not all(isinstance(text, str | None) for text in optional)
        ):
            raise ValueError(kind)
        places = {name: tuple(_reference(**place) for place in row[name]) for name in ("cited", "shown")}
        return cls(**{**row, "found": bool(row["found"]), **places})


def _reference(*, article: str, version: str, start: int, end: int) -> Reference:
    return Reference(str(article), str(version), int(start), int(end))

"""The journal's entries, and how they and the answers they keep are read from rows.

Knows nothing of transactions.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from retrieval.kept import article_of, moment_of, statement_of
from retrieval.schema import Answer, Citation, Excerpt, Question, Reference, Speaker
from retrieval.tables import cited

NEAREST = -1  # its place among what is cited
QUESTION: TypeAdapter[Question] = TypeAdapter(Question)
SPEAKER: TypeAdapter[Speaker] = TypeAdapter(Speaker)


@dataclass(frozen=True, slots=True)
class Asked:
    """An entry of the journal: a question and what came of it; `at` is UTC, `ms` how long the answer took."""

    key: str
    at: dt.datetime
    question: str
    kind: str
    found: bool
    probability: float
    speaker: str | None
    verdict: str | None
    citations: tuple[Reference, ...]
    nearest: Reference | None
    ms: float
    asker: str | None
    channel: str | None
    likes: int = 0
    dislikes: int = 0


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Questions much alike that were asked in vain: how many, the last of them, and when that was."""

    count: int
    example: str
    last: dt.datetime


def citation_of(row: Any) -> Citation:  # noqa: ANN401 - a row of the joined tables
    """The citation of a row of `cited` with its version."""
    article = article_of(row)
    kept = row[cited.c.statement]
    return Citation(
        article,
        row[cited.c.start],
        row[cited.c.end],
        row[cited.c.probability],
        row[cited.c.context_start],
        row[cited.c.context_end],
        statement_of(kept, article) if kept else None,
    )


def answer_of(row: Any, citations: tuple[Citation, ...], nearest: Citation | None) -> Answer:  # noqa: ANN401 - a row
    """The answer of a row of `asked`; its ranking is not kept."""
    short = row.short_start is not None and citations
    return Answer(
        QUESTION.validate_json(row.understood),
        found=row.found,
        probability=row.probability,
        citations=citations,
        short=Excerpt(citations[0].article, row.short_start, row.short_end) if short else None,
        speaker=SPEAKER.validate_json(row.speaker) if row.speaker else None,
        verdict=row.verdict,
        reason=row.reason,
        nearest=nearest,
        nearly=row.nearly,
        lacks=tuple(json.loads(row.lacks)) if row.lacks else (),
        elapsed=row.ms / 1000,
    )


def entry_of(row: Any, cites: Sequence[Any], rated: tuple[int, int]) -> Asked:  # noqa: ANN401 - a row of `asked`
    """The entry of a row of `asked`, of what it cites, and of its likes and dislikes."""
    places = {one.place: Reference(one.article_id, one.version, one.start, one.end) for one in cites}
    return Asked(
        key=row.key,
        at=moment_of(row.at),
        question=row.question,
        kind=row.kind,
        found=row.found,
        probability=row.probability,
        speaker=SPEAKER.validate_json(row.speaker).name if row.speaker else None,
        verdict=row.verdict,
        nearest=places.pop(NEAREST, None),
        citations=tuple(places.values()),
        ms=row.ms,
        asker=row.asker,
        channel=row.channel,
        likes=rated[0],
        dislikes=rated[1],
    )

"""A file of golden questions → each with the sentences of which every one answers it.

One JSON object a line: `question`, and either `sentences`, a list of how sentences of an article begin, or
`"answer": null` where the articles do not say; optionally `id`, `article`, `speaker`, `verdict`, and `kind` and `short`
for the reader of the file. The first line may be `{"bounds": {"right": 0.6}}`, by the names of measures. Knows nothing
of answers.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from retrieval.errors import GoldenError
from retrieval.evaluate import MEASURES, Golden
from retrieval.schema import Article, QuestionKind, Sentence, Verdict
from retrieval.sentences import split

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Share = Annotated[float, Field(ge=0, le=1)]
PLAIN_MARKS = str.maketrans("“”„«»’‘", '"""""\'\'')


@dataclass(frozen=True, slots=True)
class GoldenFile:
    """The questions of a file, and the least shares of right ones that it asks for, by measure."""

    questions: tuple[Golden, ...]
    bounds: Mapping[str, float] = field(default_factory=dict)


class _Row(BaseModel):
    """A line as it is written."""

    model_config = ConfigDict(extra="forbid")

    question: Text
    sentences: Annotated[list[Text], Field(min_length=1)] | None = None
    answer: None = None
    article: Text | None = None
    id: Text | int | None = None
    kind: QuestionKind | None = None
    speaker: Text | None = None
    verdict: Verdict | None = None
    short: Text | None = None


def load_golden(
    path: str | Path, articles: Sequence[Article], *, lost: Callable[[str], None] | None = None
) -> GoldenFile:
    """The golden questions of a file about articles.

    Args:
        path: The file.
        articles: What the questions are about.
        lost: Told the key of each question whose sentence is in none of the articles, which is then left out. Without
            it that is an error.

    Raises:
        GoldenError: The file cannot be read, or a line is not as it must be; names the line.
    """
    lines = list(_lines(Path(path)))
    bounds: dict[str, float] = {}
    if lines and "bounds" in lines[0][1]:
        bounds = _bounds(path, *lines.pop(0))
    openings = _Openings(articles)
    questions: dict[str, Golden] = {}
    for number, line in lines:
        try:
            golden = _golden(path, number, line, openings)
        except _SentenceLostError as error:
            if lost is None:
                raise
            lost(error.key)
            continue
        if golden.key in questions:
            raise GoldenError(f"{path}: line {number}: “{golden.key}” is there twice.")
        questions[golden.key] = golden
    if not questions and lost is None:
        raise GoldenError(f"{path}: there are no questions in it.")
    return GoldenFile(tuple(questions.values()), bounds)


class _SentenceLostError(GoldenError):
    """The sentence that a question wants is in none of the articles."""

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key


class _Openings:
    """The sentences of articles, by how they begin."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._sentences = {article.id: [(_plain(one.text), one) for one in split(article)] for article in articles}

    def find(self, opening: str, article: str | None) -> list[Sentence]:
        """The sentences that begin so, or have a quoted one that does, in one article or in all.

        Raises:
            GoldenError: There is no such article or sentence, or there are different ones.
        """
        if article is not None and article not in self._sentences:
            raise GoldenError(f"there is no article with the id “{article}”.")
        plain = _plain(opening)
        keys = self._sentences if article is None else (article,)
        known = [pair for key in keys for pair in self._sentences[key]]
        found = [pair for pair in known if pair[0].startswith(plain)] or [pair for pair in known if plain in pair[0]]
        where = f"of “{article}”" if article else "of the articles"
        if not found:
            raise GoldenError(f"no sentence {where} begins so: {opening}")
        if len({text for text, _ in found}) > 1:
            raise GoldenError(f"{len(found)} sentences {where} begin so, write more of the one meant: {opening}")
        return [one for _, one in found]


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of the file, with the numbers of their lines."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldenError(f"The golden questions {path} cannot be read: {error}.") from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _object(path, number, line)


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise GoldenError(f"{path}: line {number} is not JSON.") from error
    if not isinstance(row, dict):
        raise GoldenError(f"{path}: line {number} is not a JSON object.")
    return row


def _bounds(path: str | Path, number: int, line: dict[str, Any]) -> dict[str, float]:
    try:
        bounds = TypeAdapter(dict[str, Share]).validate_python(line["bounds"])
    except ValidationError as error:
        raise GoldenError(f"{path}: line {number}: {_explain(error, 'bounds')}") from error
    for name in bounds:
        if name not in MEASURES:
            raise GoldenError(f"{path}: line {number}: no measure is called “{name}”; known are {', '.join(MEASURES)}.")
    return bounds


def _golden(path: str | Path, number: int, line: dict[str, Any], openings: _Openings) -> Golden:
    try:
        row = _Row.model_validate(line, strict=True)
    except ValidationError as error:
        raise GoldenError(f"{path}: line {number}: {_explain(error)}") from error
    if (row.sentences is None) != ("answer" in line):
        raise GoldenError(f'{path}: line {number}: write either "sentences" or "answer": null.')
    key = row.question if row.id is None else str(row.id)
    try:
        expected = tuple(one for opening in row.sentences or () for one in openings.find(opening, row.article))
    except GoldenError as error:
        raise _SentenceLostError(f"{path}: line {number}: {error}", key) from error
    return Golden(key, number, row.question, expected, article=row.article, speaker=row.speaker, verdict=row.verdict)


def _plain(text: str) -> str:
    """The text with single spaces and typewriter quotation marks, as people type it."""
    return " ".join(text.split()).translate(PLAIN_MARKS)


def _explain(error: ValidationError, within: str = "") -> str:
    first = error.errors()[0]
    key = ".".join([*([within] if within else []), *(str(part) for part in first["loc"])])
    return f"“{key}”: {first['msg'][0].lower()}{first['msg'][1:]}."

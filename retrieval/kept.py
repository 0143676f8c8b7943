"""The nouns as they are kept, and back: articles, sentences, statements, vectors, moments.

Knows nothing of transactions.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.schema import Article, Sentence, Speaker, Statement
from retrieval.tables import versions

if TYPE_CHECKING:
    from retrieval.embed import Vectors
    from retrieval.sketch import Sketch

CONTENT = ("title", "text", "url", "source", "author", "published", "language")


def article_values(article: Article) -> dict[str, str | None]:
    """The columns of `versions` that an article gives."""
    content = {name: getattr(article, name) for name in CONTENT}
    return {"article_id": article.id, "version": article.version} | content


def article_of(row: Any) -> Article:  # noqa: ANN401 - a mapping with the columns of `versions`
    """The article of a row of `versions`."""
    content = {name: row[versions.c[name]] for name in CONTENT}
    return Article(id=row[versions.c.article_id], version=row[versions.c.version], **content)


def sentence_values(sentence: Sentence) -> dict[str, int]:
    """The columns of `sentences` that a sentence gives."""
    return {
        "number": sentence.number,
        "paragraph": sentence.paragraph,
        "start": sentence.start,
        "end": sentence.end,
    }


def statements_json(statements: Sequence[Statement]) -> str:
    """Statements by the numbers of their sentences."""
    return json.dumps([_statement_values(statement) for statement in statements], ensure_ascii=False)


def statements_of(kept: str, cut: Sequence[Sentence]) -> tuple[Statement, ...]:
    """The statements of an article's sentences."""
    return tuple(_statement(one, dict(enumerate(cut))) for one in json.loads(kept))


def statement_json(statement: Statement) -> str:
    """A statement by itself, with the places of its sentences."""
    cut = [sentence_values(sentence) for sentence in statement.sentences]
    return json.dumps(_statement_values(statement) | {"cut": cut}, ensure_ascii=False)


def statement_of(kept: str, article: Article) -> Statement:
    """The statement that was kept by itself."""
    values = json.loads(kept)
    return _statement(values, {one["number"]: Sentence(article, **one) for one in values["cut"]})


def vectors_bytes(vectors: "Vectors") -> bytes:
    """Vectors, (n, d), as float16: half the room, and what is lost moves no ranking."""
    return vectors.astype(np.float16).tobytes()


def vectors_of(kept: bytes, shape: tuple[int, int]) -> "Vectors":
    """Vectors, (n, d) float32."""
    return np.frombuffer(kept, dtype=np.float16).reshape(shape).astype(np.float32)


def sketch_of(kept: bytes | None) -> "Sketch | None":
    """A sketch; None where none was kept."""
    return np.frombuffer(kept, dtype=np.uint32) if kept else None


def moment_kept(moment: dt.datetime | None = None) -> str:
    """A moment, by default this one, in UTC; such texts are in the order of time."""
    return (moment or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).isoformat(timespec="milliseconds")


def moment_of(kept: str) -> dt.datetime:
    """The moment, in UTC."""
    return dt.datetime.fromisoformat(kept)


def _statement_values(statement: Statement) -> dict[str, Any]:
    return {
        "sentences": [sentence.number for sentence in statement.sentences],
        "speaker": asdict(statement.speaker),
        "speaker_span": statement.speaker_span,
        "cue": statement.cue,
        "content": statement.content,
        "kind": statement.kind,
        "confidence": round(statement.confidence, 4),
    }


def _statement(kept: Mapping[str, Any], cut: Mapping[int, Sentence]) -> Statement:
    speaker = Speaker(**kept["speaker"])
    return Statement(
        sentences=tuple(cut[number] for number in kept["sentences"]),
        speaker=replace(speaker, aliases=tuple(speaker.aliases)),
        speaker_span=_span(kept["speaker_span"]),
        cue=_span(kept["cue"]),
        content=tuple((start, end) for start, end in kept["content"]),
        kind=kept["kind"],
        confidence=kept["confidence"],
    )


def _span(kept: list[int] | None) -> tuple[int, int] | None:
    return (kept[0], kept[1]) if kept else None

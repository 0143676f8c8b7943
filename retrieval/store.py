"""What is kept: articles, sentences, vectors and statements, in one SQLite file by SQLAlchemy.

One transaction an article, so that a kill leaves each article whole, old or new. Knows nothing of models but the names
under which vectors and statements were made.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from retrieval.errors import StoreError
from retrieval.schema import Article, Sentence, Speaker, Statement

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from retrieval.embed import Vectors

FORMAT = "1"
BUSY_SECONDS = 30

tables = MetaData()
meta = Table("meta", tables, Column("key", String, primary_key=True), Column("value", Text, nullable=False))
articles = Table(
    "articles",
    tables,
    Column("id", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("url", Text),
    Column("source", Text),
    Column("author", Text),
    Column("published", String),
    Column("language", String, nullable=False),
    Column("page_hash", String, nullable=False),
    Column("origin", Text, nullable=False),
    Column("configured", Boolean, nullable=False),
)


def _article_key(*, primary: bool = True) -> Column[str]:
    return Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=primary)


sentences = Table(
    "sentences",
    tables,
    _article_key(),
    Column("number", Integer, primary_key=True),
    Column("paragraph", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)
vectors = Table(
    "vectors",
    tables,
    _article_key(),
    Column("model", String, nullable=False),
    Column("dimension", Integer, nullable=False),
    Column("kept", LargeBinary, nullable=False),
)
statements = Table(
    "statements",
    tables,
    _article_key(),
    Column("reader", String, nullable=False),
    Column("found", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Record:
    """An article with all that was made from it.

    `page_hash` and `origin` say which bytes it was read from, `configured` whether the configuration names them;
    `vectors` are the sentences', (sentences, d) float32, by `model`; `reader` made the statements.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    page_hash: str
    origin: str
    configured: bool
    model: str
    vectors: "Vectors"
    reader: str
    statements: tuple[Statement, ...] = ()


class Store:
    """The store's file, made when it is not there.

    Raises:
        StoreError: From every method: the file cannot be opened, read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The folder {path.parent} cannot be made (retrieval.data): {error.strerror}.") from error
        self._engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
        event.listen(self._engine, "connect", _set_pragmas)
        with self._transaction() as connection:
            tables.create_all(connection)
            written = connection.execute(select(meta.c.value).where(meta.c.key == "format")).scalar()
            if written is None:
                connection.execute(insert(meta).values(key="format", value=FORMAT))
        if written not in (None, FORMAT):
            raise StoreError(f"The store {path} was made by another release (format {written}, here {FORMAT}).")

    def records(self) -> Iterator[Record]:
        """Everything kept, in order of article id."""
        with self._transaction() as connection:
            spans: dict[str, list[Any]] = {}
            for row in connection.execute(select(sentences).order_by(sentences.c.article_id, sentences.c.number)):
                spans.setdefault(row.article_id, []).append(row)
            joined = articles.join(vectors).join(statements)
            for kept in connection.execute(select(joined).order_by(articles.c.id)).mappings():
                yield _record(kept, spans.get(kept[articles.c.id], []))

    def put(self, record: Record) -> None:
        """Keep an article with all that was made from it, in place of what was kept under its id."""
        values = asdict(record.article) | {
            "page_hash": record.page_hash,
            "origin": record.origin,
            "configured": record.configured,
        }
        key = record.article.id
        with self._transaction() as connection:
            connection.execute(delete(articles).where(articles.c.id == key))
            connection.execute(insert(articles).values(values))
            rows = [
                {"article_id": key, "number": s.number, "paragraph": s.paragraph, "start": s.start, "end": s.end}
                for s in record.sentences
            ]
            if rows:
                connection.execute(insert(sentences), rows)
            connection.execute(
                insert(vectors).values(
                    article_id=key,
                    model=record.model,
                    dimension=record.vectors.shape[1],
                    kept=record.vectors.astype(np.float16).tobytes(),
                )
            )
            found = json.dumps([_to_json(statement) for statement in record.statements], ensure_ascii=False)
            connection.execute(insert(statements).values(article_id=key, reader=record.reader, found=found))

    def remove(self, article_id: str) -> None:
        """Forget an article; nothing happens when it is not kept."""
        with self._transaction() as connection:
            connection.execute(delete(articles).where(articles.c.id == article_id))

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> "Iterator[Connection]":
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", error) or error).rstrip(".")
            raise StoreError(f"The store {self.path} cannot be used: {reason}.") from error


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no type
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _record(row: Any, spans: Sequence[Any]) -> Record:  # noqa: ANN401 - a row of the joined tables
    fields = ("id", "version", "title", "text", "url", "source", "author", "published", "language")
    article = Article(**{name: row[articles.c[name]] for name in fields})
    cut = tuple(Sentence(article, span.number, span.paragraph, span.start, span.end) for span in spans)
    shape = (len(cut), row[vectors.c.dimension])
    return Record(
        article=article,
        sentences=cut,
        page_hash=row[articles.c.page_hash],
        origin=row[articles.c.origin],
        configured=row[articles.c.configured],
        model=row[vectors.c.model],
        vectors=_vectors(row[vectors.c.kept], shape),
        reader=row[statements.c.reader],
        statements=tuple(_from_json(found, cut) for found in json.loads(row[statements.c.found])),
    )


def _vectors(kept: bytes, shape: tuple[int, int]) -> "Vectors":
    return np.frombuffer(kept, dtype=np.float16).reshape(shape).astype(np.float32)


def _to_json(statement: Statement) -> dict[str, Any]:
    return {
        "sentences": [sentence.number for sentence in statement.sentences],
        "speaker": asdict(statement.speaker),
        "speaker_span": statement.speaker_span,
        "cue": statement.cue,
        "content": statement.content,
        "kind": statement.kind,
        "confidence": round(statement.confidence, 4),
    }


def _from_json(kept: dict[str, Any], cut: Sequence[Sentence]) -> Statement:
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

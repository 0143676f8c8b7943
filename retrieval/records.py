"""An article with all that was made from it, and how that is read from the store.

Knows nothing of what is live or staged: pointers to versions are given to it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from retrieval.kept import article_of, sketch_of, statements_of, vectors_of
from retrieval.schema import Article, Sentence, Statement
from retrieval.tables import of_version, sentences, sketches, statements, vectors, versions

if TYPE_CHECKING:
    from sqlalchemy import FromClause, Select
    from sqlalchemy.engine import Connection

    from retrieval.embed import Vectors
    from retrieval.sketch import Sketch

# Which bytes an article was read from; what `articles` and `staged` say besides the version.
PAGE = ("page_hash", "origin", "configured")


@dataclass(frozen=True, slots=True)
class Record:
    """An article with all that was made from it.

    `page_hash` and `origin` say which bytes it was read from, `configured` whether the configuration names them;
    `vectors` are the sentences', (sentences, d) float32, by `model`; `reader` made the statements; `sketch`
    tells copies.
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
    sketch: "Sketch | None" = field(default=None, repr=False, compare=False)


def records_at(connection: "Connection", pointers: "Select[Any]") -> Iterator[Record]:
    """The records that rows of `article_id`, `version` and the columns of PAGE point at, in order of id."""
    pointer = pointers.subquery()
    pointed = pointer.c.article_id, pointer.c.version
    spans = defaultdict(list)
    cut = select(sentences).join(pointer, of_version(sentences, *pointed))
    for row in connection.execute(cut.order_by(sentences.c.article_id, sentences.c.number)):
        spans[row.article_id].append(row)
    joined: FromClause = pointer
    for part in (versions, vectors, statements):
        joined = joined.join(part, of_version(part, *pointed))
    joined = joined.outerjoin(sketches, of_version(sketches, *pointed))
    made = (*vectors.c, statements.c.reader, statements.c.found, sketches.c.kept.label("sketch"))
    columns = (*versions.c, *made, *(pointer.c[name] for name in PAGE))
    query = select(*columns).select_from(joined).order_by(versions.c.article_id)
    for kept in connection.execute(query).mappings():
        yield _record(kept, spans[kept[versions.c.article_id]])


def _record(row: Any, spans: Sequence[Any]) -> Record:  # noqa: ANN401 - a row of the joined tables
    article = article_of(row)
    cut = tuple(Sentence(article, span.number, span.paragraph, span.start, span.end) for span in spans)
    return Record(
        article=article,
        sentences=cut,
        page_hash=row["page_hash"],
        origin=row["origin"],
        configured=row["configured"],
        model=row[vectors.c.model],
        vectors=vectors_of(row[vectors.c.kept], (len(cut), row[vectors.c.dimension])),
        reader=row[statements.c.reader],
        statements=statements_of(row[statements.c.found], cut),
        sketch=sketch_of(row["sketch"]),
    )

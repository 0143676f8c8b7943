"""What is kept of articles: their versions, sentences, vectors and statements, and which version is live.

One transaction an article, so that a kill leaves each article whole, old or new. Knows nothing of models but the names
under which vectors and statements were made.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, false, func, insert, literal, select, update

from retrieval.database import Database
from retrieval.kept import (
    article_values,
    moment_kept,
    sentence_values,
    statements_json,
    vectors_bytes,
)
from retrieval.records import PAGE, Record, records_at
from retrieval.schema import Article
from retrieval.tables import (
    articles,
    changes,
    cited,
    of_version,
    sentences,
    sketches,
    staged,
    statements,
    vectors,
    versions,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


KEEP_VERSIONS = 10


class Store:
    """The articles in the store's file, made when it is not there.

    Args:
        path: The file.
        keep_versions: How many versions of an article are kept besides those that are live, staged or cited.

    Raises:
        StoreError: From every method: the file cannot be opened, read or written.
    """

    def __init__(self, path: Path, *, keep_versions: int = KEEP_VERSIONS) -> None:
        self.database = Database(path)
        self._keep_versions = keep_versions

    def records(self) -> Iterator[Record]:
        """Everything live, in order of article id."""
        pages = [articles.c[name] for name in PAGE]
        with self.database.reading() as connection:
            yield from records_at(connection, select(articles.c.id.label("article_id"), articles.c.version, *pages))

    def staged(self) -> dict[str, Record | None]:
        """What waits for publication, by article id; None where the article is to go."""
        with self.database.reading() as connection:
            keys = connection.execute(select(staged.c.article_id).order_by(staged.c.article_id)).scalars()
            waiting: dict[str, Record | None] = dict.fromkeys(keys)
            pointers = select(staged).where(staged.c.version.is_not(None))
            return waiting | {record.article.id: record for record in records_at(connection, pointers)}

    def version(self, article_id: str, version: str) -> Record | None:
        """A kept version with what was made of it; None where there is none. It is of no page."""
        page = [literal("").label("page_hash"), literal("").label("origin"), false().label("configured")]
        chosen = of_version(versions, article_id, version)
        with self.database.reading() as connection:
            pointer = select(versions.c.article_id, versions.c.version, *page).where(chosen)
            return next(records_at(connection, pointer), None)

    def put(self, record: Record, *, release: int | None = None) -> None:
        """Keep an article with all that was made from it and make it live.

        Args:
            record: The article.
            release: The number of the changes that this one belongs with; one of its own where it is None.
        """
        with self.database.writing() as connection:
            self._keep(connection, record)
            make_live(connection, record.article.id, record.article.version, _page(record), release)
            connection.execute(delete(staged).where(staged.c.article_id == record.article.id))
            self._prune(connection, record.article.id)

    def stage(self, record: Record) -> None:
        """Keep an article with all that was made from it until it is published or discarded."""
        with self.database.writing() as connection:
            self._keep(connection, record)
            _stage(connection, record.article.id, record.article.version, _page(record))
            self._prune(connection, record.article.id)

    def stage_removal(self, article_id: str) -> None:
        """Note that publication takes an article out; one that is not live yet is no longer staged."""
        with self.database.writing() as connection:
            _stage(connection, article_id, None, {"page_hash": "", "origin": "", "configured": False})

    def remove(self, article_id: str, *, release: int | None = None) -> None:
        """Take an article out of what is live; its versions stay. Nothing happens when it is not live."""
        with self.database.writing() as connection:
            make_live(connection, article_id, None, {}, release)
            connection.execute(delete(staged).where(staged.c.article_id == article_id))

    def last_change(self) -> tuple[int, str] | None:
        """Number and time of the last change to what is live, which another process may have made; None before any."""
        newest = select(changes.c.number, changes.c.at).order_by(changes.c.number.desc()).limit(1)
        with self.database.reading() as connection:
            row = connection.execute(newest).first()
        return (row.number, row.at) if row else None

    def next_release(self) -> int:
        """A number for changes that are made together."""
        with self.database.reading() as connection:
            return next_release(connection)

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def _keep(self, connection: "Connection", record: Record) -> None:
        """Keep a version and what was made of it, in place of what was made of the same version before."""
        keep_version(connection, record.article)
        key = {"article_id": record.article.id, "version": record.article.version}
        for made in (sentences, vectors, statements, sketches):
            connection.execute(delete(made).where(of_version(made, record.article.id, record.article.version)))
        rows = [key | sentence_values(sentence) for sentence in record.sentences]
        if rows:
            connection.execute(insert(sentences), rows)
        kept = vectors_bytes(record.vectors)
        connection.execute(
            insert(vectors).values(key | {"model": record.model, "dimension": record.vectors.shape[1], "kept": kept})
        )
        found = statements_json(record.statements)
        connection.execute(insert(statements).values(key | {"reader": record.reader, "found": found}))
        if record.sketch is not None:
            connection.execute(insert(sketches).values(key | {"kept": record.sketch.tobytes()}))

    def _prune(self, connection: "Connection", article_id: str) -> None:
        """Forget the oldest versions of an article, but for those that something points at."""
        held = (
            select(table.c.version).where(table.c[key] == article_id, table.c.version.is_not(None))
            for table, key in ((articles, "id"), (staged, "article_id"), (cited, "article_id"))
        )
        newest = (
            select(versions.c.version)
            .outerjoin(changes, of_version(changes, versions.c.article_id, versions.c.version))
            .where(versions.c.article_id == article_id)
            .group_by(versions.c.version, versions.c.seen)
            .order_by(func.coalesce(func.max(changes.c.number), 0).desc(), versions.c.seen.desc())
            .limit(self._keep_versions)
        )
        kept = {row.version for query in (*held, newest) for row in connection.execute(query)}
        connection.execute(delete(versions).where(versions.c.article_id == article_id, versions.c.version.not_in(kept)))


def keep_version(connection: "Connection", article: Article) -> None:
    """Keep an article's version, where it is not kept yet."""
    kept = select(versions.c.version).where(of_version(versions, article.id, article.version))
    if connection.execute(kept).first() is None:
        connection.execute(insert(versions).values(seen=moment_kept(), **article_values(article)))


def make_live(
    connection: "Connection", article_id: str, version: str | None, page: Mapping[str, Any], release: int | None
) -> None:
    """Point an article at a version, or at none, and write down the change where it is one."""
    before = connection.execute(select(articles.c.version).where(articles.c.id == article_id)).scalar()
    if version is None:
        connection.execute(delete(articles).where(articles.c.id == article_id))
    elif before is None:
        connection.execute(insert(articles).values(id=article_id, version=version, **page))
    else:
        connection.execute(update(articles).where(articles.c.id == article_id).values(version=version, **page))
    if before != version:
        number = release if release is not None else next_release(connection)
        connection.execute(
            insert(changes).values(
                release=number, at=moment_kept(), article_id=article_id, version=version, before=before
            )
        )


def next_release(connection: "Connection") -> int:
    """A number for changes that are made together."""
    return 1 + (connection.execute(select(func.max(changes.c.release))).scalar() or 0)


def _stage(connection: "Connection", article_id: str, version: str | None, page: Mapping[str, Any]) -> None:
    """Point the next publication at a version, or at none; where that is what is live, at nothing new."""
    live = connection.execute(select(articles.c.version).where(articles.c.id == article_id)).scalar()
    connection.execute(delete(staged).where(staged.c.article_id == article_id))
    if live != version:
        connection.execute(insert(staged).values(article_id=article_id, version=version, **page))
    elif version is not None:
        connection.execute(update(articles).where(articles.c.id == article_id).values(**page))


def _page(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in PAGE}

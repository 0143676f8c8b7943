"""What became live when, and the ways between: publication of what is staged, and back.

Moves pointers to versions in one transaction; nothing is embedded. Knows nothing of sources.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from retrieval.errors import ArticleError
from retrieval.kept import moment_of
from retrieval.records import PAGE
from retrieval.store import make_live, next_release
from retrieval.tables import articles, changes, of_version, staged, vectors, visits

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from retrieval.database import Database

NO_PAGE = {"page_hash": "", "origin": "", "configured": False}


@dataclass(frozen=True, slots=True)
class Change:
    """An article became live in a version, in place of another; None for no article. `at` is UTC."""

    release: int
    at: dt.datetime
    article: str
    version: str | None
    before: str | None


class Releases:
    """The changes to what is live, in the store's database.

    Raises:
        StoreError: From every method: the store cannot be read or written.
    """

    def __init__(self, database: "Database") -> None:
        self._database = database

    def changes(self, *, article: str | None = None, after: int = 0) -> tuple[Change, ...]:
        """The changes in their order: all or one article's, of all releases or those after one."""
        chosen = [changes.c.release > after, *([changes.c.article_id == article] if article else [])]
        with self._database.reading() as connection:
            rows = connection.execute(select(changes).where(*chosen).order_by(changes.c.number)).all()
        return tuple(Change(row.release, moment_of(row.at), row.article_id, row.version, row.before) for row in rows)

    def last(self) -> int:
        """The number of the last release; 0 before the first."""
        with self._database.reading() as connection:
            return connection.execute(select(func.max(changes.c.release))).scalar() or 0

    def publish(self) -> None:
        """Make live what is staged, all of it or nothing."""
        with self._database.writing() as connection:
            release = next_release(connection)
            for row in connection.execute(select(staged).order_by(staged.c.article_id)).all():
                page = {name: getattr(row, name) for name in PAGE}
                make_live(connection, row.article_id, row.version, page, release)
            connection.execute(delete(staged))

    def discard(self) -> int:
        """Forget what is staged; returns how many articles that were."""
        with self._database.writing() as connection:
            connection.execute(delete(visits))  # else a page that has not changed since would not be read again
            return connection.execute(delete(staged)).rowcount

    def point(self, targets: Mapping[str, str | None]) -> None:
        """Make those versions live, or no version, all of it or nothing.

        Raises:
            ArticleError: One of them is no longer kept; names it.
        """
        with self._database.writing() as connection:
            release = next_release(connection)
            for key, version in sorted(targets.items()):
                if version is not None and not _is_kept(connection, key, version):
                    raise ArticleError(f"Version {version} of “{key}” is no longer kept (retrieval.keep_versions).")
                make_live(connection, key, version, _page_of(connection, key), release)


def _is_kept(connection: "Connection", article_id: str, version: str) -> bool:
    """Whether a version is kept with all that was made of it."""
    query = select(vectors.c.version).where(of_version(vectors, article_id, version))
    return connection.execute(query).first() is not None


def _page_of(connection: "Connection", article_id: str) -> dict[str, Any]:
    """The page of the live version: as long as that does not change, a reload leaves the article alone."""
    row = connection.execute(select(articles).where(articles.c.id == article_id)).first()
    return {name: getattr(row, name) for name in PAGE} if row else NO_PAGE

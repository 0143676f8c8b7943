"""What is remembered of URLs that were read, in the store.

Knows nothing of the network. To forget it costs reading everything again and nothing else.
"""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import delete, insert, select

from retrieval.database import Database
from retrieval.fetch import Visit
from retrieval.tables import visits


class Visits:
    """The last visit to each URL.

    Raises:
        StoreError: From every method: the store cannot be read or written.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, Visit]:
        """The visits, by URL."""
        with self._database.reading() as connection:
            return {row.url: Visit(**row._mapping) for row in connection.execute(select(visits))}  # noqa: SLF001 - the public way to a row's names

    def put(self, made: Iterable[Visit]) -> None:
        """Keep visits, each in place of the last one to its URL."""
        rows = {visit.url: asdict(visit) for visit in made}
        if rows:
            with self._database.writing() as connection:
                connection.execute(delete(visits).where(visits.c.url.in_(rows)))
                connection.execute(insert(visits), list(rows.values()))

"""The database under the store: its engine, its transactions, and its way from older releases to this one.

Readers never wait for a writer; writers wait for one another. Knows nothing of what the tables hold.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import create_engine, event, inspect, select, table, text
from sqlalchemy.exc import SQLAlchemyError

from retrieval.errors import StoreError
from retrieval.tables import FORMAT, REVISIONS, meta

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

BUSY_SECONDS = 30
MIGRATIONS = Path(__file__).parent / "migrations"
# What `meta` said before there were migrations.
FIRST_FORMAT = "1"


class Database:
    """One SQLite file, made when it is not there and brought to this release's tables when it is older.

    Safe for many threads: each transaction has a connection of its own.

    Raises:
        StoreError: From every method: the file cannot be opened, read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The folder {path.parent} cannot be made (retrieval.data): {error.strerror}.") from error
        self._writers = threading.RLock()
        writable = os.access(path.parent, os.W_OK)
        address = f"sqlite:///{path}" if writable else _read_only(path)
        self._engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
        event.listen(self._engine, "connect", _set_pragmas if writable else _begin_by_hand)
        event.listen(self._engine, "begin", _begin)
        self._migrate()

    @contextmanager
    def reading(self) -> "Iterator[Connection]":
        """A transaction that sees the store at one moment and changes nothing."""
        with self._explained(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> "Iterator[Connection]":
        """A transaction that changes the store, whole or not at all."""
        with self._explained(), self._writers, self._engine.connect() as connection:
            writer = connection.execution_options(writes=True)
            with writer.begin():
                yield writer

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _migrate(self) -> None:
        with self.reading() as connection:
            if self._revision(connection) == REVISIONS[-1]:
                return
        with self.writing() as connection:  # another process may have been first
            revision = self._revision(connection)
            if revision != REVISIONS[-1]:
                _upgrade(connection, revision)

    def _revision(self, connection: "Connection") -> str | None:
        """The migration that made the tables; None for an empty file.

        Raises:
            StoreError: A release that this one does not know made them.
        """
        names = set(inspect(connection).get_table_names())
        revision = written = None
        if "alembic_version" in names:
            revision = connection.execute(select(text("version_num")).select_from(table("alembic_version"))).scalar()
        if "meta" in names:
            written = connection.execute(select(meta.c.value).where(meta.c.key == "format")).scalar()
        if revision is None and written == FIRST_FORMAT:
            revision = REVISIONS[0]
        if revision not in (None, *REVISIONS) or written not in (None, FIRST_FORMAT, FORMAT):
            raise StoreError(
                f"The store {self.path} was made by another release, newer than this one (format"
                f" {written or revision}, here {FORMAT}); update article-bot, or name another folder (retrieval.data)."
            )
        return revision

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", error) or error).rstrip(".")
            raise StoreError(f"The store {self.path} cannot be used: {reason}.") from error


def _upgrade(connection: "Connection", revision: str | None) -> None:
    """Run the migrations after `revision`, within the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    if revision == REVISIONS[0]:
        command.stamp(config, revision)
    command.upgrade(config, "head")


def _read_only(path: Path) -> str:
    """The address of a store on a disk that cannot be written: what is kept can still be asked."""
    log = path.with_name(f"{path.name}-wal")
    still = log.exists() and log.stat().st_size  # SQLite must then read the log too, and look for other readers
    return f"sqlite:///file:{quote(str(path))}?mode=ro{'' if still else '&immutable=1'}&uri=true"


def _begin_by_hand(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no type
    """Transactions begin where `_begin` says, not where the driver guesses."""
    connection.isolation_level = None


def _set_pragmas(connection: Any, record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no type
    _begin_by_hand(connection, record)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin(connection: "Connection") -> None:
    """Begin as a writer at once where there will be writing: a reader that turns writer can be refused."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

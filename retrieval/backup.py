"""Copies of the store's file: taken and put back while others use it, each with a checksum beside it.

SQLite's online backup does the copying, so that a copy is of one moment. Knows nothing of what the tables hold.
"""

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from retrieval.database import BUSY_SECONDS, Database
from retrieval.errors import StoreError

CHUNK_BYTES = 1 << 20


def back_up(store: Path, target: Path) -> None:
    """Copy the store to a file, and its sha256 to a file beside it, as `sha256sum -c` reads it.

    Raises:
        StoreError: The copy cannot be written, or the store not read.
    """
    with _explained(f"The backup {target} cannot be written"), _beside(target) as copy:
        with closing(_connected(store)) as source, closing(sqlite3.connect(copy)) as kept:
            source.backup(kept)
            kept.execute("PRAGMA journal_mode = DELETE")
        digest = _digest(copy)
        _sidecar(target).write_text(f"{digest}  {target.name}\n", encoding="utf-8")
        copy.replace(target)


def put_back(store: Path, backup: Path) -> None:
    """Make the store what a backup holds; whoever uses it sees the old or the new, never a mixture.

    Raises:
        StoreError: The backup is damaged, no backup, or of a newer release; the store is as it was.
    """
    check(backup)
    with _explained(f"The backup {backup} cannot be put back"), _beside(store) as copy:
        with closing(_connected(backup)) as source, closing(sqlite3.connect(copy)) as kept:
            source.backup(kept)
        Database(copy).close()  # refuses what is newer, brings up what is older
        with closing(sqlite3.connect(copy)) as source, closing(_connected(store)) as live:
            source.backup(live)


def check(backup: Path) -> None:
    """See that a backup is what was written.

    Raises:
        StoreError: It is not, or there is no checksum beside it.
    """
    with _explained(f"The backup {backup} cannot be read"):
        digest = _digest(backup)
    sidecar = _sidecar(backup)
    if not sidecar.is_file():
        raise StoreError(f"There is no checksum {sidecar} beside the backup; without it damage cannot be told.")
    if sidecar.read_text(encoding="utf-8", errors="replace").split(" ")[0] != digest:
        raise StoreError(f"The backup {backup} is damaged: its checksum is not the one in {sidecar}.")
    with _explained(f"The backup {backup} is no store"), closing(_connected(backup)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise StoreError(f"The backup {backup} is damaged: {found}.")


def vacuum(store: Path) -> int:
    """Give the room of what was deleted back to the disk; returns how many bytes that were.

    Raises:
        StoreError: The store cannot be rewritten now.
    """
    before = _size(store)
    with _explained(f"The store {store} cannot be made smaller"), closing(_connected(store)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return max(0, before - _size(store))


def _connected(path: Path) -> sqlite3.Connection:
    """A connection to a file that must be there."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A new file on the same disk, gone in the end with what SQLite keeps beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(number)
    try:
        yield Path(name)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(name + ending).unlink(missing_ok=True)


@contextmanager
def _explained(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StoreError(f"{what}: {reason.rstrip('.')}.") from error


def _sidecar(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _size(store: Path) -> int:
    files = (store, store.with_name(f"{store.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())

"""What the bot remembers between messages and across restarts, in one small SQLite file of its own.

Values are JSON under a space and a key, with whose they are and when they were kept. Knows nothing of what they mean,
and nothing of articles: what was asked and answered is in the archive's journal.
"""

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from retrieval import StoreError

BUSY_SECONDS = 10
TABLE = """
create table if not exists kept (
    space text not null, key text not null, owner text not null default '', at real not null, value text not null,
    primary key (space, key)
) without rowid
"""


class Memory:
    """Values by space and key, safe for many threads.

    Args:
        path: The file, made when it is not there; None to remember only until the end of the process.
        clock: What tells the time, in seconds.

    Raises:
        StoreError: From every method: the file cannot be opened, read or written.
    """

    def __init__(self, path: Path | None = None, *, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        with self._failing():
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path or ":memory:", timeout=BUSY_SECONDS, check_same_thread=False)
            self._file.execute("pragma journal_mode = wal")
            self._file.execute("pragma synchronous = normal")
            self._file.execute(TABLE)
            self._file.execute("create index if not exists kept_by_owner on kept (owner)")
            self._file.commit()

    def get(self, space: str, key: str, *, within: float | None = None) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The value kept under the key, or None; None also where it was kept more than `within` seconds ago."""
        rows = self._run("select at, value from kept where space = ? and key = ?", space, key)
        if not rows or (within is not None and rows[0][0] < self._clock() - within):
            return None
        return json.loads(rows[0][1])

    def put(self, space: str, key: str, value: object, *, owner: str = "") -> None:
        """Keep a value, in place of what was kept under the key."""
        kept = json.dumps(value, ensure_ascii=False)
        self._run("insert or replace into kept values (?, ?, ?, ?, ?)", space, key, owner, self._clock(), kept)

    def add(self, space: str, key: str, value: object, *, owner: str = "") -> bool:
        """Keep a value where none is kept; whether it was."""
        kept = json.dumps(value, ensure_ascii=False)
        row = (space, key, owner, self._clock(), kept)
        return bool(self._run("insert or ignore into kept values (?, ?, ?, ?, ?) returning 1", *row))

    def all(self, space: str) -> dict[str, Any]:
        """Everything in a space by key, the oldest first."""
        rows = self._run("select key, value from kept where space = ? order by at, key", space)
        return {key: json.loads(value) for key, value in rows}

    def drop(self, space: str, key: str) -> None:
        """Forget a value."""
        self._run("delete from kept where space = ? and key = ?", space, key)

    def forget(self, owner: str) -> int:
        """Forget everything that is somebody's; how much it was."""
        return len(self._run("delete from kept where owner = ? returning 1", owner))

    def prune(self, space: str, *, older: float) -> None:
        """Forget what was kept in a space more than `older` seconds ago."""
        self._run("delete from kept where space = ? and at < ?", space, self._clock() - older)

    def rename(self, space: str, old: str, new: str) -> None:
        """Give the keys of a space that begin with `old` the beginning `new`."""
        self._run(
            "update or replace kept set key = ? || substr(key, ?) where space = ? and substr(key, 1, ?) = ?",
            new,
            len(old) + 1,
            space,
            len(old),
            old,
        )

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._file.close()

    def _run(self, statement: str, *values: object) -> list[Any]:
        with self._lock, self._failing(), self._file:
            return self._file.execute(statement, values).fetchall()

    @contextlib.contextmanager
    def _failing(self) -> Any:  # noqa: ANN401 - a context manager of nothing
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"The bot’s memory {self._path or ''} cannot be used: {error}.") from error

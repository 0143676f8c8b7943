"""The live snapshot over the store: swapped whole, kept in step with what other processes change.

Whoever asks takes the snapshot once and ends on it. Knows nothing of sources or questions.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from retrieval.lock import WriterLock
from retrieval.records import Record
from retrieval.snapshot import Snapshot
from retrieval.store import Store


class Live:
    """What is asked now: `snapshot`, as it is after the store's last change that is known here, `change`.

    Args:
        store: What keeps it.
        lock: Held by whoever changes it, in this process or another.
    """

    def __init__(self, store: Store, lock: WriterLock) -> None:
        self._store = store
        self._lock = lock
        self._own = threading.RLock()
        self._read()

    @property
    def records(self) -> dict[str, Record]:
        """The records by article id, in order of id."""
        return self.snapshot.records

    @contextmanager
    def changing(self) -> Iterator[int]:
        """Hold the lock, in step with the store; gives the number of the release that the changes make.

        Raises:
            StoreError: Another process changes the archive for too long, or the store cannot be read.
        """
        with self._lock.held(), self._own:
            self.refresh()
            yield self._store.next_release()

    def refresh(self) -> None:
        """Take in what another process has changed since; costs one small query when there is nothing."""
        if not self._own.acquire(blocking=False):
            return  # a thread of this process is changing it, and shows in the end what there is
        try:
            if self._store.last_change() != self.change:
                self._read()
        finally:
            self._own.release()

    def keep(self, records: Iterable[Record], release: int) -> None:
        """Keep records as they are made, each in a transaction of its own, then swap the snapshot once.

        What was kept before something failed is swapped in as well.
        """
        made: dict[str, Record] = {}
        try:
            for record in records:
                self._store.put(record, release=release)
                made[record.article.id] = record
        finally:
            if made:
                self._swap(self.records | made)

    def remove(self, keys: Iterable[str], release: int) -> None:
        """Take articles out, each in a transaction of its own."""
        gone = set()
        try:
            for key in keys:
                self._store.remove(key, release=release)
                gone.add(key)
        finally:
            if gone:
                self._swap({key: record for key, record in self.records.items() if key not in gone})

    def _read(self) -> None:
        self.change = self._store.last_change()
        self._show(Snapshot({record.article.id: record for record in self._store.records()}))

    def _swap(self, records: dict[str, Record]) -> None:
        self.change = self._store.last_change()
        self._show(Snapshot(dict(sorted(records.items()))))

    def _show(self, fresh: Snapshot) -> None:
        before = vars(self).get("snapshot")
        if before is not None and "retriever" in vars(before):  # people are asking: build before they see it
            fresh.build()
        self.snapshot = fresh

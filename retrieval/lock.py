"""One writer at a time: among the threads of a process and among processes.

A process that is killed lets go. Knows nothing of what is written.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.errors import StoreError


class WriterLock:
    """The lock of an archive's folder; a thread that holds it may take it again.

    Args:
        path: The lock's file, made when it is not there.
        wait: How many seconds a second writer waits.
    """

    def __init__(self, path: Path, *, wait: float) -> None:
        self._path = path
        self._wait = wait
        self._threads = threading.RLock()
        self._processes = FileLock(path, thread_local=False)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it.

        Raises:
            StoreError: Another holds it for longer than the time to wait, or its file cannot be made.
        """
        began = time.monotonic()
        if not self._threads.acquire(timeout=self._wait):
            raise StoreError(self._busy())
        try:
            self._acquire(max(0.0, self._wait - (time.monotonic() - began)))
            try:
                yield
            finally:
                self._processes.release()
        finally:
            self._threads.release()

    def _acquire(self, wait: float) -> None:
        try:
            self._processes.acquire(timeout=wait)
        except Timeout as error:
            raise StoreError(self._busy()) from error
        except OSError as error:
            raise StoreError(
                f"The archive in {self._path.parent} cannot be changed (retrieval.data): {error.strerror}."
            ) from error

    def _busy(self) -> str:
        return (
            f"The archive in {self._path.parent} is being changed by another process or thread; it was waited for"
            f" {self._wait:g} s (retrieval.wait_seconds). Try again when that is done."
        )

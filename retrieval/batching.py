"""Calls from many threads made together: whoever comes while one is under way shares the next.

A model reads several questions in less time than one after another, and threads that compute at once only get into each
other's way. Knows nothing of what is called.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")


@dataclass(slots=True)
class _Call(Generic[Item, Made]):
    """What one thread wants made, and what came of it."""

    items: Sequence[Item]
    made: list[Made] = field(default_factory=list)
    error: Exception | None = None
    is_done: bool = False


class Batched(Generic[Item, Made]):
    """A function of a sequence, safe for many threads, called by one of them at a time for all that wait.

    Args:
        make: What gives one thing for each item, in order.
        limit: How many items it is given at the most; a single call with more is not cut.
    """

    def __init__(self, make: Callable[[Sequence[Item]], Iterable[Made]], *, limit: int = 16) -> None:
        self._make = make
        self._limit = limit
        self._waiting: list[_Call[Item, Made]] = []
        self._lock = threading.Lock()
        self._leading = threading.Lock()

    def __call__(self, items: Sequence[Item]) -> list[Made]:
        """What is made of the items, in order; an error is raised for all that were made together."""
        call = _Call[Item, Made](items)
        with self._lock:
            self._waiting.append(call)
        while not call.is_done:
            with self._leading:
                if not call.is_done:
                    self._lead()
        if call.error:
            raise call.error
        return call.made

    @property
    def is_busy(self) -> bool:
        """Whether something is being made just now."""
        return self._leading.locked()

    def _lead(self) -> None:
        """Make what the longest waiting want, as much as the limit allows."""
        calls = self._taken()
        try:
            made = list(self._make([item for call in calls for item in call.items]))
        except Exception as error:  # noqa: BLE001 - it belongs to the threads that wait, and is raised there
            for call in calls:
                call.error = error
        else:
            for call in calls:
                call.made, made = made[: len(call.items)], made[len(call.items) :]
        for call in calls:
            call.is_done = True

    def _taken(self) -> list[_Call[Item, Made]]:
        with self._lock:
            count = total = 0
            for call in self._waiting:
                total += len(call.items)
                if count and total > self._limit:
                    break
                count += 1
            taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

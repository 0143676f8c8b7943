"""Threads that compute at once: calls made together, what was made lately kept for all, and the cores shared.

A model embeds several texts in little more time than one, so whoever comes while a call is under way shares the next;
more threads than cores that compute only get into each other's way. Knows nothing of what is called.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
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
    is_taken: bool = False
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
        self._is_led = False
        self._waiting: list[_Call[Item, Made]] = []
        self._changed = threading.Condition()

    def __call__(self, items: Sequence[Item]) -> list[Made]:
        """What is made of the items, in order; an error is raised for all that were made together."""
        call = _Call[Item, Made](items)
        with self._changed:
            self._waiting.append(call)
        while not call.is_done:
            self._lead(self._taken(call))
        if call.error:
            raise call.error
        return call.made

    def _taken(self, call: _Call[Item, Made]) -> list[_Call[Item, Made]]:
        """The longest waiting, as much as the limit allows, for this thread to lead; none once the call is done."""
        with self._changed:
            while not call.is_done and (call.is_taken or self._is_led):
                self._changed.wait()
            if call.is_done:
                return []
            self._is_led = True
            count = total = 0
            for waiting in self._waiting:
                total += len(waiting.items)
                if count and total > self._limit:
                    break
                waiting.is_taken = True
                count += 1
            taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

    def _lead(self, calls: Sequence[_Call[Item, Made]]) -> None:
        """Make what has been taken."""
        if not calls:
            return
        try:
            made = list(self._make([item for call in calls for item in call.items]))
        except Exception as error:  # noqa: BLE001 - it belongs to the threads that wait, and is raised there
            for call in calls:
                call.error = error
        else:
            for call in calls:
                call.made, made = made[: len(call.items)], made[len(call.items) :]
        with self._changed:
            self._is_led = False
            for call in calls:
                call.is_done = True
            self._changed.notify_all()


class Remembered(Generic[Item, Made]):
    """A function of a sequence, safe for many threads, that keeps what was made of the last items.

    Args:
        make: What gives one thing for each item, in order; it is called by many threads.
        key: What tells an item from others.
        kept: How many are kept.
    """

    def __init__(
        self, make: Callable[[Sequence[Item]], Iterable[Made]], *, key: Callable[[Item], Hashable], kept: int
    ) -> None:
        self._make = make
        self._key = key
        self._limit = kept
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, items: Sequence[Item]) -> list[Made]:
        """What is made of each item."""
        keys = [self._key(item) for item in items]
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
        if fresh := {key: item for key, item in zip(keys, items, strict=True) if key not in found}:
            made = dict(zip(fresh, self._make(list(fresh.values())), strict=True))
            found |= made
            with self._lock:
                self._kept |= made
                while len(self._kept) > self._limit:
                    self._kept.popitem(last=False)
        return [found[key] for key in keys]


class Cores:
    """The CPU's cores: so many threads compute with torch at a time, each on one, and the others wait.

    What a question needs is too small to be shared out: one question takes no longer on one core than on two.

    Args:
        total: How many; 0 for as many as there are.
    """

    def __init__(self, total: int = 0) -> None:
        self._total = total or os.cpu_count() or 1
        self._free = threading.Semaphore(self._total)
        self._busy = 0
        self._lock = threading.Lock()

    @property
    def are_busy(self) -> bool:
        """Whether somebody computes just now."""
        return self._busy > 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Compute on one core, once one is free."""
        import torch

        with self._free, self._counted():
            torch.set_num_threads(1)
            try:
                yield
            finally:
                torch.set_num_threads(self._total)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1

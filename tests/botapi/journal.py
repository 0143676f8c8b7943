"""Every request and its answer, in order; the token is in none of them.

Knows only what it is told.
"""

import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from tests.botapi.refusal import Json


@dataclass(frozen=True, slots=True)
class Call:
    """A request and its answer.

    Attributes:
        number: From 1, in the order of the answers.
        method: As the Bot API spells it.
        parameters: As they came; of a file its name and size.
        at: Seconds since the epoch when it came.
        took: Seconds until it was answered.
        status: HTTP status; 0 if the connection was dropped.
        answer: The answer's body.
    """

    number: int
    method: str
    parameters: Json
    at: float
    took: float
    status: int
    answer: Json

    def to_json(self) -> Json:
        """For another process."""
        return asdict(self)


class Journal:
    """The calls so far.

    Args:
        changed: The world's lock.
    """

    def __init__(self, changed: threading.Condition) -> None:
        self.changed = changed
        self.calls: list[Call] = []

    def add(self, method: str, parameters: Json, *, at: float, took: float, status: int, answer: Json) -> None:
        """Writes a call down."""
        with self.changed:
            self.calls.append(Call(len(self.calls) + 1, method, parameters, at, took, status, answer))
            self.changed.notify_all()

    def of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self if call.method == method]

    def __iter__(self) -> Iterator[Call]:
        with self.changed:
            return iter(tuple(self.calls))

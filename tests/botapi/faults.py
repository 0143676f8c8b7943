"""What goes wrong on demand: errors, delays, dropped connections; and Telegram's rate limits.

Knows no method's meaning, only its name and the chat it writes to.
"""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.botapi.refusal import Refused, too_many

MESSAGES_A_SECOND = 30
GROUP_MESSAGES_A_MINUTE = 20
CHAT_BURST = 3  # messages a private chat takes at once; Telegram says only that short bursts may pass
COUNTED = ("send", "copy", "forward", "edit")
NOT_COUNTED = {"sendChatAction"}


@dataclass(slots=True)
class Fault:
    """Something to go wrong with the next calls of a method.

    Attributes:
        method: Whose calls; `*` means any but getUpdates.
        times: How many calls.
        status: The status to answer with; none lets the call through.
        description: The sentence to answer with; the status' own where empty.
        retry_after: Seconds told with a 429.
        delay: Seconds to wait before the answer.
        drop: Whether the connection ends without an answer.
        after: Whether the call is carried out first, so that only its answer goes wrong.
    """

    method: str
    times: int = 1
    status: int | None = None
    description: str = ""
    retry_after: int = 0
    delay: float = 0
    drop: bool = False
    after: bool = False

    @property
    def refusal(self) -> Refused | None:
        """The error to answer with."""
        if self.status is None:
            return None
        if self.status == 429:
            return too_many(self.retry_after or 1)
        return Refused(self.status, self.description or SENTENCES.get(self.status, "Bad Request"))


SENTENCES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


class Faults:
    """The faults that wait for their calls."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Lets the next calls go wrong."""
        self.waiting.append(fault)

    def take(self, method: str) -> Fault | None:
        """The fault for a call, if one waits for it."""
        for fault in self.waiting:
            if fault.method == method or (fault.method == "*" and method != "getUpdates"):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None


@dataclass(slots=True)
class Limits:
    """How much the bot may write; off until switched on.

    Attributes:
        on: Whether anything is refused.
        clock: Seconds that only go forward.
    """

    on: bool = False
    clock: Callable[[], float] = time.monotonic
    _sent: dict[object, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def check(self, method: str, chat: object, *, group: bool) -> None:
        """Counts a call.

        Raises:
            Refused: It is one too many; says when to come back. A refused call is not counted.
        """
        if not self.on or method in NOT_COUNTED or not method.startswith(COUNTED):
            return
        rules = [("all", MESSAGES_A_SECOND, 1.0)]
        if chat is not None:
            # One a second with a burst: no more than the burst within as many seconds.
            rules.append((str(chat), *((GROUP_MESSAGES_A_MINUTE, 60.0) if group else (CHAT_BURST, float(CHAT_BURST)))))
        now = self.clock()
        for key, most, window in rules:
            self._check(key, most, window, now)
        for key, _, _ in rules:
            self._sent[key].append(now)

    def _check(self, key: str, most: int, window: float, now: float) -> None:
        sent = self._sent[key]
        while sent and sent[0] <= now - window:
            sent.popleft()
        if len(sent) >= most:
            raise too_many(max(1, math.ceil(sent[0] + window - now)))

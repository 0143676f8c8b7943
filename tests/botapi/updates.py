"""The bot's incoming updates: numbered, kept until confirmed, handed to one poller or to a webhook.

Knows nothing of what an update says but its kind.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.botapi.refusal import Json

NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
FIRST_ID = 100_001


@dataclass(slots=True)
class Webhook:
    """Where updates are to be posted."""

    url: str
    secret: str | None = None
    max_connections: int = 40
    last_error: Json = field(default_factory=dict)


class Updates:
    """A queue that forgets nothing until the bot has confirmed it.

    Args:
        changed: The world's lock; held by whoever calls.
    """

    def __init__(self, changed: threading.Condition) -> None:
        self.changed = changed
        self.pending: list[Json] = []
        self.again: list[Json] = []
        self.last: Json | None = None
        self.allowed: frozenset[str] | None = None
        self.webhook: Webhook | None = None
        self.listeners: list[Callable[[], None]] = []
        self.confirmed = 0
        self._next_id = FIRST_ID

    def add(self, kind: str, content: Json) -> int | None:
        """An update for the bot; its number, or nothing if the bot did not ask for the kind."""
        if kind in NOT_BY_DEFAULT if self.allowed is None else kind not in self.allowed:
            return None
        self.last = {"update_id": self._next_id, kind: content}
        self._next_id += 1
        self.pending.append(self.last)
        self.tell()
        return int(self.last["update_id"])

    def repeat(self) -> None:
        """Delivers the last update once more, under its number, whether it was confirmed or not."""
        if self.last is not None:
            self.again.append(dict(self.last))
            self.tell()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """What kinds the bot wants; none keeps what was said before, an empty list means the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) if kinds else None

    def confirm(self, offset: int) -> None:
        """Forgets what lies before an offset; a negative one keeps that many from the end."""
        if offset < 0:
            gone = self.pending[:offset]
            self.pending = self.pending[offset:]
        else:
            gone = [update for update in self.pending if update["update_id"] < offset]
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        self.confirmed += len(gone)
        self.changed.notify_all()

    def take(self, limit: int) -> list[Json]:
        """What a poll gets: what is not confirmed yet, and once what is to be repeated, by number."""
        taken = sorted(self.pending + self.again, key=lambda update: update["update_id"])[:limit]
        places = {id(update) for update in taken}
        self.again = [update for update in self.again if id(update) not in places]
        return taken

    def forget(self) -> None:
        """Drops everything that waits."""
        self.pending, self.again = [], []

    def tell(self) -> None:
        """Wakes whoever waits for updates or for where they go."""
        for listener in self.listeners:
            listener()
        self.changed.notify_all()

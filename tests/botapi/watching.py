"""Waiting for the bot: for what it does in a chat, and for its answers to queries.

Waits on the world's lock, never in a loop of sleeps. Changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.botapi.nouns import Chat, Query
from tests.botapi.refusal import Json
from tests.botapi.seen import Reply
from tests.botapi.world import World

PATIENCE = 5.0  # seconds that people wait for the bot
WRITTEN = {
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "copyMessage",
    "forwardMessage",
    "editMessageText",
    "editMessageCaption",
    "answerGuestQuery",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that the bot is to answer."""

    world: World
    query: Query

    def wait_for_answer(self, timeout: float = PATIENCE) -> Json:
        """The parameters of the bot's answer.

        Raises:
            TimeoutError: None came in time (seconds).
        """
        return self.world.wait_until(
            lambda: self.query.answer, timeout=timeout, awaited=lambda: f"an answer to {self.query.text!r}"
        )


class Watched:
    """A chat and how far it has been read."""

    def __init__(self, world: World, chat: Chat) -> None:
        self.world = world
        self.chat = chat
        self._seen = 0

    def __repr__(self) -> str:
        """Its title."""
        return f"Room({self.chat.kind} {self.chat.title!r})"

    @property
    def id(self) -> int:
        """The chat's id."""
        return self.chat.id

    def wait_for_reply(self, timeout: float = PATIENCE, *, method: str | None = None) -> Reply:
        """The next thing that the bot writes or edits here, after those waited for before.

        Args:
            timeout: Seconds.
            method: Only what was done with this method, such as `editMessageText`.

        Raises:
            TimeoutError: Nothing came in time.
        """
        methods = {method} if method else WRITTEN
        return self.wait_for(lambda reply: reply.method in methods, timeout=timeout)

    def wait_for(self, wanted: Callable[[Reply], bool], timeout: float = PATIENCE) -> Reply:
        """The next thing that the bot does here and that is wanted; what came before it is passed over.

        Raises:
            TimeoutError: Nothing came in time (seconds).
        """

        def found() -> Reply | None:
            replies = self.world.done[self._seen :]
            return next((reply for reply in replies if reply.chat == self.id and wanted(reply)), None)

        def awaited() -> str:
            passed = [f"{reply.method} {reply.text[:60]!r}" for reply in self.replies(new=True)]
            return f"the bot in {self}; it did {passed or 'nothing'}"

        reply = self.world.wait_until(found, timeout=timeout, awaited=awaited)
        self._seen = reply.number
        return reply

    def replies(self, *, new: bool = False) -> list[Reply]:
        """All that the bot has done here; with `new`, since what was last waited for."""
        with self.world.changed:
            return [reply for reply in self.world.done[self._seen if new else 0 :] if reply.chat == self.id]

"""Updates that survive a kill: each is kept before Telegram is told that it arrived, until it has been handled.

Knows nothing of what is in an update but whose turn it is.
"""

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable
from typing import Any

from telegram import Bot, Update
from telegram.error import NetworkError
from telegram.ext import BaseUpdateProcessor

from bot.memory import Memory
from retrieval import StoreError

log = logging.getLogger(__name__)

OPEN, HANDLED = "update", "handled"
# Telegram itself forgets an update after a day.
REMEMBERED_SECONDS = 86_400
# An update that was under way when the process ended, so often, is what ends it.
MOST_TRIES = 10
# So long all others wait, at most, for those that may have ended it.
PATIENCE_SECONDS = 10
RETRY_SECONDS = (5, 15, 60, 300)


class Inbox(asyncio.Queue[object]):
    """The application's queue of updates, kept in the bot's memory; an update is taken once.

    `put` returns only when the update is kept: polling acknowledges it to Telegram afterwards, and a webhook answers
    Telegram's request afterwards.
    """

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self._memory = memory
        self._tries: dict[int, int] = {}
        self._postponed: dict[int, int] = {}
        self._later: set[asyncio.Task[None]] = set()
        # Those that were under way at more than one end, the oldest first, and until when the others wait for them.
        self._suspects: list[int] = []
        self._patient_until = 0.0
        self._changed = asyncio.Condition()
        self._stopped = False

    async def put(self, item: object) -> None:
        """Keep an update and queue it; one that was taken before is dropped.

        Raises:
            NetworkError: It cannot be kept. Of all errors polling goes on after this kind, and asks Telegram for the
                update again.
        """
        if isinstance(item, Update) and not await self._is_kept(item):
            log.info("update dropped update_id=%d reason=duplicate", item.update_id)
            return
        await super().put(item)

    async def restore(self, bot: Bot) -> int:
        """Queue what an earlier process kept and did not handle, the oldest first; how much it was."""
        kept = self._memory.all(OPEN)
        for key in sorted(kept, key=int):
            if update := self._again(key, kept[key], bot):
                await super().put(update)
        self._suspects = [number for number, tries in self._tries.items() if tries]
        self._patient_until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        return self.qsize()

    def begin(self, update: Update) -> None:
        """Count that an update which an earlier process left is tried once more.

        To be called when its work begins and not before: many wait, and whoever waits when the process ends had no part
        in that.
        """
        if (tries := self._tries.pop(update.update_id, None)) is not None:
            self._memory.put(OPEN, str(update.update_id), [update.to_json(), tries + 1])

    @contextlib.asynccontextmanager
    async def apart(self, update: Update) -> AsyncIterator[None]:
        """The handling of an update: first those are handled, one by one, that were under way when processes ended.

        The one that ends every process is thus tried without the others, who would be given up with it.
        """
        number = update.update_id
        if self._suspects:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(self._patient_until), self._changed:
                    await self._changed.wait_for(lambda: not self._suspects or self._suspects[0] == number)
        try:
            yield
        finally:
            if number in self._suspects:
                self._suspects.remove(number)
                async with self._changed:
                    self._changed.notify_all()

    def finish(self, update_id: int) -> None:
        """Mark an update as handled: it is not handled again, even when the process ends right now."""
        self._memory.add(HANDLED, str(update_id), 1)
        self._memory.drop(OPEN, str(update_id))
        self._postponed.pop(update_id, None)

    def postpone(self, update: Update) -> bool:
        """Have an update handled again later, for Telegram cannot be reached; False where it was handled already."""
        if self._is_handled(update.update_id):
            return False
        self._postponed[update.update_id] = self._postponed.get(update.update_id, -1) + 1
        return True

    async def close(self, update: Update) -> None:
        """End an update's turn: it is finished, or queued again later where it was postponed."""
        turns = self._postponed.get(update.update_id)
        if turns is None:
            await asyncio.to_thread(self.finish, update.update_id)
            return
        if self._stopped:
            return
        wait = RETRY_SECONDS[min(turns, len(RETRY_SECONDS) - 1)]
        log.warning("update postponed update_id=%d seconds=%d", update.update_id, wait)
        task = asyncio.create_task(self._put_later(update, wait))
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def stop(self) -> None:
        """Leave postponed updates to the next process."""
        self._stopped = True
        for task in self._later:
            task.cancel()

    async def _put_later(self, update: Update, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await super().put(update)

    async def _is_kept(self, update: Update) -> bool:
        try:
            return await asyncio.to_thread(self._keep, update)
        except StoreError as error:
            log.error("update not kept update_id=%d reason=%s", update.update_id, error)  # noqa: TRY400 - no traceback is of use
            raise NetworkError(str(error)) from error

    def _keep(self, update: Update) -> bool:
        key = str(update.update_id)
        return not self._is_handled(update.update_id) and self._memory.add(OPEN, key, [update.to_json(), 0])

    def _is_handled(self, update_id: int) -> bool:
        return self._memory.get(HANDLED, str(update_id)) is not None

    def _again(self, key: str, kept: list[Any], bot: Bot) -> Update | None:
        text, tries = kept
        given_up = tries >= MOST_TRIES
        if given_up:
            log.error("update given up update_id=%s tries=%d", key, tries)
        if given_up or self._is_handled(int(key)):  # handled, and killed before it was let go of
            self.finish(int(key))
            return None
        self._tries[int(key)] = tries
        return Update.de_json(json.loads(text), bot)


class InOrder(BaseUpdateProcessor):
    """Handles updates of different people at once, and those of one person in a chat in the order they came.

    Args:
        inbox: Where updates are kept until they are handled.
        at_once: How many are under way at most.
    """

    def __init__(self, inbox: Inbox, *, at_once: int) -> None:
        super().__init__(at_once)
        self._inbox = inbox
        self._locks: dict[tuple[int, int], asyncio.Lock] = {}
        self._waiting: dict[tuple[int, int], int] = defaultdict(int)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle an update in its turn, then let go of it."""
        if not isinstance(update, Update):
            await coroutine
            return
        async with self._inbox.apart(update), self._turn(_whose(update)):
            await coroutine
            await self._inbox.close(update)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to let go of."""

    @contextlib.asynccontextmanager
    async def _turn(self, key: tuple[int, int]) -> AsyncIterator[None]:
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] += 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._locks[key]


def _whose(update: Update) -> tuple[int, int]:
    chat, user = update.effective_chat, update.effective_user
    return (chat.id if chat else 0, user.id if user else 0)

"""What all handlers work with, in one place, and how blocking work is done without holding up the rest."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import ParamSpec, TypeVar

from telegram import Update

from bot.administration import Administration
from bot.config import BotConfig
from bot.conversation import Conversation
from bot.handlers.inbox import Inbox
from bot.limits import Limits
from bot.memory import Memory
from bot.metrics import Metrics
from retrieval import Archive

# Answers share the processor, and the models read for those that wait together; changes of the archive wait for each
# other.
THREADS = 8
Progress = Callable[[int, int], None]
P = ParamSpec("P")
T = TypeVar("T")


class Stopped(Exception):  # noqa: N818 - no error: what it ends goes on with the next start
    """The process ends; what takes long is left where it is."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What handlers work with."""

    settings: BotConfig
    archive: Archive
    memory: Memory
    conversation: Conversation
    administration: Administration
    inbox: Inbox
    limits: Limits
    metrics: Metrics = field(default_factory=Metrics)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS, thread_name_prefix="answer"))
    writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="change"))
    stopping: threading.Event = field(default_factory=threading.Event)

    @staticmethod
    def over(archive: Archive, memory: Memory, settings: BotConfig) -> "Desk":
        """A desk over an archive."""
        desk = Desk(
            settings=settings,
            archive=archive,
            memory=memory,
            conversation=Conversation(archive, memory, remembered=settings.remembered),
            administration=Administration(archive, settings),
            inbox=Inbox(memory),
            limits=Limits(settings.limits),
        )
        desk.metrics.watch_queue(desk.inbox.qsize)
        return desk

    @property
    def admins(self) -> frozenset[int]:
        """The ids of those who may change what the bot knows."""
        return frozenset(self.settings.admins)

    async def think(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do blocking work, of a second at most, beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, partial(work, *args, **kwargs))

    async def take_up(self, update: Update, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the blocking work that an update asks for, as `think`; from here on the update counts as tried."""

        def begin() -> T:
            self.inbox.begin(update)
            return work(*args, **kwargs)

        return await self.think(begin)

    async def write(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Change the archive, one change after the other, however long each takes."""
        return await asyncio.get_running_loop().run_in_executor(self.writer, partial(work, *args, **kwargs))

    def until_stopped(self, progress: Progress | None = None) -> Progress:
        """Progress that ends the work between two articles when the process ends."""

        def advance(done: int, total: int) -> None:
            if self.stopping.is_set():
                raise Stopped
            if progress:
                progress(done, total)

        return advance

    def close(self) -> None:
        """End what is under way and let go of archive and memory."""
        self.stopping.set()
        self.pool.shutdown(cancel_futures=True)
        self.writer.shutdown(cancel_futures=True)
        self.archive.close()
        self.memory.close()

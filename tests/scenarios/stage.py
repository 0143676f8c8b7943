"""Where a scenario is played: the real application against the Bot API server, the people in it, and their chats.

Knows who is there and what was said; what happens stands in `acts`.
"""

import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.config import Api, BotConfig, Rates
from bot.handlers.desk import Desk
from bot.handlers.inbox import HANDLED
from bot.memory import Memory
from retrieval.archive import Archive
from retrieval.config import Config, FetchConfig
from tests.bot.conftest import GENEROUS, Running
from tests.botapi import Asked, BotApi, Message, Reply, Room, User
from tests.conftest import SAMPLES
from tests.scenarios.script import Scenario
from tests.scenarios.translation import Translation

PATIENCE_SECONDS = 60.0  # models take longer on a busy machine
PLENTY = "1000/second"


@dataclass
class Stage:
    """A running bot and the people around it.

    Attributes:
        folder: Where the bot keeps what it keeps, and where `site` and `articles` are.
        room: The chat in which things happen now; none where it is the private chat of whoever acts.
        topic: Its topic in which they do, where it has topics.
        asked: What waits for an answer: a pressed button, an inline query.
        reply: What the bot did last.
        copied: What a pressed button put on the clipboard.
    """

    scenario: Scenario
    server: BotApi
    language: str
    folder: Path
    archive: Archive
    site: str = ""
    running: Running | None = None
    room: Room | None = None
    topic: int | None = None
    speaker: str = "Ann"
    asked: Asked | None = None
    reply: Reply | None = None
    copied: str = ""
    people: dict[str, User] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    topics: dict[tuple[int, str], int] = field(default_factory=dict)
    visited: dict[int, tuple[Room, User]] = field(default_factory=dict)

    @property
    def translation(self) -> Translation:
        """The bot's words in the language of the play."""
        return Translation(self.language)

    def person(self, name: str) -> User:
        """Somebody, who is there from when they are first named."""
        if name not in self.people:
            self.people[name] = self.server.user(name, language=self.language)
        return self.people[name]

    def act(self, name: str) -> tuple[User, Room]:
        """Somebody who acts, and the chat in which they do."""
        user, self.speaker = self.person(name), name
        room = self.room or self.server.private(user)
        self.visited[room.id] = (room, user)
        return user, room

    @property
    def here(self) -> Room:
        """The chat in which things happen now."""
        return self.room or self.server.private(self.person(self.speaker))

    def messages(self, room: Room | None = None) -> Iterator[Message]:
        """All messages of a chat, or of all chats, the latest first."""
        chats = [room.chat] if room else list(self.server.world.chats.values())
        found = [message for chat in chats for message in chat.messages.values()]
        yield from sorted(found, key=lambda message: message.id, reverse=True)

    def wait_until_handled(self) -> None:
        """Until the bot is done with what Telegram delivered last."""
        self.server.wait_until_confirmed(PATIENCE_SECONDS)
        update, running = self.server.world.updates.last, self.running
        if update and running:
            key, memory = str(update["update_id"]), running.desk.memory
            self.server.world.wait_until(
                lambda: memory.get(HANDLED, key), timeout=PATIENCE_SECONDS, awaited=lambda: "an update to be handled"
            )

    def start(self) -> None:
        """Start the bot, with what it kept when it ran before."""
        settings = self.scenario.settings
        config = BotConfig(
            folder=self.folder,
            admins=[self.person(name).id for name in self.scenario.listed("Admins")],
            channels=list(self.scenario.listed("Channels")),
            api=Api(url=self.server.address, **GENEROUS),
            limits=Rates(user=f"{settings.get('Questions a minute', 1000)}/minute", chat=PLENTY, taps=PLENTY),
        )
        self.running = Running(Desk.over(self.archive, Memory(config.memory_file), config), self.server.token)

    def stop(self) -> None:
        """End the bot as SIGTERM does."""
        if self.running:
            self.running.stop()
            assert self.running.error is None, self.running.error
        self.running = None


@contextmanager
def staged(scenario: Scenario, language: str, folder: Path, samples: Archive) -> Iterator[Stage]:
    """A stage with the bot running; the archive is a copy, so that it may be changed."""
    with _site(folder / "site") as site, BotApi() as server:
        archive = archive_copied(samples, folder, site, own=_has_files(scenario))
        stage = Stage(scenario, server, language, folder, archive, site)
        try:
            stage.start()
            yield stage
        finally:
            stage.stop()
            archive.close()


def _has_files(scenario: Scenario) -> bool:
    return any(step.head.startswith("The file ") for step in scenario.steps)


def archive_copied(samples: Archive, folder: Path, site: str = "", *, own: bool = False) -> Archive:
    """The sample articles with their models, in a store that may be changed.

    Args:
        samples: The archive of the sample articles.
        folder: Where the copy is kept.
        site: The address of a site that may be read.
        own: Whether the folder's `articles` are read, too.
    """
    shutil.copytree(samples.config.store.parent, folder / "data", dirs_exist_ok=True)
    (folder / "articles").mkdir()
    fetch = FetchConfig(allow=["127.0.0.1"], ports=[int(site.rpartition(":")[2])]) if site else FetchConfig()
    config = Config(folder=folder, articles=[str(SAMPLES), *(["articles"] if own else [])], fetch=fetch)
    archive = Archive.open(config, embedder=samples._embedder, reader=samples._indexer._reader)
    archive._ranker = samples._ranker
    return archive


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@contextmanager
def _site(folder: Path) -> Iterator[str]:
    """A website of the files in a folder; its address."""
    folder.mkdir()
    handler = partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, name="site", daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()

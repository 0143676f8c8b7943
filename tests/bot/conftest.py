"""The real application over a small archive, against the Bot API server."""

import asyncio
import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import SecretStr

from bot.config import Api, BotConfig
from bot.handlers.desk import Desk
from bot.handlers.running import serve
from bot.memory import Memory
from retrieval import Archive, ArticleBotError
from tests.botapi import BotApi

GENEROUS = {"messages_per_second": 1000, "messages_per_minute_per_group": 1000, "timeout": 5}


class Running:
    """The application in a thread of its own, as `article-bot run` has it in its process.

    Args:
        desk: What it works with.
        token: Its token.
    """

    def __init__(self, desk: Desk, token: str) -> None:
        self.desk = desk
        self.error: ArticleBotError | None = None
        self._token = SecretStr(token)
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="application", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Do what SIGTERM does, and wait for the end."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self.wait()

    def wait(self) -> None:
        """Until it has ended."""
        self._thread.join(30)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(serve(self.desk, self._token, self._stop))
        except ArticleBotError as error:
            self.error = error
        finally:
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()
            self.desk.pool.shutdown()
            self.desk.writer.shutdown()
            self.desk.memory.close()


Start = Callable[..., Running]


@pytest.fixture
def server() -> Iterator[BotApi]:
    """Telegram, as far as the bot can tell."""
    with BotApi() as server:
        yield server


@pytest.fixture
def pixel() -> bytes:
    """A picture of one pixel, PNG."""
    image = io.BytesIO()
    Image.new("RGB", (1, 1)).save(image, "PNG")
    return image.getvalue()


@pytest.fixture
def archive(news: Path, open_archive: Callable[..., Archive]) -> Archive:
    """Two small articles, answered from whatever is nearest."""
    archive = open_archive(news, threshold=0.2)
    archive.reload()
    return archive


@pytest.fixture
def start(server: BotApi, news: Path, archive: Archive) -> Iterator[Start]:
    """Starts the bot with settings of its own; a second start takes up what the first left."""
    running: list[Running] = []

    def begin(**settings: Any) -> Running:
        api = Api(url=server.address, **(GENEROUS | settings.pop("api", {})))
        asked = settings.pop("archive", archive)
        config = BotConfig(folder=news, api=api, **settings)
        running.append(Running(Desk.over(asked, Memory(config.memory_file), config), server.token))
        return running[-1]

    yield begin
    for one in running:
        one.stop()

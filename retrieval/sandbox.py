"""Reads pages in a process of its own that may be killed, so that no page can take more time or memory than it may.

Knows nothing of formats. The process knows neither the environment's secrets nor the archive.
"""

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from retrieval.config import ParseConfig
from retrieval.errors import ArticleError
from retrieval.fetch import Page
from retrieval.parse import is_plain, parse
from retrieval.parse_feed import Item
from retrieval.schema import Article

LENGTH = struct.Struct("!Q")
ROOT = Path(__file__).parent.parent
# Libraries keep something of every page; a fresh process keeps nothing.
PAGES_A_PROCESS = 200
# A process takes so long to start and to import what it needs, on a slow machine; no page's fault.
START_SECONDS = 20.0


class Sandbox:
    """Reads pages within the configured limits; used in a `with`, and by one thread at a time.

    Args:
        limits: Pages, seconds and memory for one document.
        max_bytes: How long the text of an article may be, in UTF-8.
    """

    def __init__(self, limits: ParseConfig, *, max_bytes: int) -> None:
        self._limits = limits
        self._max_bytes = max_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._pages = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def parse(self, page: Page) -> Article:
        """The article that a page holds.

        Raises:
            ArticleError: It holds none, or reading it takes more than it may.
        """
        article = parse(page) if is_plain(page) else Article(**self._ask("article", page))
        if len(article.text.encode()) > self._max_bytes:
            raise ArticleError(
                f"{page.name}: its text is longer than {self._max_bytes:,} bytes (retrieval.max_article_bytes)."
            )
        return article

    def items(self, page: Page) -> list[Item]:
        """The items of the feed that a page is.

        Raises:
            ArticleError: It is no feed, or reading it takes more than it may.
        """
        return [Item(**item) for item in self._ask("items", page)]

    def close(self) -> None:
        """End the process."""
        if self._socket:
            self._socket.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._process = self._socket = None

    def _ask(self, task: str, page: Page) -> Any:  # noqa: ANN401 - what the task gives, as JSON
        if self._pages >= PAGES_A_PROCESS:
            self.close()
        connection = self._start()
        self._pages += 1
        question = {"task": task, "name": str(page.origin), "file": isinstance(page.origin, Path)}
        question |= {"media": page.media, "url": page.url}
        try:
            answer = json.loads(_exchange(connection, question, page.content, self._limits.seconds))
        except TimeoutError as error:
            self.close()
            raise ArticleError(
                f"{page.name}: cannot be read in {self._limits.seconds:g} seconds (retrieval.parse.seconds)."
            ) from error
        except (OSError, EOFError) as error:
            self.close()
            raise ArticleError(
                f"{page.name}: cannot be read: what reads it broke off, perhaps for want of memory"
                " (retrieval.parse.megabytes)."
            ) from error
        if "error" in answer:
            raise ArticleError(answer["error"])
        return answer["found"]

    def _start(self) -> socket.socket:
        """The connection to the process, started when there is none."""
        if self._socket is not None:
            return self._socket
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-P", "-m", "retrieval.sandbox_process", str(theirs.fileno()), *self._options()],
                pass_fds=[theirs.fileno()],
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._socket, self._pages = ours, 0
        ours.settimeout(START_SECONDS)
        with contextlib.suppress(OSError):  # the exchange that follows tells it
            ours.recv(1)
        return ours

    def _options(self) -> list[str]:
        return [json.dumps(self._limits.model_dump())]


def _environment() -> dict[str, str]:
    """What the process needs to find the same modules; no secret of ours."""
    places = dict.fromkeys([str(ROOT), *(place for place in sys.path if place)])
    return {"PYTHONPATH": os.pathsep.join(places), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}


def _exchange(connection: socket.socket, question: dict[str, Any], content: bytes, seconds: float) -> bytes:
    end = time.monotonic() + seconds
    for part in (json.dumps(question).encode(), content):
        connection.settimeout(_left(end))
        connection.sendall(LENGTH.pack(len(part)) + part)
    (length,) = LENGTH.unpack(_receive(connection, LENGTH.size, end))
    return bytes(_receive(connection, length, end))


def _receive(connection: socket.socket, length: int, end: float) -> bytearray:
    received = bytearray()
    while len(received) < length:
        connection.settimeout(_left(end))
        part = connection.recv(min(length - len(received), 1 << 20))
        if not part:
            raise EOFError
        received += part
    return received


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left

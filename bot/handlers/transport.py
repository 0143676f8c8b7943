"""The wire to the Bot API: what is sent again when it failed, when we last heard from Telegram, and no token in sight.

Knows nothing of what is sent.
"""

import asyncio
import logging
import os
import time
from typing import Any

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.ext import CallbackContext, ExtBot
from telegram.request import HTTPXRequest

from bot.config import TOKEN

# Durations as timedeltas: else the library warns whenever Telegram asks us to wait.
os.environ.setdefault("PTB_TIMEDELTA", "true")
log = logging.getLogger(__name__)

TRIES = 4
FIRST_WAIT_SECONDS = 0.5
SERVER_ERRORS = 500
# After these the request has not reached Telegram, or was dropped unread, as idle connections are.
UNREAD = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.RemoteProtocolError,
    httpx.WriteError,
    httpx.WriteTimeout,
)

# So many messages are between Telegram and us at most: as many may be sent twice when the process is killed. The thirty
# a second that Telegram takes hold with it as long as Telegram answers within 400 ms.
MOST_UNDER_WAY = 12
REFUSED = (httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND)
TOKEN_REFUSED = f"Telegram refuses the token in {TOKEN}; take the one that @BotFather shows."
# While one instance takes over from another there may be some.
MOST_CONFLICTS = 5
# Methods that make a message each time they are called.
SENDING = ("sendMessage", "sendPhoto", "sendDocument", "answerGuestQuery")

AnyBot = ExtBot[int]
Context = CallbackContext[AnyBot, Any, Any, Any]


class Unanswered(TimedOut):
    """Whether a message was sent is not known: Telegram took the request and did not answer in time."""


class Bot(ExtBot[int]):
    """A bot that shows who it is, not its token."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Without the token, which the library's own has."""
        return f"{type(self).__name__}[id={self.token.partition(':')[0]}]"


class Wire(HTTPXRequest):
    """Requests that are tried again after failures of network and server.

    A request whose answer did not come in time is not tried again when it sends a message: it may have been sent, and
    nobody wants an answer twice.
    """

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - the library's
        super().__init__(**settings)
        self._under_way = asyncio.Semaphore(MOST_UNDER_WAY)

    async def do_request(self, url: str, method: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - the library's
        """One request, tried again with growing pauses."""
        for turn in range(TRIES - 1):
            try:
                code, payload = await self._try(url, method, *args, **kwargs)
            except Unanswered:
                raise
            except NetworkError as error:
                reason = type(error.__cause__).__name__
            else:
                if code < SERVER_ERRORS:
                    return code, payload
                reason = str(code)
            log.warning("request failed method=%s reason=%s try=%d", _method(url), reason, turn + 1)
            await asyncio.sleep(FIRST_WAIT_SECONDS * 2**turn)
        return await self._try(url, method, *args, **kwargs)

    async def _try(self, url: str, method: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - the library's
        if not _method(url).startswith(SENDING):
            return await super().do_request(url, method, *args, **kwargs)
        async with self._under_way:
            try:
                return await super().do_request(url, method, *args, **kwargs)
            except NetworkError as error:
                if isinstance(error.__cause__, UNREAD):
                    raise
                raise Unanswered from error


class Ear(HTTPXRequest):
    """The request that polls; remembers when Telegram last answered it, and whether there is any use in going on.

    Attributes:
        heard: When Telegram last gave updates, in seconds of `time.monotonic`.
        lost: Set when polling is hopeless; `reason` then says why, in a sentence.
    """

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - the library's
        super().__init__(**settings)
        self.heard = time.monotonic()
        self.lost = asyncio.Event()
        self.reason = ""
        self._conflicts = 0

    async def do_request(self, url: str, method: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - the library's
        """One request."""
        code, payload = await super().do_request(url, method, *args, **kwargs)
        self._conflicts = self._conflicts + 1 if code == httpx.codes.CONFLICT else 0
        if code == httpx.codes.OK:
            self.heard = time.monotonic()
        elif code in REFUSED:
            self._lose(TOKEN_REFUSED)
        elif self._conflicts >= MOST_CONFLICTS:
            self._lose("Another instance of this bot is running with the same token; stop it, then start this one.")
        return code, payload

    def _lose(self, reason: str) -> None:
        self.reason = reason
        self.lost.set()


def _method(url: str) -> str:
    return url.rpartition("/")[2]

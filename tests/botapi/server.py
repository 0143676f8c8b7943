"""The Bot API over HTTP on loopback, in a thread of its own.

Takes requests, lets faults and limits have their say, checks parameters, calls the method, writes the journal. What a
method does stands in `methods`; what people do in `people`.
"""

import asyncio
import re
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.botapi.control import Control
from tests.botapi.delivery import Delivery
from tests.botapi.faults import Fault, Faults, Limits
from tests.botapi.journal import Journal
from tests.botapi.methods import METHODS
from tests.botapi.methods.files import file_at
from tests.botapi.nouns import User
from tests.botapi.parameters import described, parameters_of
from tests.botapi.people import People
from tests.botapi.refusal import Json, Refused
from tests.botapi.spec import Spec
from tests.botapi.world import World

TOKEN = "424242:TEST-token_of_a_bot_that_does_not_exist"  # noqa: S105 - opens nothing but this server
WELL_FORMED = re.compile(r"\d{1,16}:[\w-]{3,80}")
LARGEST_REQUEST = 60_000_000  # bytes
NOT_FOUND = Refused(404, "Not Found")
UNAUTHORIZED = Refused(401, "Unauthorized")


class BotApi(People):
    """A Bot API server for one bot, and the people around it.

    Args:
        token: The bot's token.
        port: Where to listen on 127.0.0.1; 0 takes a free one.
        username: The bot's name after the @.
        reads_all: Whether the bot gets all of a group's messages (privacy mode off).
        spec: What requests are checked against; found by itself where not given.
        control: Whether another process may act for people, under /control/.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        port: int = 0,
        username: str = "article_bot",
        reads_all: bool = True,
        spec: Path | None = None,
        control: bool = False,
    ) -> None:
        self._token = token
        self.port = port
        bot = User(int(token.partition(":")[0]), "Article Bot", username=username, is_bot=True)
        super().__init__(World(bot, reads_all=reads_all))
        self.spec = Spec.find(spec)
        self.journal = Journal(self.world.changed)
        self.faults = Faults()
        self.limits = Limits()
        self._control = control
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="bot-api", daemon=True)
        self._listening = threading.Event()

    def __repr__(self) -> str:
        """Without the token."""
        return f"BotApi({self.address})"

    @property
    def token(self) -> str:
        """The bot's token."""
        return self._token

    @property
    def address(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """For python-telegram-bot, which adds the token."""
        return f"{self.address}/bot"

    @property
    def base_file_url(self) -> str:
        """For python-telegram-bot, which adds the token."""
        return f"{self.address}/file/bot"

    def __enter__(self) -> Self:
        """Starts listening."""
        self._thread.start()
        self._listening.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops; whoever waits loses the connection."""
        self.stop()
        self._thread.join()

    def stop(self) -> None:
        """Lets the server's thread end."""
        with suppress(RuntimeError):  # it has ended already
            self._loop.call_soon_threadsafe(self._stopping.set)

    def wait(self) -> None:
        """Until the server has stopped."""
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        self.delivery = Delivery(self.world)
        runner = web.AppRunner(self._application(), handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        await site.start()
        self.port = runner.addresses[0][1]
        pushing = asyncio.create_task(self.delivery.push())
        self._listening.set()
        await self._stopping.wait()
        pushing.cancel()
        with suppress(asyncio.CancelledError):
            await pushing
        await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=LARGEST_REQUEST)
        application.router.add_route("*", r"/bot{token:[^/]+}/{method}", self._answer)
        application.router.add_get(r"/file/bot{token:[^/]+}/{path:.+}", self._download)
        if self._control:
            Control(self, self.faults, self.limits, self.journal, self.stop).add_to(application)
        application.router.add_route("*", "/{tail:.*}", _nothing_here)
        return application

    async def _download(self, request: web.Request) -> web.StreamResponse:
        try:
            self._authorise(request)
        except Refused as refused:
            return _answered(refused)
        with self.world.changed:
            file = file_at(self.world, request.match_info["path"])
        return web.Response(body=file.content, content_type=file.mime) if file else _answered(NOT_FOUND)

    def _authorise(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if not WELL_FORMED.fullmatch(token):
            raise NOT_FOUND
        if token != self._token or self.world.logged_out:
            raise UNAUTHORIZED

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        at, began = time.time(), time.monotonic()
        asked = request.match_info["method"]
        method = self.spec.method(asked) or asked
        given: Json = {}
        fault = None
        body: Json = {}
        try:
            self._authorise(request)
            given = await parameters_of(request)
            fault = self.faults.take(method)
            body = await self._result(method, given, fault)
        except Refused as refused:
            body = refused.to_json()
        finally:
            # Without a body the client has gone meanwhile.
            status = body.get("error_code", 200) if body and not (fault and fault.drop) else 0
            self.journal.add(
                method,
                described(given),
                at=at,
                took=time.monotonic() - began,
                status=status,
                answer=body,
            )
        if not status and request.transport:
            request.transport.abort()
        return web.json_response(body, status=status or 500)

    async def _result(self, method: str, given: Json, fault: Fault | None) -> Json:
        """The answer's body, unless something refuses.

        Raises:
            Refused: By a fault, a limit, the parameters or the method.
        """
        if fault and not fault.after:
            await _suffer(fault)
        result = await self._call(method, given)
        if fault and fault.after:
            await _suffer(fault)
        return {"ok": True, "result": result}

    async def _call(self, method: str, given: Json) -> Any:
        if method not in self.spec.methods:
            raise NOT_FOUND
        args = self.spec.check(method, given)
        if method == "getUpdates":
            return await self.delivery.poll(args)
        if method not in METHODS:
            raise Refused(501, f"Not Implemented: this server knows {method} but does not do it")
        with self.world.changed:
            self._limit(method, args)
            result = METHODS[method](self.world, args)
            self.world.changed.notify_all()
            return result

    def _limit(self, method: str, args: Json) -> None:
        chat = args.get("chat_id")
        known = self.world.chats.get(chat) if isinstance(chat, int) else None
        self.limits.check(method, chat, group=bool(known and known.kind != "private"))


async def _suffer(fault: Fault) -> None:
    await asyncio.sleep(fault.delay)
    if fault.refusal:
        raise fault.refusal
    if fault.drop and not fault.after:
        raise Refused(500, "Internal Server Error: connection dropped")


async def _nothing_here(request: web.Request) -> web.StreamResponse:  # noqa: ARG001 - whatever was asked
    return _answered(NOT_FOUND)


def _answered(refused: Refused) -> web.Response:
    return web.json_response(refused.to_json(), status=refused.status)

"""/control/: another process acts for the people and reads what the bot did, in JSON.

For load and kill tests, where the server is a process of its own. Knows nothing of the Bot API's methods.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web

from tests.botapi.faults import Fault, Faults, Limits
from tests.botapi.journal import Journal
from tests.botapi.nouns import User
from tests.botapi.people import People
from tests.botapi.refusal import Json
from tests.botapi.rooms import Room
from tests.botapi.seen import Reply

MISTAKES = (LookupError, TypeError, ValueError)  # a field is missing, unknown or wrong


@dataclass(frozen=True, slots=True)
class Control:
    """What another process may ask for."""

    people: People
    faults: Faults
    limits: Limits
    journal: Journal
    stop: Callable[[], None]

    def add_to(self, application: web.Application) -> None:
        """Adds the routes: acts are POSTs, looks are GETs."""
        for name in ("user", "group", "send", "press", "fault", "limit", "repeat", "end"):
            application.router.add_post(f"/control/{name}", self._acting(getattr(self, f"_{name}")))
        application.router.add_get("/control/replies", self._replies)
        application.router.add_get("/control/journal", self._calls)
        application.router.add_get("/control/state", self._state)

    def _acting(self, act: Callable[[Json], Json]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handler(request: web.Request) -> web.Response:
            body = await request.json() if request.can_read_body else {}
            try:
                result = act(body)
            except MISTAKES as error:
                return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
            return web.json_response(result)

        return handler

    def _user(self, body: Json) -> Json:
        return {"id": self.people.user(**body).id}

    def _group(self, body: Json) -> Json:
        """`kind` is group, supergroup or channel; `members` are ids of users."""
        members = [self.people.world.users[number] for number in body["members"]]
        make = {"group": self.people.group, "supergroup": self.people.supergroup, "channel": self.people.channel}
        return {"id": make[body.get("kind", "group")](body["title"], *members).id}

    def _send(self, body: Json) -> Json:
        """`user` writes `text`, in the private chat or in `chat`; `to` is the id of the message replied to."""
        user, room = self._place(body)
        to = room.chat.messages[body["to"]] if "to" in body else None
        message = room.send(user, body["text"], to=to, thread=body.get("thread"))
        return {"chat": room.id, "message_id": message.id, "at": self.people.world.clock()}

    def _press(self, body: Json) -> Json:
        """`user` presses the button labelled `button` under the message with the id `message_id`."""
        user, room = self._place(body)
        shown = [reply for reply in room.replies() if reply.message_id == body["message_id"] and reply.buttons]
        return {"query": room.press(user, shown[-1].button(body["button"])).query.id}

    def _place(self, body: Json) -> tuple[User, Room]:
        user = self.people.world.users[body["user"]]
        return user, self.people.room(body.get("chat", user.id))

    def _fault(self, body: Json) -> Json:
        self.faults.add(Fault(**body))
        return {}

    def _limit(self, body: Json) -> Json:
        self.limits.on = bool(body["on"])
        return {}

    def _repeat(self, body: Json) -> Json:  # noqa: ARG002 - says nothing
        self.people.repeat_last_update()
        return {}

    def _end(self, body: Json) -> Json:  # noqa: ARG002 - says nothing
        self.stop()
        return {}

    async def _replies(self, request: web.Request) -> web.Response:
        """What the bot did `after` a number; waits up to `wait` seconds for the first."""
        after, wait = int(request.query.get("after", 0)), float(request.query.get("wait", 0))
        world = self.people.world
        found: list[Reply] = []
        with suppress(TimeoutError):
            found = await asyncio.to_thread(
                world.wait_until, lambda: world.done[after:] or None, timeout=wait, awaited=lambda: "the bot"
            )
        return web.json_response([reply.to_json() for reply in found])

    async def _calls(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", 0))
        return web.json_response([call.to_json() for call in self.journal if call.number > after])

    async def _state(self, request: web.Request) -> web.Response:  # noqa: ARG002 - says nothing
        world = self.people.world
        with world.changed:
            return web.json_response(
                {
                    "pending": len(world.updates.pending),
                    "confirmed": world.updates.confirmed,
                    "replies": len(world.done),
                    "calls": len(self.journal.calls),
                }
            )

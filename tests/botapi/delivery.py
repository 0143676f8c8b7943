"""Hands updates over: to whoever polls, or by POST to the webhook.

Runs on the server's event loop; the world is changed from other threads, so waiting is on an event set from there.
"""

import asyncio
from contextlib import suppress

import aiohttp

from tests.botapi.refusal import Json, bad_request, conflict
from tests.botapi.updates import Webhook
from tests.botapi.world import World

LONGEST_POLL = 50  # seconds, as Telegram cuts it
FIRST_RETRY, LAST_RETRY = 0.05, 5.0  # seconds between attempts to post
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "terminated by setWebhook request"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
TIMEOUT = aiohttp.ClientTimeout(total=10)


class Delivery:
    """One poller at a time, or a webhook."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.loop = asyncio.get_running_loop()
        self.changed = asyncio.Event()
        self.current: object = None
        self.polls = 0  # that have begun
        world.updates.listeners.append(self._wake)

    def _wake(self) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.changed.set)

    async def poll(self, args: Json) -> list[Json]:
        """The updates from an offset on; waits for the first if there are none.

        Raises:
            Refused: A webhook is set, or another poll began meanwhile.
        """
        updates, limit = self.world.updates, args.get("limit", 100)
        if not 1 <= limit <= 100:
            limit = 100
        if args.get("timeout", 0) < 0:
            raise bad_request("timeout must be non-negative")
        with self.world.changed:
            if updates.webhook:
                raise conflict(WEBHOOK_ACTIVE)
            updates.allow(args.get("allowed_updates"))
            updates.confirm(args.get("offset", 0))
            self.polls += 1
        me = self.current = object()
        self.changed.set()
        deadline = self.loop.time() + min(args.get("timeout", 0), LONGEST_POLL)
        while True:
            self._check_alone(me)
            with self.world.changed:
                taken = updates.take(limit)
            if taken or self.loop.time() >= deadline:
                return taken
            await self._wait(deadline - self.loop.time())

    def _check_alone(self, me: object) -> None:
        if self.current is not me:
            raise conflict(OTHER_POLL)
        if self.world.updates.webhook:
            raise conflict(WEBHOOK_SET)

    async def _wait(self, seconds: float) -> None:
        self.changed.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.changed.wait(), seconds)

    async def push(self) -> None:
        """Posts updates while there is a webhook, in order, each until it is accepted."""
        delay = FIRST_RETRY
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            while True:
                self.changed.clear()
                with self.world.changed:
                    webhook = self.world.updates.webhook
                    waiting = self.world.updates.take(1) if webhook else []
                if not webhook or not waiting:
                    await self.changed.wait()
                elif await self._posted(session, webhook, waiting[0]):
                    delay = FIRST_RETRY
                else:
                    await asyncio.sleep(delay)
                    delay = min(2 * delay, LAST_RETRY)

    async def _posted(self, session: aiohttp.ClientSession, webhook: Webhook, update: Json) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        try:
            async with session.post(webhook.url, json=update, headers=headers) as response:
                problem = "" if response.ok else f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError):
            problem = "Connection refused"
        with self.world.changed:
            if problem:
                webhook.last_error = {"last_error_date": self.world.now(), "last_error_message": problem}
                self.world.changed.notify_all()
            else:
                self.world.updates.confirm(update["update_id"] + 1)
        return not problem

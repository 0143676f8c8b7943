"""The application's life: started, polling or listening, kept up to date, and ended with what is in hand finished.

Knows nothing of what updates hold.
"""

import asyncio
import contextlib
import logging
import math
import signal
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from functools import partial
from typing import Any

from pydantic import SecretStr
from telegram.error import InvalidToken, TelegramError

from bot import logs
from bot.app import UPDATES, AnyApplication, bot_of, build
from bot.config import Webhook, webhook_secret
from bot.handlers.desk import Desk, Stopped
from bot.handlers.inbox import HANDLED, REMEMBERED_SECONDS
from bot.handlers.menus import set_menus
from bot.handlers.talk import ALBUM
from bot.handlers.transport import TOKEN_REFUSED, Ear
from bot.server import Server
from bot.turns import ANSWERED, MESSAGE, OFFER, TURN
from retrieval import ArticleBotError, ChannelError

log = logging.getLogger(__name__)

# What another process has changed is looked for so often.
REFRESH_SECONDS = 30
# A poll takes ten seconds, and after failures there are pauses of up to thirty.
SILENT_SECONDS = 90
EXAMINED_SECONDS = 10
# How long what comes back by itself is kept, and what people may come back to.
DAY, MONTH = 86_400, 30 * 86_400
KEPT_SECONDS = {HANDLED: REMEMBERED_SECONDS, ALBUM: DAY, TURN: MONTH, MESSAGE: MONTH, ANSWERED: MONTH, OFFER: MONTH}
# A model that answers waits for its turn after each of its many small steps: with the five milliseconds that Python
# gives the other threads, 30 questions a second took ten times as long (tests.bench.telegram, 2026-11-28).
SWITCH_SECONDS = 0.0005
SIGNALS = (signal.SIGTERM, signal.SIGINT)


def run(desk: Desk, token: SecretStr) -> None:
    """Serve until SIGTERM or SIGINT, writing what happens to standard error, and let go of the desk.

    Raises:
        ChannelError: As `serve`.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    secret = token.get_secret_value()
    logs.write_to(sys.stderr, secrets=[secret, webhook_secret(token)])
    try:
        asyncio.run(_serve_until_signal(desk, token))
    finally:
        desk.close()


async def _serve_until_signal(desk: Desk, token: SecretStr) -> None:
    stop = asyncio.Event()
    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(desk, token, stop)


async def serve(desk: Desk, token: SecretStr, stop: asyncio.Event) -> None:
    """Answer until `stop` is set; what is in hand then is finished, within the grace configured.

    Raises:
        ChannelError: Telegram cannot be reached or refuses us, another instance runs, or an address is taken.
    """
    ear = Ear()
    application = build(desk, bot_of(desk, token, ear))
    async with _watched(desk, ear), _connected(application, desk), _delivered(application, desk, token):
        desk.conversation.address = application.bot.bot.link
        log.info("running bot=%s articles=%d", application.bot.bot.name, len(desk.archive.articles))
        async with _beside(set_menus(application.bot, desk), _keep_up(desk), _keep_small(desk)):
            await _first(stop, ear.lost)
        log.info("stopping queue=%d", desk.inbox.qsize())
    if ear.lost.is_set():
        raise ChannelError(ear.reason)


@contextlib.asynccontextmanager
async def _watched(desk: Desk, ear: Ear) -> AsyncIterator[None]:
    """/health and /metrics, where they are configured."""
    if desk.settings.health is None:
        yield
        return
    server = Server(desk.settings.health, examine=partial(_examine, desk, ear), metrics=desk.metrics)
    server.start()
    try:
        yield
    finally:
        await server.stop()


@contextlib.asynccontextmanager
async def _connected(application: AnyApplication, desk: Desk) -> AsyncIterator[None]:
    """The application handling updates, those that an earlier process left first."""
    try:
        await application.initialize()
    except TelegramError as error:
        await application.bot.shutdown()
        if isinstance(error, InvalidToken):
            raise ChannelError(TOKEN_REFUSED) from None  # the library's own sentence tells the token
        raise ChannelError(f"Telegram cannot be reached at {desk.settings.api.url}: {error}.") from error
    left = await desk.inbox.restore(application.bot)
    log.info("restored updates=%d", left)
    await application.start()
    try:
        yield
    finally:
        await _finish(application, desk)
        await application.shutdown()


@contextlib.asynccontextmanager
async def _delivered(application: AnyApplication, desk: Desk, token: SecretStr) -> AsyncIterator[None]:
    """Updates coming in, by webhook where one is configured, else by polling."""
    updater, webhook = application.updater, desk.settings.webhook
    if updater is None:
        raise ChannelError("The application was built without a way for updates to come in.")
    try:
        if webhook:
            await updater.start_webhook(**_listening(webhook), secret_token=webhook_secret(token))
        else:
            await updater.start_polling(allowed_updates=UPDATES, error_callback=_note)
    except TelegramError as error:
        raise ChannelError(f"Telegram does not deliver updates: {error}.") from error
    except OSError as error:
        raise ChannelError(f"`bot.webhook` cannot listen: {error.strerror}.") from error
    try:
        yield
    finally:
        with contextlib.suppress(TelegramError):
            await updater.stop()


def _listening(webhook: Webhook) -> dict[str, Any]:
    return {
        "listen": webhook.listen,
        "port": webhook.port,
        "url_path": webhook.path,
        "webhook_url": f"{webhook.url.rstrip('/')}/{webhook.path}",
        "allowed_updates": UPDATES,
    }


async def _finish(application: AnyApplication, desk: Desk) -> None:
    """End with what is in hand; what takes longer than the grace is left to the next process."""
    desk.inbox.stop()
    desk.stopping.set()
    try:
        await asyncio.wait_for(application.stop(), desk.settings.grace)
    except TimeoutError:
        log.warning("stopped early seconds=%g", desk.settings.grace)


@contextlib.asynccontextmanager
async def _beside(*work: Coroutine[Any, Any, object]) -> AsyncIterator[None]:
    """Work that goes on beside, cancelled at the end; what it raises is logged."""
    tasks = [asyncio.create_task(_survived(one)) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _keep_up(desk: Desk) -> None:
    """Read the sources now and as often as configured; take in what other processes change."""
    pause = desk.settings.reload_minutes * 60
    due = 0.0
    while True:
        if time.monotonic() >= due:
            await _survived(desk.write(_reload, desk))
            due = time.monotonic() + pause if pause else math.inf
        await asyncio.sleep(min(REFRESH_SECONDS, pause or REFRESH_SECONDS))
        await _survived(desk.write(desk.archive.refresh))


async def _keep_small(desk: Desk) -> None:
    """Forget, now and every day, what nobody comes back to any more."""
    while True:
        await _survived(desk.think(_prune, desk))
        await asyncio.sleep(DAY)


def _prune(desk: Desk) -> None:
    for space, seconds in KEPT_SECONDS.items():
        desk.memory.prune(space, older=max(seconds, desk.settings.remembered))


def _reload(desk: Desk) -> None:
    try:
        report = desk.archive.reload(desk.until_stopped())
    except Stopped:
        return
    counts = (len(report.added), len(report.changed), len(report.removed), len(report.failed), report.seconds)
    log.info("reloaded added=%d changed=%d removed=%d failed=%d seconds=%.1f", *counts)
    for failure in report.failed:
        log.warning("not read reason=%s", failure)


async def _survived(work: Coroutine[Any, Any, object]) -> None:
    """Do work whose failure is no reason to stop; it is logged, and done again in its time."""
    try:
        await work
    except (ArticleBotError, TelegramError) as error:
        log.warning("background work failed error=%s", error)


async def _first(*events: asyncio.Event) -> None:
    """Wait until one of the events is set."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


async def _examine(desk: Desk, ear: Ear) -> dict[str, bool]:
    """Whether updates come in and the archive answers."""
    hears = desk.settings.webhook is not None or time.monotonic() - ear.heard < SILENT_SECONDS
    return {"updates": hears, "archive": await _answers(desk)}


async def _answers(desk: Desk) -> bool:
    try:
        await asyncio.wait_for(desk.think(desk.archive.ask, "Is anybody there?"), EXAMINED_SECONDS)
    except (ArticleBotError, TimeoutError):
        return False
    return bool(desk.archive.articles)


def _note(error: TelegramError) -> None:
    log.warning("polling failed error=%s", type(error).__name__)

"""What went wrong: logged with the update's id, told kindly to the person, usefully to the admins, without secrets."""

import contextlib
import logging
import time
from collections.abc import Callable

from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.blocks import Reply
from bot.handlers import sending
from bot.handlers.addressing import asker_of
from bot.handlers.buttons import answer
from bot.handlers.desk import Desk, Stopped
from bot.handlers.inline import answer_guest, answer_inline
from bot.handlers.sending import Place
from bot.handlers.transport import AnyBot, Context, Unanswered
from bot.logs import redact
from bot.words import Words

log = logging.getLogger(__name__)

# An admin is told of a kind of error so often at most.
TOLD_SECONDS = 60
REPORT_CHARS = 500


class Errors:
    """Handles what handlers raise.

    Args:
        desk: What handlers work with.
        clock: What tells the time, in seconds.
    """

    def __init__(self, desk: Desk, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._clock = clock
        self._told: dict[str, float] = {}

    async def handle(self, update: object, context: Context) -> None:
        """Note an error; what failed because Telegram cannot be reached is tried again later."""
        error = context.error
        if error is None:
            return
        if isinstance(error, Stopped):
            if isinstance(update, Update):
                self._desk.inbox.postpone(update)
            return
        number = update.update_id if isinstance(update, Update) else 0
        self._desk.metrics.failed(type(error).__name__)
        if isinstance(update, Update) and self._is_postponed(update, error):
            return
        if isinstance(error, Forbidden | Unanswered):
            log.warning("reply not sent update_id=%d reason=%s", number, error)
            return
        log.error("handling failed update_id=%d error=%s", number, type(error).__name__, exc_info=error)
        if isinstance(update, Update):
            await self._tell_person(update, context.bot)
        await self._tell_admins(error, number, context.bot)

    def _is_postponed(self, update: Update, error: Exception) -> bool:
        unreachable = isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest | Unanswered)
        return unreachable and self._desk.inbox.postpone(update)

    async def _tell_person(self, update: Update, bot: AnyBot) -> None:
        words = self._desk.conversation.words(asker_of(update, frozenset()))
        said = words.say("Something went wrong on my side; it has been noted. Please try again.")
        with contextlib.suppress(TelegramError):
            if update.callback_query:
                await answer(update.callback_query, said)
            elif update.inline_query:
                await answer_inline(update.inline_query, (), words, cached=0)
            elif (guest := update.guest_message) and guest.guest_query_id:
                await answer_guest(bot, guest.guest_query_id, Reply.of(said), words)
            elif message := update.message or update.edited_message:
                await sending.send(bot, Place.of(message), Reply.of(said), words)

    async def _tell_admins(self, error: Exception, number: int, bot: AnyBot) -> None:
        kind, now = type(error).__name__, self._clock()
        if now - self._told.get(kind, -TOLD_SECONDS) < TOLD_SECONDS:
            return
        self._told[kind] = now
        report = redact(f"{kind} at update {number}: {error}")[:REPORT_CHARS]
        for admin in self._desk.admins:
            with contextlib.suppress(TelegramError):
                await sending.send(bot, Place(admin), Reply.of(report), Words.of(None))

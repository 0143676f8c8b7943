"""Presses of buttons: every one is answered, also of buttons that nobody knows any more.

Knows nothing of what the buttons mean.
"""

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest

from bot.blocks import Reply
from bot.handlers import sending
from bot.handlers.addressing import asker_of
from bot.handlers.desk import Desk
from bot.handlers.sending import Place
from bot.handlers.transport import AnyBot, Context
from bot.turns import Asker

NOTICE_CHARS = 200


class Buttons:
    """Does what buttons say."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def pressed(self, update: Update, context: Context) -> None:
        """Show what a button leads to, in place of the message or below it."""
        query = update.callback_query
        if query is None:
            return
        asker = asker_of(update, self._desk.admins)
        conversation = self._desk.conversation
        if not self._desk.limits.tap(user=asker.user):
            words = conversation.words(asker)
            await answer(query, words.say("You ask faster than I can read. Please wait a minute."))
            return
        reply = await self._desk.think(conversation.press, query.data or "", asker)
        await answer(query, reply.notice)
        if isinstance(query.message, Message):
            await self._show(context.bot, query.message, reply, asker)
        self._desk.inbox.finish(update.update_id)

    async def _show(self, bot: AnyBot, message: Message, reply: Reply, asker: Asker) -> None:
        if not (reply.blocks or reply.buttons):
            return
        words = await self._desk.think(self._desk.conversation.words, asker)
        if reply.fresh:
            shown = await sending.send(bot, Place.of(message), reply, words)
        else:
            shown = await sending.edit(bot, Place.of(message), message.message_id, reply, words)
        if shown:
            await self._desk.think(self._desk.conversation.shown, asker, str(shown[-1]), reply)


async def answer(query: CallbackQuery, notice: str = "") -> None:
    """Answer a press, that the button stops glowing; one that waited too long can be answered no more."""
    try:
        await query.answer(notice[:NOTICE_CHARS] or None)
    except BadRequest as error:
        if "query" not in str(error).lower():
            raise

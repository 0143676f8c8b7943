"""Presses of buttons: every one is answered, also of buttons that nobody knows any more.

Knows nothing of what the buttons mean.
"""

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message, Update
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
            await answer(query, words.say("You ask faster than I can read. Please wait a little."))
            return
        reply = await self._desk.take_up(update, conversation.press, query.data or "", asker)
        await answer(query, reply.notice)
        if query.message and (reply.blocks or reply.buttons):
            await self._show(context.bot, query.message, reply, asker)
        self._desk.inbox.finish(update.update_id)

    async def _show(self, bot: AnyBot, message: MaybeInaccessibleMessage, reply: Reply, asker: Asker) -> None:
        """Show a reply in place of the message; below it where it is new or the message is too old to be changed."""
        words = await self._desk.think(self._desk.conversation.words, asker)
        place = Place.of(message) if isinstance(message, Message) else Place(message.chat.id)
        if reply.blocks and (reply.fresh or not isinstance(message, Message)):
            shown = await sending.send(bot, place, reply, words)
        else:
            shown = await sending.edit(bot, place, [message.message_id], reply, words)
        if shown:
            await self._desk.think(self._desk.conversation.shown, asker, [str(one) for one in shown], reply)


async def answer(query: CallbackQuery, notice: str = "") -> None:
    """Answer a press, that the button stops glowing; one that waited too long can be answered no more."""
    try:
        await query.answer(notice[:NOTICE_CHARS] or None)
    except BadRequest as error:
        if "query" not in str(error).lower():
            raise

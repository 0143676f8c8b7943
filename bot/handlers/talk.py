"""Messages of people: questions, commands and forwarded words, answered; edited questions, answered by editing.

Knows nothing of how answers are found or worded.
"""

import logging
import time

from telegram import Message, Update

from bot.blocks import Reply
from bot.handlers import sending
from bot.handlers.addressing import asker_of, is_forwarded, replied_to_bot, said_to_bot
from bot.handlers.desk import Desk
from bot.handlers.sending import Place
from bot.handlers.transport import AnyBot, Context
from bot.turns import Asker
from bot.words import Words

log = logging.getLogger(__name__)

# Understood in groups without the bot's name; other bots' commands are theirs.
COMMANDS = frozenset("start help articles latest article people quotes check context language privacy forget".split())
ALBUM = "album"


class Talk:
    """Answers what people say to the bot."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def said(self, update: Update, context: Context) -> None:
        """Answer a message with words, new or edited, when it is for the bot."""
        message = update.effective_message
        if message is None:
            return
        text = said_to_bot(message, context.bot.bot, COMMANDS)
        if text is None:
            return
        asker = asker_of(update, self._desk.admins)
        if await self._is_admitted(context.bot, message, asker):
            await self._answer(update, context.bot, message, self._question(message, text, context.bot), asker)

    async def wordless(self, update: Update, context: Context) -> None:
        """Say kindly that only words are understood; once for an album."""
        message = update.message
        if message is None or (message.media_group_id and not self._is_first_of_album(message)):
            return
        asker = asker_of(update, self._desk.admins)
        words = self._desk.conversation.words(asker)
        if await self._is_admitted(context.bot, message, asker):
            said = words.say("I can only read words. Write me a question about the articles, or paste a quotation.")
            await sending.send(context.bot, Place.of(message), Reply.of(said), words)

    def _question(self, message: Message, text: str, bot: AnyBot) -> str:
        """What is asked: forwarded words are checked, a bare call for attention gets help."""
        if message.media_group_id:
            self._is_first_of_album(message)
        if message.chat.type == "private" and is_forwarded(message, bot.bot):
            return f"/check {text}"
        return text.strip() or "/help"

    async def _answer(self, update: Update, bot: AnyBot, message: Message, text: str, asker: Asker) -> None:
        conversation, began = self._desk.conversation, time.perf_counter()
        place, question = Place.of(message), str(message.message_id)

        def think() -> tuple[Reply, Words, tuple[str, ...]]:
            reply = conversation.reply(text, asker, to=replied_to_bot(message, bot.bot))
            before = conversation.answer_to(asker, question) if update.edited_message else ()
            return reply, conversation.words(asker), before

        async with sending.typing(bot, place):
            reply, words, before = await self._desk.take_up(update, think)
        if before:
            shown = await sending.edit(bot, place, [int(one) for one in before], reply, words)
        else:
            shown = await sending.send(bot, place, reply, words)
        self._desk.inbox.finish(update.update_id)
        if shown:
            await self._desk.think(conversation.shown, asker, [str(one) for one in shown], reply, question=question)
        self._note(update, reply, time.perf_counter() - began)

    async def _is_admitted(self, bot: AnyBot, message: Message, asker: Asker) -> bool:
        """Whether the person may ask now; the first time that they may not, they are told."""
        admission = "admitted" if asker.admin else self._desk.limits.question(user=asker.user, chat=asker.chat)
        if admission == "refused":
            words = self._desk.conversation.words(asker)
            said = words.say("You ask faster than I can read. Please wait a little.")
            await sending.send(bot, Place.of(message), Reply.of(said), words)
        return admission == "admitted"

    def _is_first_of_album(self, message: Message) -> bool:
        return self._desk.memory.add(ALBUM, f"{message.chat.id}/{message.media_group_id}", 1)

    def _note(self, update: Update, reply: Reply, seconds: float) -> None:
        self._desk.metrics.replied(reply, seconds)
        found = sum(answer.found for answer in reply.answers)
        log.info(
            "replied update_id=%d questions=%d found=%d ms=%d",
            update.update_id,
            len(reply.answers),
            found,
            seconds * 1000,
        )

"""The bot in chats that it is not in: inline queries, whose results are citations, and guest mode.

Knows nothing of how citations are found.
"""

from dataclasses import replace

from telegram import InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import BaseHandler

from bot import render
from bot.blocks import Block
from bot.conversation import Conversation, Result
from bot.handlers.addressing import asker_of, words_for
from bot.handlers.desk import Desk
from bot.handlers.transport import Context
from bot.turns import Asker
from bot.words import Words

CACHED_SECONDS = 60


class Guests(BaseHandler[Update, Context, None]):
    """Takes messages that call the bot as a guest; the library has no handler for them yet."""

    def check_update(self, update: object) -> bool:
        """Whether it is one."""
        return isinstance(update, Update) and update.guest_message is not None


class Inline:
    """Answers inline queries and guest messages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        # What a guest says has no buttons, so everything is said at once.
        self._guest = Conversation(desk.archive, desk.memory, remembered=desk.settings.remembered, paged=False)

    async def queried(self, update: Update, _: Context) -> None:
        """Offer citations, each with its link; questions where nothing has been typed yet."""
        query = update.inline_query
        if query is None:
            return
        asker = asker_of(update, self._desk.admins)
        conversation = self._desk.conversation
        admitted = self._desk.limits.tap(user=asker.user)
        results = await self._desk.think(self._results, query.query, asker) if admitted else ()
        words = await self._desk.think(conversation.words, asker)
        articles = [_article(result, words) for result in results]
        try:
            await query.answer(articles, cache_time=CACHED_SECONDS if admitted else 0, is_personal=True)
        except BadRequest as error:
            if "query is too old" not in str(error).lower():
                raise  # a person who types on has made it old

    def _results(self, text: str, asker: Asker) -> tuple[Result, ...]:
        """Citations that answer; where nothing has been typed yet, the answers to questions that might be."""
        if text.strip():
            return self._desk.conversation.inline(text, asker)
        found: dict[str, Result] = {}
        for question in self._desk.archive.suggestions():
            for result in self._desk.conversation.inline(question, asker)[:1]:
                found.setdefault(result.id, replace(result, title=question))
        return tuple(found.values())

    async def called(self, update: Update, context: Context) -> None:
        """Answer a message that called the bot into a chat as a guest."""
        message = update.guest_message
        if message is None or message.guest_query_id is None:
            return
        asker = asker_of(update, self._desk.admins)
        asker = replace(asker, chat=f"guest {asker.chat}")  # its number may be that of another chat too (Bot API)
        if self._desk.limits.question(user=asker.user, chat=asker.chat) != "admitted":
            return
        text = words_for(message, context.bot.bot) or "/help"
        reply = await self._desk.think(self._guest.reply, text, asker)
        words = await self._desk.think(self._desk.conversation.words, asker)
        result = _article(Result("answer", words.say("Answer"), "", reply.blocks), words)
        await context.bot.answer_guest_query(message.guest_query_id, result)
        self._desk.inbox.finish(update.update_id)
        self._desk.metrics.replied(reply, 0)


def _article(result: Result, words: Words) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        result.id,
        result.title,
        InputTextMessageContent(
            _one_message(result.blocks, words),
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        description=result.description,
    )


def _one_message(blocks: tuple[Block, ...], words: Words) -> str:
    """What can be sent through others is one message."""
    return render.html(blocks, words)[0]

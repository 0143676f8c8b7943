"""The bot in chats that it is not in: inline queries, whose results are citations, and guest mode.

Knows nothing of how citations are found.
"""

from telegram import InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions, Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import BaseHandler

from bot import render
from bot.blocks import Block
from bot.conversation import Result
from bot.handlers.addressing import asker_of, words_of
from bot.handlers.desk import Desk
from bot.handlers.transport import AnyBot, Context
from bot.words import Words

CACHED_SECONDS = 60
QUERY_CHARS = 256


class Guests(BaseHandler[Update, Context, None]):
    """Takes messages that call the bot as a guest; the library has no handler for them yet."""

    def check_update(self, update: object) -> bool:
        """Whether it is one."""
        return isinstance(update, Update) and update.guest_message is not None


class Inline:
    """Answers inline queries and guest messages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def queried(self, update: Update, _: Context) -> None:
        """Offer citations, each with its link; questions where nothing has been typed yet."""
        query = update.inline_query
        if query is None:
            return
        asker = asker_of(update, self._desk.admins)
        conversation = self._desk.conversation
        admitted = self._desk.limits.tap(user=asker.user)
        results = await self._desk.think(conversation.inline, query.query, asker) if admitted else ()
        words = await self._desk.think(conversation.words, asker)
        articles = [_article(result, words) for result in results]
        try:
            await query.answer(articles, cache_time=CACHED_SECONDS if admitted else 0, is_personal=True)
        except BadRequest as error:
            if "query is too old" not in str(error).lower():
                raise  # a person who types on has made it old

    async def called(self, update: Update, context: Context) -> None:
        """Answer a message that called the bot into a chat as a guest."""
        message = update.guest_message
        if message is None or message.guest_query_id is None:
            return
        asker = asker_of(update, self._desk.admins)
        if self._desk.limits.question(user=asker.user, chat=asker.chat) != "admitted":
            return
        text = _without_name(message, context.bot)
        reply = await self._desk.think(self._desk.conversation.reply, text or "/help", asker)
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


def _without_name(message: Message, bot: AnyBot) -> str:
    name = bot.bot.name
    return " ".join(word for word in words_of(message).split() if word.strip(",:").lower() != name.lower())

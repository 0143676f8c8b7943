"""The bot in chats that it is not in: inline queries, whose results are citations, and guest mode.

Knows nothing of how citations are found.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from html import escape

from telegram import InlineQuery, InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import BaseHandler

from bot import render
from bot.blocks import Block, Reply
from bot.conversation import Conversation, Result
from bot.handlers.addressing import asker_of, words_for
from bot.handlers.desk import Desk
from bot.handlers.sending import bare, plain
from bot.handlers.transport import AnyBot, Context
from bot.turns import Asker
from bot.words import Words

log = logging.getLogger(__name__)

CACHED_SECONDS = 60
# What ends a message that does not hold everything.
CUT = "\n\n…"


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
        results = await self._desk.take_up(update, self._results, query.query, asker) if admitted else ()
        words = await self._desk.think(conversation.words, asker)
        await answer_inline(query, results, words, cached=CACHED_SECONDS if admitted else 0)

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
        admission = self._desk.limits.question(user=asker.user, chat=asker.chat)
        if admission == "refused":
            words = await self._desk.think(self._desk.conversation.words, asker)
            refusal = Reply.of(words.say("You ask faster than I can read. Please wait a little."))
            await answer_guest(context.bot, message.guest_query_id, refusal, words)
        if admission != "admitted":
            return
        text = words_for(message, context.bot.bot) or "/help"
        reply = await self._desk.take_up(update, self._guest.reply, text, asker)
        words = await self._desk.think(self._desk.conversation.words, asker)
        await answer_guest(context.bot, message.guest_query_id, reply, words)
        self._desk.inbox.finish(update.update_id)
        self._desk.metrics.replied(reply, 0)


async def answer_inline(query: InlineQuery, results: Sequence[Result], words: Words, *, cached: int) -> None:
    """Answer an inline query; one that waited too long, because the person typed on, can be answered no more.

    Args:
        query: The query.
        results: What the person may choose from.
        words: The person's words.
        cached: How long Telegram may give the same answer to the person again, in seconds.
    """

    async def send(*, markup: bool) -> None:
        articles = [_article(result, words, markup=markup) for result in results]
        await query.answer(articles, cache_time=cached, is_personal=True)

    try:
        await _taken(send)
    except BadRequest as error:
        if "query is too old" not in str(error).lower():
            raise


async def answer_guest(bot: AnyBot, query: str, reply: Reply, words: Words) -> None:
    """Answer the message that called the bot as a guest, which it can do once."""
    result = Result("answer", words.say("Answer"), "", reply.blocks)

    async def send(*, markup: bool) -> None:
        await bot.answer_guest_query(query, _article(result, words, markup=markup))

    await _taken(send)


async def _taken(send: Callable[..., Awaitable[None]]) -> None:
    """Send with markup, and without where Telegram refuses it."""
    try:
        await send(markup=True)
    except BadRequest as error:
        if "parse entities" not in str(error).lower():
            raise
        log.warning("markup left out reason=%s", error)
        await send(markup=False)


def _article(result: Result, words: Words, *, markup: bool) -> InlineQueryResultArticle:
    text = one_message(result.blocks, words)
    return InlineQueryResultArticle(
        result.id,
        result.title,
        InputTextMessageContent(
            text if markup else plain(text),
            parse_mode=ParseMode.HTML if markup else None,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        description=result.description,
    )


def one_message(blocks: Sequence[Block], words: Words) -> str:
    """What can be sent through others is one message; where something is left out it ends in “…”."""
    first, *rest = render.html(blocks, words)
    if not rest:
        return first
    begun = [first, *(render.html(blocks[:number], words)[0] for number in range(len(blocks) - 1, 0, -1))]
    fitting = next((one for one in begun if render.units(bare(one) + CUT) <= render.MESSAGE_UNITS), None)
    return (fitting or escape(bare(first)[: -len(CUT)], quote=False)) + CUT

"""Commands of admins, and documents that they send. Knows nothing of what the commands do."""

import asyncio
import datetime as dt
import io
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future

from telegram import Document, InputFile, Message, Update

from bot import administration, plot
from bot.blocks import Reply, Text
from bot.handlers import sending
from bot.handlers.addressing import asker_of
from bot.handlers.buttons import answer
from bot.handlers.desk import Desk, Stopped
from bot.handlers.sending import Place
from bot.handlers.transport import AnyBot, Context
from bot.words import Words

EDITED_SECONDS = 2


class Admin:
    """Does what admins ask, and nobody else."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._office = desk.administration

    async def commanded(self, update: Update, context: Context) -> None:
        """Do a command; people who are no admins are told so, where it was this bot that they meant."""
        message = update.effective_message
        if message is None or message.text is None:
            return
        first, *rest = message.text.split(maxsplit=1)
        name, at, _ = first[1:].lower().partition("@")
        words = self._words(update)
        if self._is_admin(update):
            self._desk.inbox.begin(update)
            await self._commands[name](context.bot, message, rest[0].strip() if rest else "", words)
            self._desk.inbox.finish(update.update_id)
        elif at or message.chat.type == "private":
            await _say(context.bot, message, words.say("Only admins of this bot may do that."), words)

    async def sent(self, update: Update, context: Context) -> None:
        """Add a document."""
        message, words = update.effective_message, self._words(update)
        if message is None or message.document is None:
            return
        self._desk.inbox.begin(update)
        place = Place.of(message)
        refusal = self._office.too_large(message.document.file_size or 0, words)
        if refusal is None:
            async with sending.typing(context.bot, place):
                reply = await self._added(message.document, words)
        await sending.send(context.bot, place, refusal or reply, words)

    async def pressed(self, update: Update, context: Context) -> None:
        """Do what a button of admins says."""
        query, words = update.callback_query, self._words(update)
        if query is None:
            return
        if not self._is_admin(update):
            await answer(query, words.say("Only admins of this bot may do that."))
            return
        reply = await self._desk.write(self._office.press, query.data or "", words)
        await answer(query, reply.notice)
        if isinstance(query.message, Message) and reply.blocks:
            await sending.edit(context.bot, Place.of(query.message), [query.message.message_id], reply, words)

    @property
    def _commands(self) -> dict[str, Callable[[AnyBot, Message, str, Words], Awaitable[None]]]:
        return {
            "reload": self._reload,
            "add": self._add,
            "remove": self._remove,
            "unanswered": self._unanswered,
            "stats": self._stats,
            "export": self._export,
            "publish": self._publish,
            "rollback": self._rollback,
        }

    async def _reload(self, bot: AnyBot, message: Message, _: str, words: Words) -> None:
        """Read the sources again; one message shows how far it is, then what it came to."""
        place = Place.of(message)
        (shown, *_rest) = await sending.send(bot, place, Reply.of(words.say("Reading the articles …")), words) or (0,)
        progress = _Shown(asyncio.get_running_loop(), lambda text: self._advance(bot, place, shown, text, words), words)
        try:
            reply = await self._read(words, progress)
        except Stopped:
            await sending.delete(bot, place, shown)  # the next process begins anew and says so
            raise
        await sending.edit(bot, place, [shown], reply, words)

    async def _read(self, words: Words, progress: "_Shown") -> Reply:
        """Read the sources; the last word on how far that is comes before what it came to."""
        try:
            return await self._desk.write(self._office.reload, words, self._desk.until_stopped(progress))
        finally:
            await progress.ended()

    async def _add(self, bot: AnyBot, message: Message, source: str, words: Words) -> None:
        async with sending.typing(bot, Place.of(message)):
            reply = await self._desk.write(self._office.add, source, words)
        await sending.send(bot, Place.of(message), reply, words)

    async def _remove(self, bot: AnyBot, message: Message, key: str, words: Words) -> None:
        reply = await self._desk.think(self._office.remove, key, words)
        await sending.send(bot, Place.of(message), reply, words)

    async def _unanswered(self, bot: AnyBot, message: Message, _: str, words: Words) -> None:
        reply = await self._desk.think(self._office.unanswered, words)
        await sending.send(bot, Place.of(message), reply, words)

    async def _stats(self, bot: AnyBot, message: Message, _: str, words: Words) -> None:
        async with sending.typing(bot, Place.of(message)):
            stats = await self._desk.think(self._office.stats, dt.datetime.now(dt.UTC).date())
            image = await self._desk.think(plot.picture, stats, words)
        place, caption = Place.of(message), administration.counted(stats, words)
        await bot.send_photo(
            place.chat,
            image,
            caption=caption,
            message_thread_id=place.thread,
            reply_parameters=place.reply_parameters,
            filename="stats.png",
        )

    async def _export(self, bot: AnyBot, message: Message, _: str, words: Words) -> None:
        content = await self._desk.think(self._office.export)
        if not content:
            await _say(bot, message, words.say("Nothing has been asked yet."), words)
            return
        place, name = Place.of(message), f"questions-{dt.datetime.now(dt.UTC).date()}.jsonl"
        await bot.send_document(
            place.chat,
            InputFile(io.BytesIO(content), name),
            message_thread_id=place.thread,
            reply_parameters=place.reply_parameters,
        )

    async def _publish(self, bot: AnyBot, message: Message, _: str, words: Words) -> None:
        async with sending.typing(bot, Place.of(message)):
            reply = await self._desk.write(self._office.publication.waiting, words)
        await sending.send(bot, Place.of(message), reply, words)

    async def _rollback(self, bot: AnyBot, message: Message, _: str, words: Words) -> None:
        await sending.send(bot, Place.of(message), self._office.publication.rollback(words), words)

    async def _added(self, document: Document, words: Words) -> Reply:
        file = await document.get_file()
        content = bytes(await file.download_as_bytearray())
        return await self._desk.write(self._office.add_file, document.file_name or "article.txt", content, words)

    async def _advance(self, bot: AnyBot, place: Place, message: int, text: str, words: Words) -> None:
        await sending.edit(bot, place, [message], Reply.of(Text(text)), words)

    def _is_admin(self, update: Update) -> bool:
        return update.effective_user is not None and update.effective_user.id in self._desk.admins

    def _words(self, update: Update) -> Words:
        return self._desk.conversation.words(asker_of(update, self._desk.admins))


class _Shown:
    """Progress of work in another thread, shown at most every two seconds, and once at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, show: Callable[[str], Awaitable[None]], words: Words) -> None:
        self._loop = loop
        self._show = show
        self._words = words
        self._last = time.monotonic()
        self._under_way: Future[None] | None = None

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        waits = self._under_way is not None and not self._under_way.done()
        if waits or now - self._last < EDITED_SECONDS or done == total:
            return
        self._last = now
        done_of = f"{self._words.number(done)}/{self._words.number(total)}"
        text = self._words.say("Reading the articles … {done}", done=done_of)
        self._under_way = asyncio.run_coroutine_threadsafe(_awaited(self._show(text)), self._loop)

    async def ended(self) -> None:
        """Wait until what was shown last has arrived, or has failed to."""
        if self._under_way:
            await asyncio.gather(asyncio.wrap_future(self._under_way), return_exceptions=True)


async def _awaited(work: Awaitable[None]) -> None:
    await work


async def _say(bot: AnyBot, message: Message, text: str, words: Words) -> None:
    await sending.send(bot, Place.of(message), Reply.of(text), words)

"""A reply → messages in a chat: sent, edited, and mended where Telegram refuses a part of them.

Knows nothing of why a reply says what it says.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html.parser import HTMLParser

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    SwitchInlineQueryChosenChat,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot import render
from bot.blocks import Button, Reply
from bot.handlers.transport import AnyBot
from bot.words import Words

log = logging.getLogger(__name__)

# A person who waits longer is shown that we work; Telegram shows it for five seconds.
PATIENCE_SECONDS, TYPING_SECONDS = 0.7, 4.5
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes: the chat, the topic in it, and the message that it answers, if one is to be named."""

    chat: int
    thread: int | None = None
    answering: int | None = None

    @staticmethod
    def of(message: Message) -> "Place":
        """The place where a message is answered; in groups the answer names its question."""
        thread = message.message_thread_id if message.is_topic_message else None
        return Place(message.chat.id, thread, None if message.chat.type == "private" else message.message_id)

    @property
    def reply_parameters(self) -> ReplyParameters | None:
        """How Telegram is told which message is answered; one that is gone is answered all the same."""
        return ReplyParameters(self.answering, allow_sending_without_reply=True) if self.answering else None


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it is to be sent."""

    place: Place
    text: str
    keyboard: InlineKeyboardMarkup | None = None
    markup: bool = True

    @property
    def parse_mode(self) -> str | None:
        """How Telegram is to read the text."""
        return ParseMode.HTML if self.markup else None


async def send(bot: AnyBot, place: Place, reply: Reply, words: Words) -> tuple[int, ...]:
    """Send a reply; the ids of its messages, none where the chat is closed to us."""
    return await _sent(bot, _letters(bot, place, reply, words))


async def edit(bot: AnyBot, place: Place, messages: Sequence[int], reply: Reply, words: Words) -> tuple[int, ...]:
    """Show a reply in place of the messages of another; the ids of its messages, none where the chat is closed to us.

    What does not fit into the messages comes below them, those that are left over are deleted. Without blocks only the
    buttons change, which are under the last.
    """
    if not reply.blocks:
        keyboard = keyboard_of(bot, reply.buttons)
        await _quietly(bot.edit_message_reply_markup(place.chat, messages[-1], reply_markup=keyboard))
        return tuple(messages)
    letters = _letters(bot, place, reply, words)
    edited = await _edited(bot, messages, letters)
    for message in messages[len(edited) :]:
        await delete(bot, place, message)
    return (*[one for one in edited if one], *await _sent(bot, letters[len(edited) :]))


async def delete(bot: AnyBot, place: Place, message: int) -> None:
    """Take a message away, where Telegram lets us."""
    await _quietly(bot.delete_message(place.chat, message))


@contextlib.asynccontextmanager
async def typing(bot: AnyBot, place: Place) -> AsyncIterator[None]:
    """Show that the bot is at work while something takes longer than a person waits gladly."""

    async def show() -> None:
        await asyncio.sleep(PATIENCE_SECONDS)
        while True:
            with contextlib.suppress(TelegramError):
                await bot.send_chat_action(place.chat, ChatAction.TYPING, message_thread_id=place.thread)
            await asyncio.sleep(TYPING_SECONDS)

    task = asyncio.create_task(show())
    try:
        yield
    finally:
        task.cancel()


def keyboard_of(bot: AnyBot, rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """The buttons under a message, as Telegram has them; those of inline mode only where the bot has it."""
    usable = [[button for button in row if not button.inline or bot.bot.supports_inline_queries] for row in rows]
    made = [[_button(button) for button in row] for row in usable if row]
    return InlineKeyboardMarkup(made) if made else None


def bare(markup: str) -> str:
    """The text of HTML, without its markup."""
    return _Bare.read(markup, links=False)


def plain(markup: str) -> str:
    """The text of HTML to be sent without markup: where links lead stands behind them, if there is room."""
    told = _Bare.read(markup, links=True)
    return told if render.units(told) <= render.MESSAGE_UNITS else bare(markup)


class _Bare(HTMLParser):
    def __init__(self, *, links: bool) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._links = links
        self._open = ""

    @classmethod
    def read(cls, markup: str, *, links: bool) -> str:
        reader = cls(links=links)
        reader.feed(markup)
        reader.close()
        return "".join(reader.texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and self._links:
            self._open = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            self.texts.append(f" ({self._open})")
            self._open = ""

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _button(button: Button) -> InlineKeyboardButton:
    if button.copy is not None:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copy))
    if button.inline is not None:
        chats = SwitchInlineQueryChosenChat(
            button.inline, allow_user_chats=True, allow_group_chats=True, allow_channel_chats=True
        )
        return InlineKeyboardButton(button.label, switch_inline_query_chosen_chat=chats)
    if button.url is not None:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=button.action)


def _letters(bot: AnyBot, place: Place, reply: Reply, words: Words) -> list[Letter]:
    """The messages of a reply: the first names the question, the last has the buttons."""
    letters = [Letter(replace(place, answering=None), text) for text in render.html(reply.blocks, words)]
    letters[0] = replace(letters[0], place=place)
    letters[-1] = replace(letters[-1], keyboard=keyboard_of(bot, reply.buttons))
    return letters


async def _sent(bot: AnyBot, letters: Sequence[Letter]) -> tuple[int, ...]:
    return tuple([sent for letter in letters if (sent := await _delivered(bot, letter, _send))])


async def _edited(bot: AnyBot, messages: Sequence[int], letters: Sequence[Letter]) -> list[int | None]:
    """Put letters in place of messages, as far as both go and no message is met that was deleted or is not ours."""
    edited: list[int | None] = []
    for message, letter in zip(messages, letters, strict=False):
        try:
            edited.append(await _delivered(bot, letter, partial(_change, message)))
        except BadRequest as error:
            if "edit" not in str(error).lower():
                raise
            break
    return edited


async def _send(bot: AnyBot, letter: Letter) -> int:
    sent = await bot.send_message(
        letter.place.chat,
        letter.text,
        parse_mode=letter.parse_mode,
        message_thread_id=letter.place.thread,
        reply_markup=letter.keyboard,
        link_preview_options=NO_PREVIEW,
        reply_parameters=letter.place.reply_parameters,
    )
    return sent.message_id


async def _change(message: int, bot: AnyBot, letter: Letter) -> int:
    try:
        await bot.edit_message_text(
            letter.text,
            chat_id=letter.place.chat,
            message_id=message,
            parse_mode=letter.parse_mode,
            reply_markup=letter.keyboard,
            link_preview_options=NO_PREVIEW,
        )
    except BadRequest as error:
        if "not modified" not in str(error):
            raise
    return message


async def _delivered(bot: AnyBot, letter: Letter, deliver: Callable[[AnyBot, Letter], Awaitable[int]]) -> int | None:
    """Deliver a letter, without the parts that Telegram refuses; None where the chat is closed to us."""
    while True:
        try:
            return await deliver(bot, letter)
        except Forbidden as error:
            log.info("chat closed chat=%d reason=%s", letter.place.chat, error)
            return None
        except (BadRequest, ChatMigrated) as error:
            mended = _mended(letter, error)
            if mended is None or mended == letter:
                raise
            log.warning("message mended chat=%d reason=%s", letter.place.chat, error)
            letter = mended


def _mended(letter: Letter, error: BadRequest | ChatMigrated) -> Letter | None:
    """The letter without what was refused; None where nothing can be left out."""
    if isinstance(error, ChatMigrated):
        return replace(letter, place=replace(letter.place, chat=error.new_chat_id))
    reason = str(error).lower()
    if "parse entities" in reason:
        return replace(letter, text=plain(letter.text), markup=False)
    if "thread" in reason or "topic" in reason:
        return replace(letter, place=replace(letter.place, thread=None))
    if "button" in reason or "keyboard" in reason or "reply markup" in reason:
        return replace(letter, keyboard=None)
    return None


async def _quietly(request: Awaitable[object]) -> None:
    """Do what does no harm undone: the message has changed or gone since."""
    with contextlib.suppress(BadRequest, Forbidden):
        await request

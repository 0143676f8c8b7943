"""The menus of commands and the descriptions of the bot, by scope and language; sent only where they have changed.

Knows nothing of what the commands do.
"""

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass

from telegram import (
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    Update,
)
from telegram.error import TelegramError

from bot import administration, browse
from bot.handlers.desk import Desk
from bot.handlers.transport import AnyBot, Context
from bot.words import ENGLISH, LANGUAGES, Words

log = logging.getLogger(__name__)

MENU = "menu"
SHORT = ("help",)
IN_GROUPS = ("help", "articles", "latest", "people", "quotes", "check")


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that Telegram keeps of the bot: what it is called here, what it says, and how it is set."""

    name: str
    value: object
    send: Callable[[], Awaitable[bool]]


class Menus:
    """Gives admins their menus when they are met: Telegram refuses the menu of a chat that was never begun."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def met(self, update: Update, context: Context) -> None:
        """Set the menu of an admin who writes, where it is not set yet."""
        if update.effective_user is not None:
            await _set(context.bot, self._desk, _menus_of(context.bot, update.effective_user.id))


async def set_menus(bot: AnyBot, desk: Desk) -> int:
    """Set menus and descriptions that are not as they were set last, and take those of former admins away; how many."""
    return await _set(bot, desk, _settings(bot, desk)) + await _take_away(bot, desk)


async def _set(bot: AnyBot, desk: Desk, settings: Iterable[Setting]) -> int:
    changed = 0
    for setting in settings:
        stamp = hashlib.sha256(json.dumps(setting.value, ensure_ascii=False).encode()).hexdigest()
        if await desk.think(desk.memory.get, MENU, f"{bot.id}/{setting.name}") == stamp:
            continue
        try:
            await setting.send()
        except TelegramError as error:  # an admin who has not begun a chat yet has no menu yet
            log.info("menu not set name=%s reason=%s", setting.name, error)
            continue
        await desk.think(desk.memory.put, MENU, f"{bot.id}/{setting.name}", stamp)
        changed += 1
    return changed


async def _take_away(bot: AnyBot, desk: Desk) -> int:
    """Delete the menus that were set for admins who are none any more; how many."""
    taken = 0
    of_chats = f"{bot.id}/commands/{BotCommandScope.CHAT}/"
    for key in await desk.think(desk.memory.all, MENU):
        chat, _, code = key.removeprefix(of_chats).partition("/")
        if not key.startswith(of_chats) or int(chat) in desk.admins:
            continue
        try:
            await bot.delete_my_commands(BotCommandScopeChat(int(chat)), language_code=code or None)
        except TelegramError as error:  # tried again at the next start
            log.info("menu not deleted name=%s reason=%s", key, error)
            continue
        await desk.think(desk.memory.drop, MENU, key)
        taken += 1
    return taken


def _settings(bot: AnyBot, desk: Desk) -> Iterator[Setting]:
    for language in LANGUAGES:
        words, code = Words.of(language), _code(language)
        public = browse.commands(words)
        yield _menu(bot, BotCommandScopeDefault(), {name: public[name] for name in SHORT}, code)
        yield _menu(bot, BotCommandScopeAllPrivateChats(), _private(words), code)
        yield _menu(bot, BotCommandScopeAllGroupChats(), {name: public[name] for name in IN_GROUPS}, code)
        yield from _descriptions(bot, words, code)
    for admin in sorted(desk.admins):
        yield from _menus_of(bot, admin)


def _menus_of(bot: AnyBot, admin: int) -> Iterator[Setting]:
    """The menu of an admin, in every language."""
    for language in LANGUAGES:
        words = Words.of(language)
        own = {name: words.say(text) for name, text in administration.COMMANDS.items()}
        yield _menu(bot, BotCommandScopeChat(admin), _private(words) | own, _code(language))


def _private(words: Words) -> dict[str, str]:
    """The commands for everybody in a private chat, the first first."""
    return {"start": words.say("what I am for")} | browse.commands(words)


def _code(language: str) -> str | None:
    """The code of a language; none for English, which is for everybody without a language of ours."""
    return None if language == ENGLISH else language


def _menu(bot: AnyBot, scope: BotCommandScope, commands: dict[str, str], code: str | None) -> Setting:
    value = list(commands.items())
    return Setting(
        f"commands/{scope.type}/{getattr(scope, 'chat_id', '')}/{code or ''}",
        value,
        lambda: bot.set_my_commands(value, scope=scope, language_code=code),
    )


def _descriptions(bot: AnyBot, words: Words, code: str | None) -> Iterator[Setting]:
    long = words.say(
        "I answer questions about articles with their own sentences, word for word, and I know who said what. What the"
        " articles do not say, I say they do not say."
    )
    short = words.say("Answers about articles, word for word, with who said what.")
    yield Setting(f"description/{code or ''}", long, lambda: bot.set_my_description(long, code))
    yield Setting(f"short/{code or ''}", short, lambda: bot.set_my_short_description(short, code))

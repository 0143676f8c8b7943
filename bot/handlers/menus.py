"""The menus of commands and the descriptions of the bot, by scope and language; sent only where they have changed.

Knows nothing of what the commands do.
"""

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from telegram import (
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot import administration, browse
from bot.handlers.desk import Desk
from bot.handlers.transport import AnyBot
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


async def set_menus(bot: AnyBot, desk: Desk) -> int:
    """Set menus and descriptions that are not as they were set last; how many."""
    changed = 0
    for setting in _settings(bot, desk):
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


def _settings(bot: AnyBot, desk: Desk) -> Iterator[Setting]:
    for language in LANGUAGES:
        words = Words.of(language)
        code = None if language == ENGLISH else language  # English for everybody without a language of ours
        public = {name: text for name, text in browse.commands(words).items() if name != "start"}
        private = {"start": words.say("what I am for"), **public}
        own = {name: words.say(text) for name, text in administration.COMMANDS.items()}
        yield _menu(bot, BotCommandScopeDefault(), {name: public[name] for name in SHORT}, code)
        yield _menu(bot, BotCommandScopeAllPrivateChats(), private, code)
        yield _menu(bot, BotCommandScopeAllGroupChats(), {name: public[name] for name in IN_GROUPS}, code)
        for admin in sorted(desk.admins):
            yield _menu(bot, BotCommandScopeChat(admin), private | own, code)
        yield from _descriptions(bot, words, code)


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

"""All that Telegram knows of one bot: people, chats, messages, files, queries, and what the bot did.

One lock, `changed`, guards everything: whoever reads or writes holds it, whoever waits waits on it. Knows neither
HTTP nor the methods' rules.
"""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, Unpack

from tests.botapi.entities import Formatted
from tests.botapi.nouns import HERE, Chat, ChatKind, File, Message, Parts, Query, QueryKind, User
from tests.botapi.refusal import Json, bad_request, forbidden
from tests.botapi.seen import Reply, reply_about
from tests.botapi.updates import Updates

Awaited = TypeVar("Awaited")
SUPERGROUP = -1_000_000_000_000


@dataclass(slots=True)
class About:
    """What the bot says of itself, by language; commands by scope and language."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)


class World:
    """People and chats around one bot.

    Args:
        bot: The bot.
        reads_all: Whether it gets all of a group's messages (privacy mode off).
        clock: Seconds since the epoch.
    """

    def __init__(self, bot: User, *, reads_all: bool = True, clock: Callable[[], float] = time.time) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.bot = bot
        self.reads_all = reads_all
        self.clock = clock
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, Query] = {}
        self.inline_messages: dict[str, Message] = {}
        self.blocked: set[int] = set()
        self.updates = Updates(self.changed)
        self.done: list[Reply] = []
        self.about = About()
        self.logged_out = False
        self._numbers = itertools.count(1)
        self._private_messages = itertools.count(1)

    def now(self) -> int:
        """Whole seconds since the epoch."""
        return int(self.clock())

    def number(self) -> int:
        """A number not used before."""
        return next(self._numbers)

    def add_user(self, name: str, *, language: str = "", username: str = "", last_name: str = "") -> User:
        """A person, with a private chat that is not started yet."""
        user = User(1000 + self.number(), name, last_name, username, language)
        self.users[user.id] = user
        self.chats[user.id] = Chat(user.id, "private", name, username, person=user)
        return user

    def add_chat(self, kind: ChatKind, title: str, *, username: str = "", is_forum: bool = False) -> Chat:
        """A group or channel with nobody in it."""
        number = self.number()
        chat_id = -(5000 + number) if kind == "group" else SUPERGROUP - number
        chat = Chat(chat_id, kind, title, username, is_forum=is_forum)
        self.chats[chat.id] = chat
        return chat

    def add_file(self, name: str, mime: str, content: bytes, *, size: tuple[int, int] | None = None) -> File:
        """Keeps a file under a new id."""
        number = self.number()
        folder, letter = ("photos", "P") if size else ("documents", "D")
        path = f"{folder}/file_{number}.{name.rpartition('.')[2] or 'bin'}"
        file = File(f"{letter}file{number:08}", f"unique{number:08}", name, mime, content, path, size)
        self.files[file.id] = file
        return file

    def add_message(self, chat: Chat, sender: User | None, body: Formatted, **parts: Unpack[Parts]) -> Message:
        """A new message in a chat; ids are one row for all private chats and groups, and one for each of the others."""
        if chat.kind in {"private", "group"}:
            number = next(self._private_messages)
        else:
            number = max(chat.messages, default=max(chat.topics, default=0)) + 1
        message = Message(number, chat, self.now(), sender, body, **parts)
        chat.messages[message.id] = message
        return message

    def add_query(self, kind: QueryKind, person: User, text: str, message: Message | None = None) -> Query:
        """Something that the bot is to answer."""
        query = Query(f"{kind}{self.number():08}", kind, person, text, self.clock(), message)
        self.queries[query.id] = query
        return query

    def find_chat(self, chat_id: int | str) -> Chat:
        """The chat with an id or a @username.

        Raises:
            Refused: There is none.
        """
        if isinstance(chat_id, str):
            wanted = chat_id.removeprefix("@").lower()
            named = (chat for chat in self.chats.values() if chat.username and chat.username.lower() == wanted)
            chat = next((chat for chat in named if chat.kind != "private"), None)
        else:
            chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def reachable(self, chat_id: int | str) -> Chat:
        """The chat, if the bot may write there.

        Raises:
            Refused: It is unknown, was upgraded, or shuts the bot out.
        """
        chat = self.find_chat(chat_id)
        if chat.migrated_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        if chat.person:
            if chat.person.id in self.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.started:
                raise forbidden("bot can't initiate conversation with a user")
            return chat
        status = chat.members.get(self.bot.id, "left")
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        if status not in HERE:
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
        if chat.kind == "channel" and status != "administrator":
            raise bad_request("need administrator rights in the channel chat")
        return chat

    def show(self, method: str, message: Message, *, text: str | None = None) -> Reply:
        """Records what the bot did to a message; `text` where people see something else than its text."""
        return self._did(reply_about(message, method, len(self.done) + 1, self.clock(), text=text))

    def show_action(self, method: str, chat: Chat, text: str) -> Reply:
        """Records what the bot did to a chat and no message."""
        return self._did(Reply(len(self.done) + 1, method, chat.id, 0, self.clock(), text=text))

    def _did(self, reply: Reply) -> Reply:
        self.done.append(reply)
        self.changed.notify_all()
        return reply

    def wait_until(self, found: Callable[[], Awaited | None], *, timeout: float, awaited: Callable[[], str]) -> Awaited:
        """What `found` returns once it returns something.

        Raises:
            TimeoutError: It did not in time (seconds).
        """
        deadline = time.monotonic() + timeout
        with self.changed:
            while (value := found()) is None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"waited {timeout:g} s for {awaited()}")
                self.changed.wait(left)
            return value

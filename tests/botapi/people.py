"""Who is there: people, their private chats, groups, channels, and what people do outside of any chat.

Knows nothing of HTTP; what happens inside a chat stands in `rooms`.
"""

from tests.botapi.methods.answering import content_of, enter_inline
from tests.botapi.nouns import Chat, User
from tests.botapi.refusal import Json
from tests.botapi.rooms import Room
from tests.botapi.watching import PATIENCE, Asked
from tests.botapi.world import World


class People:
    """The people and chats around a bot."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._rooms: dict[int, Room] = {}

    def user(self, name: str, *, language: str = "en", username: str = "", last_name: str = "") -> User:
        """A person."""
        with self.world.changed:
            return self.world.add_user(name, language=language, username=username, last_name=last_name)

    def private(self, user: User) -> Room:
        """A person's chat with the bot; the bot may write there once the person has."""
        return self.room(user.id)

    def room(self, chat_id: int) -> Room:
        """The chat with an id."""
        return self._room(self.world.chats[chat_id])

    def group(self, title: str, *members: User, bot: bool = True) -> Room:
        """A basic group; the first member made it."""
        with self.world.changed:
            return self._peopled(self.world.add_chat("group", title), members, bot=bot)

    def supergroup(self, title: str, *members: User, bot: bool = True, forum: bool = False, username: str = "") -> Room:
        """A supergroup, with topics if it is a forum; the first member made it."""
        with self.world.changed:
            chat = self.world.add_chat("supergroup", title, username=username, is_forum=forum)
            return self._peopled(chat, members, bot=bot)

    def channel(self, title: str, *members: User, bot: bool = True, username: str = "") -> Room:
        """A channel that the bot, if it is there, administers."""
        with self.world.changed:
            room = self._peopled(self.world.add_chat("channel", title, username=username), members, bot=False)
            if bot:
                room.chat.members[self.world.bot.id] = "administrator"
            return room

    def migrate(self, group: Room) -> Room:
        """A basic group becomes a supergroup."""
        with self.world.changed:
            old, creator = group.chat, self.world.users[next(iter(group.chat.members))]
            new = self.world.add_chat("supergroup", old.title)
            new.members = dict(old.members)
            group.service(creator, {"migrate_to_chat_id": new.id})
            old.migrated_to = new.id
            room = self._room(new)
            room.service(creator, {"migrate_from_chat_id": old.id})
            return room

    def block(self, user: User) -> None:
        """A person shuts the bot out."""
        self.private(user).bot_becomes("kicked", by=user)

    def unblock(self, user: User) -> None:
        """A person lets the bot in again."""
        self.private(user).bot_becomes("member", by=user)

    def inline(self, user: User, text: str, *, offset: str = "", chat_type: str = "sender") -> Asked:
        """A person types after the bot's @username in some chat."""
        with self.world.changed:
            query = self.world.add_query("inline", user, text)
            shown = {"id": query.id, "from": user.to_json(), "query": text, "offset": offset, "chat_type": chat_type}
            self.world.updates.add("inline_query", shown)
            return Asked(self.world, query)

    def choose(self, asked: Asked, result_id: str, room: Room) -> Json:
        """A person sends one of the results to a chat; the result.

        Raises:
            LookupError: The bot gave no such result.
        """
        with self.world.changed:
            query = asked.query
            results = (query.answer or {}).get("results", [])
            result: Json | None = next((each for each in results if each["id"] == result_id), None)
            if result is None:
                raise LookupError(f"no result {result_id!r} among {[each['id'] for each in results]}")
            chosen: Json = {"result_id": result_id, "from": query.person.to_json(), "query": query.text}
            via = {"via_bot": self.world.bot.to_json()}
            message = self.world.add_message(room.chat, query.person, content_of(self.world, result), extra=via)
            if "reply_markup" in result:
                chosen["inline_message_id"] = enter_inline(self.world, message, result)
            self.world.updates.add("chosen_inline_result", chosen)
            room.deliver(message)
            self.world.show("answerInlineQuery", message)
            return result

    def menu(self, user: User, room: Room) -> list[str]:
        """The commands that a person is shown in a chat, by scope and then by language, as Telegram chooses."""
        with self.world.changed:
            commands = self.world.about.commands
            keys = ((scope, code) for scope in self._scopes(user, room.chat) for code in (user.language[:2], ""))
            chosen = next((commands[key] for key in keys if key in commands), [])
            return [command["command"] for command in chosen]

    @staticmethod
    def _scopes(user: User, chat: Chat) -> list[str]:
        if chat.person:
            return [f"chat {chat.id}", "all_private_chats", "default"]
        administers = chat.members.get(user.id) in {"creator", "administrator"}
        scopes = [
            f"chat_member {chat.id} {user.id}",
            f"chat_administrators {chat.id}" if administers else "",
            f"chat {chat.id}",
            "all_chat_administrators" if administers else "",
            "all_group_chats",
            "default",
        ]
        return [scope for scope in scopes if scope]

    def repeat_last_update(self) -> None:
        """Telegram delivers its last update a second time, under the same number."""
        with self.world.changed:
            self.world.updates.repeat()

    def wait_until_confirmed(self, timeout: float = PATIENCE) -> None:
        """Until the bot has taken every update.

        Raises:
            TimeoutError: It has not in time (seconds).
        """
        updates = self.world.updates
        self.world.wait_until(
            lambda: True if not updates.pending and not updates.again else None,
            timeout=timeout,
            awaited=lambda: f"the bot to take {len(updates.pending)} updates",
        )

    def _peopled(self, chat: Chat, members: tuple[User, ...], *, bot: bool) -> Room:
        for member in members:
            chat.members[member.id] = "member" if chat.members else "creator"
        if bot:
            chat.members[self.world.bot.id] = "member"
        return self._room(chat)

    def _room(self, chat: Chat) -> Room:
        return self._rooms.setdefault(chat.id, Room(self.world, chat))

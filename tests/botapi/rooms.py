"""A chat as the people in it use it: they write, press, edit, forward, join, and see what the bot does.

Every act changes the world as Telegram would and makes the bot's update. Knows nothing of HTTP.
"""

from typing import Unpack

from tests.botapi.entities import Formatted, found_in, tidy
from tests.botapi.markup import parse
from tests.botapi.methods.about_chats import member_json
from tests.botapi.methods.content import picture_size
from tests.botapi.methods.sending import origin_of
from tests.botapi.nouns import HERE, Chat, Message, Parts, Status, User
from tests.botapi.refusal import Json
from tests.botapi.seen import Button, Reply
from tests.botapi.watching import Asked, Watched

STORED = {"file_id": "other", "file_unique_id": "other"}
OTHERS: dict[str, Json] = {
    "sticker": STORED | {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
    "voice": STORED | {"duration": 3},
    "video_note": STORED | {"length": 240, "duration": 3},
    "location": {"latitude": 50.45, "longitude": 30.52},
    "contact": {"phone_number": "+10000000", "first_name": "Ann"},
    "dice": {"emoji": "🎲", "value": 4},
}


class Room(Watched):
    """A chat, for tests; made by `People`."""

    def send(
        self,
        user: User,
        text: str,
        *,
        to: Message | Reply | None = None,
        thread: int | None = None,
        html: bool = False,
    ) -> Message:
        """Somebody writes, perhaps as a reply, perhaps in a topic; with `html`, formatted."""
        return self._say(user, written(text, html=html), to=to, thread=thread)

    def reply(self, user: User, text: str, *, to: Message | Reply) -> Message:
        """Somebody replies to a message, in its topic."""
        return self.send(user, text, to=to, thread=self._message(to).thread)

    def send_as(self, account: User, chat: Chat, text: str) -> Message:
        """Somebody writes in the name of a channel or of the group, through the account that Telegram has for it."""
        with self.world.changed:
            extra = {"sender_chat": chat.to_json()}
            message = self.world.add_message(self.chat, account, written(text), extra=extra)
            self.deliver(message)
            return message

    def start(self, user: User, payload: str = "") -> Message:
        """Somebody presses Start, perhaps through a deep link."""
        return self.send(user, f"/start {payload}".strip())

    def edit(self, user: User, message: Message, text: str, *, html: bool = False) -> Message:
        """Somebody changes what they wrote."""
        with self.world.changed:
            if message.sender is not user:
                raise ValueError("people edit their own messages only")
            return self._edit(message, text, html=html)

    def forward(self, user: User, message: Message | Reply) -> Message:
        """Somebody forwards a message from any chat to this one."""
        with self.world.changed:
            source = message if isinstance(message, Message) else self._of_reply(message)
            extra = source.extra | {"forward_origin": origin_of(source)}
            return self._say(user, source.body, file=source.file, extra=extra)

    def document(
        self, user: User, content: bytes, name: str, *, mime: str = "application/octet-stream", caption: str = ""
    ) -> Message:
        """Somebody sends a file."""
        with self.world.changed:
            return self._say(user, written(caption), file=self.world.add_file(name, mime, content))

    def photo(self, user: User, content: bytes, *, caption: str = "") -> Message:
        """Somebody sends a picture."""
        with self.world.changed:
            file = self.world.add_file("photo.jpg", "image/jpeg", content, size=picture_size(content))
            return self._say(user, written(caption), file=file)

    def other(self, user: User, kind: str) -> Message:
        """Somebody sends what the bot cannot read: a sticker, a voice message, a place."""
        return self._say(user, Formatted(), extra={kind: OTHERS[kind]})

    def press(self, user: User, button: Button) -> Asked:
        """Somebody presses a button that calls the bot."""
        if button.data is None:
            raise ValueError(f"the button {button.text!r} does not call the bot: {button.json}")
        with self.world.changed:
            message = self.chat.messages.get(button.message)
            query = self.world.add_query("callback", user, button.data, message)
            shown: Json = {"data": button.data}
            if message is None:
                shown["message"] = {"chat": self.chat.to_json(), "message_id": button.message, "date": 0}
            elif message.inline_id:
                shown["inline_message_id"] = message.inline_id
            else:
                shown["message"] = message.to_json()
            asker = {"id": query.id, "from": user.to_json(), "chat_instance": str(self.id)}
            self._update("callback_query", asker | shown)
            return Asked(self.world, query)

    def guest(self, user: User, text: str, *, to: Message | None = None) -> Asked:
        """Somebody calls the bot, by its @username, into a chat it is not in."""
        with self.world.changed:
            message = self.world.add_message(self.chat, user, written(text), reply_to=to)
            query = self.world.add_query("guest", user, text, message)
            self._update("guest_message", message.to_json() | {"guest_query_id": query.id})
            return Asked(self.world, query)

    def react(self, user: User, message: Message | Reply, emoji: str) -> None:
        """Somebody puts a reaction; the bot hears of it where it administers and asked for it."""
        with self.world.changed:
            shown = {"chat": self.chat.to_json(), "message_id": self._message(message).id, "user": user.to_json()}
            new = [{"type": "emoji", "emoji": emoji}]
            if self.chat.person or self.chat.members.get(self.world.bot.id) == "administrator":
                now = {"date": self.world.now(), "old_reaction": [], "new_reaction": new}
                self._update("message_reaction", shown | now)

    def delete(self, message: Message | Reply) -> None:
        """Somebody deletes a message; the bot is not told."""
        with self.world.changed:
            self.chat.messages.pop(self._message(message).id, None)

    def post(self, text: str, *, html: bool = False) -> Message:
        """A channel publishes."""
        return self._say(None, written(text, html=html))

    def edit_post(self, message: Message, text: str, *, html: bool = False) -> Message:
        """A channel changes what it published."""
        with self.world.changed:
            return self._edit(message, text, html=html)

    def topic(self, user: User, name: str) -> int:
        """Somebody opens a topic in a forum; its thread id."""
        with self.world.changed:
            message = self._add(
                user, Formatted(), extra={"forum_topic_created": {"name": name, "icon_color": 0x6FB9F0}}
            )
            message.thread = message.id
            self.chat.topics[message.id] = name
            self.deliver(message)
            return message.id

    def service(self, user: User, extra: Json) -> Message:
        """Telegram notes something in the chat: who came, what it became."""
        return self._say(user, Formatted(), extra=extra)

    def join(self, user: User) -> None:
        """Somebody comes in."""
        with self.world.changed:
            self.chat.members[user.id] = "member"
            self.service(user, {"new_chat_members": [user.to_json()]})

    def leave(self, user: User) -> None:
        """Somebody goes."""
        with self.world.changed:
            self.service(user, {"left_chat_member": user.to_json()})
            self.chat.members[user.id] = "left"

    def bot_becomes(self, status: Status, *, by: User) -> None:
        """Somebody adds the bot, makes it an administrator, removes it; in a private chat `kicked` blocks it."""
        with self.world.changed:
            bot = self.world.bot
            before = self._status_of_bot()
            if self.chat.person:
                (self.world.blocked.add if status == "kicked" else self.world.blocked.discard)(by.id)
            else:
                self.chat.members[bot.id] = status
            old, new = (member_json(self.world, bot.id, each) for each in (before, status))
            change = {"chat": self.chat.to_json(), "from": by.to_json(), "date": self.world.now()}
            self._update("my_chat_member", change | {"old_chat_member": old, "new_chat_member": new})
            if self.chat.is_group and status == "member" and before not in HERE:
                self.service(by, {"new_chat_members": [bot.to_json()]})

    def _say(
        self, user: User | None, body: Formatted, *, to: Message | Reply | None = None, **parts: Unpack[Parts]
    ) -> Message:
        with self.world.changed:
            if to:
                parts["reply_to"] = self._message(to)
            message = self._add(user, body, **parts)
            self.deliver(message)
            return message

    def _add(self, user: User | None, body: Formatted, **parts: Unpack[Parts]) -> Message:
        if user and not self.chat.person and self.chat.members.get(user.id) not in HERE:
            raise ValueError(f"{user.first_name} is not in {self}")
        if self.chat.migrated_to is not None:
            raise ValueError(f"{self} was upgraded; people write in the supergroup")
        self.chat.started = True
        return self.world.add_message(self.chat, user, body, **parts)

    def deliver(self, message: Message) -> None:
        """Makes the bot's update of a message, if Telegram shows it to the bot."""
        if self._reaches_bot(message):
            self._update("channel_post" if self.chat.kind == "channel" else "message", message.to_json())

    def _edit(self, message: Message, text: str, *, html: bool) -> Message:
        message.body, message.edited = written(text, html=html), self.world.now()
        if self._reaches_bot(message):
            self._update("edited_channel_post" if self.chat.kind == "channel" else "edited_message", message.to_json())
        return message

    def _reaches_bot(self, message: Message) -> bool:
        """Whether Telegram shows the bot a message, by its membership and privacy mode."""
        if self._status_of_bot() not in HERE:
            return False
        administers = self._status_of_bot() == "administrator"
        if not self.chat.is_group or self.world.reads_all or administers or not message.body.text:
            return True
        bot, text = self.world.bot, message.body
        commands = [command.partition("@")[2].lower() for command in text.marked("bot_command")]
        called = f"@{bot.username}".lower() in {mention.lower() for mention in text.marked("mention")}
        answers = bool(message.reply_to and message.reply_to.sender is bot)
        return called or answers or any(name in {"", bot.username.lower()} for name in commands)

    def _status_of_bot(self) -> Status:
        if self.chat.person:
            return "kicked" if self.chat.person.id in self.world.blocked else "member"
        return self.chat.members.get(self.world.bot.id, "left")

    def _message(self, message: Message | Reply) -> Message:
        return message if isinstance(message, Message) else self._of_reply(message)

    def _of_reply(self, reply: Reply) -> Message:
        return self.world.chats[reply.chat].messages[reply.message_id]

    def _update(self, kind: str, content: Json) -> None:
        self.world.updates.add(kind, content)


def written(text: str, *, html: bool = False) -> Formatted:
    """What somebody types, with the entities that Telegram finds."""
    return found_in(tidy(parse(text) if html else Formatted(text)))

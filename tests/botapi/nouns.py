"""Users, chats, messages and files as the server keeps them, and as the Bot API shows them.

Knows no rules: who may do what to them is decided by the methods and by what people do.
"""

from dataclasses import dataclass, field
from typing import Literal, TypedDict

from tests.botapi.entities import Formatted
from tests.botapi.refusal import Json

ChatKind = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "left", "kicked"]
HERE: frozenset[Status] = frozenset({"creator", "administrator", "member"})


def _present(**values: object) -> Json:
    return {name: value for name, value in values.items() if value not in (None, "", False)}


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = ""
    is_bot: bool = False

    def to_json(self) -> Json:
        """As a User."""
        named = _present(last_name=self.last_name, username=self.username, language_code=self.language)
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name} | named


@dataclass(frozen=True, slots=True)
class File:
    """A file that the server keeps."""

    id: str
    unique_id: str
    name: str
    mime: str
    content: bytes = field(repr=False)
    path: str
    size: tuple[int, int] | None = None  # width, height of a picture

    def to_json(self) -> Json:
        """As the fields that Document and PhotoSize share."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.content)}

    def in_message(self) -> Json:
        """As a message shows it."""
        if self.size:
            return {"photo": [self.to_json() | {"width": self.size[0], "height": self.size[1]}]}
        return {"document": self.to_json() | {"file_name": self.name, "mime_type": self.mime}}


@dataclass(slots=True)
class Chat:
    """A conversation; who is in it, and what was said."""

    id: int
    kind: ChatKind
    title: str
    username: str = ""
    person: User | None = None  # whose private chat with the bot it is
    members: dict[int, Status] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    is_forum: bool = False
    started: bool = False  # a private chat in which the person has written
    migrated_to: int | None = None
    messages: dict[int, "Message"] = field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        """Whether many people talk in it."""
        return self.kind in {"group", "supergroup"}

    def to_json(self) -> Json:
        """As a Chat."""
        if self.person:
            named = _present(
                first_name=self.person.first_name, last_name=self.person.last_name, username=self.person.username
            )
            return {"id": self.id, "type": "private"} | named
        return {"id": self.id, "type": self.kind, "title": self.title} | _present(
            username=self.username, is_forum=self.is_forum
        )


@dataclass(slots=True)
class Message:
    """A message in a chat; edits change it."""

    id: int
    chat: Chat
    date: int
    sender: User | None = None  # none in channels
    body: Formatted = field(default_factory=Formatted)  # text, or the caption of a file
    file: File | None = None
    extra: Json = field(
        default_factory=dict
    )  # what no other field holds: a sticker, who joined, the origin of a forward
    markup: Json | None = None
    preview: Json | None = None
    reply_to: "Message | None" = None
    thread: int | None = None
    edited: int | None = None
    inline_id: str | None = None  # of a message sent through the bot

    def to_json(self, *, with_reply: bool = True) -> Json:
        """As a Message."""
        shown: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.to_json()}
        if self.sender:
            shown["from"] = self.sender.to_json()
        else:
            shown["sender_chat"] = self.chat.to_json()
        shown |= self.extra | self._content()
        shown |= _present(reply_markup=self.markup, edit_date=self.edited, link_preview_options=self.preview)
        if self.thread:
            shown |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.reply_to and with_reply:
            shown["reply_to_message"] = self.reply_to.to_json(with_reply=False)
        return shown

    def _content(self) -> Json:
        text, entities = ("caption", "caption_entities") if self.file else ("text", "entities")
        shown = _present(**{text: self.body.text})
        if self.body.entities:
            shown[entities] = [entity.to_json() for entity in self.body.entities]
        return shown | (self.file.in_message() if self.file else {})


class Parts(TypedDict, total=False):
    """What a message may have besides its text; the fields of `Message`."""

    file: File | None
    extra: Json
    markup: Json | None
    preview: Json | None
    reply_to: Message | None
    thread: int | None


QueryKind = Literal["callback", "inline", "guest"]


@dataclass(slots=True)
class Query:
    """What waits for an answer of the bot: a pressed button, an inline query, a guest's call."""

    id: str
    kind: QueryKind
    person: User
    text: str
    asked: float
    message: Message | None = None
    answer: Json | None = None

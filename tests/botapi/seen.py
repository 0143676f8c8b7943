"""What people see of the bot: its messages, edits, reactions and actions, with their buttons.

Each is a snapshot, kept as it was when the bot did it. Knows no rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.botapi.entities import Entity, Formatted
from tests.botapi.nouns import File, Message
from tests.botapi.refusal import Json


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message, as a person sees it."""

    text: str
    chat: int
    message: int
    json: Json = field(repr=False)

    @property
    def data(self) -> str | None:
        """What it sends to the bot, if it does."""
        data: str | None = self.json.get("callback_data")
        return data


@dataclass(frozen=True, slots=True)
class Reply:
    """Something that the bot did and a person can see: a message, an edit, a reaction, an action.

    Attributes:
        number: Counts all that the bot did, from 1.
        method: The method it did it with.
        message_id: The message it is about; 0 if it is about none.
        text: What is written, as people read it; for sendChatAction the action, for setMessageReaction the emoji.
        reply_to: The id of the message it replies to.
        message: The whole message as JSON.
        at: Seconds since the epoch.
    """

    number: int
    method: str
    chat: int
    message_id: int
    at: float
    text: str = ""
    html: str = ""
    entities: tuple[Entity, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    reply_to: int | None = None
    thread: int | None = None
    file: File | None = None
    message: Json = field(default_factory=dict, repr=False)

    def button(self, label: str) -> Button:
        """The first button whose text contains the label.

        Raises:
            LookupError: There is none.
        """
        buttons = [button for row in self.buttons for button in row]
        found = next((button for button in buttons if label in button.text), None)
        if found is None:
            raise LookupError(f"no button {label!r} among {[button.text for button in buttons]}")
        return found

    def to_json(self) -> Json:
        """For another process."""
        plain = ("number", "method", "chat", "message_id", "at", "text", "html", "reply_to", "thread")
        labels = [[button.text for button in row] for row in self.buttons]
        return {name: getattr(self, name) for name in plain} | {"buttons": labels, "file": self.file and self.file.name}

    def marked(self, kind: str) -> tuple[str, ...]:
        """The texts of the entities of a kind, such as the quotations (`blockquote`)."""
        return Formatted(self.text, self.entities).marked(kind)


def reply_about(message: Message, method: str, number: int, at: float, *, text: str | None = None) -> Reply:
    """What the bot did to a message; `text` where people see something else than its text."""
    body = message.body if text is None else Formatted(text)
    return Reply(
        number,
        method,
        message.chat.id,
        message.id,
        at,
        text=body.text,
        html=body.html,
        entities=body.entities,
        buttons=_buttons_of(message),
        reply_to=message.reply_to.id if message.reply_to else None,
        thread=message.thread,
        file=message.file,
        message=message.to_json(),
    )


def _buttons_of(message: Message) -> tuple[tuple[Button, ...], ...]:
    """The inline buttons under a message."""
    rows: Sequence[Sequence[Json]] = (message.markup or {}).get("inline_keyboard", [])
    return tuple(tuple(Button(button["text"], message.chat.id, message.id, button) for button in row) for row in rows)

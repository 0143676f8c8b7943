"""A Bot API server of our own over HTTP on loopback, as strict as Telegram; see README.md."""

from tests.botapi.entities import Entity, Formatted
from tests.botapi.faults import Fault
from tests.botapi.nouns import Message, User
from tests.botapi.people import People
from tests.botapi.rooms import Room
from tests.botapi.seen import Button, Reply
from tests.botapi.server import TOKEN, BotApi
from tests.botapi.watching import Asked

__all__ = [
    "TOKEN",
    "Asked",
    "BotApi",
    "Button",
    "Entity",
    "Fault",
    "Formatted",
    "Message",
    "People",
    "Reply",
    "Room",
    "User",
]

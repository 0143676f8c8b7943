"""What the bot may ask for, by subject; importing this fills the table of methods."""

from tests.botapi.methods import about_bot, about_chats, answering, editing, files, receiving, sending
from tests.botapi.methods.registry import METHODS

__all__ = ["METHODS", "about_bot", "about_chats", "answering", "editing", "files", "receiving", "sending"]

"""Where the bot is: added to a group, blocked by a person, and groups that become supergroups.

Knows nothing of questions.
"""

import logging

from telegram import ChatMember, ChatMemberUpdated, Update

from bot.blocks import Reply
from bot.handlers import sending
from bot.handlers.addressing import asker_of
from bot.handlers.desk import Desk
from bot.handlers.sending import Place
from bot.handlers.transport import Context

log = logging.getLogger(__name__)

AWAY = (ChatMember.LEFT, ChatMember.BANNED)


class Membership:
    """Keeps up with where the bot is."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def changed(self, update: Update, context: Context) -> None:
        """Greet a group that the bot was added to; note a chat that it may no longer write to."""
        change = update.my_chat_member
        if change is None:
            return
        log.info("membership chat=%d status=%s", change.chat.id, change.new_chat_member.status)
        if not _is_joined(change):
            return
        words = self._desk.conversation.words(asker_of(update, self._desk.admins))
        said = words.say(
            "Hello! I answer questions about articles with their own sentences. Write {name} and your question, or"
            " reply to one of my messages; I read nothing else here.",
            name=context.bot.bot.name,
        )
        await sending.send(context.bot, Place(change.chat.id), Reply.of(said), words)

    async def migrated(self, update: Update, _: Context) -> None:
        """Carry on in a supergroup what was begun in the group that it was."""
        message = update.effective_message
        if message is None:
            return
        old, new = message.migrate_from_chat_id or message.chat.id, message.migrate_to_chat_id or message.chat.id
        await self._desk.think(self._desk.conversation.moved, str(old), str(new))


def _is_joined(change: ChatMemberUpdated) -> bool:
    """Whether the bot has just come into a group."""
    groups = ("group", "supergroup")
    before, after = change.old_chat_member.status, change.new_chat_member.status
    return change.chat.type in groups and before in AWAY and after not in AWAY

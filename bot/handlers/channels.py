"""Posts of the channels that the bot reads → articles; an edited post is the article changed.

Knows nothing of how articles are read.
"""

import logging

from telegram import Chat, Message, Update

from bot.handlers.addressing import words_of
from bot.handlers.desk import Desk
from bot.handlers.transport import Context

log = logging.getLogger(__name__)

TITLE_CHARS = 100


class Channels:
    """Reads channels."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._read = {str(channel).lower() for channel in desk.settings.channels}

    async def posted(self, update: Update, _: Context) -> None:
        """Keep a post, new or edited, of a channel that is read."""
        post = update.channel_post or update.edited_channel_post
        if post is None or not self._is_read(post.chat) or not words_of(post).strip():
            return
        self._desk.inbox.begin(update)
        await self._desk.write(
            self._desk.administration.keep_post,
            words_of(post),
            key=f"{post.chat.username or abs(post.chat.id)}-{post.message_id}",
            title=_title(post),
            url=post.link,
            source=post.chat.title,
            published=post.date.date().isoformat(),
        )
        log.info("post kept update_id=%d chat=%d message=%d", update.update_id, post.chat.id, post.message_id)

    def _is_read(self, chat: Chat) -> bool:
        return str(chat.id) in self._read or f"@{chat.username}".lower() in self._read


def _title(post: Message) -> str:
    """A post's first line."""
    first = words_of(post).strip().splitlines()[0]
    return first if len(first) <= TITLE_CHARS else f"{first[: TITLE_CHARS - 1].rstrip()}…"

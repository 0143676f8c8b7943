"""Whom a message is for, who speaks in it, and what it says to the bot.

In a private chat everything is for the bot; in a group only what mentions it, replies to it or commands it.
"""

from telegram import Message, MessageEntity, MessageOriginUser, Update, User
from telegram.constants import ChatID

from bot.turns import Asker

CHANNEL = "tg"
# The accounts behind which people write in the name of a group or of a channel.
HIDING = frozenset({int(ChatID.ANONYMOUS_ADMIN), int(ChatID.FAKE_CHANNEL)})


def asker_of(update: Update, admins: frozenset[int]) -> Asker:
    """Who speaks where. Where nobody is named, as in a channel, the chat itself speaks."""
    message, user = update.effective_message, update.effective_user
    chat = update.effective_chat
    sender = message.sender_chat if message else None
    own = sender.id if sender else user.id if user else chat.id if chat else ""
    return Asker(
        chat=str(chat.id if chat else own),
        user=f"{CHANNEL}:{own}",
        thread=thread_of(message) if isinstance(message, Message) else "",
        language=user.language_code if user else None,
        admin=user is not None and user.id in admins,
    )


def thread_of(message: Message) -> str:
    """The topic that a message stands in; empty outside topics, where Telegram numbers threads of replies."""
    return str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else ""


def said_to_bot(message: Message, me: User, commands: frozenset[str]) -> str | None:
    """What a message says to the bot, without its name; None where it is not for the bot.

    Args:
        message: The message.
        me: The bot.
        commands: Names of commands, without slash, that the bot understands in groups without being named.
    """
    if _is_of_a_bot(message, me):
        return None
    text = words_of(message)
    if message.chat.type == "private":
        return _without_name_in_command(text, me)
    if text.startswith("/"):
        return _command(text, me, commands)
    called = words_for(message, me)
    return text if called is None and replied_to_bot(message, me) else called


def words_for(message: Message, me: User) -> str | None:
    """What a message says to the bot that it names; with nothing but the name, the words that it replies to."""
    bare = _without_mention(message, me)
    return _words_replied_to(message) if bare == "" else bare


def words_of(message: Message) -> str:
    """The text of a message or the caption of its picture or file."""
    return message.text or message.caption or ""


def replied_to_bot(message: Message, me: User) -> str | None:
    """The id of the bot's message that this one replies to; None where it replies to none.

    In a topic every message replies to the one that opened the topic: that is no reply.
    """
    before = message.reply_to_message
    if before is None or before.forum_topic_created or before.from_user is None or before.from_user.id != me.id:
        return None
    return str(before.message_id)


def is_forwarded(message: Message, me: User) -> bool:
    """Whether a message brings somebody else's words; the bot's own, forwarded back to it, are not."""
    origin = message.forward_origin
    return origin is not None and not (isinstance(origin, MessageOriginUser) and origin.sender_user.id == me.id)


def _is_of_a_bot(message: Message, me: User) -> bool:
    if message.is_automatic_forward or (message.via_bot is not None and message.via_bot.id == me.id):
        return True  # a channel's post in its discussion group; a citation that a person sent through us
    sender = message.from_user
    return sender is not None and sender.is_bot and sender.id not in HIDING


def _command(text: str, me: User, commands: frozenset[str]) -> str | None:
    first = text.split(maxsplit=1)[0]
    name, at, whose = first[1:].partition("@")
    if at and whose.lower() != me.name.removeprefix("@").lower():
        return None
    return _without_name_in_command(text, me) if at or name.lower() in commands else None


def _without_name_in_command(text: str, me: User) -> str:
    if not text.startswith("/"):
        return text
    first, *rest = text.split(maxsplit=1)
    name, at, whose = first.partition("@")
    if at and whose.lower() == me.name.removeprefix("@").lower():
        first = name
    return " ".join([first, *rest])


def _without_mention(message: Message, me: User) -> str | None:
    """The text without the bot's name; None where the bot is not named."""
    parse = message.parse_entities if message.text else message.parse_caption_entities
    named = False
    text = words_of(message)
    for entity, words in parse([MessageEntity.MENTION, MessageEntity.TEXT_MENTION]).items():
        by_name = entity.type == MessageEntity.MENTION and words.lower() == me.name.lower()
        by_id = entity.user is not None and entity.user.id == me.id
        if by_name or by_id:
            named = True
            text = text.replace(words, " ", 1)
    return " ".join(text.split(" ")).strip(" ,:;—–-\n") if named else None


def _words_replied_to(message: Message) -> str:
    """The words that a bare mention points to: somebody's message that it replies to."""
    return words_of(message.reply_to_message) if message.reply_to_message else ""

"""editMessageText and its kin, deleteMessage, setMessageReaction: what changes messages."""

from tests.botapi.entities import Formatted
from tests.botapi.keyboards import check_markup, stored_markup
from tests.botapi.methods.content import caption_of, text_of
from tests.botapi.methods.registry import method
from tests.botapi.nouns import Message
from tests.botapi.refusal import Json, bad_request
from tests.botapi.world import World

UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
TWO_DAYS = 48 * 3600  # seconds
# What may be used as a reaction by a bot, as the Bot API lists it under ReactionTypeEmoji.
REACTIONS = set(
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 "
    "🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ "
    "🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡".split()
)


@method
def edit_message_text(world: World, args: Json) -> Json | bool:
    """Another text, and the buttons given or none."""
    message = _editable(world, args)
    if message.file:
        raise bad_request("there is no text in the message to edit")
    return _edited(world, "editMessageText", message, args, text_of(world, args))


@method
def edit_message_caption(world: World, args: Json) -> Json | bool:
    """Another caption, and the buttons given or none."""
    message = _editable(world, args)
    if not message.file:
        raise bad_request("there is no caption in the message to edit")
    return _edited(world, "editMessageCaption", message, args, caption_of(world, args))


@method
def edit_message_reply_markup(world: World, args: Json) -> Json | bool:
    """Other buttons, or none."""
    message = _editable(world, args)
    return _edited(world, "editMessageReplyMarkup", message, args, message.body)


@method
def delete_message(world: World, args: Json) -> bool:
    """Takes a message away."""
    chat = world.reachable(args["chat_id"])
    message = chat.messages.get(args["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    foreign = message.sender is not world.bot and chat.kind != "private"
    administers = chat.members.get(world.bot.id) in {"administrator", "creator"}
    if (foreign and not administers) or world.now() - message.date > TWO_DAYS:
        raise bad_request("message can't be deleted")
    del chat.messages[message.id]
    world.show("deleteMessage", message)
    return True


@method
def delete_messages(world: World, args: Json) -> bool:
    """Takes messages away; those that are not there are passed over."""
    chat = world.reachable(args["chat_id"])
    for number in args["message_ids"]:
        if number in chat.messages:
            delete_message(world, {"chat_id": chat.id, "message_id": number})
    return True


@method
def set_message_reaction(world: World, args: Json) -> bool:
    """The bot's reaction, or none."""
    chat = world.reachable(args["chat_id"])
    message = chat.messages.get(args["message_id"])
    if message is None:
        raise bad_request("message to react not found")
    reactions = args.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(one["type"] != "emoji" or one["emoji"] not in REACTIONS for one in reactions):
        raise bad_request("REACTION_INVALID")
    world.show("setMessageReaction", message, text="".join(one["emoji"] for one in reactions))
    return True


def _editable(world: World, args: Json) -> Message:
    """The bot's own message that a request names.

    Raises:
        Refused: There is none, or it is not the bot's.
    """
    if "inline_message_id" in args:
        if args["inline_message_id"] not in world.inline_messages:
            raise bad_request("MESSAGE_ID_INVALID")
        return world.inline_messages[args["inline_message_id"]]
    if "chat_id" not in args:
        raise bad_request("chat_id is empty")
    if "message_id" not in args:
        raise bad_request("message identifier is not specified")
    chat = world.reachable(args["chat_id"])
    message = chat.messages.get(args["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is not (None if chat.kind == "channel" else world.bot):
        raise bad_request("message can't be edited")
    return message


def _edited(world: World, name: str, message: Message, args: Json, body: Formatted) -> Json | bool:
    check_markup(args.get("reply_markup"), private=message.chat.kind == "private")
    markup = stored_markup(args.get("reply_markup"))
    if (message.body, message.markup) == (body, markup):
        raise bad_request(UNCHANGED)
    message.body, message.markup = body, markup
    if name == "editMessageText":
        message.preview = args.get("link_preview_options")
    message.edited = world.now()
    world.show(name, message)
    return True if message.inline_id else message.to_json()

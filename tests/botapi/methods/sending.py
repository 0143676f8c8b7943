"""sendMessage, sendPhoto, sendDocument, copyMessage, forwardMessage, sendChatAction: what makes something new."""

from tests.botapi.entities import Formatted
from tests.botapi.keyboards import check_markup, stored_markup
from tests.botapi.methods.content import caption_of, document_of, photo_of, replied, text_of, thread_of
from tests.botapi.methods.registry import method
from tests.botapi.nouns import Chat, File, Message
from tests.botapi.refusal import Json, bad_request
from tests.botapi.world import World

ACTIONS = set(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)


@method
def send_message(world: World, args: Json) -> Json:
    """A text."""
    chat = world.reachable(args["chat_id"])
    return _sent(world, "sendMessage", chat, args, text_of(world, args)).to_json()


@method
def send_photo(world: World, args: Json) -> Json:
    """A picture with a caption."""
    chat = world.reachable(args["chat_id"])
    return _sent(world, "sendPhoto", chat, args, caption_of(world, args), file=photo_of(world, args)).to_json()


@method
def send_document(world: World, args: Json) -> Json:
    """A file with a caption."""
    chat = world.reachable(args["chat_id"])
    return _sent(world, "sendDocument", chat, args, caption_of(world, args), file=document_of(world, args)).to_json()


@method
def copy_message(world: World, args: Json) -> Json:
    """A message again, without a link to the first."""
    chat, source = world.reachable(args["chat_id"]), _source(world, args, "copy")
    body = caption_of(world, args) if "caption" in args and source.file else source.body
    return {"message_id": _sent(world, "copyMessage", chat, args, body, file=source.file).id}


@method
def forward_message(world: World, args: Json) -> Json:
    """A message again, with a link to the first."""
    chat, source = world.reachable(args["chat_id"]), _source(world, args, "forward")
    extra = source.extra | {"forward_origin": origin_of(source)}
    return _sent(world, "forwardMessage", chat, args, source.body, file=source.file, extra=extra).to_json()


@method
def send_chat_action(world: World, args: Json) -> bool:
    """Something like “typing…” for a few seconds."""
    chat = world.reachable(args["chat_id"])
    if args["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    thread_of(chat, args, None)
    world.show_action("sendChatAction", chat, args["action"])
    return True


def origin_of(message: Message) -> Json:
    """Where a forwarded message comes from, as a MessageOrigin."""
    origin: Json = {"date": message.date}
    if message.sender:
        return origin | {"type": "user", "sender_user": message.sender.to_json()}
    return origin | {"type": "channel", "chat": message.chat.to_json(), "message_id": message.id}


def _source(world: World, args: Json, what: str) -> Message:
    message = world.find_chat(args["from_chat_id"]).messages.get(args["message_id"])
    if message is None:
        raise bad_request(f"message to {what} not found")
    return message


def _sent(
    world: World,
    name: str,
    chat: Chat,
    args: Json,
    body: Formatted,
    *,
    file: File | None = None,
    extra: Json | None = None,
) -> Message:
    markup = args.get("reply_markup")
    check_markup(markup, private=chat.kind == "private")
    reply_to = replied(world, chat, args)
    message = world.add_message(
        chat,
        None if chat.kind == "channel" else world.bot,
        body,
        file=file,
        extra=extra or {},
        markup=stored_markup(markup),
        preview=args.get("link_preview_options"),
        reply_to=reply_to,
        thread=thread_of(chat, args, reply_to),
    )
    world.show(name, message)
    return message

"""What a message may contain: its text with entities, its file, what it replies to.

Knows the limits that Telegram sets; changes nothing.
"""

import io
from dataclasses import replace

from PIL import Image, UnidentifiedImageError

from tests.botapi.entities import Entity, Formatted, found_in, given, is_blank, tidy, width
from tests.botapi.markup import USER_LINK, parse
from tests.botapi.nouns import Chat, File, Message
from tests.botapi.refusal import Json, bad_request
from tests.botapi.spec import Upload
from tests.botapi.world import World

LONGEST_TEXT = 4096  # UTF-16 units after entities
LONGEST_CAPTION = 1024
LARGEST_PHOTO = 10_000_000  # bytes
LARGEST_FILE = 50_000_000
MOST_PIXELS = 10_000  # width and height together
THINNEST = 20  # the longer side by the shorter


def text_of(world: World, args: Json, *, key: str = "text") -> Formatted:
    """The text of a message.

    Raises:
        Refused: It is empty, too long, or marked up wrongly.
    """
    body = formatted(world, args, key=key, entities="entities")
    if is_blank(body.text):
        raise bad_request("message text is empty")
    if width(body.text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return body


def caption_of(world: World, args: Json) -> Formatted:
    """The caption of a file; may be empty.

    Raises:
        Refused: It is too long, or marked up wrongly.
    """
    body = formatted(world, args, key="caption", entities="caption_entities")
    if width(body.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return body


def formatted(world: World, args: Json, *, key: str, entities: str) -> Formatted:
    """A text as given, by its parse mode or its list of entities."""
    source = "".join(char if char >= " " or char == "\n" else " " for char in args.get(key, "").replace("\r", ""))
    mode = args.get("parse_mode", "").lower()
    if mode == "html":
        body = parse(source)
    elif mode in {"markdown", "markdownv2"}:
        raise bad_request("can't parse entities: this server reads HTML only")
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        body = given(source, args.get(entities, ()))
    return found_in(tidy(Formatted(body.text, tuple(_mentioned(world, body.entities)))))


def _mentioned(world: World, entities: tuple[Entity, ...]) -> list[Entity]:
    """Links to users become mentions of those that the bot knows."""
    made = []
    for entity in entities:
        if entity.url and USER_LINK.fullmatch(entity.url):
            user = world.users.get(int(entity.url.partition("=")[2]))
            if user:
                made.append(replace(entity, type="text_mention", url=None, user=user.to_json()))
        else:
            made.append(entity)
    return made


def replied(world: World, chat: Chat, args: Json) -> Message | None:
    """The message that a new one replies to.

    Raises:
        Refused: It is not there, and nobody said that this is all right.
    """
    asked = args.get("reply_parameters")
    if not asked:
        return None
    other = world.find_chat(asked["chat_id"]) if "chat_id" in asked else chat
    message = other.messages.get(asked["message_id"])
    if message is None and not asked.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    if message and asked.get("quote") and asked["quote"] not in message.body.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return message


def thread_of(chat: Chat, args: Json, reply_to: Message | None) -> int | None:
    """The topic that a message goes to.

    Raises:
        Refused: The chat has no such topic.
    """
    thread: int | None = args.get("message_thread_id")
    if thread is not None and thread not in chat.topics:
        raise bad_request("message thread not found")
    return reply_to.thread if thread is None and reply_to and reply_to.chat is chat else thread


def document_of(world: World, args: Json) -> File:
    """The document to send: a new one, or one that the server has.

    Raises:
        Refused: It is empty, too big or unknown.
    """
    upload = _upload(args, "document")
    if isinstance(upload, str):
        return _stored(world, upload)
    return world.add_file(upload.name, upload.mime, upload.content)


def photo_of(world: World, args: Json) -> File:
    """The picture to send: a new one, or one that the server has.

    Raises:
        Refused: It is no picture, too big, too thin or unknown.
    """
    upload = _upload(args, "photo")
    if isinstance(upload, str):
        return _stored(world, upload)
    if len(upload.content) > LARGEST_PHOTO:
        raise bad_request("file is too big")
    return world.add_file(upload.name, upload.mime, upload.content, size=picture_size(upload.content))


def _upload(args: Json, key: str) -> Upload | str:
    upload: Upload | str = args[key]
    if isinstance(upload, str):
        return upload
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > LARGEST_FILE:
        raise bad_request("file is too big")
    return upload


def _stored(world: World, file_id: str) -> File:
    if "://" in file_id:
        raise bad_request("failed to get HTTP URL content")
    if file_id not in world.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return world.files[file_id]


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height.

    Raises:
        Refused: It is no picture, or not one that Telegram takes.
    """
    try:
        size = Image.open(io.BytesIO(content)).size
    except UnidentifiedImageError as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    if sum(size) > MOST_PIXELS or max(size) > THINNEST * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size

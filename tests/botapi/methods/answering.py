"""answerCallbackQuery, answerInlineQuery, answerGuestQuery: what answers a query, once and in time."""

from tests.botapi.entities import Formatted, width
from tests.botapi.keyboards import check_markup, stored_markup
from tests.botapi.methods.content import text_of
from tests.botapi.methods.registry import method
from tests.botapi.nouns import Message, Query, QueryKind
from tests.botapi.refusal import Json, bad_request
from tests.botapi.world import World

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
LIFETIMES: dict[QueryKind, float] = {"callback": 15 * 60, "inline": 10, "guest": 60}  # seconds
MOST_RESULTS = 50
LONGEST_ANSWER = 200  # characters
LONGEST_RESULT_ID = 64  # bytes
LONGEST_OFFSET = 64  # bytes


@method
def answer_callback_query(world: World, args: Json) -> bool:
    """What the person who pressed a button is told."""
    query = _waiting(world, "callback", args["callback_query_id"])
    if width(args.get("text", "")) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    return _answered(world, query, args)


@method
def answer_inline_query(world: World, args: Json) -> bool:
    """What the person who types may choose from."""
    query = _waiting(world, "inline", args["inline_query_id"])
    results = args["results"]
    if len(results) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    if len({result["id"] for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(args.get("next_offset", "").encode()) > LONGEST_OFFSET:
        raise bad_request("NEXT_OFFSET_INVALID")
    for result in results:
        content_of(world, result)
    return _answered(world, query, args)


@method
def answer_guest_query(world: World, args: Json) -> Json:
    """The message that the bot sends to a chat where it is a guest."""
    query = _waiting(world, "guest", args["guest_query_id"])
    asked = query.message
    if asked is None:
        raise bad_request(TOO_OLD)
    body = content_of(world, args["result"])
    caller = {"guest_bot_caller_user": query.person.to_json()}
    message = world.add_message(asked.chat, world.bot, body, reply_to=asked, thread=asked.thread, extra=caller)
    inline_id = enter_inline(world, message, args["result"])
    _answered(world, query, args)
    world.show("answerGuestQuery", message)
    return {"inline_message_id": inline_id}


def content_of(world: World, result: Json) -> Formatted:
    """The message that a result would become.

    Raises:
        Refused: Its id, its text or its buttons are not accepted.
    """
    if not 1 <= len(result["id"].encode()) <= LONGEST_RESULT_ID:
        raise bad_request("RESULT_ID_INVALID")
    if not result.get("title", "-").strip():
        raise bad_request("can't parse inline query result: title is empty")
    check_markup(result.get("reply_markup"), private=False)
    content = result.get("input_message_content", {})
    return text_of(world, content, key="message_text") if "message_text" in content else Formatted()


def enter_inline(world: World, message: Message, result: Json) -> str:
    """Makes a message editable by an inline message id, and gives it its buttons."""
    message.markup = stored_markup(result.get("reply_markup"))
    message.inline_id = f"inline{world.number():08}"
    world.inline_messages[message.inline_id] = message
    return message.inline_id


def _waiting(world: World, kind: QueryKind, query_id: str) -> Query:
    query = world.queries.get(query_id)
    if query is None or query.kind != kind or query.answer is not None or _is_late(world, query):
        raise bad_request(TOO_OLD)
    return query


def _is_late(world: World, query: Query) -> bool:
    return world.clock() - query.asked > LIFETIMES[query.kind]


def _answered(world: World, query: Query, args: Json) -> bool:
    query.answer = args
    world.changed.notify_all()
    return True

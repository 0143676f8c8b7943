"""Pressed buttons, inline queries, guests: answered once, in time, with what Telegram accepts."""

import time
from typing import Any

import pytest

from tests.botapi import Asked, BotApi, Room, User
from tests.botapi.conftest import Call
from tests.botapi.test_people import ARTICLE, MORE, heard

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def ann(server: BotApi) -> User:
    return server.user("Ann")


@pytest.fixture
def chat(server: BotApi, ann: User) -> Room:
    """A private chat that Ann has started."""
    room = server.private(ann)
    room.start(ann)
    return room


@pytest.fixture
def pressed(chat: Room, ann: User, call: Call) -> Asked:
    """A button that Ann has pressed."""
    call("sendMessage", chat_id=chat.id, text="a", reply_markup=MORE)
    return chat.press(ann, chat.wait_for_reply().button("More"))


def test_a_pressed_button_is_heard_and_answered(pressed: Asked, ann: User, call: Call) -> None:
    """The bot hears the data and the message; the person reads the answer."""
    kind, content = heard(call)[-1]
    assert (kind, content["data"], content["from"]["id"], content["message"]["text"]) == (
        "callback_query",
        "more",
        ann.id,
        "a",
    )
    call("answerCallbackQuery", callback_query_id=content["id"], text="here", show_alert=True)
    answer = pressed.wait_for_answer()
    assert (answer["text"], answer["show_alert"]) == ("here", True)


def test_a_button_of_a_deleted_message_still_calls(chat: Room, ann: User, call: Call) -> None:
    """An old message is told of without what it said."""
    call("sendMessage", chat_id=chat.id, text="a", reply_markup=MORE)
    reply = chat.wait_for_reply()
    chat.delete(reply)
    chat.press(ann, reply.button("More"))
    assert heard(call)[-1][1]["message"] == {
        "chat": chat.chat.to_json(),
        "message_id": reply.message_id,
        "date": 0,
    }


def test_a_query_is_answered_once_and_in_time(server: BotApi, pressed: Asked, call: Call) -> None:
    """A second answer, a late one and one to nothing are refused."""
    answer = {"callback_query_id": pressed.query.id}
    server.world.clock = lambda: time.time() + 16 * 60
    assert call("answerCallbackQuery", **answer)["description"] == TOO_OLD
    server.world.clock = time.time
    assert call("answerCallbackQuery", **answer)["ok"]
    assert call("answerCallbackQuery", **answer)["description"] == TOO_OLD
    assert call("answerCallbackQuery", callback_query_id="5")["description"] == TOO_OLD
    assert call("answerInlineQuery", inline_query_id=pressed.query.id, results=[])["description"] == TOO_OLD


def test_an_answer_to_a_button_is_short(pressed: Asked, call: Call) -> None:
    """Two hundred characters and no more."""
    told = call("answerCallbackQuery", callback_query_id=pressed.query.id, text="x" * 201)["description"]
    assert told == "Bad Request: MESSAGE_TOO_LONG"
    with pytest.raises(TimeoutError, match="an answer to 'more'"):
        pressed.wait_for_answer(timeout=0)


def test_an_inline_result_is_chosen_and_edited(server: BotApi, ann: User, chat: Room, call: Call) -> None:
    """A result goes to a chat as a message of the person; its inline id lets the bot change it."""
    asked = server.inline(ann, "Ruiz", offset="20")
    query = heard(call)[-1][1]
    assert (query["query"], query["offset"]) == ("Ruiz", "20")
    call("answerInlineQuery", inline_query_id=query["id"], results=[ARTICLE | {"reply_markup": MORE}])
    assert [result["title"] for result in asked.wait_for_answer()["results"]] == ["Ruiz"]
    server.choose(asked, "1", chat)
    chosen, message = (content for _, content in heard(call))
    assert (chosen["result_id"], message["via_bot"]["username"], message["text"]) == ("1", "article_bot", "shut")
    seen = chat.wait_for(lambda reply: reply.method == "answerInlineQuery")
    chat.press(ann, seen.button("More"))
    assert heard(call)[-1][1]["inline_message_id"] == chosen["inline_message_id"]
    edited = call("editMessageText", inline_message_id=chosen["inline_message_id"], text="open")
    assert edited["result"] is True
    assert chat.wait_for_reply().text == "open"
    with pytest.raises(LookupError, match=r"no result '2' among \['1'\]"):
        server.choose(asked, "2", chat)


@pytest.mark.parametrize(
    ("results", "more", "told"),
    [
        ([ARTICLE] * 2, {}, "RESULT_ID_DUPLICATE"),
        ([ARTICLE | {"id": str(number)} for number in range(51)], {}, "RESULTS_TOO_MUCH"),
        ([ARTICLE | {"id": "x" * 65}], {}, "RESULT_ID_INVALID"),
        ([ARTICLE | {"title": " "}], {}, "title is empty"),
        ([ARTICLE | {"input_message_content": {"message_text": ""}}], {}, "message text is empty"),
        ([ARTICLE | {"input_message_content": {"message_text": "x" * 4097}}], {}, "message is too long"),
        ([ARTICLE], {"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ([{"type": "article", "id": "1"}], {}, 'field "title" is required'),
        ([ARTICLE | {"colour": "red"}], {}, 'unknown field "colour"'),
    ],
)
def test_inline_results_are_refused(
    server: BotApi, ann: User, call: Call, results: list[Any], more: dict[str, Any], told: str
) -> None:
    """Fifty results with ids of their own, each a message that could be sent."""
    asked = server.inline(ann, "Ruiz")
    answer = call("answerInlineQuery", inline_query_id=asked.query.id, results=results, **more)
    assert told in answer["description"]


def test_a_guest_answers_once(server: BotApi, ann: User, call: Call) -> None:
    """Called into a chat where it is not, the bot sends one message there and may edit it."""
    far = server.supergroup("Far", ann, bot=False)
    claim = far.send(ann, "The bridge opens today")
    asked = far.guest(ann, "@article_bot is that so?", to=claim)
    kind, content = heard(call)[-1]
    assert (kind, content["reply_to_message"]["message_id"]) == ("guest_message", claim.id)
    sent = call("answerGuestQuery", guest_query_id=content["guest_query_id"], result=ARTICLE)["result"]
    reply = far.wait_for_reply()
    assert (reply.html, reply.reply_to) == ("<b>shut</b>", asked.query.message and asked.query.message.id)
    assert asked.wait_for_answer()["result"] == ARTICLE
    assert call("answerGuestQuery", guest_query_id=content["guest_query_id"], result=ARTICLE)["description"] == TOO_OLD
    assert call("editMessageText", inline_message_id=sent["inline_message_id"], text="no")["ok"]
    assert call("sendMessage", chat_id=far.id, text="a")["error_code"] == 403

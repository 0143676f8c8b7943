"""Sending, editing, deleting: what Telegram accepts and how it refuses."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.botapi import BotApi, Room, User
from tests.botapi.conftest import Call


@pytest.fixture
def ann(server: BotApi) -> User:
    return server.user("Ann")


@pytest.fixture
def chat(server: BotApi, ann: User) -> Room:
    """A private chat that Ann has started."""
    room = server.private(ann)
    room.start(ann)
    return room


def picture(width: int = 4, height: int = 3) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (width, height)).save(content, "PNG")
    return content.getvalue()


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x"} | button]]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "message text is empty"),
        (" \n\u200b", "message text is empty"),
        ("<b> </b>", "message text is empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
        ("<b>x", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
    ],
)
def test_a_text_is_refused(chat: Room, call: Call, text: str, told: str) -> None:
    """A text is neither empty nor longer than 4,096 UTF-16 units, and its markup is whole."""
    assert call("sendMessage", chat_id=chat.id, text=text, parse_mode="HTML")["description"] == f"Bad Request: {told}"


@pytest.mark.parametrize("text", ["<b>" + "x" * 4096 + "</b>", "😀" * 2048, "&amp;" * 4096, " " * 50 + "x" * 4096])
def test_a_text_is_measured_after_its_markup(chat: Room, call: Call, text: str) -> None:
    """Tags, references and blanks at the ends do not count."""
    assert call("sendMessage", chat_id=chat.id, text=text, parse_mode="HTML")["ok"]


@pytest.mark.parametrize("mode", ["MarkdownV2", "Markdown", "Fancy"])
def test_other_markup_is_refused(chat: Room, call: Call, mode: str) -> None:
    """Only HTML is read here."""
    assert call("sendMessage", chat_id=chat.id, text="a", parse_mode=mode)["error_code"] == 400


def test_a_link_to_a_user_becomes_a_mention(chat: Room, ann: User, call: Call) -> None:
    """A person whom the bot knows is mentioned, a stranger is not."""
    html = f'<a href="tg://user?id={ann.id}">Ann</a> <a href="tg://user?id=1">Bob</a>'
    call("sendMessage", chat_id=chat.id, text=html, parse_mode="HTML")
    reply = chat.wait_for_reply()
    assert reply.message["entities"] == [{"type": "text_mention", "offset": 0, "length": 3, "user": ann.to_json()}]
    assert reply.html == f'<a href="tg://user?id={ann.id}">Ann</a> Bob'


@pytest.mark.parametrize(
    ("button", "told"),
    [
        ({}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"callback_data": "a", "url": "https://news.example"}, "exactly one action"),
        ({"url": "nowhere"}, "URL 'nowhere' is invalid"),
        ({"copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": " ", "callback_data": "a"}, "BUTTON_TEXT_EMPTY"),
    ],
)
def test_a_button_is_refused(chat: Room, call: Call, button: dict[str, Any], told: str) -> None:
    """A button has a label and exactly one action, within its limits."""
    assert told in call("sendMessage", chat_id=chat.id, text="a", reply_markup=keyboard(**button))["description"]


@pytest.mark.parametrize(
    "button",
    [
        {"callback_data": "é" * 32},
        {"url": "https://news.example/a"},
        {"url": "tg://user?id=5"},
        {"copy_text": {"text": "x" * 256}},
        {"switch_inline_query": ""},
        {"switch_inline_query_current_chat": "Ruiz"},
        {"switch_inline_query_chosen_chat": {"query": "Ruiz", "allow_user_chats": True}},
        {"web_app": {"url": "https://news.example"}},
    ],
)
def test_a_button_is_taken(chat: Room, call: Call, button: dict[str, Any]) -> None:
    """Every kind of button that people can use stands under the message."""
    call("sendMessage", chat_id=chat.id, text="a", reply_markup=keyboard(**button))
    assert chat.wait_for_reply().button("x").json == {"text": "x"} | button


def test_a_hundred_buttons_are_enough(chat: Room, call: Call) -> None:
    """The hundred and first is too many."""
    rows = [[{"text": "x", "callback_data": "y"}]] * 101
    told = call("sendMessage", chat_id=chat.id, text="a", reply_markup={"inline_keyboard": rows})["description"]
    assert told == "Bad Request: REPLY_MARKUP_TOO_LONG"


def test_a_web_app_opens_in_private_only(server: BotApi, ann: User, call: Call) -> None:
    """A group refuses the button."""
    markup = keyboard(web_app={"url": "https://news.example"})
    told = call("sendMessage", chat_id=server.group("Friends", ann).id, text="a", reply_markup=markup)["description"]
    assert told == "Bad Request: BUTTON_TYPE_INVALID"


def test_a_reply_to_nothing_is_refused_unless_allowed(chat: Room, call: Call) -> None:
    """A message replied to must be there, or the bot must say that it need not."""
    gone: dict[str, Any] = {"message_id": 999}
    told = call("sendMessage", chat_id=chat.id, text="a", reply_parameters=gone)["description"]
    assert told == "Bad Request: message to be replied not found"
    gone["allow_sending_without_reply"] = True
    call("sendMessage", chat_id=chat.id, text="a", reply_parameters=gone)
    assert chat.wait_for_reply().reply_to is None


def test_a_quote_must_be_in_the_message(chat: Room, ann: User, call: Call) -> None:
    """A reply may quote only what was said."""
    said = chat.send(ann, "the bridge stays shut")
    quoted = {"message_id": said.id, "quote": "opens"}
    told = call("sendMessage", chat_id=chat.id, text="a", reply_parameters=quoted)["description"]
    assert told == "Bad Request: QUOTE_TEXT_INVALID"


def test_nobody_is_written_to_unasked(server: BotApi, call: Call) -> None:
    """The bot may not begin, nor write to who is unknown or has blocked it."""
    bob = server.user("Bob")
    told = [call("sendMessage", chat_id=chat_id, text="a") for chat_id in (bob.id, 5, "@nowhere")]
    server.private(bob).start(bob)
    server.block(bob)
    told.append(call("sendMessage", chat_id=bob.id, text="a"))
    assert [(answer["error_code"], answer["description"]) for answer in told] == [
        (403, "Forbidden: bot can't initiate conversation with a user"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: chat not found"),
        (403, "Forbidden: bot was blocked by the user"),
    ]
    server.unblock(bob)
    assert call("sendMessage", chat_id=bob.id, text="a")["ok"]


def test_a_group_shuts_the_bot_out(server: BotApi, ann: User, call: Call) -> None:
    """A bot that is not there, or no longer, may not write."""
    group = server.supergroup("Friends", ann, bot=False)
    outside = call("sendMessage", chat_id=group.id, text="a")["description"]
    group.bot_becomes("kicked", by=ann)
    kicked = call("sendMessage", chat_id=group.id, text="a")["description"]
    assert outside == "Forbidden: bot is not a member of the supergroup chat"
    assert kicked == "Forbidden: bot was kicked from the supergroup chat"


def test_a_group_that_became_a_supergroup_says_so(server: BotApi, ann: User, call: Call) -> None:
    """The old group's id is answered with the new one."""
    group = server.group("Friends", ann)
    new = server.migrate(group)
    answer = call("sendMessage", chat_id=group.id, text="a")
    assert answer == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }
    assert call("sendMessage", chat_id=new.id, text="a")["ok"]


def test_a_topic_must_be_there(server: BotApi, ann: User, call: Call) -> None:
    """A forum's topics are known; a reply goes to the topic of what it replies to."""
    forum = server.supergroup("Forum", ann, forum=True)
    thread = forum.topic(ann, "Bridges")
    said = forum.send(ann, "hello", thread=thread)
    assert call("sendMessage", chat_id=forum.id, text="a", message_thread_id=thread)["ok"]
    told = call("sendMessage", chat_id=forum.id, text="a", message_thread_id=99)["description"]
    assert told == "Bad Request: message thread not found"
    answered = call("sendMessage", chat_id=forum.id, text="a", reply_parameters={"message_id": said.id})["result"]
    assert (answered["message_thread_id"], answered["is_topic_message"]) == (thread, True)


def test_a_channel_takes_posts_of_its_administrators(server: BotApi, ann: User, call: Call) -> None:
    """A post comes from the channel; a bot that does not administer may not post."""
    channel = server.channel("News", ann, username="news")
    post = call("sendMessage", chat_id="@news", text="a")["result"]
    assert post["sender_chat"]["id"] == channel.id
    assert call("editMessageText", chat_id=channel.id, message_id=post["message_id"], text="b")["ok"]
    channel.bot_becomes("member", by=ann)
    assert "administrator rights" in call("sendMessage", chat_id="@news", text="a")["description"]


def test_an_edit_changes_what_is_seen(chat: Room, call: Call) -> None:
    """New text and buttons take the old ones' place."""
    sent = call("sendMessage", chat_id=chat.id, text="a", reply_markup=keyboard(callback_data="y"))["result"]
    chat.wait_for_reply()
    edited = call("editMessageText", chat_id=chat.id, message_id=sent["message_id"], text="b")["result"]
    seen = chat.wait_for_reply()
    assert (seen.method, seen.text, seen.buttons) == ("editMessageText", "b", ())
    assert edited["edit_date"]
    assert "reply_markup" not in edited


def test_an_edit_must_change_something(chat: Room, call: Call) -> None:
    """Equal text, entities and buttons are refused; a change of one is enough."""
    sent = call("sendMessage", chat_id=chat.id, text="<b>a</b>", parse_mode="HTML")["result"]
    place = {"chat_id": chat.id, "message_id": sent["message_id"]}
    same = call("editMessageText", **place, text=" <strong>a</strong>\n", parse_mode="HTML")["description"]
    assert same.startswith("Bad Request: message is not modified: specified new message content and reply markup are")
    assert call("editMessageReplyMarkup", **place)["description"] == same
    assert call("editMessageReplyMarkup", **place, reply_markup=keyboard(callback_data="y"))["ok"]
    assert call("editMessageText", **place, text="a")["ok"]


def test_only_the_bots_messages_are_edited(chat: Room, ann: User, call: Call) -> None:
    """Others' messages and those that are gone cannot be edited."""
    said = chat.send(ann, "hello")
    told = [
        call("editMessageText", chat_id=chat.id, message_id=said.id, text="b"),
        call("editMessageText", chat_id=chat.id, message_id=999, text="b"),
        call("editMessageText", chat_id=chat.id, text="b"),
        call("editMessageText", message_id=said.id, text="b"),
        call("editMessageText", inline_message_id="nothing", text="b"),
    ]
    assert [answer["description"] for answer in told] == [
        "Bad Request: message can't be edited",
        "Bad Request: message to edit not found",
        "Bad Request: message identifier is not specified",
        "Bad Request: chat_id is empty",
        "Bad Request: MESSAGE_ID_INVALID",
    ]


def test_a_message_is_deleted(server: BotApi, ann: User, chat: Room, call: Call) -> None:
    """In private chats any message goes, in groups the bot's own unless it administers."""
    said = chat.send(ann, "hello")
    assert call("deleteMessage", chat_id=chat.id, message_id=said.id)["ok"]
    again = call("deleteMessage", chat_id=chat.id, message_id=said.id)["description"]
    assert again == "Bad Request: message to delete not found"
    group = server.supergroup("Friends", ann)
    others = group.send(ann, "hello")
    refused = call("deleteMessage", chat_id=group.id, message_id=others.id)["description"]
    assert refused == "Bad Request: message can't be deleted"
    group.bot_becomes("administrator", by=ann)
    assert call("deleteMessages", chat_id=group.id, message_ids=[others.id, 999])["ok"]
    assert group.wait_for(lambda reply: reply.method == "deleteMessage").message_id == others.id


def test_a_document_is_sent_and_fetched(server: BotApi, chat: Room, call: Call) -> None:
    """An uploaded file has a path under which it is found again, for the token only."""
    sent = httpx.post(
        f"{server.base_url}{server.token}/sendDocument",
        data={"chat_id": str(chat.id), "caption": "<b>all</b>", "parse_mode": "HTML"},
        files={"document": ("a.csv", b"1,2", "text/csv")},
        trust_env=False,
    ).json()["result"]
    assert (sent["document"]["file_name"], sent["document"]["mime_type"], sent["caption"]) == (
        "a.csv",
        "text/csv",
        "all",
    )
    path = call("getFile", file_id=sent["document"]["file_id"])["result"]["file_path"]
    assert httpx.get(f"{server.base_file_url}{server.token}/{path}", trust_env=False).content == b"1,2"
    assert httpx.get(f"{server.base_file_url}1:wrongwrong/{path}", trust_env=False).status_code == 401
    assert httpx.get(f"{server.base_file_url}{server.token}/nothing", trust_env=False).status_code == 404
    seen = chat.wait_for_reply()
    assert seen.file
    assert (seen.file.content, seen.html) == (b"1,2", "<b>all</b>")


def test_a_file_may_be_attached_or_sent_again(server: BotApi, chat: Room, call: Call) -> None:
    """attach:// names an upload, a file's id names one that the server has."""
    sent = httpx.post(
        f"{server.base_url}{server.token}/sendDocument",
        data={"chat_id": str(chat.id), "document": "attach://part"},
        files={"part": ("a.csv", b"1,2", "text/csv")},
        trust_env=False,
    ).json()["result"]
    again = call("sendDocument", chat_id=chat.id, document=sent["document"]["file_id"])["result"]
    assert again["document"] == sent["document"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (picture(), None),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (b"", "file must be non-empty"),
        (picture(100, 2), "PHOTO_INVALID_DIMENSIONS"),
        (picture(9999, 600), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
def test_a_photo_must_be_a_picture(server: BotApi, chat: Room, content: bytes, told: str | None) -> None:
    """What is sent as a photo is looked at."""
    answer = httpx.post(
        f"{server.base_url}{server.token}/sendPhoto",
        data={"chat_id": str(chat.id)},
        files={"photo": ("a.png", content, "image/png")},
        trust_env=False,
    ).json()
    assert answer.get("description") == (told and f"Bad Request: {told}")
    if told is None:
        assert [(size["width"], size["height"]) for size in answer["result"]["photo"]] == [(4, 3)]


@pytest.mark.parametrize(
    ("method", "parameters", "told"),
    [
        ("sendDocument", {"document": "https://news.example/a.pdf"}, "failed to get HTTP URL content"),
        ("sendPhoto", {"photo": "nothing"}, "wrong file identifier/HTTP URL specified"),
        ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
        ("copyMessage", {"from_chat_id": 5, "message_id": 1}, "chat not found"),
        ("setMessageReaction", {"message_id": 999}, "message to react not found"),
    ],
)
def test_what_is_not_there_is_refused(
    chat: Room, call: Call, method: str, parameters: dict[str, Any], told: str
) -> None:
    """Files, actions, chats and messages must exist."""
    assert call(method, chat_id=chat.id, **parameters)["description"] == f"Bad Request: {told}"


def test_a_caption_is_shorter_than_a_text(ann: User, chat: Room, call: Call) -> None:
    """1,024 UTF-16 units; and only captions of files are edited as captions."""
    file = chat.document(ann, b"a", "a.txt").file
    assert file
    long = call("sendDocument", chat_id=chat.id, document=file.id, caption="😀" * 513)["description"]
    assert long == "Bad Request: message caption is too long"
    sent = call("sendDocument", chat_id=chat.id, document=file.id, caption="😀" * 512)["result"]
    place = {"chat_id": chat.id, "message_id": sent["message_id"]}
    assert call("editMessageCaption", **place, caption="b")["result"]["caption"] == "b"
    assert (
        call("editMessageText", **place, text="b")["description"]
        == "Bad Request: there is no text in the message to edit"
    )


def test_messages_are_copied_and_forwarded(server: BotApi, ann: User, chat: Room, call: Call) -> None:
    """A forward names its origin, a copy does not."""
    said = chat.send(ann, "<b>hello</b>", html=True)
    group = server.group("Friends", ann)
    place = {"chat_id": group.id, "from_chat_id": chat.id, "message_id": said.id}
    forwarded = call("forwardMessage", **place)["result"]
    assert forwarded["forward_origin"]["sender_user"]["id"] == ann.id
    copied = call("copyMessage", **place)["result"]["message_id"]
    assert "forward_origin" not in group.chat.messages[copied].to_json()
    assert [reply.html for reply in group.replies()] == ["<b>hello</b>"] * 2


def test_reactions_and_actions_are_seen(chat: Room, ann: User, call: Call) -> None:
    """What the bot does besides writing can be waited for."""
    said = chat.send(ann, "hello")
    call("sendChatAction", chat_id=chat.id, action="typing")
    call("setMessageReaction", chat_id=chat.id, message_id=said.id, reaction=[{"type": "emoji", "emoji": "👀"}])
    call("setMessageReaction", chat_id=chat.id, message_id=said.id)
    seen = [(reply.method, reply.text, reply.message_id) for reply in chat.replies()]
    assert seen == [
        ("sendChatAction", "typing", 0),
        ("setMessageReaction", "👀", said.id),
        ("setMessageReaction", "", said.id),
    ]


@pytest.mark.parametrize(
    ("reaction", "told"), [(["👀", "👍"], "REACTIONS_TOO_MANY"), (["🦖"], "REACTION_INVALID"), (["👀"], None)]
)
def test_a_bot_reacts_once_with_what_telegram_has(
    chat: Room, ann: User, call: Call, reaction: list[str], told: str | None
) -> None:
    """One of Telegram's reactions, and no more."""
    said = chat.send(ann, "hello")
    emoji = [{"type": "emoji", "emoji": one} for one in reaction]
    answer = call("setMessageReaction", chat_id=chat.id, message_id=said.id, reaction=emoji)
    assert answer.get("description") == (told and f"Bad Request: {told}")

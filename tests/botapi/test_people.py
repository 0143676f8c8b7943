"""What people do becomes what the bot hears, as the Bot API describes it."""

import asyncio
import io
from typing import Any

import pytest
from PIL import Image
from telegram import Bot, Update

from tests.botapi import BotApi, Room, User
from tests.botapi.conftest import Call
from tests.botapi.spec import Spec
from tests.botapi.test_spec import WHOLE, needs_whole

ARTICLE = {
    "type": "article",
    "id": "1",
    "title": "Ruiz",
    "input_message_content": {"message_text": "<b>shut</b>", "parse_mode": "HTML"},
}
KINDS = (
    "message edited_message channel_post edited_channel_post message_reaction inline_query chosen_inline_result "
    "callback_query guest_message my_chat_member"
).split()
MORE = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}


@pytest.fixture
def ann(server: BotApi) -> User:
    return server.user("Ann", language="uk", username="ann", last_name="Lee")


@pytest.fixture
def chat(server: BotApi, ann: User) -> Room:
    return server.private(ann)


def heard(call: Call) -> list[tuple[str, dict[str, Any]]]:
    """The updates that wait, as kind and content; confirms them."""
    updates = call("getUpdates")["result"]
    if updates:
        call("getUpdates", offset=updates[-1]["update_id"] + 1)
    return [next((kind, content) for kind, content in update.items() if kind != "update_id") for update in updates]


def everything(server: BotApi, ann: User, chat: Room, call: Call) -> None:
    """Every act that people have, once."""
    picture = io.BytesIO()
    Image.new("RGB", (4, 3)).save(picture, "PNG")
    call("getUpdates", allowed_updates=KINDS)
    said = chat.start(ann, "payload")
    chat.edit(ann, said, "<b>other</b> @article_bot", html=True)
    chat.reply(ann, "again", to=said)
    chat.document(ann, b"text", "a.txt", mime="text/plain", caption="read this")
    chat.photo(ann, picture.getvalue(), caption="look")
    for kind in ("sticker", "voice", "video_note", "location", "contact", "dice"):
        chat.other(ann, kind)
    chat.react(ann, said, "👍")
    call("sendMessage", chat_id=chat.id, text="a", reply_markup=MORE)
    reply = chat.wait_for_reply()
    chat.reply(ann, "why?", to=reply)
    chat.press(ann, reply.button("More"))
    group = server.group("Friends", ann)
    bob = server.user("Bob")
    group.join(bob)
    group.leave(bob)
    group.forward(ann, said)
    group.forward(ann, reply)
    server.migrate(group).send(ann, "here now")
    forum = server.supergroup("Forum", ann, forum=True, username="forum")
    forum.send(ann, "hello", thread=forum.topic(ann, "Bridges"))
    channel = server.channel("News", ann, username="news")
    post = channel.post("<b>Bridge</b> shut", html=True)
    channel.edit_post(post, "Bridge open")
    chat.forward(ann, post)
    asked = server.inline(ann, "Ruiz")
    call("answerInlineQuery", inline_query_id=asked.query.id, results=[ARTICLE | {"reply_markup": MORE}])
    server.choose(asked, "1", chat)
    far = server.supergroup("Far", ann, bot=False)
    far.guest(ann, "@article_bot who?", to=far.send(ann, "a claim"))
    far.bot_becomes("member", by=ann)
    far.bot_becomes("left", by=ann)
    server.block(ann)


@needs_whole
def test_every_update_is_as_the_bot_api_has_it(server: BotApi, ann: User, chat: Room, call: Call) -> None:
    """No field is unknown, missing or of another type in what the bot hears."""
    everything(server, ann, chat, call)
    spec = Spec.read(WHOLE)
    for update in server.world.updates.pending:
        spec.fit("Update", update, "update")
    assert len(server.world.updates.pending) > 30


@needs_whole
def test_every_answer_is_as_the_bot_api_has_it(server: BotApi, ann: User, chat: Room, call: Call) -> None:
    """Chats, members, files and messages have the fields of their types."""
    spec, group = Spec.read(WHOLE), server.supergroup("Friends", ann)
    file = chat.document(ann, b"text", "a.txt").file
    assert file
    for kind, method, parameters in (
        ("User", "getMe", {}),
        ("WebhookInfo", "getWebhookInfo", {}),
        ("ChatFullInfo", "getChat", {"chat_id": chat.id}),
        ("ChatFullInfo", "getChat", {"chat_id": group.id}),
        ("ChatMember", "getChatMember", {"chat_id": group.id, "user_id": ann.id}),
        ("ChatMember", "getChatMember", {"chat_id": chat.id, "user_id": ann.id}),
        ("Array of ChatMember", "getChatAdministrators", {"chat_id": group.id}),
        ("File", "getFile", {"file_id": file.id}),
        ("Message", "sendMessage", {"chat_id": chat.id, "text": "<b>a</b> https://b.example", "parse_mode": "HTML"}),
        ("Message", "sendDocument", {"chat_id": chat.id, "document": file.id, "caption": "a"}),
        ("MessageId", "copyMessage", {"chat_id": chat.id, "from_chat_id": chat.id, "message_id": 1}),
        ("MenuButton", "getChatMenuButton", {}),
    ):
        spec.fit(kind, call(method, **parameters)["result"], method)


def test_python_telegram_bot_understands_every_update(server: BotApi, ann: User, chat: Room, call: Call) -> None:
    """The library parses what the bot hears and knows who and where."""
    everything(server, ann, chat, call)

    async def understood() -> list[Update]:
        async with Bot(server.token, base_url=server.base_url) as bot:
            return list(await bot.get_updates())

    for update in asyncio.run(understood()):
        assert update.effective_user or update.channel_post or update.edited_channel_post
        assert update.effective_chat or update.inline_query or update.chosen_inline_result or update.callback_query


def test_people_write_with_entities(ann: User, chat: Room, call: Call) -> None:
    """A command is marked as one; a reply has what it replies to."""
    said = chat.start(ann, "payload")
    chat.reply(ann, "why?", to=said)
    first, second = (content for _, content in heard(call))
    assert (first["text"], first["entities"]) == (
        "/start payload",
        [{"type": "bot_command", "offset": 0, "length": 6}],
    )
    assert first["from"] == {
        "id": ann.id,
        "is_bot": False,
        "first_name": "Ann",
        "last_name": "Lee",
        "username": "ann",
        "language_code": "uk",
    }
    assert second["reply_to_message"]["message_id"] == said.id


def test_an_edit_is_heard_as_one(ann: User, chat: Room, call: Call) -> None:
    """Edited messages keep their id; people edit only their own."""
    said = chat.send(ann, "a")
    chat.edit(ann, said, "b")
    kind, content = heard(call)[-1]
    assert (kind, content["message_id"], content["text"], "edit_date" in content) == (
        "edited_message",
        said.id,
        "b",
        True,
    )
    with pytest.raises(ValueError, match="their own"):
        chat.edit(User(5, "Bob"), said, "c")


def test_a_file_that_people_send_can_be_fetched(ann: User, chat: Room, call: Call) -> None:
    """The update names the file, getFile finds it."""
    chat.document(ann, b"text", "a.txt", mime="text/plain", caption="read")
    document = heard(call)[0][1]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == ("a.txt", "text/plain", 4)
    assert call("getFile", file_id=document["file_id"])["result"]["file_path"].endswith(".txt")
    assert call("getFile", file_id="none")["description"] == "Bad Request: invalid file_id"


def test_a_forward_names_where_it_is_from(server: BotApi, ann: User, chat: Room, call: Call) -> None:
    """A person's message and a channel's post are told apart."""
    post = server.channel("News", ann).post("shut")
    chat.forward(ann, post)
    chat.forward(ann, chat.send(ann, "mine"))
    origins = [content["forward_origin"]["type"] for _, content in heard(call) if "forward_origin" in content]
    assert origins == ["channel", "user"]


def test_who_is_not_in_a_chat_cannot_write_there(server: BotApi, ann: User) -> None:
    """Groups are for their members, and an upgraded one for nobody."""
    group = server.group("Friends", ann)
    with pytest.raises(ValueError, match="Bob is not in"):
        group.send(server.user("Bob"), "hello")
    server.migrate(group)
    with pytest.raises(ValueError, match="was upgraded"):
        group.send(ann, "hello")


def test_a_migration_is_told_in_both_chats(server: BotApi, ann: User, call: Call) -> None:
    """The old group says where it went, the new one where it came from."""
    group = server.group("Friends", ann)
    new = server.migrate(group)
    first, second = (content for _, content in heard(call))
    assert (first["chat"]["id"], first["migrate_to_chat_id"]) == (group.id, new.id)
    assert (second["chat"]["id"], second["migrate_from_chat_id"]) == (new.id, group.id)


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("hello", False),
        ("/help", True),
        ("/help@other_bot", False),
        ("/help@article_bot", True),
        ("@Article_Bot who?", True),
    ],
)
def test_privacy_mode_hides_other_talk(text: str, *, reaches: bool) -> None:
    """A bot in privacy mode hears commands, its name and replies to it, unless it administers."""
    with BotApi(reads_all=False) as server:
        ann = server.user("Ann")
        group = server.group("Friends", ann)
        group.send(ann, text)
        assert bool(server.world.updates.pending) == reaches
        group.bot_becomes("administrator", by=ann)
        group.send(ann, text)
        assert "message" in server.world.updates.pending[-1]


def test_a_reply_to_the_bot_reaches_it_in_privacy_mode() -> None:
    """Who answers the bot is heard."""
    with BotApi(reads_all=False) as server:
        ann = server.user("Ann")
        group = server.group("Friends", ann)
        bots = server.world.add_message(group.chat, server.world.bot, group.send(ann, "a").body)
        group.reply(ann, "why?", to=bots)
        assert [update["message"]["text"] for update in server.world.updates.pending] == ["why?"]


def test_a_bot_outside_hears_nothing(server: BotApi, ann: User, call: Call) -> None:
    """It hears that it was removed, and then no more."""
    group = server.supergroup("Friends", ann)
    group.bot_becomes("kicked", by=ann)
    group.send(ann, "hello")
    assert [(kind, content["new_chat_member"]["status"]) for kind, content in heard(call)] == [
        ("my_chat_member", "kicked")
    ]


def test_an_added_bot_hears_of_it(server: BotApi, ann: User, call: Call) -> None:
    """Both as a change of its membership and as a note in the group."""
    group = server.supergroup("Friends", ann, bot=False)
    group.bot_becomes("member", by=ann)
    assert [kind for kind, _ in heard(call)] == ["my_chat_member", "message"]


def test_waiting_says_what_was_seen_instead(ann: User, chat: Room, call: Call) -> None:
    """A test that waits in vain is told what the bot did."""
    chat.send(ann, "hello")
    call("sendChatAction", chat_id=chat.id, action="typing")
    with pytest.raises(TimeoutError, match=r"Room\(private 'Ann'\); it did \[\"sendChatAction 'typing'\"\]"):
        chat.wait_for_reply(timeout=0)


def test_each_wait_returns_the_next_reply(ann: User, chat: Room, call: Call) -> None:
    """Replies are seen in order, once; other chats do not disturb."""
    chat.send(ann, "hello")
    for text in "ab":
        call("sendMessage", chat_id=chat.id, text=text)
    assert [chat.wait_for_reply().text, chat.wait_for_reply().text] == ["a", "b"]
    assert chat.replies(new=True) == []
    assert [reply.text for reply in chat.replies()] == ["a", "b"]


def test_a_button_that_is_not_there_is_named(ann: User, chat: Room, call: Call) -> None:
    """A test that presses what it cannot see is told what there is."""
    chat.send(ann, "hello")
    url = {"inline_keyboard": [[{"text": "Read", "url": "https://news.example"}]]}
    call("sendMessage", chat_id=chat.id, text="a", reply_markup=url)
    reply = chat.wait_for_reply()
    with pytest.raises(LookupError, match=r"no button 'More' among \['Read'\]"):
        reply.button("More")
    with pytest.raises(ValueError, match="does not call the bot"):
        chat.press(ann, reply.button("Read"))

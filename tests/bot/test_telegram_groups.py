"""The bot in groups and topics: it answers what is for it and nothing else."""

import pytest
from telegram.constants import ChatID

from tests.bot.conftest import Start
from tests.botapi import BotApi
from tests.botapi.nouns import User

WHO = "Who said nobody wanted this delay?"
TALK = (
    "Who said nobody wanted this delay?",
    "@another_bot Who said nobody wanted this delay?",
    "/help@another_bot",
    "/weather",
    "mail me at ann@article_bots.example",
)


@pytest.mark.parametrize(
    "text",
    [
        f"@article_bot {WHO}",
        f"{WHO} @article_bot",
        f"@Article_Bot, {WHO}",
        "/check@article_bot Nobody wanted this delay",
    ],
)
def test_a_mention_or_command_is_answered_as_a_reply(server: BotApi, start: Start, text: str) -> None:
    """A question with the bot's name is answered, and the answer names the question."""
    start()
    ann = server.user("Ann")
    room = server.supergroup("Neighbours", ann)
    question = room.send(ann, text)
    reply = room.wait_for_reply()
    assert "Ana Ruiz" in reply.text
    assert reply.reply_to == question.id


@pytest.mark.parametrize("account", [ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL])
def test_who_writes_in_the_name_of_a_chat_is_answered(server: BotApi, start: Start, account: ChatID) -> None:
    """Telegram shows admins who hide, and people who write as their channel, as bots; they are none."""
    start()
    ann = server.user("Ann")
    room, channel = server.supergroup("Neighbours", ann), server.channel("Ann writes", ann, bot=False)
    name = room if account == ChatID.ANONYMOUS_ADMIN else channel
    question = room.send_as(User(int(account), "Somebody", is_bot=True), name.chat, f"@article_bot {WHO}")
    assert room.wait_for_reply().reply_to == question.id


@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_other_talk_is_left_alone(server: BotApi, start: Start, kind: str) -> None:
    """What people say to each other or to other bots gets no answer."""
    start()
    ann = server.user("Ann")
    room = server.group("Neighbours", ann) if kind == "group" else server.supergroup("Neighbours", ann)
    for text in TALK:
        room.send(ann, text)
    room.other(ann, "sticker")
    question = room.send(ann, "/help@article_bot")
    assert room.wait_for_reply().reply_to == question.id


def test_a_reply_to_the_bot_is_answered(server: BotApi, start: Start) -> None:
    """A reply to the bot's message goes on with it; a reply to somebody else does not concern it."""
    start()
    ann, bob = server.user("Ann"), server.user("Bob")
    room = server.supergroup("Neighbours", ann, bob)
    first = room.send(ann, f"@article_bot {WHO}")
    answer = room.wait_for_reply()
    room.reply(bob, "And what about the ferry?", to=first)
    second = room.reply(bob, "What did Colin Peake deny?", to=answer)
    assert room.wait_for_reply().reply_to == second.id


def test_a_bare_mention_asks_what_it_replies_to(server: BotApi, start: Start) -> None:
    """The bot's name alone, under somebody's message, asks that message."""
    start()
    ann, bob = server.user("Ann"), server.user("Bob")
    room = server.supergroup("Neighbours", ann, bob)
    said = room.send(bob, WHO)
    room.reply(ann, "@article_bot", to=said)
    assert room.wait_for_reply().text.startswith("Ana Ruiz")


def test_an_answer_stays_in_its_topic(server: BotApi, start: Start) -> None:
    """In a forum the answer goes to the topic of the question; the message that opened the topic is no reply to it."""
    start()
    ann = server.user("Ann")
    room = server.supergroup("Forum", ann, forum=True)
    topic = room.topic(ann, "Bridges")
    room.send(ann, WHO, thread=topic)
    question = room.send(ann, f"@article_bot {WHO}", thread=topic)
    reply = room.wait_for_reply()
    assert (reply.thread, reply.reply_to) == (topic, question.id)


def test_turns_of_two_people_in_a_group_are_apart(server: BotApi, start: Start) -> None:
    """The article that one person chose is not another's."""
    start()
    ann, bob = server.user("Ann"), server.user("Bob")
    room = server.supergroup("Neighbours", ann, bob)
    room.send(ann, "/article@article_bot ferry")
    room.wait_for_reply()
    room.send(bob, f"@article_bot {WHO}")
    assert room.wait_for_reply().text.startswith("Ana Ruiz")


def test_what_a_person_sent_through_the_bot_is_not_answered(server: BotApi, start: Start) -> None:
    """A citation that somebody chose inline is no question to the bot, in its own chat neither."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.start(ann)
    chat.wait_for_reply()
    asked = server.inline(ann, WHO)
    result = asked.wait_for_answer()["results"][0]
    server.choose(asked, result["id"], chat)
    chat.wait_for_reply(method="answerInlineQuery")
    chat.send(ann, "/privacy")
    assert "/forget" in chat.wait_for_reply().text


def test_a_group_that_becomes_a_supergroup_keeps_its_turns(server: BotApi, start: Start) -> None:
    """After the migration a follow-up still knows the question before."""
    start()
    ann = server.user("Ann")
    group = server.group("Neighbours", ann)
    group.send(ann, "/article@article_bot ferry")
    group.wait_for_reply()
    room = server.migrate(group)
    room.send(ann, f"@article_bot {WHO}")
    assert not room.wait_for_reply().text.startswith("Ana Ruiz")


def test_an_answer_follows_its_group_into_the_supergroup(server: BotApi, start: Start) -> None:
    """A question asked just before the migration is answered in the supergroup."""
    start()
    ann = server.user("Ann")
    group = server.group("Neighbours", ann)
    with server.world.changed:
        group.send(ann, f"@article_bot {WHO}")
        room = server.migrate(group)
    assert "Ana Ruiz" in room.wait_for_reply().text


def test_a_group_that_the_bot_is_added_to_is_greeted(server: BotApi, start: Start) -> None:
    """The bot says once how it is spoken to, and nothing when it is removed."""
    start()
    ann = server.user("Ann")
    room = server.supergroup("Neighbours", ann, bot=False)
    room.bot_becomes("member", by=ann)
    assert "@article_bot" in room.wait_for_reply().text
    room.bot_becomes("administrator", by=ann)
    room.bot_becomes("left", by=ann)
    room.bot_becomes("member", by=ann)
    room.wait_for_reply()
    assert len(server.journal.of("sendMessage")) == 2

"""Replies as messages, sent and edited by a real bot over HTTP."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from bot.blocks import Button, Reply
from bot.handlers import sending
from bot.handlers.sending import Place, bare, plain
from bot.handlers.transport import Bot, Wire
from bot.words import Words
from tests.botapi import BotApi, Fault

LONG = Reply.of(*(f"{number}. {'word ' * 500}" for number in range(4)), buttons=[[Button("More", "m.1")]])
WORDS = Words.of("en")


def acting(server: BotApi, act: Callable[[Bot], Awaitable[object]]) -> None:
    """Let a bot do something."""

    async def scenario() -> None:
        bot = Bot(server.token, base_url=server.base_url, base_file_url=server.base_file_url)
        async with bot:
            await act(bot)

    asyncio.run(scenario())


def test_a_long_reply_is_several_messages(server: BotApi) -> None:
    """What is longer than Telegram allows comes in parts, in order; the first replies, the last has the buttons."""
    ann = server.user("Ann")
    chat = server.private(ann)
    question = chat.send(ann, "What?")
    acting(server, lambda bot: sending.send(bot, Place(chat.id, answering=question.id), LONG, WORDS))
    parts = chat.replies()
    assert [part.text[:2] for part in parts] == ["0.", "1.", "2.", "3."]
    assert [part.reply_to for part in parts] == [question.id, None, None, None]
    assert [bool(part.buttons) for part in parts] == [False, False, False, True]


def test_what_does_not_fit_in_an_edited_message_follows_it(server: BotApi) -> None:
    """An edited message shows the first part; the others come below it."""
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.send(ann, "What?")

    async def act(bot: Bot) -> None:
        (message,) = await sending.send(bot, Place(chat.id), Reply.of("Short."), WORDS)
        shown = await sending.edit(bot, Place(chat.id), [message], LONG, WORDS)
        assert shown[0] == message

    acting(server, act)
    methods = [reply.method for reply in chat.replies()]
    assert methods == ["sendMessage", "editMessageText", *["sendMessage"] * 3]


@pytest.mark.parametrize("gone", [None, 0, 2])
def test_a_shorter_reply_leaves_nothing_of_a_longer_one(server: BotApi, gone: int | None) -> None:
    """Of several messages the first are edited, what is left over is deleted, also where one of them is gone."""
    ann = server.user("Ann")
    chat = server.private(ann)
    question = chat.send(ann, "What?")

    async def act(bot: Bot) -> None:
        messages = await sending.send(bot, Place(chat.id), LONG, WORDS)
        if gone is not None:
            await bot.delete_message(chat.id, messages[gone])
        shown = await sending.edit(bot, Place(chat.id), messages, Reply(LONG.blocks[:2]), WORDS)
        assert sorted(chat.chat.messages) == [question.id, *shown]
        assert shown[:2] == messages[:2] or gone == 0

    acting(server, act)
    texts = [message.body.text[:2] for message in chat.chat.messages.values()]
    assert texts == ["Wh", "0.", "1."]


def test_thirty_messages_a_second_are_sent_over_a_slow_line(server: BotApi) -> None:
    """Where Telegram answers after 300 ms, so many messages are under way at once that it does not slow us down."""
    people = [server.user(f"Ann {number}") for number in range(24)]
    for person in people:
        server.private(person).send(person, "What?")
    server.faults.add(Fault("sendMessage", delay=0.3, times=len(people)))

    async def scenario() -> float:
        async with Bot(server.token, base_url=server.base_url, request=Wire(connection_pool_size=256)) as bot:
            began = time.monotonic()
            await asyncio.gather(*(bot.send_message(person.id, "This.") for person in people))
            return time.monotonic() - began

    assert asyncio.run(scenario()) < 0.3 * len(people) / 6


def test_a_bot_does_not_show_its_token(server: BotApi) -> None:
    """What prints a bot, as logs and errors do, prints its number."""
    bot = Bot(server.token, base_url=server.base_url)
    assert repr(bot) == "Bot[id=424242]"
    assert server.token not in f"{bot} {bot!r}"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>1 &lt; 2</b>", "1 < 2"),
        ('<a href="https://x.example">a &amp; b</a>\n<blockquote>c</blockquote>', "a & b\nc"),
    ],
)
def test_markup_taken_off_leaves_the_text(markup: str, text: str) -> None:
    """The text has no tags and no escapes."""
    assert bare(markup) == text


def test_plain_text_says_where_links_lead() -> None:
    """Where HTML was refused an address stands behind what it was the link of, as long as there is room."""
    markup = '<a href="https://x.example/?a=1&amp;b=2#c">Title</a> · <b>today</b>'
    assert plain(markup) == "Title (https://x.example/?a=1&b=2#c) · today"
    assert plain(markup + "é" * 4080) == "Title · today" + "é" * 4080

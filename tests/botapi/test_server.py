"""The server over HTTP: who gets in, what a poll returns, what a message becomes."""

import asyncio
import threading
from typing import Any

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from tests.botapi import BotApi
from tests.botapi.conftest import Call
from tests.botapi.spec import Spec


@pytest.mark.parametrize(("token", "status"), [("1:wrongtokenwrong", 401), ("nonsense", 404)])
def test_a_wrong_token_is_refused(server: BotApi, token: str, status: int) -> None:
    """A token that is not the bot's is unauthorized, one that is no token is not found."""
    response = httpx.get(f"{server.base_url}{token}/getMe", trust_env=False)
    assert (response.status_code, response.json()["error_code"]) == (status, status)


def test_an_unknown_method_is_not_found(call: Call) -> None:
    """What is no method is answered as Telegram answers."""
    assert call("sendNonsense") == {"ok": False, "error_code": 404, "description": "Not Found"}


def test_an_unknown_parameter_is_refused(call: Call) -> None:
    """A parameter that the method does not have is named."""
    assert '"colour"' in call("sendMessage", chat_id=1, text="a", colour="red")["description"]


@pytest.mark.parametrize(
    ("request_as", "status"),
    [
        ({"params": {"chat_id": "CHAT", "text": "5"}}, 200),
        ({"data": {"chat_id": "CHAT", "text": "5"}}, 200),
        ({"json": {"chat_id": "CHAT", "text": 5}}, 200),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400),
        ({"content": b"[1]", "headers": {"Content-Type": "application/json"}}, 400),
    ],
)
def test_parameters_come_in_every_form(server: BotApi, request_as: dict[str, Any], status: int) -> None:
    """Query, form and JSON say the same; what cannot be read is refused."""
    ann = server.user("Ann")
    server.private(ann).start(ann)
    for form in ("params", "data", "json"):
        if form in request_as:
            request_as = {form: request_as[form] | {"chat_id": ann.id}}
    response = httpx.post(f"{server.base_url}{server.token}/SENDmessage", trust_env=False, **request_as)
    assert response.status_code == status
    assert [reply.text for reply in server.private(ann).replies()] == (["5"] if status == 200 else [])


def test_a_method_that_is_not_done_here_says_so(server: BotApi, call: Call) -> None:
    """A method of the Bot API that the server lacks is not taken for one that does not exist."""
    server.spec = Spec({"sendDice": ()}, {}, {})
    assert call("sendDice")["error_code"] == 501


def test_a_path_of_nothing_is_not_found(server: BotApi) -> None:
    """The server answers in Telegram's form wherever it is asked."""
    assert httpx.get(f"{server.address}/nothing", trust_env=False).json()["error_code"] == 404


def test_a_poll_whose_client_has_gone_takes_nothing_with_it(server: BotApi, call: Call) -> None:
    """An update that nobody heard comes to the next poll."""
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{server.base_url}{server.token}/getUpdates?timeout=30", timeout=0.1, trust_env=False)
    server.world.wait_until(lambda: server.journal.calls or None, timeout=5, awaited=lambda: "the end of the poll")
    ann = server.user("Ann")
    server.private(ann).send(ann, "hello")
    assert len(call("getUpdates", timeout=10)["result"]) == 1
    assert [one.status for one in server.journal.of("getUpdates")] == [0, 200]


def test_a_poll_waits_for_an_update(server: BotApi, call: Call) -> None:
    """A long poll returns when somebody writes, not before."""
    ann = server.user("Ann")
    answers: list[Any] = []
    poll = threading.Thread(target=lambda: answers.append(call("getUpdates", timeout=10)))
    poll.start()
    server.private(ann).send(ann, "hello")
    poll.join()
    assert [update["message"]["text"] for update in answers[0]["result"]] == ["hello"]


def test_an_offset_confirms(server: BotApi, call: Call) -> None:
    """An update comes again until a poll asks for what follows it."""
    ann = server.user("Ann")
    server.private(ann).send(ann, "hello")
    first, again = call("getUpdates")["result"], call("getUpdates")["result"]
    assert first == again != []
    assert call("getUpdates", offset=first[0]["update_id"] + 1)["result"] == []


def test_a_message_is_seen_with_its_entities(server: BotApi, call: Call) -> None:
    """HTML arrives as text and entities, with the message it replies to."""
    ann = server.user("Ann")
    chat = server.private(ann)
    question = chat.send(ann, "?")
    html = "😀 <b>Ruiz</b> <blockquote>shut &amp; closed</blockquote>"
    call("sendMessage", chat_id=chat.id, text=html, parse_mode="HTML", reply_parameters={"message_id": question.id})
    reply = chat.wait_for_reply()
    assert (reply.text, reply.html, reply.reply_to) == ("😀 Ruiz shut & closed", html, question.id)
    assert [(entity.type, entity.offset, entity.length) for entity in reply.entities] == [
        ("bold", 3, 4),
        ("blockquote", 8, 13),
    ]


def test_the_journal_has_requests_but_no_token(server: BotApi, call: Call) -> None:
    """Every request is written down with its answer; the token is not."""
    call("getMe")
    call("sendMessage", chat_id=7, text="a")
    assert [(one.method, one.status) for one in server.journal] == [("getMe", 200), ("sendMessage", 400)]
    assert server.token not in repr(list(server.journal)) + repr(server)


async def _converse(server: BotApi) -> tuple[str, str, str]:
    application = (
        Application.builder().token(server.token).base_url(server.base_url).base_file_url(server.base_file_url).build()
    )

    async def answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        button = InlineKeyboardButton("More", callback_data="more")
        await update.message.reply_html("<b>first</b>", reply_markup=InlineKeyboardMarkup([[button]]))

    async def more(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query
        await update.callback_query.answer("here")
        await update.callback_query.edit_message_text("second")

    application.add_handlers([MessageHandler(filters.TEXT, answer), CallbackQueryHandler(more)])
    ann = server.user("Ann")
    chat = server.private(ann)
    async with application:
        await application.start()
        assert application.updater
        await application.updater.start_polling()
        chat.send(ann, "hello")
        first = await asyncio.to_thread(chat.wait_for_reply)
        told = await asyncio.to_thread(chat.press(ann, first.button("More")).wait_for_answer)
        second = await asyncio.to_thread(chat.wait_for_reply)
        await application.updater.stop()
        await application.stop()
    return first.html, told["text"], second.text


def test_an_application_talks_to_people(server: BotApi) -> None:
    """The real Application polls, answers, hears a pressed button and edits."""
    assert asyncio.run(_converse(server)) == ("<b>first</b>", "here", "second")


def test_a_bot_knows_itself(server: BotApi) -> None:
    """The real Bot gets its own name."""

    async def name() -> str:
        async with Bot(server.token, base_url=server.base_url) as bot:
            return bot.username

    assert asyncio.run(name()) == "article_bot"

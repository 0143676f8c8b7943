"""The real python-telegram-bot against the server: what it sends is accepted, what is refused it understands."""

import asyncio
import io
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    MenuButtonCommands,
    ReactionTypeEmoji,
    ReplyParameters,
    SwitchInlineQueryChosenChat,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import AIORateLimiter, Application, ExtBot

from tests.botapi import BotApi, Fault, Room, User

Result = TypeVar("Result")
CARD = InlineQueryResultArticle(
    id="1",
    title="Ruiz",
    description="said",
    input_message_content=InputTextMessageContent("<b>shut</b>", parse_mode=ParseMode.HTML),
    reply_markup=InlineKeyboardMarkup.from_button(InlineKeyboardButton("More", callback_data="more")),
)


@pytest.fixture(autouse=True)
def _durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's own switch to its coming kind of `retry_after`; without it it warns, and warnings are errors."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def ann(server: BotApi) -> User:
    return server.user("Ann")


@pytest.fixture
def chat(server: BotApi, ann: User) -> Room:
    """A private chat that Ann has started."""
    room = server.private(ann)
    room.start(ann)
    return room


def ask(server: BotApi, work: Callable[[Bot], Awaitable[Result]]) -> Result:
    """Lets a real Bot do something."""

    async def done() -> Result:
        async with Bot(server.token, base_url=server.base_url, base_file_url=server.base_file_url) as bot:
            return await work(bot)

    return asyncio.run(done())


def test_a_rich_message_is_sent(server: BotApi, chat: Room) -> None:
    """Every kind of button, a reply and a hidden preview pass."""
    buttons = [
        [InlineKeyboardButton("Context", callback_data="context")],
        [
            InlineKeyboardButton("Quote", copy_text=CopyTextButton("shut")),
            InlineKeyboardButton("Read", url="http://a.example"),
        ],
        [
            InlineKeyboardButton(
                "Send", switch_inline_query_chosen_chat=SwitchInlineQueryChosenChat(allow_user_chats=True)
            )
        ],
    ]

    async def send(bot: Bot) -> None:
        await bot.send_message(
            chat.id,
            "<blockquote>shut</blockquote>",
            parse_mode=ParseMode.HTML,
            reply_markup=InlineKeyboardMarkup(buttons),
            reply_parameters=ReplyParameters(99, allow_sending_without_reply=True),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            disable_notification=True,
        )

    ask(server, send)
    reply = chat.wait_for_reply()
    assert [[button.text for button in row] for row in reply.buttons] == [["Context"], ["Quote", "Read"], ["Send"]]
    assert reply.message["link_preview_options"] == {"is_disabled": True}


def test_files_go_both_ways(server: BotApi, ann: User, chat: Room) -> None:
    """The library uploads a picture and a document, and downloads what a person sent."""
    sent = chat.document(ann, b"an article", "a.txt").file
    assert sent
    picture = io.BytesIO()
    Image.new("RGB", (4, 3)).save(picture, "PNG")

    async def work(bot: Bot) -> bytes:
        await bot.send_photo(chat.id, picture.getvalue(), caption="plot")
        await bot.send_document(chat.id, b"1,2", filename="a.csv", caption="<b>all</b>", parse_mode=ParseMode.HTML)
        return bytes(await (await bot.get_file(sent.id)).download_as_bytearray())

    assert ask(server, work) == b"an article"
    photo, document = chat.wait_for_reply(), chat.wait_for_reply()
    assert photo.file
    assert photo.file.content == picture.getvalue()
    assert document.file
    assert (document.file.name, document.file.content, document.html) == ("a.csv", b"1,2", "<b>all</b>")


def test_queries_are_answered(server: BotApi, ann: User, chat: Room) -> None:
    """Inline and guest answers of the library are accepted, buttons and all."""
    inline, guest = server.inline(ann, "Ruiz"), server.supergroup("Far", ann, bot=False).guest(ann, "@article_bot who?")

    async def work(bot: Bot) -> str:
        button = InlineQueryResultsButton("Open", start_parameter="a")
        await bot.answer_inline_query(inline.query.id, [CARD], cache_time=5, is_personal=True, button=button)
        return (await bot.answer_guest_query(guest.query.id, CARD)).inline_message_id

    assert ask(server, work).startswith("inline")
    assert inline.wait_for_answer()["button"] == {"text": "Open", "start_parameter": "a"}
    assert server.choose(inline, "1", chat)["title"] == "Ruiz"


def test_a_bot_describes_itself(server: BotApi, ann: User, chat: Room) -> None:
    """Menus, names and reactions of the library are accepted."""
    said = chat.send(ann, "hello")

    async def work(bot: Bot) -> None:
        await bot.set_my_commands([BotCommand("start", "begins")], language_code="uk")
        await bot.set_my_commands([BotCommand("reload", "reloads")], scope=BotCommandScopeChat(chat.id))
        await bot.set_my_description("Answers", language_code="uk")
        await bot.set_my_short_description("Answers")
        await bot.set_my_name("Article Bot")
        await bot.set_chat_menu_button(chat.id, MenuButtonCommands())
        await bot.send_chat_action(chat.id, ChatAction.TYPING)
        await bot.set_message_reaction(chat.id, said.id, ReactionTypeEmoji("👀"))

    ask(server, work)
    assert server.menu(ann, chat) == ["reload"]
    assert [reply.text for reply in chat.replies()] == ["typing", "👀"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("sendMessage", status=429, retry_after=3), RetryAfter),
        (Fault("sendMessage", status=500), NetworkError),
        (Fault("sendMessage", status=502), NetworkError),
        (Fault("sendMessage", status=403), Forbidden),
        (Fault("sendMessage", status=400), BadRequest),
        (Fault("sendMessage", status=409), Conflict),
        (Fault("sendMessage", status=401), InvalidToken),
        (Fault("sendMessage", drop=True), NetworkError),
    ],
)
def test_the_library_understands_what_goes_wrong(
    server: BotApi, chat: Room, fault: Fault, error: type[Exception]
) -> None:
    """Each refusal becomes the library's own error."""
    server.faults.add(replace(fault))
    with pytest.raises(error):
        ask(server, lambda bot: bot.send_message(chat.id, "a"))


@pytest.mark.usefixtures("chat")
def test_the_library_hears_through_a_webhook(server: BotApi) -> None:
    """An Application that listens at a secret address gets what people write."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    secret = "sesame_1"  # noqa: S105 - opens nothing but this test

    async def converse() -> str:
        application = Application.builder().token(server.token).base_url(server.base_url).build()
        async with application:
            assert application.updater
            await application.updater.start_webhook(
                "127.0.0.1", port, "hook", webhook_url=f"http://127.0.0.1:{port}/hook", secret_token=secret
            )
            update = await asyncio.wait_for(application.update_queue.get(), 10)
            await application.updater.stop()
        assert isinstance(update, Update)
        assert update.message
        return str(update.message.text)

    assert asyncio.run(converse()) == "/start"
    assert server.journal.of("setWebhook")[0].parameters["secret_token"] == secret


def test_the_library_understands_a_migration(server: BotApi, ann: User) -> None:
    """The error names the new chat."""
    group = server.group("Friends", ann)
    new = server.migrate(group)
    with pytest.raises(ChatMigrated) as migrated:
        ask(server, lambda bot: bot.send_message(group.id, "a"))
    assert migrated.value.new_chat_id == new.id


def test_the_library_waits_when_told(server: BotApi, chat: Room) -> None:
    """Its rate limiter tries again after a refusal, and the message arrives once."""
    server.faults.add(Fault("sendMessage", status=429, retry_after=1))

    async def work() -> None:
        limiter = AIORateLimiter(max_retries=1)
        async with ExtBot(server.token, base_url=server.base_url, rate_limiter=limiter) as bot:
            await bot.send_message(chat.id, "a")

    asyncio.run(work())
    assert [call.status for call in server.journal.of("sendMessage")] == [429, 200]
    assert [reply.text for reply in chat.replies()] == ["a"]

"""What happens when something goes wrong inside: told kindly to the person, usefully to admins, and never at length."""

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval import Archive
from tests.bot.conftest import Start
from tests.bot.small import CRASH, FragileEmbedder
from tests.botapi import BotApi, Fault

TOKEN_LIKE = "424242:TEST-token_of_a_bot_that_does_not_exist"  # noqa: S105 - of no bot
WHO = "Who said nobody wanted this delay?"


@pytest.fixture
def fragile(news: Path, open_archive: Callable[..., Archive]) -> Archive:
    """Two small articles over a model that may fail."""
    archive = open_archive(news, FragileEmbedder(TOKEN_LIKE), threshold=0.2)
    archive.reload()
    return archive


def test_a_person_is_told_kindly_and_admins_usefully(server: BotApi, start: Start, fragile: Archive) -> None:
    """The person reads that it is noted; admins read what failed at which update, without secrets, once a minute."""
    boss, ann = server.user("Boss"), server.user("Ann")
    running = start(admins=[boss.id], archive=fragile)
    office, chat = server.private(boss), server.private(ann)
    office.start(boss)
    office.wait_for_reply()
    for _ in range(2):
        chat.send(ann, CRASH)
        assert "Something went wrong on my side" in chat.wait_for_reply().text
    chat.send(ann, WHO)
    assert chat.wait_for_reply().text.startswith("Ana Ruiz")
    told = [reply.text for reply in office.replies(new=True) if reply.text.startswith("RuntimeError at update")]
    assert len(told) == 1
    assert server.token not in told[0]
    assert 'article_bot_errors_total{kind="RuntimeError"} 2.0' in running.desk.metrics.exposed().decode()


def test_a_press_that_fails_is_answered(server: BotApi, start: Start, fragile: Archive) -> None:
    """A button whose work fails does not glow for ever."""
    start(archive=fragile)
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.send(ann, WHO)
    answer = chat.wait_for_reply()
    server.faults.add(Fault("editMessageText", status=400, description="Bad Request: something new"))
    assert chat.press(ann, answer.button("Context")).wait_for_answer() is not None
    chat.send(ann, WHO)
    assert chat.wait_for_reply().text.startswith("Ana Ruiz")


def test_queries_that_fail_are_answered(server: BotApi, start: Start, fragile: Archive) -> None:
    """Who called the bot as a guest reads that it is noted; who typed after its name sees nothing."""
    start(archive=fragile)
    ann = server.user("Ann")
    room = server.supergroup("Elsewhere", ann, bot=False)
    room.guest(ann, f"@article_bot {CRASH}").wait_for_answer()
    assert "Something went wrong on my side" in room.wait_for_reply().text
    refused = server.inline(ann, CRASH).wait_for_answer()
    assert (refused["results"], refused["cache_time"]) == ([], 0)


def test_an_admin_who_never_wrote_to_the_bot_is_no_error(server: BotApi, start: Start, fragile: Archive) -> None:
    """A report that cannot be delivered does not keep the bot from going on."""
    boss, ann = server.user("Boss"), server.user("Ann")
    start(admins=[boss.id], archive=fragile)
    chat = server.private(ann)
    chat.send(ann, CRASH)
    chat.wait_for_reply()
    chat.send(ann, WHO)
    assert chat.wait_for_reply().text.startswith("Ana Ruiz")


def test_a_query_that_came_too_late_is_no_error(server: BotApi, start: Start) -> None:
    """Telegram forgets queries; an answer that comes too late is let go."""
    running = start()
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.send(ann, WHO)
    answer = chat.wait_for_reply()
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    server.faults.add(Fault("answerCallbackQuery", status=400, description=late))
    server.faults.add(Fault("answerInlineQuery", status=400, description=late))
    chat.press(ann, answer.button("Context"))
    assert chat.wait_for_reply(method="editMessageText").message_id == answer.message_id
    server.inline(ann, WHO)
    assert server.inline(ann, f"{WHO} really").wait_for_answer()["results"]
    assert "BadRequest" not in running.desk.metrics.exposed().decode()

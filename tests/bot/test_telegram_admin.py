"""Commands of admins over Telegram, and what others get for them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval import Archive
from tests.bot.conftest import Start
from tests.botapi import BotApi
from tests.botapi.nouns import User
from tests.botapi.rooms import Room
from tests.botapi.seen import Button

WHO = "Who said nobody wanted this delay?"
VAIN = "What did Napoleon say about Elba?"
LIBRARY = "Library opens late\n\nThe library will open at noon on Monday, librarian Mona Field said.\n"


@pytest.fixture
def boss(server: BotApi) -> User:
    return server.user("Boss")


@pytest.fixture
def office(server: BotApi, boss: User) -> Room:
    """The admin's chat with the bot."""
    return server.private(boss)


@pytest.mark.parametrize(
    "command", ["/reload", "/add x", "/remove ferry", "/unanswered", "/stats", "/export", "/publish"]
)
def test_others_are_refused(server: BotApi, start: Start, boss: User, command: str) -> None:
    """Who is no admin is told so, clearly, and nothing is done."""
    running = start(admins=[boss.id])
    ann = server.user("Ann")
    server.private(ann).send(ann, command)
    assert "Only admins" in server.private(ann).wait_for_reply().text
    assert len(running.desk.archive.articles) == 2


def test_a_command_of_admins_in_a_group_may_be_another_bots(server: BotApi, start: Start, boss: User) -> None:
    """In a group /stats without this bot's name is left alone unless an admin sends it."""
    start(admins=[boss.id])
    ann = server.user("Ann")
    room = server.supergroup("Neighbours", ann, boss)
    room.send(ann, "/stats")
    question = room.send(ann, "/stats@article_bot")
    reply = room.wait_for_reply()
    assert (reply.reply_to, "Only admins" in reply.text) == (question.id, True)


def test_reload_says_what_became_of_the_articles(start: Start, boss: User, office: Room, news: Path) -> None:
    """One message is edited from progress to what was added, changed, removed and could not be read."""
    running = start(admins=[boss.id])
    office.start(boss)
    office.wait_for_reply()
    articles = news / "articles"
    (articles / "library.txt").write_text(LIBRARY, encoding="utf-8")
    (articles / "ferry.txt").unlink()
    (articles / "bridge.txt").write_text("Bridge opens\n\nThe bridge is open, Mayor Ana Ruiz said.", encoding="utf-8")
    (articles / "broken.md").write_text("---\nid: [\n---\n", encoding="utf-8")
    office.send(boss, "/reload")
    began = office.wait_for_reply()
    done = office.wait_for_reply()
    assert done.message_id == began.message_id
    for said in ("1 added: library", "1 changed: bridge", "1 removed: ferry", "broken.md", "seconds"):
        assert said in done.text
    assert [article.id for article in running.desk.archive.articles] == ["bridge", "library"]


def test_a_file_sent_to_the_chat_is_added_and_outlives_a_reload(start: Start, boss: User, office: Room) -> None:
    """A document becomes an article, is kept under the data folder, and stays with the next reload."""
    running = start(admins=[boss.id])
    office.document(boss, LIBRARY.encode(), "../../the library.txt")
    assert "1 added: the-library" in office.wait_for_reply().text
    assert [path.name for path in running.desk.settings.uploads_folder.iterdir()] == ["the-library.txt"]
    office.send(boss, "/reload")
    office.wait_for_reply()
    assert "removed" not in office.wait_for_reply().text
    office.send(boss, "When will the library open?")
    assert "Library opens late" in office.wait_for_reply().text


@pytest.mark.parametrize("caption", ["/add", "When will the library open?"])
def test_a_file_with_a_caption_is_added(start: Start, boss: User, office: Room, caption: str) -> None:
    """Whatever stands under a document of an admin, it becomes an article."""
    start(admins=[boss.id])
    office.document(boss, LIBRARY.encode(), "library.txt", caption=caption)
    assert "1 added: library" in office.wait_for_reply().text


def test_an_edited_command_is_a_command(start: Start, boss: User, office: Room) -> None:
    """An admin may correct a command."""
    start(admins=[boss.id])
    command = office.send(boss, "/remove fery")
    office.wait_for_reply()
    office.edit(boss, command, "/remove ferry")
    assert office.wait_for_reply().button("Remove it")


def test_a_reload_that_the_end_interrupts_is_done_again(start: Start, boss: User, office: Room, news: Path) -> None:
    """No message is left that says for ever that articles are read; the next process reads them and says so."""
    first = start(admins=[boss.id])
    office.start(boss)
    office.wait_for_reply()
    first.desk.stopping.set()
    (news / "articles" / "library.txt").write_text(LIBRARY, encoding="utf-8")
    office.send(boss, "/reload")
    began = office.wait_for_reply()
    assert office.wait_for(lambda reply: reply.method == "deleteMessage").message_id == began.message_id
    first.stop()
    start(admins=[boss.id])
    office.wait_for_reply()
    assert "seconds" in office.wait_for_reply(method="editMessageText").text


def test_a_file_that_is_no_article_is_refused_and_not_kept(start: Start, boss: User, office: Room) -> None:
    """What cannot be read is said and leaves nothing behind; the same for what is too large."""
    running = start(admins=[boss.id], upload_bytes=1000)
    office.document(boss, b"\x00\x01", "picture.xyz")
    assert "picture.xyz" in office.wait_for_reply().text
    office.document(boss, b"word " * 1000, "long.txt")
    assert "too large" in office.wait_for_reply().text
    assert list(running.desk.settings.uploads_folder.iterdir()) == []


def test_add_takes_addresses_only(start: Start, boss: User, office: Room) -> None:
    """A path of the machine is no address: nobody reads its files over a chat."""
    running = start(admins=[boss.id])
    for command in ("/add", "/add /etc/passwd", "/add file:///etc/passwd"):
        office.send(boss, command)
        assert "Which address?" in office.wait_for_reply().text
    assert len(running.desk.archive.articles) == 2


def test_remove_asks_first(start: Start, boss: User, office: Room) -> None:
    """An article goes when the admin confirms, stays when not, and is not found when there is none."""
    running = start(admins=[boss.id])
    office.send(boss, "/remove nothing")
    assert "no article “nothing”" in office.wait_for_reply().text
    for label, left in (("Keep it", 2), ("Remove it", 1)):
        office.send(boss, "/remove ferry")
        asked = office.wait_for_reply()
        office.press(boss, asked.button(label)).wait_for_answer()
        assert office.wait_for_reply(method="editMessageText").message_id == asked.message_id
        assert len(running.desk.archive.articles) == left
    assert "too old" in office.press(boss, asked.button("Remove it")).wait_for_answer()["text"]


def test_a_button_of_admins_does_nothing_for_others(server: BotApi, start: Start, boss: User) -> None:
    """In a group everybody sees the button, and only admins may press it."""
    running = start(admins=[boss.id])
    ann = server.user("Ann")
    room = server.supergroup("Office", boss, ann)
    room.send(boss, "/remove@article_bot ferry")
    asked = room.wait_for_reply()
    assert "Only admins" in room.press(ann, asked.button("Remove it")).wait_for_answer()["text"]
    assert len(running.desk.archive.articles) == 2


def test_what_was_asked_in_vain_is_grouped(server: BotApi, start: Start, boss: User, office: Room) -> None:
    """Questions much alike are one line with their number; the archive of a new bot says that there are none."""
    start(admins=[boss.id])
    office.send(boss, "/unanswered")
    assert "Every question found an answer" in office.wait_for_reply().text
    ann = server.user("Ann")
    for text in (VAIN, VAIN.lower()):
        server.private(ann).send(ann, text)
        server.private(ann).wait_for_reply()
    office.send(boss, "/unanswered")
    reply = office.wait_for_reply().text
    assert "2 ×" in reply
    assert "napoleon" in reply.lower()


def test_stats_are_a_picture_with_figures(server: BotApi, start: Start, boss: User, office: Room) -> None:
    """Questions per day come as a PNG with the figures in its caption."""
    start(admins=[boss.id])
    ann = server.user("Ann")
    chat = server.private(ann)
    for text in (WHO, VAIN):
        chat.send(ann, text)
    answer = chat.wait_for_reply()
    chat.press(ann, answer.button("👍")).wait_for_answer()
    chat.wait_for_reply()
    office.send(boss, "/stats")
    reply = office.wait_for_reply(20)
    assert reply.method == "sendPhoto"
    assert reply.file is not None
    assert reply.file.content.startswith(b"\x89PNG")
    for said in ("2 questions", "answered: 1", "👍 1"):
        assert said in reply.text


@pytest.mark.parametrize(("command", "method"), [("/stats", "sendPhoto"), ("/export", "sendDocument")])
def test_files_answer_the_command_in_a_group(
    server: BotApi, start: Start, boss: User, command: str, method: str
) -> None:
    """A picture or a file names the command, as other answers do."""
    start(admins=[boss.id])
    room = server.supergroup("Office", boss)
    room.send(boss, f"@article_bot {WHO}")
    room.wait_for_reply()
    asked = room.send(boss, f"{command}@article_bot")
    assert room.wait_for_reply(20, method=method).reply_to == asked.id


def test_export_is_the_journal_without_who_asked(server: BotApi, start: Start, boss: User, office: Room) -> None:
    """Every question comes as a line of JSON; of who asked it nothing is told."""
    start(admins=[boss.id])
    office.send(boss, "/export")
    assert "Nothing has been asked" in office.wait_for_reply().text
    ann = server.user("Ann")
    server.private(ann).send(ann, WHO)
    server.private(ann).wait_for_reply()
    office.send(boss, "/export")
    reply = office.wait_for_reply()
    assert reply.file is not None
    assert reply.file.name.endswith(".jsonl")
    (row,) = [json.loads(line) for line in reply.file.content.decode().splitlines()]
    assert (row["question"], row["found"]) == (WHO, True)
    assert str(ann.id) not in reply.file.content.decode()


def test_a_staged_reload_is_published_by_a_button(
    start: Start, boss: User, office: Room, news: Path, open_archive: Callable[..., Archive]
) -> None:
    """Where publication is to be approved, a reload waits until an admin publishes or discards it."""
    archive = open_archive(news, publish="approve")
    archive.reload()
    archive.publish()
    start(admins=[boss.id], archive=archive)
    office.send(boss, "/publish")
    assert "Nothing waits" in office.wait_for_reply().text
    (news / "articles" / "library.txt").write_text(LIBRARY, encoding="utf-8")
    office.send(boss, "/reload")
    office.wait_for_reply()
    staged = office.wait_for_reply()
    assert "Waits for publication" in staged.text
    assert len(archive.articles) == 2
    office.press(boss, staged.button("Publish")).wait_for_answer()
    assert "1 added: library" in office.wait_for_reply(method="editMessageText").text
    assert len(archive.articles) == 3


def test_the_last_change_is_taken_back_after_asking(start: Start, boss: User, office: Room, news: Path) -> None:
    """/rollback asks, and what was added last is gone."""
    running = start(admins=[boss.id])
    office.start(boss)
    office.wait_for_reply()
    (news / "articles" / "library.txt").write_text(LIBRARY, encoding="utf-8")
    office.send(boss, "/reload")
    office.wait_for_reply()
    office.wait_for_reply()
    office.send(boss, "/rollback")
    asked = office.wait_for_reply()
    office.press(boss, asked.button("Take it back")).wait_for_answer()
    assert "1 removed: library" in office.wait_for_reply(method="editMessageText").text
    assert len(running.desk.archive.articles) == 2


def test_an_old_button_of_admins_is_answered(start: Start, boss: User, office: Room) -> None:
    """A button of a version long gone gets a kind word."""
    start(admins=[boss.id])
    office.start(boss)
    message = office.wait_for_reply()
    old = Button("Old", office.id, message.message_id, {"text": "Old", "callback_data": "!gone.1"})
    assert "too old" in office.press(boss, old).wait_for_answer()["text"]

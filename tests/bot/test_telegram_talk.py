"""Questions over Telegram, in private chats: asked, answered, edited."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.turns import MESSAGE
from retrieval import Archive
from retrieval.embed import Vectors
from tests.bot.conftest import Start
from tests.botapi import BotApi, Fault
from tests.botapi.entities import Formatted
from tests.botapi.rooms import OTHERS
from tests.conftest import HashingEmbedder

WHO = "Who said nobody wanted this delay?"
SENTENCE = "“Nobody wanted this delay less than I did,” Mayor Ana Ruiz told reporters."
PAUSE_SECONDS = 1.2  # longer than the bot takes before it shows that it works


class PausingEmbedder(HashingEmbedder):
    """A model that takes its time over questions."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, after a pause."""
        if len(texts) == 1:
            time.sleep(PAUSE_SECONDS)
        return super().embed(texts)


def test_a_question_is_answered_with_a_verbatim_sentence(server: BotApi, start: Start) -> None:
    """The speaker comes first, then the sentence in a quotation, word for word, with buttons and without a preview."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.send(ann, WHO)
    reply = chat.wait_for_reply()
    assert reply.text.startswith("Ana Ruiz")
    assert SENTENCE in " ".join("".join(reply.marked("blockquote")).split())
    assert reply.button("Context").data
    assert reply.message["link_preview_options"] == {"is_disabled": True}
    assert reply.reply_to is None


@pytest.mark.parametrize("text", ["/help", "/help@article_bot"])
def test_a_command_is_answered(server: BotApi, start: Start, text: str) -> None:
    """Commands are the conversation's, with the bot's name and without."""
    start()
    ann = server.user("Ann")
    server.private(ann).send(ann, text)
    assert "/articles" in server.private(ann).wait_for_reply().text


def test_the_bot_speaks_the_persons_language(server: BotApi, start: Start) -> None:
    """What Telegram says of a person's language decides the bot's words."""
    start()
    ann, olena = server.user("Ann"), server.user("Olena", language="uk")
    texts = []
    for person in (ann, olena):
        server.private(person).send(person, "/language")
        texts.append(server.private(person).wait_for_reply().text)
    assert all("Українська" in text for text in texts)


def test_an_edited_question_is_answered_by_editing_the_answer(server: BotApi, start: Start) -> None:
    """The answer to an edited question takes the place of the answer to what it was."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    question = chat.send(ann, "How many people did the ferry carry?")
    first = chat.wait_for_reply()
    chat.edit(ann, question, WHO)
    second = chat.wait_for_reply()
    assert (second.method, second.message_id) == ("editMessageText", first.message_id)
    assert second.text.startswith("Ana Ruiz")


def test_an_answer_in_several_messages_is_one_answer(
    server: BotApi, start: Start, news: Path, open_archive: Callable[..., Archive]
) -> None:
    """A reply to any of them continues it; when the question is edited, none of them is left as it was."""
    said = "and the shelves are full " * 250  # one sentence for each part of the answer
    (news / "articles" / "library.txt").write_text(f"Library\n\nIt opens {said}.\n", encoding="utf-8")
    archive = open_archive(news, threshold=0.2)
    archive.reload()
    running = start(archive=archive)
    ann = server.user("Ann")
    chat = server.private(ann)
    question = chat.send(ann, "Which shelves are full? Which shelves are full now?")
    first, second = chat.wait_for_reply(30), chat.wait_for_reply()
    chat.edit(ann, question, WHO)
    assert chat.wait_for_reply().message_id == first.message_id
    assert chat.wait_for(lambda reply: reply.method == "deleteMessage").message_id == second.message_id
    kept = running.desk.memory.all(MESSAGE)
    assert {f"{chat.id}/{part.message_id}" for part in (first, second)} == set(kept)


def test_an_edit_that_changes_nothing_is_no_error(server: BotApi, start: Start) -> None:
    """A question edited to what has the same answer leaves the answer as it is."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    question = chat.send(ann, "/privacy")
    chat.wait_for_reply()
    chat.edit(ann, question, "/privacy ")
    chat.send(ann, "/help")
    assert "/articles" in chat.wait_for_reply().text
    assert len(server.journal.of("editMessageText")) == 1


def test_the_answer_to_an_edited_question_is_sent_anew_where_the_old_one_is_gone(server: BotApi, start: Start) -> None:
    """An answer that was deleted cannot be edited."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    question = chat.send(ann, "How many people did the ferry carry?")
    chat.delete(chat.wait_for_reply())
    chat.edit(ann, question, WHO)
    assert chat.wait_for_reply().method == "sendMessage"


def test_an_update_that_comes_twice_is_answered_once(server: BotApi, start: Start) -> None:
    """Telegram repeats an update; the person gets one answer."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.send(ann, WHO)
    chat.wait_for_reply()
    server.repeat_last_update()
    server.wait_until_confirmed()
    chat.send(ann, "/help")
    assert "/articles" in chat.wait_for_reply().text


def test_questions_of_one_person_are_answered_in_order(server: BotApi, start: Start) -> None:
    """Who asks much at once is answered in the order asked."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    for text in (WHO, "/privacy", WHO, "/help"):
        chat.send(ann, text)
    replies = [chat.wait_for_reply().text for _ in range(4)]
    assert replies[0] == replies[2]
    assert "/articles" in replies[3]


@pytest.mark.parametrize("kind", ["sticker", "voice", "location", "contact", "dice"])
def test_what_has_no_words_gets_a_kind_sentence(server: BotApi, start: Start, kind: str) -> None:
    """Whatever else people send, they are told what can be read."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.other(ann, kind)
    assert "only read words" in chat.wait_for_reply().text


def test_a_picture_or_file_is_answered_by_its_caption(server: BotApi, start: Start, pixel: bytes) -> None:
    """A question may stand under a picture or a file; one without a caption gets a kind sentence."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.photo(ann, pixel, caption=WHO)
    assert chat.wait_for_reply().text.startswith("Ana Ruiz")
    chat.document(ann, b"words", "a.txt", caption=WHO)
    assert chat.wait_for_reply().text.startswith("Ana Ruiz")
    chat.document(ann, b"words", "a.txt")
    assert "only read words" in chat.wait_for_reply().text


def test_forwarded_words_are_checked(server: BotApi, start: Start) -> None:
    """What is forwarded is taken for a quotation."""
    start()
    ann, bob = server.user("Ann"), server.user("Bob")
    said = server.group("Elsewhere", bob, bot=False).send(bob, "Nobody wanted this delay less than I did")
    chat = server.private(ann)
    chat.forward(ann, said)
    assert chat.wait_for_reply().text.startswith("Word for word, said by Ana Ruiz.")


def test_whoever_waits_is_shown_that_the_bot_works(
    server: BotApi, start: Start, news: Path, open_archive: Callable[..., Archive]
) -> None:
    """An answer that takes its time is announced by “typing”."""
    archive = open_archive(news, PausingEmbedder(), threshold=0.2)
    archive.reload()
    start(archive=archive)
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.send(ann, WHO)
    chat.wait_for(lambda reply: reply.method == "sendChatAction" and reply.text == "typing")
    assert chat.wait_for_reply().text.startswith("Ana Ruiz")


def test_markup_that_is_refused_is_sent_as_plain_text(server: BotApi, start: Start) -> None:
    """A parse error costs the markup, not the answer."""
    start()
    server.faults.add(Fault("sendMessage", status=400, description="Bad Request: can't parse entities: no end tag"))
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.send(ann, WHO)
    reply = chat.wait_for_reply()
    assert SENTENCE in " ".join(reply.text.split())
    assert not reply.entities or not reply.marked("blockquote")
    assert reply.buttons


def test_buttons_that_are_refused_cost_the_buttons_only(server: BotApi, start: Start) -> None:
    """A keyboard that Telegram does not take is left out."""
    start()
    server.faults.add(Fault("sendMessage", status=400, description="Bad Request: BUTTON_DATA_INVALID"))
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.send(ann, WHO)
    reply = chat.wait_for_reply()
    assert reply.marked("blockquote")
    assert not reply.buttons


FAILURES: list[dict[str, Any]] = [
    {"status": 429, "retry_after": 1},
    {"status": 502},
    {"status": 500, "times": 2},
    {"drop": True},
]


@pytest.mark.parametrize("failure", FAILURES, ids=str)
def test_what_telegram_did_not_take_is_sent_again_once(server: BotApi, start: Start, failure: dict[str, Any]) -> None:
    """Too many requests, a broken server, a lost connection: the answer comes, and comes once."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    server.faults.add(Fault("sendMessage", **failure))
    chat.send(ann, WHO)
    assert chat.wait_for_reply().text.startswith("Ana Ruiz")
    chat.send(ann, "/help")
    assert "/articles" in chat.wait_for_reply().text


def test_what_telegram_may_have_taken_is_not_sent_again(server: BotApi, start: Start) -> None:
    """An answer whose receipt comes too late is not doubled."""
    start(api={"timeout": 0.5})
    ann = server.user("Ann")
    chat = server.private(ann)
    server.faults.add(Fault("sendMessage", delay=1.5, after=True))
    chat.send(ann, WHO)
    assert chat.wait_for_reply().text.startswith("Ana Ruiz")
    chat.send(ann, "/help")
    assert "/articles" in chat.wait_for_reply().text


def test_a_person_who_blocks_the_bot_is_left_alone(server: BotApi, start: Start) -> None:
    """Nothing more is sent to a person who blocked the bot, and admins are told of no error."""
    boss, ann = server.user("Boss"), server.user("Ann")
    running = start(admins=[boss.id])
    server.private(boss).start(boss)
    server.private(boss).wait_for_reply()
    chat = server.private(ann)
    chat.send(ann, WHO)
    chat.wait_for_reply()
    with server.world.changed:  # the question is on its way when the block comes
        chat.send(ann, WHO)
        server.block(ann)
    server.wait_until_confirmed()
    running.stop()
    assert chat.replies(new=True) == []
    assert server.private(boss).replies(new=True) == []


def test_who_asks_too_much_is_told_once(server: BotApi, start: Start) -> None:
    """Above the rate a person is told so once, and then nothing until it has passed; others are not held up."""
    start(limits={"user": "2/minute"})
    ann, bob = server.user("Ann"), server.user("Bob")
    chat = server.private(ann)
    for _ in range(5):
        chat.send(ann, "/privacy")
    for _ in range(2):
        chat.wait_for_reply()
    assert "faster than I can read" in chat.wait_for_reply().text
    server.private(bob).send(bob, "/help")
    server.private(bob).wait_for_reply()
    server.wait_until_confirmed()
    assert chat.replies(new=True) == []


def test_an_answer_outlasts_an_outage(server: BotApi, start: Start) -> None:
    """When Telegram cannot be reached for longer than requests are repeated, the answer is sent later."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    server.faults.add(Fault("sendMessage", status=502, times=4))
    chat.send(ann, WHO)
    assert chat.wait_for_reply(30).text.startswith("Ana Ruiz")
    chat.send(ann, "/help")
    assert "/articles" in chat.wait_for_reply().text


def test_an_album_gets_one_sentence(server: BotApi, start: Start) -> None:
    """Pictures sent together are one message to people, and are answered once."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    with server.world.changed:
        for _ in range(3):
            extra = {"sticker": OTHERS["sticker"], "media_group_id": "7"}
            message = server.world.add_message(chat.chat, ann, Formatted(), extra=extra)
            chat.chat.started = True
            chat.deliver(message)
    assert "only read words" in chat.wait_for_reply().text
    chat.send(ann, "/help")
    assert "/articles" in chat.wait_for_reply().text

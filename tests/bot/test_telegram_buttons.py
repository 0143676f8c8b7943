"""Buttons over Telegram: pressed, answered, and never broken."""

from tests.bot.conftest import Start
from tests.botapi import BotApi, Button

WHO = "Who said nobody wanted this delay?"


def test_context_is_shown_in_place(server: BotApi, start: Start) -> None:
    """Context changes the answer itself, and Less changes it back."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.send(ann, WHO)
    answer = chat.wait_for_reply()
    chat.press(ann, answer.button("Context")).wait_for_answer()
    wide = chat.wait_for_reply(method="editMessageText")
    assert wide.message_id == answer.message_id
    assert len(wide.text) > len(answer.text)
    chat.press(ann, wide.button("Less")).wait_for_answer()
    assert chat.wait_for_reply(method="editMessageText").text == answer.text


def test_an_opinion_is_kept_and_thanked_for(server: BotApi, start: Start) -> None:
    """A thumb is told to the archive; the person sees a passing word and the message stays."""
    running = start()
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.send(ann, WHO)
    answer = chat.wait_for_reply()
    assert chat.press(ann, answer.button("👍")).wait_for_answer()["text"]
    assert [entry.likes for entry in running.desk.archive.asked()] == [1]
    assert chat.replies(new=True) == []


def test_a_quotation_can_be_copied_or_sent_on(server: BotApi, start: Start) -> None:
    """One button copies the sentence or opens another chat with it."""
    start()
    ann = server.user("Ann")
    server.private(ann).send(ann, WHO)
    button = server.private(ann).wait_for_reply().button("Quote it")
    assert button.json.keys() & {"copy_text", "switch_inline_query_chosen_chat"}


def test_an_unknown_button_is_answered(server: BotApi, start: Start) -> None:
    """A button of a version long gone gets a kind word, and so does one under a message that is no more."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.send(ann, WHO)
    answer = chat.wait_for_reply()
    for data, message in (("context:12", answer.message_id), ("m.gone.1", answer.message_id), ("c.gone.0", 999)):
        old = Button("Old", chat.id, message, {"text": "Old", "callback_data": data})
        assert "too old" in chat.press(ann, old).wait_for_answer()["text"]


def test_pressing_too_much_is_told_kindly(server: BotApi, start: Start) -> None:
    """Above the rate a press gets a word and no work."""
    start(limits={"taps": "1/minute"})
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.send(ann, WHO)
    answer = chat.wait_for_reply()
    chat.press(ann, answer.button("👍")).wait_for_answer()
    assert "faster" in chat.press(ann, answer.button("👍")).wait_for_answer()["text"]


def test_buttons_work_after_a_restart(server: BotApi, start: Start) -> None:
    """What stands under an answer of an earlier process still does what it says."""
    first = start()
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.send(ann, WHO)
    answer = chat.wait_for_reply()
    first.stop()
    start()
    chat.press(ann, answer.button("Context")).wait_for_answer()
    assert chat.wait_for_reply(method="editMessageText").message_id == answer.message_id


def test_an_offered_question_is_answered_in_a_new_message(server: BotApi, start: Start) -> None:
    """A question that is offered under a greeting is answered below it."""
    start()
    ann = server.user("Ann")
    chat = server.private(ann)
    chat.start(ann)
    greeting = chat.wait_for_reply()
    offered = greeting.buttons[0][0]
    chat.press(ann, offered).wait_for_answer()
    answer = chat.wait_for_reply()
    assert answer.method == "sendMessage"
    assert answer.message_id != greeting.message_id

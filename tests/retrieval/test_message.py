"""A message → its questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.message import MAX_QUESTIONS, split_questions


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("How long did the call last? And who was freed?", ["How long did the call last?", "And who was freed?"]),
        ("how long did the call last and who was freed", ["how long did the call last?", "who was freed"]),
        ("How long did the call last\nWho was freed\n", ["How long did the call last", "Who was freed"]),
        ("Who won?! In which year was that bridge built?", ["Who won?!", "In which year was that bridge built?"]),
        ("Who was freed? Did Trump say he would go?", ["Who was freed?", "Did Trump say he would go?"]),
        ("Who won? Who denied that he had lost?", ["Who won?", "Who denied that he had lost?"]),
        ("Who won? Is it true that Trump called?", ["Who won?", "Is it true that Trump called?"]),
        ("Who won? According to Ruiz, what did it cost?", ["Who won?", "According to Ruiz, what did it cost?"]),
        ("Hi! I read it. Who won? Could you tell me who lost the game? Thank you!",
         ["Hi! I read it. Who won?", "Could you tell me who lost the game? Thank you!"]),
        ("Who was freed? Why? How long did the call last?", ["Who was freed?", "Why?", "How long did the call last?"]),
        ("Did Zelensky agree? And him?", ["Did Zelensky agree?", "And him?"]),
        ("Where was Fogel jailed? And who freed him?", ["Where was Fogel jailed?", "And who freed him?"]),
        ("Did the call last long? What about the next one?", ["Did the call last long?", "What about the next one?"]),
        ("How many people died there and how much crude oil was spilled?",
         ["How many people died there?", "how much crude oil was spilled?"]),
        ("What did Trump say about NATO and what did Hegseth say about Ukraine",
         ["What did Trump say about NATO?", "what did Hegseth say about Ukraine"]),
        ("How long did the call last and what did Ruiz say and when was Fogel freed?",
         ["How long did the call last?", "what did Ruiz say?", "when was Fogel freed?"]),
        ("1) Who freed Fogel? 2) How long did it last?", ["Who freed Fogel?", "How long did it last?"]),
        ("Who freed Fogel. How long did the call last.", ["Who freed Fogel.", "How long did the call last."]),
        ("What did Trump say? Anything else? Who is that?", ["What did Trump say?", "Anything else?", "Who is that?"]),
    ],
)  # fmt: skip
def test_each_question_by_itself(message: str, questions: list[str]) -> None:
    """Cut where one ends and another stands on its own feet; words between stay with the one before."""
    assert split_questions(message) == questions


@pytest.mark.parametrize(
    "message",
    [
        "How long did the call last?",
        "Where and when did they meet?",
        "Did Trump say who came and what was agreed?",
        "I met Mr. Who is a good doctor.",
        "How did Trump and Putin meet?",
        "Do you know what happened and who was freed?",
        "Did Trump say “Is it over? Who won the war?” yesterday?",
        "“No one wants peace more than Ukraine” Is that what Trump said?",
        "“Who was freed and what was the price?”",
        "“No one wants peace\nWho wants peace\nmore than Ukraine?”",
        "Wie lange dauerte das? Und wer kam frei?",
        "Who was freed, and for how long had Fogel been in jail?",
        "",
        "🎉",
    ],
)
def test_what_belongs_together_is_not_cut(message: str) -> None:
    """Fragments, pronouns without a name before them, quotations, what only reports a question."""
    assert split_questions(message) == [" ".join(message.split())] or split_questions(message) == [message]


def test_many_questions_have_an_end() -> None:
    """What goes beyond stays with the last, so that nothing is lost."""
    message = " ".join(f"Who won the race in {year}?" for year in range(1900, 1920))
    questions = split_questions(message)
    assert len(questions) == MAX_QUESTIONS
    assert " ".join(questions) == message


@given(st.text(alphabet="whoat?did say and “”\n'Trump.", max_size=200))
def test_no_word_is_lost(message: str) -> None:
    """Any message: the questions hold its words, in order, but for an “and” between two."""
    joined = " ".join(split_questions(message)).replace("?", " ").split()
    words = iter(message.replace("?", " ").split())
    assert all(any(word == other.rstrip(",") or word == other for other in words) for word in joined)

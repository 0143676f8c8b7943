"""Text → Question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import QuestionError
from retrieval.question import checkable, clean, understand


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Who said that no one wants peace more than Ukraine?", "no one wants peace more than Ukraine"),
        ("who claimed the council knew", "the council knew"),
        ("Who else thinks the bridge is safe?", "the bridge is safe"),
        ("Who was it that denied raising the fare?", "raising the fare"),
        ("Who is quoted as saying the bridge is unsafe?", "the bridge is unsafe"),
        ("woh siad the bridge is unsafe", "the bridge is unsafe"),
        ("Could you please tell me who warned about cracks?", "cracks"),
        ("Which company said it would pay?", "it would pay"),
        ("WHO CALLED THE PLAN MADNESS?", "THE PLAN MADNESS"),
        ("I did. Who said that the bridge is unsafe?", "the bridge is unsafe"),
        ("Yes, I saw. Who warned about cracks?", "cracks"),
    ],
)
def test_who_said(text: str, topic: str) -> None:
    """Who said, claims, thinks, denied."""
    question = understand(text)
    assert (question.kind, question.topic) == ("who_said", topic)


@pytest.mark.parametrize(
    ("text", "speaker", "topic"),
    [
        ("What did Hegseth say about NATO membership?", "Hegseth", "NATO membership"),
        ("what has trump said", "trump", "what has trump said"),
        ("What did Defense Secretary Pete Hegseth say on borders?", "Defense Secretary Pete Hegseth", "borders"),
        ("What does the Kremlin think of the call?", "the Kremlin", "the call"),
        ("waht did zelensky say abuot nato", "zelensky", "nato"),
        ("What is Ana Ruiz’s opinion of the bridge?", "Ana Ruiz", "the bridge"),
        ("quote Hegseth on NATO", "Hegseth", "NATO"),
        ("statements by Ana Ruiz about the bridge", "Ana Ruiz", "the bridge"),
        ("How did Colin Peake react to the closure?", "Colin Peake", "the closure"),
        ("What did Colin Peake accuse the council of?", "Colin Peake", "the council of"),
        ("Please tell me what the mayor said about costs.", "the mayor", "costs"),
    ],
)
def test_what_said(text: str, speaker: str, topic: str) -> None:
    """What did X say about Y, in the ways people ask it."""
    question = understand(text)
    assert (question.kind, question.speaker, question.topic) == ("what_said", speaker, topic)


@pytest.mark.parametrize(
    ("text", "speaker", "topic"),
    [
        ("Did Zelensky say that joining NATO is not practical?", "Zelensky", "joining NATO is not practical"),
        ("did the mayor really say she would resign?", "the mayor", "she would resign"),
        ("Has Cisco denied that its suit was about money?", "Cisco", "its suit was about money"),
        ("Does Johnson think the ban is fair?", "Johnson", "the ban is fair"),
        ("Is it true that Ana Ruiz said the bridge is safe?", "Ana Ruiz", "the bridge is safe"),
        ("Trump said NATO membership is practical, right?", "Trump", "NATO membership is practical"),
        ("Did Heuer write that the particle is known?", "Heuer", "the particle is known"),
        ("Did Jobs write about early customers?", "Jobs", "early customers"),
        ("Did Trump call the plan madness?", "Trump", "the plan madness"),
        ("Did Hegseth rule out American troops?", "Hegseth", "American troops"),
    ],
)
def test_did_say(text: str, speaker: str, topic: str) -> None:
    """Whether somebody said something."""
    question = understand(text)
    assert (question.kind, question.speaker, question.topic) == ("did_say", speaker, topic)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“No one wants peace more than Ukraine”", None),
        ('"No one wants peace more than Ukraine."', None),
        ("``No one wants peace more than Ukraine''", None),
        ("Putin: “No one wants peace more than Ukraine.”", "Putin"),
        ("“No one wants peace more than Ukraine” — Vladimir Putin", "Vladimir Putin"),
        ("Did Trump say “No one wants peace more than Ukraine”?", "Trump"),
        ("“No one wants peace more than Ukraine” Is that what Trump said?", "Trump"),
        ("“No one wants peace more than Ukraine,” Zelensky declared.", "Zelensky"),
        ("“No one wants peace more than Ukraine,” said Senator James Eastland of Kyiv.", "Senator James Eastland"),
        ("“No one wants peace more than Ukraine,” John Marshall Harlan wrote then.", "John Marshall Harlan"),
        ("“No one wants peace more than Ukraine,” he radioed back.", None),
        ("“No one wants peace more than Ukraine”, according to Putin", "Putin"),
        ("Did Colin Peake say “No one wants peace more than Ukraine”?", "Colin Peake"),
    ],
)
def test_quotations(text: str, speaker: str | None) -> None:
    """Pasted with any marks, with or without a name."""
    question = understand(text)
    assert (question.kind, question.speaker) == ("quote", speaker)
    assert question.quote is not None
    assert question.quote.startswith("No one wants peace")


@pytest.mark.parametrize(
    "text",
    [
        "What does article 288 not say?",
        "When will the bridge reopen?",
        "harlow bridge reopening date",
        "What is the programme called?",
        "Who won the World Cup?",
        "Has a ceasefire been announced?",
        "What did the divers find?",
        "What does five sigma mean?",
        "Did Putin invite Trump to Moscow?",
        "Did Trump call Zelensky?",
        "Did Trump call the White House yesterday?",
        "Did Hayward apologise?",
        "Did Davis speak for South Carolina?",
        "Did the council back the deal?",
        "Did Englert publish the mechanism?",
        "What did Jobs offer the buyers?",
        "Who opposed the plan?",
        "¿Quién ganó el partido?",
        "Хто виграв матч?",
        "The mayor resigned. Who said he would not?",
    ],
)
def test_facts(text: str) -> None:
    """Everything else asks for a fact."""
    assert understand(text).kind == "fact"


def test_a_split_quotation_is_one() -> None:
    """What the reporter put between its halves is not part of it."""
    question = understand("“Our hands are clean,” Ana Ruiz wrote then, “and nobody doubts it.”")
    assert (question.quote, question.speaker) == ("Our hands are clean, and nobody doubts it.", "Ana Ruiz")


def test_what_of_a_message_can_be_checked() -> None:
    """All of it, and the longest quotation in it; a single word is none."""
    message = "She said “no” and then “nobody wanted this delay”, I read."
    assert checkable(message) == [message, "nobody wanted this delay"]
    assert checkable("“Nobody wanted this delay”") == ["“Nobody wanted this delay”"]
    with pytest.raises(QuestionError, match="One word is no quotation"):
        checkable("peace")


def test_a_pasted_sentence_may_be_a_quotation() -> None:
    """Without marks it may be one; a question and a few keywords are none."""
    assert understand("No one wants peace more than Ukraine").quote == "No one wants peace more than Ukraine"
    assert understand("bridge reopening date").quote is None
    assert understand("How long did the call last?").quote is None


@pytest.mark.parametrize("text", ["", " \n", "\x00", "🎉", "?!", "x" * 2001, "\u202e"])
def test_what_cannot_be_asked(text: str) -> None:
    """Each with a sentence of its own."""
    with pytest.raises(QuestionError):
        understand(text)


def test_clean_drops_what_nobody_typed() -> None:
    """Control and direction characters go, joiners inside words stay."""
    assert clean(" a\u202e\tb\x07 \u200fc\u200d ") == "a b c\u200d"


@given(st.text(max_size=300))
def test_any_text_is_understood_or_refused(text: str) -> None:
    """Whatever is typed: a question whose parts come from the text, or one of our errors."""
    try:
        question = understand(text)
    except QuestionError:
        return
    assert question.text == clean(text)
    assert question.topic


@given(st.text(alphabet="whosaiddt “”\"'?, .said what did X Y say about", max_size=120))
def test_any_jumble_of_question_words(text: str) -> None:
    """No form of question takes long or breaks on nonsense."""
    try:
        understand(text)
    except QuestionError:
        return

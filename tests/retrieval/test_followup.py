"""Questions read by the turn before them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval import Archive, Before, is_unclear
from retrieval.mentioned import names_of
from retrieval.question import understand

Open = Callable[..., Archive]


@pytest.fixture
def archive(news: Path, open_archive: Open) -> Archive:
    opened = open_archive(news)
    opened.reload()
    return opened


def talk(archive: Archive, *texts: str) -> list[str]:
    """What each of the texts was understood as, asked one after the other."""
    before, understood = None, []
    for text in texts:
        answer = archive.ask(text, before=before)
        before = Before.of(answer)
        understood.append(answer.question.understood or text)
    return understood


@pytest.mark.parametrize(
    ("first", "typed", "understood"),
    [
        ("What did Colin Peake say about the fare?", "And Ana Ruiz?", "What did Ana Ruiz say about the fare?"),
        ("What did Colin Peake say about the fare?", "and ana ruiz", "What did Ana Ruiz say about the fare?"),
        ("What did Colin Peake say about the fare?", "What about Ruiz?", "What did Ana Ruiz say about the fare?"),
        ("What did Colin Peake say about the fare?", "And the council?", "What did the council say about the fare?"),
        (
            "What did Colin Peake say about the fare?",
            "what about the passengers?",
            "What did Colin Peake say about the passengers?",
        ),
        (
            "What did Colin Peake say about the fare?",
            "waht about passengers",
            "What did Colin Peake say about passengers?",
        ),
        ("What did Colin Peake say about the fare?", "about the bridge?", "What did Colin Peake say about the bridge?"),
        (
            "What did Colin Peake say about the fare?",
            "How about passengers, please?",
            "What did Colin Peake say about passengers?",
        ),
        ("What did Colin Peake say about the fare?", "Passengers?", "What did Colin Peake say about passengers?"),
        (
            "What did Colin Peake say about the fare?",
            "and in March?",
            "What did Colin Peake say about the fare in March?",
        ),
        (
            "What did Colin Peake say about the fare?",
            "And last year?",
            "What did Colin Peake say about the fare last year?",
        ),
        ("What did Colin Peake say about the fare?", "What else did he say?", "What else did Colin Peake say?"),
        ("What did Colin Peake say about the fare?", "whta else did he say", "What else did Colin Peake say?"),
        ("What did Colin Peake say about the fare?", "anything else?", "What else did Colin Peake say about the fare?"),
        (
            "What did Colin Peake say about the fare?",
            "Anything else about the ferry?",
            "What else did Colin Peake say about the ferry?",
        ),
        ("What did Colin Peake say about the fare?", "Did he say anything else?", "What else did Colin Peake say?"),
        ("What did Colin Peake say about the fare?", "tell me more", "What else did Colin Peake say about the fare?"),
        ("What did Colin Peake say about the fare?", "more please", "What else did Colin Peake say about the fare?"),
        ("What did Colin Peake say about the fare?", "Who is that?", "Who is Colin Peake?"),
        ("What did Colin Peake say about the fare?", "who's he?", "Who is Colin Peake?"),
        ("What did Colin Peake say about the fare?", "Could you tell me who that is?", "Who is Colin Peake?"),
        (
            "What did Colin Peake say about the fare?",
            "Did he really say that?",
            "Did Colin Peake deny that he had raised the fare?",
        ),
        (
            "What did Colin Peake say about the fare?",
            "is that true?",
            "Did Colin Peake deny that he had raised the fare?",
        ),
        ("What did Colin Peake say about the fare?", "Who said that?", "Who denied that he had raised the fare?"),
        ("What did Colin Peake say about the fare?", "why?", "Why did Colin Peake deny that he had raised the fare?"),
        (
            "What did Colin Peake say about the fare?",
            "Why did he say that?",
            "Why did Colin Peake deny that he had raised the fare?",
        ),
        (
            "What did Colin Peake say about the fare?",
            "could you tell me why",
            "Why did Colin Peake deny that he had raised the fare?",
        ),
        ("What did Colin Peake say about the fare?", "When?", "When did Colin Peake deny that he had raised the fare?"),
        (
            "What did Colin Peake say about the fare?",
            "where was that?",
            "Where did Colin Peake deny that he had raised the fare?",
        ),
        (
            "What did Colin Peake say about the fare?",
            "What did he say about the passengers?",
            "What did Colin Peake say about the passengers?",
        ),
        (
            "What did Colin Peake say about the fare?",
            "what did ana ruiz say about it?",
            "what did ana ruiz say about the fare?",
        ),
        (
            "What did Colin Peake say about the fare?",
            "What did Ana Ruiz say about him?",
            "What did Ana Ruiz say about Colin Peake?",
        ),
        (
            "What did Colin Peake say about the fare?",
            "When did he buy the ferry?",
            "When did Colin Peake buy the ferry?",
        ),
        ("What did Ana Ruiz tell reporters?", "And Colin Peake?", "What did Colin Peake say?"),
        (
            "What did Ana Ruiz tell reporters?",
            "did she really say that?",
            "Did Ana Ruiz say “Nobody wanted this delay less than I did”?",
        ),
        ("What did Ana Ruiz tell reporters?", "who said it?", "Who said “Nobody wanted this delay less than I did”?"),
        ("What did Ana Ruiz tell reporters?", "How old is she?", "How old is Ana Ruiz?"),
        ("What did Ana Ruiz tell reporters?", "what else", "What else did Ana Ruiz say?"),
        ("Who denied that he had raised the fare?", "why", "Why did Colin Peake deny that he had raised the fare?"),
        ("Who denied that he had raised the fare?", "and Ana Ruiz?", "Did Ana Ruiz deny that he had raised the fare?"),
        (
            "Who denied that he had raised the fare?",
            "What about the passengers?",
            "What did Colin Peake say about the passengers?",
        ),
        ("Who denied that he had raised the fare?", "who is that?", "Who is Colin Peake?"),
        (
            "Who denied that he had raised the fare?",
            "Who else said that?",
            "Who else denied that he had raised the fare?",
        ),
        ("Who denied that he had raised the fare?", "What is his job?", "What is Colin Peake’s job?"),
        (
            "Did Colin Peake say that he had raised the fare?",
            "Really?",
            "Did Colin Peake deny that he had raised the fare?",
        ),
        (
            "Did Colin Peake say that he had raised the fare?",
            "And Ana Ruiz?",
            "Did Ana Ruiz say that he had raised the fare?",
        ),
        (
            "Did Colin Peake say that he had raised the fare?",
            "what about passengers?",
            "What did Colin Peake say about passengers?",
        ),
        (
            "How many passengers did the ferry carry in June?",
            "And in March?",
            "How many passengers did the ferry carry in March?",
        ),
        (
            "How many passengers did the ferry carry in June?",
            "and a year earlier?",
            "How many passengers did the ferry carry a year earlier?",
        ),
        ("How many passengers did the ferry carry in June?", "why?", "Why did the ferry carry passengers in June?"),
        (
            "How many passengers did the ferry carry in June?",
            "And the bridge?",
            "How many passengers did the bridge carry in June?",
        ),
        ("How many passengers did the ferry carry in June?", "Who owns it?", "Who owns the ferry?"),
        ("How many passengers did the ferry carry in June?", "how much does it cost?", "how much does the ferry cost?"),
        ("How much did the repair cost?", "When?", "When did the repair cost?"),
        ("Why is the swing bridge shut?", "since when?", "Since when is the swing bridge shut?"),
        ("Why is the swing bridge shut?", "when was that?", "When is the swing bridge shut?"),
        ("Why is the swing bridge shut?", "How long is it?", "How long is the swing bridge?"),
        ("Why is the swing bridge shut?", "who built it?", "who built the swing bridge?"),
        ("Who is Colin Peake?", "And Ana Ruiz?", "Who is Ana Ruiz?"),
        ("Who is Colin Peake?", "what did he say?", "what did Colin Peake say?"),
        ("Who is Colin Peake?", "What did he say about the fare?", "What did Colin Peake say about the fare?"),
        ("When was Ana Ruiz elected?", "why?", "Why was Ana Ruiz elected?"),
        ("When was Ana Ruiz elected?", "And Colin Peake?", "When was Colin Peake elected?"),
        ("When was Ana Ruiz elected?", "By whom?", "By whom was Ana Ruiz elected?"),
        ("Is the bridge open?", "why not?", "Why is the bridge open?"),
        ("Is the bridge open?", "since when?", "Since when is the bridge open?"),
        ("What did Tony Hayward say about whales?", "And Ana Ruiz?", "What did Ana Ruiz say about whales?"),
        ("What did Tony Hayward say about whales?", "why?", "Why did Tony Hayward say this about whales?"),
        ("What did Tony Hayward say about whales?", "what about oil?", "What did Tony Hayward say about oil?"),
        (
            "What did Colin Peake say about the fare?",
            "What did he say he would like?",
            "What did Colin Peake say he would like?",
        ),
        (
            "What did Colin Peake say about the fare?",
            "And about Ana Ruiz?",
            "What did Colin Peake say about Ana Ruiz?",
        ),
        (
            "What did Colin Peake say about the fare?",
            "Did Ana Ruiz say that?",
            "Did Ana Ruiz deny that he had raised the fare?",
        ),
        ("Who is peake?", "What did he say?", "What did Colin Peake say?"),
        ("What did Brown say?", "Which papers called it the “bridge of sighs”?", None),
    ],
)
def test_a_follow_up_stands_on_its_own(archive: Archive, first: str, typed: str, understood: str | None) -> None:
    """With the turn before it, a follow-up is the question that it stands for."""
    assert archive.ask(typed, before=Before.of(archive.ask(first))).question.understood == understood


@pytest.mark.parametrize(
    "typed",
    [
        "Who built the bridge?",
        "What did Ana Ruiz say about the bridge?",
        "And what did Ana Ruiz say about the bridge?",
        "what did the council say",
        "Did Ana Ruiz say that she would open the bridge?",
        "Who said that the bridge will stay shut?",
        "Who said “Nobody wanted this delay less than I did”?",
        "“Nobody wanted this delay less than I did”",
        "Why is the bridge shut?",
        "When will the bridge open?",
        "How much did the repair cost?",
        "how many passengers did the ferry carry",
        "Where is Harlow Quay?",
        "What about Ana Ruiz made the council close the bridge?",
        "Is it true that Colin Peake raised the fare?",
        "How long does it take to cross the river?",
        "What time is it in Harlow?",
        "bridge repair cost",
        "Colin Peake",
        "Did the council say why it closed the bridge?",
        "Who is Ana Ruiz?",
        "When did Colin Peake say that he would sell his ferry?",
        "Thank you!",
        "Divers had found cracks in a second pier.",
        "Was sagte Peake über die Fähre?",
        "peake bridge?",
        "She always said that he had meant the fare, and no more.",
        "Did Ana Ruiz say “it was his to raise”?",
    ],
)
def test_what_stands_on_its_own_is_left_alone(archive: Archive, typed: str) -> None:
    """A whole question, a name, a quotation or thanks is asked as typed, whatever came before."""
    before = Before.of(archive.ask("What did Colin Peake say about the fare?"))
    question = archive.ask(typed, before=before).question
    assert question == archive.ask(typed).question


def test_what_the_turn_before_does_not_explain_is_left_alone(archive: Archive) -> None:
    """Nobody is “she” where the only one of the turn before is a man by his own title."""
    before = Before.of(archive.ask("Is the bridge open?"))
    assert archive.ask("What did she say about it?", before=before).question.understood is None


def test_threads(archive: Archive) -> None:
    """A chain keeps its thread: the speaker and the topic last until others are named."""
    assert talk(
        archive, "What did Colin Peake say about the fare?", "And Ana Ruiz?", "what about the repair?", "why?"
    ) == [
        "What did Colin Peake say about the fare?",
        "What did Ana Ruiz say about the fare?",
        "What did Ana Ruiz say about the repair?",
        "Why did Ana Ruiz say this about the repair?",
    ]


def test_something_else_was_not_shown(archive: Archive) -> None:
    """“What else” cites what was not cited before, and says so when there is nothing else."""
    first = archive.ask("What did Colin Peake say?")
    other = archive.ask("What else did he say?", before=Before.of(first))
    assert first.found
    assert not other.found
    assert other.reason == "The articles do not say what else Colin Peake said."


def test_an_article_that_changed_is_not_quoted_from(archive: Archive, news: Path) -> None:
    """The places of an older version are not read in the new one; the rest of the turn before still counts."""
    before = Before.of(archive.ask("What did Ana Ruiz tell reporters?"))
    (news / "articles" / "bridge.txt").write_text("New\n\nAll is new here.\n", encoding="utf-8")
    archive.reload()
    answer = archive.ask("Why?", before=before)
    assert answer.question.understood == "Why did Ana Ruiz say this?"
    assert answer.question.near is None


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (("What did Hegseth say about borders?", "what else did he say?"), "Chasing this illusionary goal"),
        (("What did Trump say about borders?", "And Hegseth?"), "a return to the borders of before 2014"),
        (("How long did the call last?", "who said that?"), "the call had lasted about an hour and a half"),
        (("Who won the 100 metres in Seoul?", "When was that?"), "On 24 September 1988"),
        (("What did Zelensky say about peace?", "did he really say that?"), "No one wants peace more than Ukraine"),
        (("Who was Michael Collins?", "what did he say?"), "It’s a happy home here"),
    ],
)
def test_samples_answer_follow_ups(sample_archive: Archive, texts: tuple[str, str], sentence: str) -> None:
    """With the bundled models a follow-up finds the sentence that its whole question asks for."""
    first, typed = texts
    answer = sample_archive.ask(typed, before=Before.of(sample_archive.ask(first)))
    assert any(sentence in citation.text for citation in answer.citations)


@pytest.mark.parametrize(
    ("first", "typed"),
    [
        ("What did Hegseth say about NATO?", "And Zelensky?"),
        ("Who said that NATO membership is not practical?", "why?"),
        ("How much oil was released?", "why?"),
    ],
)
def test_samples_do_not_answer_what_is_not_said(sample_archive: Archive, first: str, typed: str) -> None:
    """A follow-up that the articles do not answer is not answered with the sentence shown before."""
    answer = sample_archive.ask(typed, before=Before.of(sample_archive.ask(first)))
    assert answer.question.understood
    assert not answer.found
    assert answer.reason


@pytest.mark.parametrize(
    "text",
    [
        "Why?",
        "and how fast?",
        "Who said that?",
        "what else?",
        "And Trump?",
        "What did he say about it?",
        "What did they say about the bridge?",
        "What did Ana Ruiz say about it?",
        "Did Ana Ruiz say that?",
        "How old is she?",
    ],
)
def test_what_leans_on_nothing_is_not_answered(archive: Archive, text: str) -> None:
    """With no turn before, no sentence is taken for an answer: it is said that the question is not clear."""
    answer = archive.ask(text)
    assert (answer.found, answer.citations, answer.nearest) == (False, (), None)
    assert answer.reason == "It is not clear what that refers to; please ask in full."


@pytest.mark.parametrize(
    ("first", "typed"),
    [
        ("What did Colin Peake say?", "What did he say about it?"),
        ("How high is the Eiffel Tower?", "What else did he say?"),
        ("Who is Colin Peake?", "Why?"),
        ("How old is Colin Peake?", "When?"),
    ],
)
def test_what_makes_no_question_is_not_answered(archive: Archive, first: str, typed: str) -> None:
    """A follow-up that the turn before does not explain, or only to a question without sense, is not clear."""
    answer = archive.ask(typed, before=Before.of(archive.ask(first)))
    assert (answer.found, answer.question.understood) == (False, None)
    assert answer.reason == "It is not clear what that refers to; please ask in full."


@pytest.mark.parametrize("text", ["Why did they close the bridge?", "who called it a mere scrap of paper", "He lied."])
def test_what_says_enough_is_clear(text: str) -> None:
    """A question that names what it is about may be answered though it has a pronoun; a statement asks nothing."""
    assert not is_unclear(understand(text))


def test_the_word_that_opens_a_text_is_no_name() -> None:
    """“To” and “and” have a capital only because they stand first."""
    assert names_of("To whom did Colin Peake sell? And To Lam?") == ["Colin Peake", "Lam"]


def test_samples_follow_the_person_asked_about(sample_archive: Archive) -> None:
    """Whoever is asked about stays meant, whatever was answered; a person takes the speaker’s place."""
    assert talk(sample_archive, "What did Zelensky say about peace?", "Who is that?", "What did he say?", "And Waltz?")[
        1:
    ] == ["Who is Volodymyr Zelensky?", "What did Volodymyr Zelensky say?", "What did Waltz say?"]


def test_samples_about_is_no_topic_before_a_number(sample_archive: Archive) -> None:
    """What “about” tells of a number in somebody’s words is not what another person is asked about."""
    first = "Who said that the call lasted about an hour and a half?"
    assert talk(sample_archive, first, "why?", "And Zelensky?")[2] == "What did Volodymyr Zelensky say?"


def test_another_language_leans_on_nothing(archive: Archive) -> None:
    """Words of another language are asked as they are, never woven into an English question."""
    before = Before.of(archive.ask("What did Ana Ruiz say about the delay?"))
    assert archive.ask("ДЕ МОСТ?", before=before).question.understood is None

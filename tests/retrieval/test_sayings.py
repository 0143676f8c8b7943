"""Questions about who said what, on small articles with statements found by pattern."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from retrieval.archive import Archive
from retrieval.schema import Answer, Article, Sentence, Statement
from tests.conftest import HashingEmbedder, PatternReader


@pytest.fixture
def ask(news: Path, open_archive: Callable[..., Archive]) -> Callable[..., Answer]:
    """Asks an archive in which the nearest sentence always counts as an answer."""

    def ask_it(question: str, threshold: float = 0.3) -> Answer:
        archive = open_archive(news, threshold=threshold)
        archive.reload()
        return archive.ask(question)

    return ask_it


class TwiceReader(PatternReader):
    """Finds two statements in every sentence that holds one."""

    def read(self, articles: Sequence[tuple[Article, Sequence[Sentence]]]) -> list[tuple[Statement, ...]]:
        """The statements of each article, each twice."""
        return [tuple(one for one in found for _ in range(2)) for found in super().read(articles)]


def cited(answer: Answer) -> str:
    return answer.citations[0].text


def test_who_said_names_the_speaker(ask: Callable[..., Answer]) -> None:
    """By name, with the sentence that reports it and the mention as the short answer."""
    answer = ask("Who said nobody wanted this delay less?")
    assert answer.speaker is not None
    assert (answer.question.kind, answer.speaker.name) == ("who_said", "Ana Ruiz")
    assert cited(answer).startswith("“Nobody wanted this delay")
    assert answer.short is not None
    assert answer.short.text in cited(answer)


def test_what_said_cites_that_speaker_only(ask: Callable[..., Answer]) -> None:
    """None of other people's words, whatever they resemble."""
    answer = ask("What did Ana Ruiz say about the delay?")
    assert answer.found
    assert {citation.speaker.name for citation in answer.citations if citation.speaker} == {"Ana Ruiz"}


@pytest.mark.parametrize("name", ["ruiz", "ANA RUIZ", "Mayor Ruiz", "Ana Ruis"])
def test_a_name_as_people_type_it(ask: Callable[..., Answer], name: str) -> None:
    """Lower case, a title, a slip of the finger."""
    answer = ask(f"what has {name} said")
    assert answer.speaker is not None
    assert answer.speaker.name == "Ana Ruiz"


def test_what_said_of_a_topic_not_touched(ask: Callable[..., Answer]) -> None:
    """The near miss is shown as no answer, with whoever said it."""
    answer = ask("What did Colin Peake say about the cracks in the pier?", threshold=0.95)
    assert (answer.found, answer.citations) == (False, ())
    assert answer.reason == "The articles do not say what Colin Peake said about the cracks in the pier."
    assert answer.nearest is not None


def test_what_said_by_somebody_who_said_nothing(ask: Callable[..., Answer]) -> None:
    """Nobody else's words are put into a stranger's mouth."""
    answer = ask("What did Bill Gates say about the delay?")
    assert not answer.found
    assert answer.reason == "The articles do not say what Bill Gates said about the delay."


def test_did_say_yes(ask: Callable[..., Answer]) -> None:
    """With the citation."""
    answer = ask("Did Ana Ruiz say nobody wanted this delay less than she did?")
    assert (answer.verdict, answer.found) == ("yes", True)


def test_did_say_is_never_yes_for_a_denial(ask: Callable[..., Answer]) -> None:
    """He denied it: no, and the denial is cited."""
    answer = ask("Did Colin Peake say that he had raised the fare?", threshold=0.05)
    assert answer.verdict == "no"
    assert "denied" in cited(answer)


def test_did_deny_is_yes_for_a_denial(ask: Callable[..., Answer]) -> None:
    """Asked whether he denied it: yes."""
    assert ask("Did Colin Peake deny that he had raised the fare?", threshold=0.05).verdict == "yes"


def test_did_say_of_another_speaker(ask: Callable[..., Answer]) -> None:
    """Somebody else said it: no, with the true speaker and his words; never yes."""
    answer = ask("Did Bill Gates say nobody wanted this delay less than I did?", threshold=0.5)
    assert answer.verdict != "yes"
    if answer.found:
        assert answer.speaker is not None
        assert answer.speaker.name == "Ana Ruiz"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("“Nobody wanted this delay less than I did”", "exact"),
        ('"nobody wanted this delay less than i did."', "exact"),
        ("“Nobody wanted this delay more than I did” — Ana Ruiz", "altered"),
        ("Colin Peake: “Nobody wanted this delay less than I did”", "other_speaker"),
        ("Did Colin Peake say “Nobody wanted this delay less than I did”?", "other_speaker"),
        ("“Nobody wanted this delay less than I did,” Ruiz declared.", "exact"),
        ("“Nobody wanted this delay less than I did,” she radioed back.", "exact"),
        ("“Nobody wanted this delay less than I did,” as I read on the web", "exact"),
        ("Colin Peake: “Nobody wanted this delay more than I did”", "altered"),
        ("“The sea is calm and the sky is blue today”", "not_found"),
    ],
)
def test_pasted_quotations(ask: Callable[..., Answer], text: str, verdict: str) -> None:
    """Word for word, altered, somebody else's, or nowhere."""
    answer = ask(text)
    assert (answer.question.kind, answer.verdict) == ("quote", verdict)
    assert answer.found == (verdict != "not_found")
    if answer.short:
        assert answer.short.text in cited(answer)


def test_who_said_a_quotation(ask: Callable[..., Answer]) -> None:
    """“Who said “…”?” is answered from the words themselves."""
    answer = ask("Who said “not open a bridge that our own engineers would not drive over”?")
    assert answer.found
    assert "engineers" in cited(answer)


def test_what_stands_not_in_the_article_asked_may_stand_in_others(
    news: Path, open_archive: Callable[..., Archive]
) -> None:
    """Of one article it is said that that article does not have the words."""
    archive = open_archive(news)
    archive.reload()
    reason = archive.ask("“Nobody wanted this delay less than I did”", article="ferry").reason
    assert reason == "These words do not stand in “Ferry carries more people”."


def test_a_quotation_in_a_long_message_is_checked(news: Path, open_archive: Callable[..., Archive]) -> None:
    """Though the message as a whole stands nowhere, and is longer than a question may be."""
    archive = open_archive(news, max_question_chars=200)
    archive.reload()
    around = "What do you think of that, everybody who reads this? " * 4
    answer = archive.check_quote(f"Today: “Nobody wanted this delay less than I did.” {around}")
    assert (answer.verdict, answer.question.quote) == ("exact", "Nobody wanted this delay less than I did.")


def test_two_names_are_two_people(ask: Callable[..., Answer]) -> None:
    """Both are answered for."""
    answer = ask("What did Ana Ruiz and Colin Peake say?")
    assert {citation.speaker.name for citation in answer.citations[:2] if citation.speaker} == {
        "Ana Ruiz",
        "Colin Peake",
    }


def test_an_unnamed_speaker_stays_unnamed(ask: Callable[..., Answer]) -> None:
    """A pronoun that nobody resolved is not turned into a name."""
    answer = ask("Who said that the repair had cost £3.1m?")
    assert answer.speaker is not None
    assert answer.speaker.name == "she, not named here"


def test_statements_are_read_once(news: Path, open_archive: Callable[..., Archive]) -> None:
    """Reopening reads nothing again; another reader reads all anew."""
    open_archive(news).reload()
    second = PatternReader()
    open_archive(news, HashingEmbedder(), second).reload()
    assert second.articles_read == []
    third = PatternReader("another")
    open_archive(news, HashingEmbedder(), third).reload()
    assert third.articles_read == ["bridge", "ferry"]


def test_less_is_asked_of_a_statement_that_has_every_word_of_the_topic(ask: Callable[..., Answer]) -> None:
    """Its speaker is the right one: the same probability answers where the topic is named, and not elsewhere."""
    named = ask("What did Colin Peake say about the fare?", threshold=0.0).probability
    other = ask("What did Colin Peake say about the price?", threshold=0.0).probability
    assert ask("What did Colin Peake say about the fare?", threshold=min(1.0, 2 * named)).found
    assert not ask("What did Colin Peake say about the price?", threshold=min(1.0, 2 * other)).found


def test_a_sentence_that_holds_two_statements_is_cited_once(
    tmp_path: Path, open_archive: Callable[..., Archive]
) -> None:
    """Everything that somebody said names each of their sentences once."""
    folder = tmp_path / "council"
    (folder / "articles").mkdir(parents=True)
    text = "Council meets\n\n“It is shut,” Ana Ruiz said. “It stays shut,” Ana Ruiz said."
    (folder / "articles" / "council.txt").write_text(text, encoding="utf-8")
    archive = open_archive(folder, reader=TwiceReader())
    archive.reload()
    cited = [citation.start for citation in archive.ask("What did Ana Ruiz say?").citations]
    assert len(archive.statements()) > len(cited) == len(set(cited)) > 0

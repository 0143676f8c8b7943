"""Questions that the articles can answer."""

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval import Answer, Archive, QuestionError
from retrieval.suggest import MAX_CHARS, Suggester

Open = Callable[..., Archive]


@pytest.fixture
def archive(news: Path, open_archive: Open) -> Archive:
    opened = open_archive(news)
    opened.reload()
    return opened


def test_each_is_found_when_asked(archive: Archive) -> None:
    """What is offered is answered, short enough for a button, and none comes twice."""
    offered = archive.suggestions(limit=5)
    assert offered
    assert len(set(offered)) == len(offered)
    for question in offered:
        assert archive.ask(question).found, question
        assert len(question) <= MAX_CHARS


def test_they_vary(archive: Archive) -> None:
    """The first two are of different articles and of different speakers."""
    first, second = (archive.ask(question).citations[0] for question in archive.suggestions(limit=2))
    assert first.article.id != second.article.id
    assert first.speaker != second.speaker


def test_near_a_question_that_failed(archive: Archive) -> None:
    """Of a speaker that it names, what the speaker did say."""
    assert not archive.ask("What did Colin Peake say about whales in Norway?").found
    assert "Colin Peake" in archive.suggestions("What did Colin Peake say about whales in Norway?")[0]


def test_of_one_article(archive: Archive) -> None:
    """Only what that article answers; an id that is not there is said."""
    for question in archive.suggestions(article="bridge", limit=5):
        assert archive.ask(question, article="bridge").found
        assert "Peake" not in question
    for near in (None, "Who?"):
        with pytest.raises(QuestionError, match="no article"):
            archive.suggestions(near, article="tram")


def test_nothing_to_suggest(tmp_path: Path, open_archive: Open) -> None:
    """An empty archive, and one whose articles nobody speaks in, suggest nothing."""
    empty = open_archive(tmp_path)
    assert empty.suggestions() == ()
    assert empty.suggestions("Who won?") == ()
    (tmp_path / "rain.txt").write_text("Rain\n\nIt rained on Monday. The river rose.\n", encoding="utf-8")
    empty.add(tmp_path / "rain.txt")
    assert empty.suggestions() == ()
    assert empty.suggestions("When did it rain?") == ()


def test_a_number_is_nothing_to_ask_about(tmp_path: Path, open_archive: Open) -> None:
    """“The two” without a noun stands for what is named elsewhere, so nobody is asked about it."""
    text = (
        "Talks\n\nAna Ruiz said that the two met the engineers. The two were late, and the two are old. "
        "The engineers were not late.\n"
    )
    archive = open_archive(tmp_path)
    (tmp_path / "talks.txt").write_text(text, encoding="utf-8")
    archive.add(tmp_path / "talks.txt")
    assert archive.suggestions() == ("What did Ana Ruiz say about the engineers?",)


def test_samples_each_found(sample_archive: Archive) -> None:
    """Over the sample articles with the bundled models: three of three speakers, each answered."""
    offered = sample_archive.suggestions()
    answers = [sample_archive.ask(question) for question in offered]
    assert [answer.found for answer in answers] == [True] * 3
    assert len({answer.speaker for answer in answers}) == 3


@pytest.mark.parametrize("near", ["What did Trump say about Greenland?", "Who paid for the oil?"])
def test_samples_near(sample_archive: Archive, near: str) -> None:
    """For a question that the samples do not answer there are three that they do, none twice."""
    offered = sample_archive.suggestions(near)
    assert len(set(offered)) == 3
    assert all(sample_archive.ask(question).found for question in offered)


def test_a_hurry_offers_what_is_known(archive: Archive) -> None:
    """While there is no time to look for more, what was found answered before is offered, and what a speaker said."""
    asked: list[str] = []

    def ask(question: str) -> Answer:
        asked.append(question)
        return archive.ask(question)

    statements = archive.statements()
    suggester = Suggester(statements)
    (first,) = suggester.near([statements], ask, within=None, limit=1, hurried=True)
    assert asked == [first]
    (found,) = suggester.near([statements], ask, within=None, limit=1)
    assert found != first
    asked.clear()
    assert suggester.near([statements], ask, within=None, limit=1, hurried=True) == (found,)
    assert asked == []

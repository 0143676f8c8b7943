"""What was asked and how it was answered: kept, recalled, rated, forgotten."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.archive import Archive
from retrieval.errors import ArticleError, StoreError

Open = Callable[..., Archive]
FERRY = "How many passengers did the ferry carry in June?"


@pytest.fixture
def archive(news: Path, open_archive: Open) -> Archive:
    """The small articles, asked so that everything is answered."""
    opened = open_archive(news, threshold=0.0)
    opened.reload()
    return opened


def edit(news: Path, old: str, new: str) -> None:
    path = news / "articles" / "ferry.txt"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_an_answer_is_recalled_as_it_was(archive: Archive) -> None:
    """Question, citations, context, speaker, verdict and nearest come back, as views; only the ranking does not."""
    asked = (
        "Who said nobody wanted this delay?",
        "“Nobody wanted this delay”",
        "Did Colin Peake say it was dear?",
        FERRY,
    )
    for question in asked:
        answer = archive.ask(question)
        key = archive.keep(answer, asker="tg:1", channel="private")
        assert len(key) <= 12
        kept = archive.recall(key)
        assert kept is not None
        assert kept == replace(answer, ranked=(), elapsed=kept.elapsed)
        assert [one.context for one in kept.citations] == [one.context for one in answer.citations]


def test_what_was_not_answered_is_recalled_too(news: Path, open_archive: Open) -> None:
    """With its reason and the nearest sentence."""
    archive = open_archive(news, threshold=1.0)
    archive.reload()
    answer = archive.ask("Who won the World Cup?")
    kept = archive.recall(archive.keep(answer))
    assert kept is not None
    assert (kept.found, kept.reason, kept.nearest) == (False, "The articles do not say.", answer.nearest)


def test_what_an_answer_lacked_is_recalled_too(archive: Archive) -> None:
    """How near the nearest sentence came, and which words it does not have."""
    answer = replace(archive.ask("Who won the World Cup?"), found=False, nearly=True, lacks=("World Cup", "Göttingen"))
    kept = archive.recall(archive.keep(answer))
    assert kept is not None
    assert (kept.nearly, kept.lacks) == (True, ("World Cup", "Göttingen"))


def test_a_key_that_is_none(archive: Archive) -> None:
    """Nothing is recalled or rated under it."""
    assert archive.recall("nothing") is None
    assert archive.rate("nothing", rater="tg:1", liked=True) is False


def test_an_answer_survives_the_edit_of_its_article(news: Path, archive: Archive) -> None:
    """It comes back from the version it cites, known to be changed, with the sentence that stands there now."""
    answer = archive.ask(FERRY)
    key = archive.keep(answer)
    assert archive.outdated() == ()
    edit(news, "12,400", "13,500")
    archive.reload()
    kept = archive.recall(key)
    assert kept is not None
    assert kept.citations[0].text == answer.citations[0].text
    assert kept.citations[0].version != archive.articles[1].version
    assert archive.changed_since(kept.citations[0])
    present = archive.present(kept.citations[0])
    assert present is not None
    assert "13,500" in present.text
    found = archive.outdated()[0]
    assert (found.asked.key, found.citation.text, found.present) == (key, answer.citations[0].text, present)


def test_an_edit_elsewhere_outdates_nothing(news: Path, archive: Archive) -> None:
    """Only the cited sentence counts, not the version."""
    answer = archive.ask(FERRY)
    archive.keep(replace(answer, citations=answer.citations[:1]))
    edit(news, "raised the fare", "raised the price")
    assert archive.reload().changed == ("ferry",)
    assert archive.outdated() == ()
    assert not archive.changed_since(answer.citations[0])


def test_an_answer_survives_the_removal_of_its_article(archive: Archive) -> None:
    """It can be shown for ever, and is listed as resting on nothing."""
    answer = archive.ask(FERRY, article="ferry")
    key = archive.keep(answer)
    archive.remove("ferry")
    kept = archive.recall(key)
    assert kept is not None
    assert kept.citations == answer.citations
    assert {found.present for found in archive.outdated()} == {None}


def test_a_cited_version_outlives_those_that_are_not(news: Path, open_archive: Open) -> None:
    """However few versions are kept."""
    archive = open_archive(news, threshold=0.0, keep_versions=1)
    archive.reload()
    answer = archive.ask(FERRY)
    key = archive.keep(answer)
    for number in range(5):
        edit(news, "12,400" if not number else f"{number}00", f"{number + 1}00")
        archive.reload()
    kept = archive.recall(key)
    assert kept is not None
    assert kept.citations[0].text == answer.citations[0].text


def test_an_answer_from_a_version_that_has_gone_meanwhile_is_kept(news: Path, open_archive: Open) -> None:
    """A question under way ends on the snapshot it began with; its answer can still be kept and recalled."""
    archive = open_archive(news, threshold=0.0, keep_versions=1)
    archive.reload()
    answer = archive.ask(FERRY)
    edit(news, "12,400", "13,500")
    archive.reload()
    kept = archive.recall(archive.keep(answer))
    assert kept is not None
    assert kept.citations == answer.citations


def test_the_earlier_answer_to_the_same_question(archive: Archive) -> None:
    """Of the same asker in the same channel, the last before; nobody else's."""
    keys = [
        archive.keep(archive.ask(question), asker=asker, channel=channel)
        for question, asker, channel in (
            (FERRY, "tg:1", "a"),
            (FERRY.upper(), "tg:1", "a"),
            (FERRY, "tg:2", "a"),
            (FERRY, "tg:1", "b"),
            ("Who denied it?", "tg:1", "a"),
            (FERRY, None, None),
            (FERRY, "tg:1", "a"),
        )
    ]
    assert [archive._journal.earlier(key) for key in keys] == [None, keys[0], None, None, None, None, keys[1]]
    assert archive.earlier(keys[-1]) == archive.recall(keys[1])
    assert archive.earlier(keys[0]) is None


def test_one_vote_a_rater(archive: Archive) -> None:
    """It can be changed and taken back; each rater counts once."""
    key = archive.keep(archive.ask(FERRY))
    for rater, liked in (("a", True), ("a", False), ("b", True), ("c", True), ("c", None), ("a", False)):
        assert archive.rate(key, rater=rater, liked=liked)
    entry = archive.asked()[0]
    assert (entry.likes, entry.dislikes) == (1, 1)


def test_forgetting_an_asker(archive: Archive) -> None:
    """What they asked and how they rated goes, what others asked stays."""
    mine = archive.keep(archive.ask(FERRY), asker="tg:1")
    theirs = archive.keep(archive.ask(FERRY), asker="tg:2")
    archive.rate(mine, rater="tg:2", liked=True)
    archive.rate(theirs, rater="tg:1", liked=True)
    assert archive.forget("tg:1") == 2
    assert archive.recall(mine) is None
    assert [(entry.key, entry.asker, entry.likes) for entry in archive.asked()] == [(theirs, "tg:2", 0)]
    assert archive.forget("tg:1") == 0


def test_entries_say_what_was_asked(archive: Archive) -> None:
    """Everything that statistics and export need, with times in UTC."""
    answer = archive.ask("Who said nobody wanted this delay?")
    archive.keep(answer, asker="tg:1", channel="group")
    entry = archive.asked()[0]
    assert entry.at.tzinfo == dt.UTC
    assert (entry.question, entry.kind, entry.found) == (answer.question.text, "who_said", True)
    assert (entry.asker, entry.channel, entry.speaker) == ("tg:1", "group", "Ana Ruiz")
    assert entry.citations == tuple(one.reference for one in answer.citations)
    assert archive.asked(since=entry.at + dt.timedelta(seconds=1)) == ()


def test_questions_in_vain_are_grouped(news: Path, open_archive: Open) -> None:
    """Alike ones count together, the most frequent first, each group by its last question."""
    archive = open_archive(news, threshold=1.0)
    archive.reload()
    for question in ("Who won the World Cup?", "Is the tram late?", "who won the world cup"):
        archive.keep(archive.ask(question))
    groups = archive.unanswered()
    assert [(group.count, group.example) for group in groups] == [
        (2, "who won the world cup"),
        (1, "Is the tram late?"),
    ]
    assert archive.unanswered(limit=1) == groups[:1]
    assert archive.unanswered(since=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)) == ()


def test_pasted_text_is_an_article(archive: Archive) -> None:
    """It can be asked at once and survives a reload; under its key it changes."""
    report = archive.add_text("The tram is late.\r\nIt snowed.", key="post-1", url="https://t.me/c/1", source="Channel")
    assert report.added == ("post-1",)
    answer = archive.ask("Is the tram late?", article="post-1")
    assert answer.citations[0].text == "The tram is late."
    assert archive.add_text("The tram is on time.", key="post-1").changed == ("post-1",)
    assert archive.add_text("The tram is on time.", key="post-1").unchanged == 1
    assert archive.reload().removed == ()
    assert archive.changed_since(answer.citations[0])


def test_pasted_text_without_a_key(archive: Archive) -> None:
    """The same text is the same article; its first line is its title."""
    key = archive.add_text("Trams\n\nThe tram is late.").added[0]
    assert archive.add_text("Trams\n\nThe tram is late.\n").unchanged == 1
    assert next(one.title for one in archive.articles if one.id == key) == "Trams"


@pytest.mark.parametrize(("text", "published"), [(" \n", None), ("The tram is late.", "yesterday")])
def test_text_that_is_no_article(archive: Archive, text: str, published: str | None) -> None:
    """No words, or a date that is none: one clear sentence."""
    with pytest.raises(ArticleError, match=r"\.$"):
        archive.add_text(text, published=published)


def test_many_threads_ask_and_keep_while_one_writes(news: Path, archive: Archive) -> None:
    """No error, and every kept answer is whole."""
    failures: list[BaseException] = []
    keys: list[str] = []

    def ask() -> None:
        try:
            for number in range(10):
                key = archive.keep(archive.ask(FERRY), asker=f"tg:{number}")
                archive.rate(key, rater="tg:1", liked=True)
                keys.append(key)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(5):
        edit(news, "12,400" if not number else f"{number}00", f"{number + 1}00")
        archive.reload()
    for thread in threads:
        thread.join()
    assert failures == []
    answers = [archive.recall(key) for key in keys]
    assert len(answers) == 40
    assert all(one and one.citations[0].text.startswith("The ferry from Harlow Quay carried") for one in answers)


def test_a_second_writer_waits_and_then_says_so(news: Path, open_archive: Open) -> None:
    """In one sentence; the archive that could not be changed answers on."""
    first, second = open_archive(news), open_archive(news, wait_seconds=0.05)
    first.reload()
    with first._live.changing(), pytest.raises(StoreError, match=r"being changed by another .*retrieval\.wait_seconds"):
        second.reload()
    assert second.reload().unchanged == 2
    assert [article.id for article in second.articles] == ["bridge", "ferry"]


def test_what_another_process_added_is_not_lost(news: Path, open_archive: Open) -> None:
    """A reload begins from the store, not from what this process knew."""
    first, second = open_archive(news), open_archive(news)
    first.reload()
    second.reload()
    second.add_text("The tram is late.", key="post-1")
    first.reload()
    assert [article.id for article in first.articles] == ["bridge", "ferry", "post-1"]


def test_a_refresh_during_a_reload_shows_nothing_half_done(news: Path, archive: Archive) -> None:
    """Whoever asks sees the articles of before or of after, also where the archive is refreshed meanwhile."""
    seen: list[set[str]] = []

    def look(_done: int, _total: int) -> None:
        thread = threading.Thread(target=archive.refresh)
        thread.start()
        thread.join()
        seen.append({article.version for article in archive.articles})

    before = {article.version for article in archive.articles}
    edit(news, "12,400", "13,500")
    archive.reload(look)
    assert seen == [before]
    assert {article.version for article in archive.articles} != before

"""The façade: open, add, remove, reload, ask."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.errors import ArticleBotError, ArticleError, QuestionError, StoreError
from tests.conftest import HashingEmbedder

Open = Callable[..., Archive]


def test_reload_reads_the_configured_articles(news: Path, open_archive: Open) -> None:
    """The report names what was added, and they can be asked."""
    archive = open_archive(news)
    report = archive.reload()
    assert (report.added, report.changed, report.removed, report.failed) == (("bridge", "ferry"), (), (), ())
    assert [article.id for article in archive.articles] == ["bridge", "ferry"]
    answer = archive.ask("How many passengers did the ferry carry in June?")
    assert answer.ranked[0].sentence.text.startswith("The ferry from Harlow Quay carried 12,400")


def test_an_archive_already_indexed_embeds_nothing_again(news: Path, open_archive: Open) -> None:
    """Neither opening nor reloading costs an embedding when nothing changed."""
    open_archive(news).reload()
    fresh = HashingEmbedder()
    archive = open_archive(news, fresh)
    assert archive.reload().unchanged == 2
    assert fresh.embedded == []
    assert archive.ask("Who denied it?").ranked


def test_another_models_vectors_are_made_anew(news: Path, open_archive: Open) -> None:
    """Vectors of two models never mix, not even of two dimensions."""
    open_archive(news).reload()
    other = HashingEmbedder("other", dimension=32)
    archive = open_archive(news, other)
    assert len(other.embedded) == sum(len(record.sentences) for record in archive._snapshot.records.values())
    assert {record.model for record in archive._store.records()} == {"other"}
    assert archive.ask("Who denied it?").ranked


def test_reload_follows_changes(news: Path, open_archive: Open) -> None:
    """Changed, added and removed files are each told apart."""
    archive = open_archive(news)
    archive.reload()
    (news / "articles" / "bridge.txt").write_text("The bridge is open again.\n", encoding="utf-8")
    (news / "articles" / "ferry.txt").unlink()
    (news / "articles" / "tram.txt").write_text("The tram is late.\n", encoding="utf-8")
    report = archive.reload()
    assert (report.added, report.changed, report.removed) == (("tram",), ("bridge",), ("ferry",))
    assert archive.ask("Is the bridge open?").ranked[0].sentence.text == "The bridge is open again."


def test_a_file_that_breaks_keeps_its_last_good_version(news: Path, open_archive: Open) -> None:
    """Nothing is lost by an editor's slip; the sentence says what is wrong."""
    archive = open_archive(news)
    archive.reload()
    (news / "articles" / "bridge.txt").write_bytes(b"The bridge \xff\n")
    report = archive.reload()
    assert report.removed == ()
    assert len(report.failed) == 1
    assert "bridge.txt: line 1 is not valid UTF-8" in report.failed[0]
    assert [article.id for article in archive.articles] == ["bridge", "ferry"]


def test_a_folder_that_vanishes_loses_nothing(news: Path, open_archive: Open) -> None:
    """An unmounted disk must not empty the archive."""
    archive = open_archive(news)
    archive.reload()
    shutil.move(news / "articles", news / "elsewhere")
    report = archive.reload()
    assert "there is no such file or folder" in report.failed[0]
    assert (report.removed, len(archive.articles)) == ((), 2)


def test_moved_articles_are_not_embedded_again(news: Path, open_archive: Open, embedder: HashingEmbedder) -> None:
    """The same content elsewhere is the same article."""
    archive = open_archive(news)
    archive.reload()
    embedder.embedded.clear()
    shutil.move(news / "articles", news / "elsewhere")
    moved = open_archive(news, articles=["elsewhere"])
    assert moved.reload().unchanged == 2
    assert embedder.embedded == []


def test_two_articles_with_one_id(news: Path, open_archive: Open) -> None:
    """The first stays, the sentence names both files."""
    (news / "articles" / "copy.md").write_text("---\nid: bridge\n---\nAnother text.\n", encoding="utf-8")
    archive = open_archive(news)
    (failure,) = archive.reload().failed
    assert "“bridge”" in failure
    assert "copy.md" in failure
    assert "bridge.txt" in failure
    assert [article.id for article in archive.articles] == ["bridge", "ferry"]


def test_add_is_idempotent_and_survives_reloads(news: Path, open_archive: Open, tmp_path: Path) -> None:
    """What was added by hand is not removed because the configuration does not name it."""
    path = tmp_path / "tram.md"
    path.write_text("---\ntitle: Tram\n---\nThe tram is late.", encoding="utf-8")
    archive = open_archive(news)
    assert archive.add(path).added == ("tram",)
    assert archive.add(path).unchanged == 1
    archive.reload()
    assert [article.id for article in archive.articles] == ["bridge", "ferry", "tram"]


def test_remove_forgets(news: Path, open_archive: Open) -> None:
    """And what is not there cannot be removed."""
    archive = open_archive(news)
    archive.reload()
    archive.remove("ferry")
    assert [article.id for article in open_archive(news).articles] == ["bridge"]
    with pytest.raises(ArticleError, match="no article with the id “ferry”"):
        archive.remove("ferry")


def test_the_article_filter(news: Path, open_archive: Open) -> None:
    """Asked of one article, the others are silent."""
    archive = open_archive(news)
    archive.reload()
    answer = archive.ask("How many passengers did the ferry carry?", article="bridge")
    assert {one.sentence.article.id for one in answer.ranked} == {"bridge"}
    with pytest.raises(QuestionError, match="no article with the id “tram”"):
        archive.ask("Anything?", article="tram")


@pytest.mark.parametrize(
    ("question", "reason", "nearest"),
    [
        ("Who won the World Cup?", "The articles do not say.", None),
        ("Who closed the bridge to Narnia?", "The articles do not say.", "bridge"),
        (
            "What did Narnia’s mayor say about the ferry?",
            "The articles do not say what Narnia’s mayor said about the ferry.",
            "ferry",
        ),
    ],
)
def test_not_found_says_so_with_the_nearest(
    news: Path, open_archive: Open, question: str, reason: str, nearest: str | None
) -> None:
    """No citation, but the sentence that has most of what was asked, marked as no answer; none that has nothing."""
    archive = open_archive(news, threshold=1.0, ranker="bundled")
    archive.reload()
    answer = archive.ask(question)
    assert (answer.found, answer.citations, answer.reason) == (False, (), reason)
    assert answer.ranked
    assert (answer.nearest is None) == (nearest is None)
    assert answer.nearest is None or str(nearest) in answer.nearest.text.lower()


@pytest.mark.parametrize("question", ["", "  \n ", "\x00\x07", "🤷🏽‍♀️🎉", "?!…", "x" * 10_000, "\u202e\u2066"])
def test_questions_that_cannot_be_asked(news: Path, open_archive: Open, question: str) -> None:
    """Each gets one clear sentence."""
    archive = open_archive(news)
    archive.reload()
    with pytest.raises(QuestionError) as raised:
        archive.ask(question)
    assert str(raised.value).endswith(".")


def test_an_empty_archive_answers_that_nothing_is_said(tmp_path: Path, open_archive: Open) -> None:
    """No articles, no crash."""
    answer = open_archive(tmp_path).ask("Who said what?")
    assert (answer.found, answer.nearest, answer.ranked) == (False, None, ())


def test_neighbours_of_a_citation(news: Path, open_archive: Open) -> None:
    """The context takes in the sentence before and after, and never another article's."""
    archive = open_archive(news, threshold=0.0)
    archive.reload()
    for article in archive.articles:
        for citation in archive.ask("Divers had found cracks in a second pier.", article=article.id).citations:
            assert citation.text in citation.context
            assert citation.context in article.text
            assert citation.version == article.version


@given(st.text(min_size=1, max_size=200))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_citation_is_a_slice_of_its_article(sample_archive: Archive, question: str) -> None:
    """To any text whatever: what is cited stands in the article, to the code point."""
    try:
        answer = sample_archive.ask(question)
    except QuestionError:
        return
    texts = {article.id: article.text for article in sample_archive.articles}
    for citation in (*answer.citations, *((answer.nearest,) if answer.nearest else ())):
        assert citation.text == texts[citation.article.id][citation.start : citation.end]
        assert citation.text.strip()
    if answer.short:
        assert answer.citations[0].start <= answer.short.start < answer.short.end <= answer.citations[0].end


def test_a_store_that_is_no_store(news: Path, open_archive: Open) -> None:
    """A file of other bytes is refused, and left alone."""
    (news / "data").mkdir()
    path = news / "data" / "articles.sqlite"
    path.write_bytes(b"This is no database, whatever its name says. " * 50)
    with pytest.raises(StoreError, match=r"articles\.sqlite cannot be used"):
        open_archive(news)
    assert path.read_bytes().startswith(b"This is no database")


def test_a_store_of_another_release(news: Path, open_archive: Open) -> None:
    """A format that is not ours is refused with a sentence."""
    open_archive(news).close()
    with sqlite3.connect(news / "data" / "articles.sqlite") as connection:
        connection.execute("UPDATE meta SET value = '99'")
    connection.close()
    with pytest.raises(StoreError, match="made by another release"):
        open_archive(news)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path, open_archive: Open) -> None:
    """The sentence names the folder."""
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match=r"cannot be made \(retrieval.data\)"):
        open_archive(tmp_path)


def test_a_data_folder_that_is_a_file(tmp_path: Path, open_archive: Open) -> None:
    """The sentence names it."""
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(ArticleBotError, match=r"data cannot be made \(retrieval.data\)"):
        open_archive(tmp_path)


def test_a_broken_write_leaves_the_old_article_whole(
    news: Path, open_archive: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One transaction an article: what fails in the middle has never happened."""
    open_archive(news).reload()
    (news / "articles" / "bridge.txt").write_text("The bridge is open again.\n", encoding="utf-8")
    archive = open_archive(news)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr("retrieval.kept.json.dumps", fail)
    with pytest.raises(RuntimeError, match="killed"):
        archive.reload()
    kept = {article.id: article.text for article in open_archive(news).articles}
    assert kept["bridge"].startswith("Swing bridge to stay shut")


def test_an_article_read_from_another_place_keeps_its_statements(
    news: Path, open_archive: Callable[..., Archive]
) -> None:
    """A folder that moved changes nothing of what was said, and it can be asked about."""
    open_archive(news).reload()
    (news / "articles").rename(news / "moved")
    archive = open_archive(news, articles=["moved"], threshold=0.0)
    assert archive.reload().changed == ()
    answer = archive.ask("“Nobody wanted this delay less than I did”")
    assert answer.verdict == "exact"
    assert all(sentence.article is one.article for one in archive.statements() for sentence in one.sentences)
    assert {id(one.article) for one in archive.statements()} <= {id(article) for article in archive.articles}

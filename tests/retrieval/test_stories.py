"""One story once: copies are found, cited once, and what only a copy says is still found."""

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.archive import Archive
from tests.conftest import NEWS, HashingEmbedder

Open = Callable[..., Archive]
FERRY = "How many passengers did the ferry carry in July, more than ever?"
LONG = (
    "The ferry from Harlow Quay carried 15,900 passengers in July, more than in any month before. Its owner said on"
    " Monday that a second boat had been ordered from a yard in Norway and would sail by spring. Ticket prices stay as"
    " they are until the end of the year, and children under six travel free on all crossings before noon. The council"
    " wants a landing stage on the north bank, which would cost two million pounds and take eight months to build."
)


def write(news: Path, name: str, text: str, published: str | None = None, url: str | None = None) -> None:
    fields = [f"{key}: {value}" for key, value in (("published", published), ("url", url)) if value]
    (news / "articles" / f"{name}.md").write_text("\n".join(["---", *fields, "---", text]), encoding="utf-8")


@pytest.fixture
def copies(news: Path) -> Path:
    """A story in four articles: the second by date is the original, one copy says more, one changes a figure."""
    write(news, "a-copy", LONG, "2025-02-14")
    write(news, "b-original", LONG, "2025-02-13")
    write(news, "c-longer", f"{LONG} A brass band played at the quay.", "2025-02-15T08:00:00+01:00")
    write(news, "d-altered", LONG.replace("eight months", "nine months"), None)
    return news


def test_a_story_is_cited_once(copies: Path, open_archive: Open) -> None:
    """From the earliest article, with the others that say the same; no copy is ranked beside it."""
    archive = open_archive(copies, threshold=0.0)
    archive.reload()
    answer = archive.ask(FERRY)
    citation = answer.citations[0]
    assert citation.article.id == "b-original"
    assert [one.id for one in citation.also] == ["a-copy", "c-longer", "d-altered"]
    texts = [one.sentence.text for one in answer.ranked]
    assert len(texts) == len(set(texts))
    assert "ferry" not in {one.id for one in citation.also}


def test_only_articles_that_say_the_same_are_named(copies: Path, open_archive: Open) -> None:
    """One that alters the sentence does not say it, and what it says can be found by itself."""
    archive = open_archive(copies, threshold=0.0, max_citations=20)
    archive.reload()
    cited = {one.article.id: one for one in archive.ask("What would take eight months to build?").citations}
    assert [one.id for one in cited["b-original"].also] == ["a-copy", "c-longer"]
    found = [one.sentence for one in archive.ask("What would take nine months to build?").ranked]
    assert "d-altered" in {one.article.id for one in found if "nine months" in one.text}


def test_what_only_a_copy_says_is_found(copies: Path, open_archive: Open) -> None:
    """Nothing is lost by finding copies."""
    archive = open_archive(copies, threshold=0.0)
    archive.reload()
    citation = archive.ask("Who played at the quay? A brass band?").citations[0]
    assert (citation.article.id, citation.text, citation.also) == ("c-longer", "A brass band played at the quay.", ())


def test_a_copy_can_be_asked_by_itself(copies: Path, open_archive: Open) -> None:
    """All of its sentences and statements are there."""
    (copies / "articles" / "bridge-copy.txt").write_text(NEWS["bridge"], encoding="utf-8")
    archive = open_archive(copies, threshold=0.0)
    archive.reload()
    assert archive.ask(FERRY, article="a-copy").citations[0].article.id == "a-copy"
    said = archive.ask("Who said nobody wanted this delay?", article="bridge-copy")
    assert (said.speaker.name if said.speaker else None, said.citations[0].article.id) == ("Ana Ruiz", "bridge-copy")
    assert [one.id for one in said.citations[0].also] == ["bridge"]


def test_a_statement_of_a_story_counts_once(news: Path, open_archive: Open) -> None:
    """In lists and answers alike."""
    archive = open_archive(news)
    archive.reload()
    before = [statement.sentences[0].text for statement in archive.statements()]
    (news / "articles" / "bridge-copy.txt").write_text(NEWS["bridge"], encoding="utf-8")
    archive.reload()
    assert [statement.sentences[0].text for statement in archive.statements()] == before
    assert {one.article.id for one in archive.ask("What did Ana Ruiz say?").citations} <= {"bridge", "ferry"}


def test_articles_of_one_topic_are_no_copies(news: Path, open_archive: Open) -> None:
    """Two reports of the same matter in other words stay two."""
    write(news, "report", LONG)
    write(
        news,
        "own",
        "Twice as many people as before took the Harlow Quay ferry in July: 15,900. A second boat is coming.",
    )
    archive = open_archive(news)
    archive.reload()
    assert archive._live.snapshot.stories.told_twice == ()


def test_one_address_is_one_story(news: Path, open_archive: Open) -> None:
    """However readers came to it, and however much the article was rewritten."""
    write(news, "early", "The tram is late. It snowed.", "2025-02-13", "https://example.org/tram?utm_source=feed")
    write(news, "later", "It snowed. All trams stand still since noon.", "2025-02-14", "https://EXAMPLE.org/tram#top")
    archive = open_archive(news)
    archive.reload()
    assert [[one.id for one in story] for story in archive._live.snapshot.stories.told_twice] == [["early", "later"]]


def test_sketches_are_made_once(copies: Path, open_archive: Open) -> None:
    """They are kept: a start makes none, and one lost is made without embedding."""
    archive = open_archive(copies)
    archive.reload()
    told = archive._live.snapshot.stories.told_twice
    with archive._store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM sketches")
    fresh = HashingEmbedder()
    again = open_archive(copies, fresh)
    assert (again._live.snapshot.stories.told_twice, fresh.embedded) == (told, [])
    assert all(record.sketch is not None for record in open_archive(copies)._live.records.values())


def test_an_answer_recalled_names_the_copies_there_are_now(copies: Path, open_archive: Open) -> None:
    """They are looked up again, not kept."""
    archive = open_archive(copies, threshold=0.0)
    archive.reload()
    key = archive.keep(archive.ask(FERRY))
    (copies / "articles" / "a-copy.md").unlink()
    archive.reload()
    kept = archive.recall(key)
    assert kept is not None
    assert [one.id for one in kept.citations[0].also] == ["c-longer", "d-altered"]

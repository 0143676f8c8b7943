"""The archive changed: what a reload reports, what is staged, proved, published, rolled back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.archive import Archive
from retrieval.edits import edit_between
from retrieval.errors import ArticleError, GoldenError
from retrieval.schema import Article
from retrieval.sentences import split
from tests.conftest import HashingEmbedder

Open = Callable[..., Archive]
FERRY = "How many passengers did the ferry carry in June?"


def write(news: Path, name: str, text: str) -> None:
    (news / "articles" / f"{name}.txt").write_text(text, encoding="utf-8")


def edit(news: Path, old: str, new: str, name: str = "ferry") -> None:
    path = news / "articles" / f"{name}.txt"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.fixture
def approving(news: Path, open_archive: Open) -> Archive:
    """An archive whose reloads wait for approval, with what it had before already live."""
    archive = open_archive(news, threshold=0.0, publish="approve", golden="golden.jsonl")
    archive.reload()
    archive.publish()
    (news / "golden.jsonl").write_text(
        '{"question": "How many passengers did the ferry carry in June?", "sentences": ["The ferry from Harlow"]}\n'
        '{"question": "What did divers find in a second pier?", "sentences": ["Divers had found"]}\n',
        encoding="utf-8",
    )
    return archive


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("It rained. Ann left early.", "It rained. Ann left late.", [("Ann left early.", "Ann left late.")]),
        ("It rained.", "It rained. Trams stood still.", [(None, "Trams stood still.")]),
        ("It rained. Trams stood still.", "Trams stood still.", [("It rained.", None)]),
        ("It rained all day.", "Nobody knows why trams stop.", [
            (None, "Nobody knows why trams stop."), ("It rained all day.", None),
        ]),
        ("It rained.", "It rained.", []),
    ],
)  # fmt: skip
def test_what_changed_is_told_by_sentences(
    before: str, after: str, expected: list[tuple[str | None, str | None]], make_article: Callable[..., Article]
) -> None:
    """A changed sentence stands beside what it was; another one stands alone."""
    was, now = make_article(before), make_article(after)
    found = edit_between(split(was), split(now), was, now).sentences
    assert sorted(
        ((one.before.text if one.before else None, one.after.text if one.after else None) for one in found), key=str
    ) == sorted(expected, key=str)


def test_a_reload_tells_the_sentences_that_changed(news: Path, open_archive: Open, embedder: HashingEmbedder) -> None:
    """And embeds only those."""
    archive = open_archive(news)
    archive.reload()
    embedder.embedded.clear()
    edit(news, "12,400", "13,500")
    report = archive.reload()
    assert report.changed == ("ferry",)
    change = report.edits[0].sentences[0]
    assert change.before is not None
    assert change.after is not None
    assert ("12,400" in change.before.text, "13,500" in change.after.text) == (True, True)
    assert embedder.embedded == [change.after.text]


def test_a_dry_run_changes_nothing(news: Path, open_archive: Open, embedder: HashingEmbedder) -> None:
    """It tells what a reload would, embeds nothing, and the reload then does just that."""
    archive = open_archive(news)
    archive.reload()
    embedder.embedded.clear()
    edit(news, "12,400", "13,500")
    write(news, "tram", "The tram is late.\n")
    (news / "articles" / "bridge.txt").unlink()
    planned = archive.reload(dry_run=True)
    assert (planned.added, planned.changed, planned.removed) == (("tram",), ("ferry",), ("bridge",))
    assert (embedder.embedded, [one.id for one in archive.articles]) == ([], ["bridge", "ferry"])
    done = archive.reload()
    assert (done.added, done.changed, done.removed, done.edits) == (
        planned.added, planned.changed, planned.removed, planned.edits,
    )  # fmt: skip


def test_history_shows_every_version(news: Path, open_archive: Open) -> None:
    """When it came, what changed, when it went."""
    archive = open_archive(news)
    archive.reload()
    edit(news, "12,400", "13,500")
    archive.reload()
    archive.remove("ferry")
    came, changed, went = archive.history("ferry")
    assert (came.edit, came.kept, came.release) == (None, True, 1)
    assert changed.edit is not None
    assert [one.after.text for one in changed.edit.sentences if one.after] == [
        "The ferry from Harlow Quay carried 13,500 passengers in June, twice as many as a year earlier."
    ]
    assert (went.version, went.edit) == (None, None)
    assert archive.history("tram") == ()


def test_rolling_back_an_article(news: Path, open_archive: Open, embedder: HashingEmbedder) -> None:
    """The old version answers again, nothing is embedded, and a reload leaves it there until the source changes."""
    archive = open_archive(news, threshold=0.0)
    archive.reload()
    edit(news, "12,400", "13,500")
    archive.reload()
    first = archive.history("ferry")[0].version
    embedder.embedded.clear()
    assert archive.rollback("ferry").changed == ("ferry",)
    assert embedder.embedded == []
    assert "12,400" in archive.ask(FERRY).citations[0].text
    assert archive.articles[1].version == first
    assert archive.reload().unchanged == 2
    edit(news, "13,500", "14,000")
    assert archive.reload().changed == ("ferry",)
    assert archive.rollback("ferry", first).changed == ("ferry",)


def test_rolling_back_a_release(news: Path, open_archive: Open) -> None:
    """All that one reload changed goes back together; a removed article comes back and stays."""
    archive = open_archive(news)
    archive.reload()
    edit(news, "12,400", "13,500")
    (news / "articles" / "bridge.txt").unlink()
    archive.reload()
    report = archive.rollback()
    assert (report.added, report.changed, report.removed) == (("bridge",), ("ferry",), ())
    assert archive.reload().removed == ()
    assert archive.rollback(release=1).touches == 0
    assert archive.rollback(release=0).removed == ("bridge", "ferry")


def test_what_cannot_be_rolled_back_to(news: Path, open_archive: Open) -> None:
    """An unknown version, one no longer kept, or nothing at all: one clear sentence each, and nothing is changed."""
    archive = open_archive(news, keep_versions=1)
    with pytest.raises(ArticleError, match="nothing to roll back"):
        archive.rollback()
    archive.reload()
    with pytest.raises(ArticleError, match="no version before this one of “ferry”"):
        archive.rollback("ferry")
    with pytest.raises(ArticleError, match="no version “x” of “ferry”"):
        archive.rollback("ferry", "x")
    edit(news, "12,400", "13,500")
    archive.reload()
    with pytest.raises(ArticleError, match="no longer kept"):
        archive.rollback("ferry")
    assert "13,500" in archive.articles[1].text


def test_another_process_sees_what_was_rolled_back(news: Path, open_archive: Open) -> None:
    """After a refresh."""
    first, second = open_archive(news), open_archive(news)
    first.reload()
    second.refresh()
    assert second.articles == first.articles
    edit(news, "12,400", "13,500")
    first.reload()
    second.reload()
    first.rollback("ferry")
    second.refresh()
    assert second.articles == first.articles


def test_a_rollback_to_what_another_model_embedded(news: Path, open_archive: Open) -> None:
    """It is embedded anew: vectors of two models never mix."""
    archive = open_archive(news)
    archive.reload()
    edit(news, "12,400", "13,500")
    archive.reload()
    other = open_archive(news, HashingEmbedder("other", dimension=32))
    other.rollback("ferry")
    assert {record.model for record in other._live.records.values()} == {"other"}
    assert other.ask(FERRY).ranked


def test_a_reload_to_be_approved_is_staged(news: Path, approving: Archive) -> None:
    """What is live answers on; a second reload, or opening the archive again, changes nothing of that."""
    edit(news, "12,400", "13,500")
    write(news, "tram", "The tram is late.\n")
    report = approving.reload()
    assert (report.staged, report.added, report.changed) == (True, ("tram",), ("ferry",))
    assert "12,400" in approving.ask(FERRY).citations[0].text
    assert approving.reload().touches == 0
    staged = approving.staged
    assert staged is not None
    assert (staged.added, staged.changed, staged.removed) == (("tram",), ("ferry",), ())


def test_publishing_makes_live_what_was_staged(news: Path, approving: Archive, embedder: HashingEmbedder) -> None:
    """All at once, embedding nothing."""
    edit(news, "12,400", "13,500")
    (news / "articles" / "bridge.txt").unlink()
    approving.reload()
    embedder.embedded.clear()
    report = approving.publish()
    assert (report.changed, report.removed, embedder.embedded) == (("ferry",), ("bridge",), [])
    assert [one.id for one in approving.articles] == ["ferry"]
    assert approving.staged is None
    assert approving.rollback().added == ("bridge",)


def test_discarding_forgets_what_was_staged(news: Path, approving: Archive) -> None:
    """The next reload stages it again."""
    edit(news, "12,400", "13,500")
    approving.reload()
    assert approving.discard() == 1
    assert approving.staged is None
    assert approving.reload().changed == ("ferry",)


def test_a_source_that_goes_back_is_no_longer_staged(news: Path, approving: Archive) -> None:
    """Edits that undo each other leave nothing to publish; so does an article that came and went."""
    edit(news, "12,400", "13,500")
    write(news, "tram", "The tram is late.\n")
    approving.reload()
    edit(news, "13,500", "12,400")
    (news / "articles" / "tram.txt").unlink()
    approving.reload()
    assert approving.staged is None


def test_golden_questions_prove_what_is_staged(news: Path, approving: Archive) -> None:
    """Answers that move are told, and questions whose right sentence is lost."""
    edit(news, "12,400", "13,500")
    edit(news, "Divers had found cracks in a\nsecond pier.", "", "bridge")
    approving.reload()
    proof = approving.prove()
    assert [will_be.question for _, will_be in proof.moved] == [FERRY]
    assert proof.lost == ("What did divers find in a second pier?",)
    assert proof.harms


def test_a_proof_tells_what_gets_better_and_worse(news: Path, approving: Archive) -> None:
    """By the same judgement as `article-bot eval`."""
    write(news, "decoy", "How many passengers did the ferry carry in June?\n")
    approving.reload()
    proof = approving.prove()
    assert [will_be.question for _, will_be in proof.compared.worse] == [FERRY]
    approving.publish()
    (news / "articles" / "decoy.txt").unlink()
    approving.reload()
    assert [will_be.question for _, will_be in approving.prove().compared.better] == [FERRY]


def test_a_proof_needs_golden_questions(news: Path, open_archive: Open) -> None:
    """Without a file in the configuration there is none."""
    with pytest.raises(GoldenError, match=r"retrieval\.golden"):
        open_archive(news, publish="approve").prove()


def test_what_is_added_by_hand_is_live_at_once(approving: Archive) -> None:
    """Only a reload waits."""
    approving.add_text("The tram is late.", key="tram")
    assert "tram" in [one.id for one in approving.articles]
    assert approving.reload().touches == 0

"""Copies of the store, taken and put back while it is used."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.archive import Archive
from retrieval.errors import StoreError
from tests.conftest import HashingEmbedder

Open = Callable[..., Archive]
FERRY = "How many passengers did the ferry carry in June?"


def edit(news: Path, old: str, new: str) -> None:
    path = news / "articles" / "ferry.txt"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.fixture
def archive(news: Path, open_archive: Open) -> Archive:
    """The small articles."""
    opened = open_archive(news, threshold=0.0)
    opened.reload()
    return opened


def test_a_backup_brings_everything_back(news: Path, archive: Archive, tmp_path: Path, open_archive: Open) -> None:
    """Articles, versions and journal as they were, for all that have the store open; nothing is embedded."""
    other = open_archive(news)
    key = archive.keep(archive.ask(FERRY))
    backup = tmp_path / "away" / "backup.sqlite"
    archive.backup(backup)
    edit(news, "12,400", "13,500")
    archive.reload()
    lost = archive.keep(archive.ask(FERRY))
    report = archive.restore(backup)
    assert report.changed == ("ferry",)
    assert "12,400" in archive.ask(FERRY).citations[0].text
    assert (archive.recall(key) is None, archive.recall(lost) is None) == (False, True)
    other.refresh()
    assert other.articles == archive.articles
    fresh = HashingEmbedder()
    open_archive(news, fresh)
    assert fresh.embedded == []


def test_a_backup_is_taken_while_others_write(archive: Archive, tmp_path: Path) -> None:
    """Each copy is whole, and nobody fails."""
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            for _ in range(20):
                archive.keep(archive.ask(FERRY))
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(3):
        archive.backup(tmp_path / f"{number}.sqlite")
        archive.restore(tmp_path / f"{number}.sqlite")
    for thread in threads:
        thread.join()
    assert failures == []
    assert [one.id for one in archive.articles] == ["bridge", "ferry"]


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_damaged_backup_is_refused(archive: Archive, tmp_path: Path, place: float) -> None:
    """A single byte changed anywhere; the archive is as it was."""
    backup = tmp_path / "backup.sqlite"
    archive.backup(backup)
    content = bytearray(backup.read_bytes())
    content[int(place * len(content))] ^= 1
    backup.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged: its checksum"):
        archive.restore(backup)
    assert archive.ask(FERRY).found


def test_what_is_no_backup_is_refused(archive: Archive, tmp_path: Path) -> None:
    """A file that is not there, one without a checksum, and one of other bytes."""
    with pytest.raises(StoreError, match="cannot be read: No such file"):
        archive.restore(tmp_path / "none.sqlite")
    (tmp_path / "bare.sqlite").write_bytes(b"no store")
    with pytest.raises(StoreError, match=r"There is no checksum .*bare\.sqlite\.sha256"):
        archive.restore(tmp_path / "bare.sqlite")
    (tmp_path / "bare.sqlite.sha256").write_text(
        "61d5e22a1b8a9c9ee7fee1b3e3e4f95ed6cd7d4f07a8e1bfc4b40a9cf9cb0c0b  bare.sqlite\n", encoding="utf-8"
    )
    with pytest.raises(StoreError, match="is damaged"):
        archive.restore(tmp_path / "bare.sqlite")
    assert list((tmp_path / "news" / "data").glob(".*")) == []


def test_a_backup_that_cannot_be_written(archive: Archive, tmp_path: Path) -> None:
    """One sentence that names the file."""
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(StoreError, match=r"The backup .*file.backup\.sqlite cannot be written"):
        archive.backup(tmp_path / "file" / "backup.sqlite")


def test_vacuum_gives_room_back(archive: Archive) -> None:
    """What was deleted no longer fills the disk, and all else is as it was."""
    archive.add_text("The tram is late. " * 5_000, key="tram")
    for asker in range(200):
        archive.keep(archive.ask(FERRY), asker="tg:1", channel="x" * 5_000 + str(asker))
    archive.forget("tg:1")
    assert archive.vacuum() > 500_000
    assert archive.ask(FERRY).found

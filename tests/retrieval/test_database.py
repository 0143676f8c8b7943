"""The way from older stores to this one."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from retrieval.archive import Archive
from retrieval.database import MIGRATIONS, Database
from retrieval.errors import StoreError
from retrieval.tables import REVISIONS, tables
from tests.conftest import NEWS, HashingEmbedder, PatternReader

Open = Callable[..., Archive]
# The store as the release before migrations made it.
FORMAT_1 = """
CREATE TABLE meta ("key" VARCHAR NOT NULL, value TEXT NOT NULL, PRIMARY KEY ("key"));
CREATE TABLE articles (id VARCHAR NOT NULL, version VARCHAR NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, url TEXT,
  source TEXT, author TEXT, published VARCHAR, language VARCHAR NOT NULL, page_hash VARCHAR NOT NULL,
  origin TEXT NOT NULL, configured BOOLEAN NOT NULL, PRIMARY KEY (id));
CREATE TABLE sentences (article_id VARCHAR NOT NULL, number INTEGER NOT NULL, paragraph INTEGER NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, PRIMARY KEY (article_id, number),
  FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE);
CREATE TABLE vectors (article_id VARCHAR NOT NULL, model VARCHAR NOT NULL, dimension INTEGER NOT NULL,
  kept BLOB NOT NULL, PRIMARY KEY (article_id),
  FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE);
CREATE TABLE statements (article_id VARCHAR NOT NULL, reader VARCHAR NOT NULL, found TEXT NOT NULL,
  PRIMARY KEY (article_id), FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE);
INSERT INTO meta VALUES ('format', '1');
"""


def store_of_format_1(folder: Path, text: str) -> Path:
    """One article of one sentence, added by hand, with a vector that no model would make."""
    path = folder / "data" / "articles.sqlite"
    path.parent.mkdir(parents=True)
    vector = np.arange(64, dtype=np.float16).tobytes()
    statement = (
        '[{"sentences": [0], "speaker": {"id": "a", "name": "Ann", "kind": "person", "aliases": [], "title": null},'
        ' "speaker_span": [0, 3], "cue": null, "content": [[4, 9]], "kind": "direct", "confidence": 0.9}]'
    )
    with sqlite3.connect(path) as connection:
        connection.executescript(FORMAT_1)
        row = ("old", "v1", "Old", text, None, None, None, None, "en", "hash", "elsewhere", 0)
        connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.execute("INSERT INTO sentences VALUES ('old', 0, 0, 0, ?)", (len(text),))
        connection.execute("INSERT INTO vectors VALUES ('old', 'hashing', 64, ?)", (vector,))
        connection.execute("INSERT INTO statements VALUES ('old', 'pattern', ?)", (statement,))
    connection.close()
    return path


def test_a_store_of_format_1_is_migrated(tmp_path: Path, open_archive: Open) -> None:
    """What was kept and made is as it was, nothing is embedded or read again, foreign keys hold."""
    path = store_of_format_1(tmp_path, "Ann waits.")
    model, reader = HashingEmbedder(), PatternReader()
    archive = open_archive(tmp_path, model, reader, articles=[])
    record = archive._live.records["old"]
    assert (record.article.text, record.article.version, record.configured) == ("Ann waits.", "v1", False)
    assert record.vectors.tolist() == [list(range(64))]
    assert record.statements[0].speaker.name == "Ann"
    assert (model.embedded, reader.articles_read) == ([], [])
    archive.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert not {name for name in names if name.endswith("_1")}


def test_migrations_make_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    """A new store differs in nothing from `tables`."""
    database = Database(tmp_path / "articles.sqlite")
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables) == []
    database.close()


def test_the_code_knows_every_migration() -> None:
    """In their order: opening tells by them which stores are newer."""
    found = [one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    assert tuple(reversed(found)) == REVISIONS


def test_a_store_is_migrated_once(tmp_path: Path) -> None:
    """Opening again changes nothing."""
    path = tmp_path / "articles.sqlite"
    Database(path).close()
    before = path.read_bytes()
    Database(path).close()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    ["UPDATE meta SET value = '99'", "UPDATE alembic_version SET version_num = '9999'"],
    ids=["meta", "alembic"],
)
def test_a_store_of_a_newer_release_is_refused(tmp_path: Path, change: str) -> None:
    """With a sentence that says what to do, and nothing is changed."""
    path = tmp_path / "articles.sqlite"
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"made by another release, newer .* update article-bot"):
        Database(path)
    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_the_old_store(tmp_path: Path, open_archive: Open) -> None:
    """All of it is one transaction."""
    path = store_of_format_1(tmp_path, NEWS["ferry"])
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE votes (blocks INTEGER)")
    connection.close()
    with pytest.raises(StoreError, match="cannot be used"):
        open_archive(tmp_path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT id FROM articles").fetchall() == [("old",)]
        connection.execute("DROP TABLE votes")
    connection.close()
    assert [article.id for article in open_archive(tmp_path, articles=[]).articles] == ["old"]

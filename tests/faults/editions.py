"""Articles that come out in one edition after another, and an archive of them to look into.

What both the tests and the long runs of this folder stand on. Knows nothing of what goes wrong.
"""

import sqlite3
from pathlib import Path

import numpy as np

from retrieval.archive import Archive
from retrieval.config import Config
from retrieval.errors import StoreError
from tests.conftest import HashingEmbedder, PatternReader

STAYING = 6


def write_edition(folder: Path, articles: int, edition: int) -> None:
    """Write every article: some sentences that stay, and one that each edition changes."""
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    for number in range(articles):
        path = folder / "articles" / f"a{number:04}.txt"
        path.write_text(text_of(number, edition), encoding="utf-8")


def text_of(number: int, edition: int) -> str:
    """The text of an article in an edition."""
    staying = [f"Sentence {place} of article {number} says the same in every edition." for place in range(STAYING)]
    return " ".join([changing(number, edition), *staying]) + "\n"


def changing(number: int, edition: int) -> str:
    """The sentence of an article that an edition changes."""
    return f"Article {number} comes in edition {edition} today."


def edition_of(text: str) -> int:
    """The edition that a whole text is of.

    Raises:
        ValueError: It is none, or of two.
    """
    words = text.split()
    number, edition = int(words[1]), int(words[5])
    if text != text_of(number, edition):
        raise ValueError(f"no edition of article {number}: {text!r}")
    return edition


def open_archive(folder: Path, embedder: HashingEmbedder | None = None, **settings: object) -> Archive:
    """The archive of a folder, with the model that needs no weights."""
    config = Config.model_validate({"folder": folder, "ranker": "none", "keep_versions": 2, **settings})
    return Archive.open(config, embedder=embedder or HashingEmbedder(), reader=PatternReader())


def editions(archive: Archive) -> dict[str, int]:
    """The edition of each article, every one of which must be whole.

    Raises:
        ValueError: An article, its sentences or its vectors are not.
    """
    for record in archive._live.records.values():
        texts = [sentence.text for sentence in record.sentences]
        if " ".join(texts) != record.article.text.strip():
            raise ValueError(f"{record.article.id} is not its sentences")
        if not np.allclose(record.vectors, HashingEmbedder().embed(texts), atol=1e-3):
            raise ValueError(f"{record.article.id} has vectors of other sentences")
    return {article.id: edition_of(article.text) for article in archive.articles}


def check_file(folder: Path) -> None:
    """See that SQLite finds nothing wrong.

    Raises:
        StoreError: It does.
    """
    connection = sqlite3.connect(folder / "data" / "articles.sqlite")
    wrong = connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
    wrong = wrong or bool(connection.execute("PRAGMA foreign_key_check").fetchall())
    connection.close()
    if wrong:
        raise StoreError("SQLite finds the file broken.")

"""The tables of the store as they are now; `retrieval/migrations` leads older stores here.

A version of an article is never changed: what is live, staged or cited points at one. Knows nothing of transactions.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    and_,
    false,
)

# The migrations, oldest first, and what `meta` says so that releases from before there were any refuse the store.
REVISIONS = ("0001", "0002", "0003", "0004")
FORMAT = "2"

tables = MetaData()
meta = Table("meta", tables, Column("key", String, primary_key=True), Column("value", Text, nullable=False))

# Every version of every article; `seen` is when it was first kept, UTC.
versions = Table(
    "versions",
    tables,
    Column("article_id", String, primary_key=True),
    Column("version", String, primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("url", Text),
    Column("source", Text),
    Column("author", Text),
    Column("published", String),
    Column("language", String, nullable=False),
    Column("seen", String, nullable=False),
)


def _version_key(article: str = "article_id", *, cascade: bool = True) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        [article, "version"], ["versions.article_id", "versions.version"], ondelete="CASCADE" if cascade else None
    )


# What was made of a version: sentences, their vectors with the model that made them, statements with their reader.
sentences = Table(
    "sentences",
    tables,
    Column("article_id", String, primary_key=True),
    Column("version", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("paragraph", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    _version_key(),
)
vectors = Table(
    "vectors",
    tables,
    Column("article_id", String, primary_key=True),
    Column("version", String, primary_key=True),
    Column("model", String, nullable=False),
    Column("dimension", Integer, nullable=False),
    Column("kept", LargeBinary, nullable=False),
    _version_key(),
)
statements = Table(
    "statements",
    tables,
    Column("article_id", String, primary_key=True),
    Column("version", String, primary_key=True),
    Column("reader", String, nullable=False),
    Column("found", Text, nullable=False),
    _version_key(),
)
# What tells copies of one story.
sketches = Table(
    "sketches",
    tables,
    Column("article_id", String, primary_key=True),
    Column("version", String, primary_key=True),
    Column("kept", LargeBinary, nullable=False),
    _version_key(),
)

# What is asked: one version of each live article, and the page that it was read from.
articles = Table(
    "articles",
    tables,
    Column("id", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("page_hash", String, nullable=False),
    Column("origin", Text, nullable=False),
    Column("configured", Boolean, nullable=False),
    _version_key("id", cascade=False),
)
# What the next publication makes of an article; without a version it is to go.
staged = Table(
    "staged",
    tables,
    Column("article_id", String, primary_key=True),
    Column("version", String),
    Column("page_hash", String, nullable=False),
    Column("origin", Text, nullable=False),
    Column("configured", Boolean, nullable=False),
    _version_key(cascade=False),
)
# What became live when, in place of which version; None for no article. Changes made together share a release.
changes = Table(
    "changes",
    tables,
    Column("number", Integer, primary_key=True),
    Column("release", Integer, nullable=False),
    Column("at", String, nullable=False),
    Column("article_id", String, nullable=False),
    Column("version", String),
    Column("before", String),
    Index("changes_by_article", "article_id"),
)

# What was asked and how it was answered. `understood` is the question as JSON, `speaker` and `lacks` are JSON too;
# times are UTC.
asked = Table(
    "asked",
    tables,
    Column("key", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("question", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("understood", Text, nullable=False),
    Column("found", Boolean, nullable=False),
    Column("probability", Float, nullable=False),
    Column("speaker", Text),
    Column("verdict", String),
    Column("reason", Text),
    Column("nearly", Boolean, nullable=False, server_default=false()),
    Column("lacks", Text),
    Column("short_start", Integer),
    Column("short_end", Integer),
    Column("ms", Float, nullable=False),
    Column("asker", String),
    Column("channel", String),
    Index("asked_by_time", "at"),
    Index("asked_by_asker", "asker"),
)
# What an answer cites, best first, and the nearest sentence where it cites nothing.
cited = Table(
    "cited",
    tables,
    Column("asked", String, ForeignKey("asked.key", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("article_id", String, nullable=False),
    Column("version", String, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("context_start", Integer, nullable=False),
    Column("context_end", Integer, nullable=False),
    Column("probability", Float, nullable=False),
    Column("statement", Text),
    _version_key(cascade=False),
    Index("cited_by_version", "article_id", "version"),
)
votes = Table(
    "votes",
    tables,
    Column("asked", String, ForeignKey("asked.key", ondelete="CASCADE"), primary_key=True),
    Column("rater", String, primary_key=True),
    Column("liked", Boolean, nullable=False),
    Index("votes_by_rater", "rater"),
)

# What is remembered of a URL that was read, so that it need not be read again before it changes.
visits = Table(
    "visits",
    tables,
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("page_hash", String, nullable=False),
    Column("fetched_at", String, nullable=False),
    Column("feed", Text),
)


def of_version(table: Table, article_id: Any, version: Any) -> Any:  # noqa: ANN401 - values or columns
    """The condition that a row of `table` belongs to a version of an article."""
    return and_(table.c.article_id == article_id, table.c.version == version)

"""Every version of an article is kept with what was made of it; what was asked is kept too.

What was embedded and read before stays: rows are moved as they are.
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

CONTENT = "title, text, url, source, author, published, language"
MADE = {
    "sentences": 'number, paragraph, start, "end"',
    "vectors": "model, dimension, kept",
    "statements": "reader, found",
}


def upgrade() -> None:
    """Move what was kept into the first version of each article, and make the journal's tables."""
    for name in ("articles", *MADE):
        op.rename_table(name, f"{name}_1")
    _make_versions()
    _make_live()
    _make_journal()
    _move()
    for name in (*MADE, "articles"):
        op.drop_table(f"{name}_1")
    op.execute("DELETE FROM meta WHERE key = 'format'")
    op.execute("INSERT INTO meta (key, value) VALUES ('format', '2')")


def _move() -> None:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    connection = op.get_bind()
    connection.execute(
        sa.text(
            f"INSERT INTO versions (article_id, version, {CONTENT}, seen)"  # noqa: S608 - names of ours
            f" SELECT id, version, {CONTENT}, :now FROM articles_1"
        ),
        {"now": now},
    )
    for name, columns in MADE.items():
        op.execute(
            f"INSERT INTO {name} (article_id, version, {columns})"  # noqa: S608 - names of ours
            f" SELECT article_id, version, {columns} FROM {name}_1 JOIN articles_1 ON articles_1.id = article_id"
        )
    op.execute(
        "INSERT INTO articles (id, version, page_hash, origin, configured)"
        " SELECT id, version, page_hash, origin, configured FROM articles_1"
    )
    connection.execute(
        sa.text(
            "INSERT INTO changes (release, at, article_id, version)"
            " SELECT 1, :now, id, version FROM articles_1 ORDER BY id"
        ),
        {"now": now},
    )


def _make_versions() -> None:
    op.create_table(
        "versions",
        sa.Column("article_id", sa.String, primary_key=True),
        sa.Column("version", sa.String, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("published", sa.String),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("seen", sa.String, nullable=False),
    )
    op.create_table(
        "sentences",
        *_primary_version(),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("paragraph", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        _version_key(),
    )
    op.create_table(
        "vectors",
        *_primary_version(),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("dimension", sa.Integer, nullable=False),
        sa.Column("kept", sa.LargeBinary, nullable=False),
        _version_key(),
    )
    op.create_table(
        "statements",
        *_primary_version(),
        sa.Column("reader", sa.String, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        _version_key(),
    )


def _make_live() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("version", sa.String, nullable=False),
        *_page(),
        _version_key("id", cascade=False),
    )
    op.create_table(
        "staged",
        sa.Column("article_id", sa.String, primary_key=True),
        sa.Column("version", sa.String),
        *_page(),
        _version_key(cascade=False),
    )
    op.create_table(
        "changes",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("release", sa.Integer, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("article_id", sa.String, nullable=False),
        sa.Column("version", sa.String),
        sa.Column("before", sa.String),
    )
    op.create_index("changes_by_article", "changes", ["article_id"])


def _make_journal() -> None:
    op.create_table(
        "asked",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("understood", sa.Text, nullable=False),
        sa.Column("found", sa.Boolean, nullable=False),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("speaker", sa.Text),
        sa.Column("verdict", sa.String),
        sa.Column("reason", sa.Text),
        sa.Column("short_start", sa.Integer),
        sa.Column("short_end", sa.Integer),
        sa.Column("ms", sa.Float, nullable=False),
        sa.Column("asker", sa.String),
        sa.Column("channel", sa.String),
    )
    op.create_index("asked_by_time", "asked", ["at"])
    op.create_index("asked_by_asker", "asked", ["asker"])
    op.create_table(
        "cited",
        _asked_key(),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("article_id", sa.String, nullable=False),
        sa.Column("version", sa.String, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("start", "end", "context_start", "context_end")),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("statement", sa.Text),
        _version_key(cascade=False),
    )
    op.create_index("cited_by_version", "cited", ["article_id", "version"])
    op.create_table(
        "votes",
        _asked_key(),
        sa.Column("rater", sa.String, primary_key=True),
        sa.Column("liked", sa.Boolean, nullable=False),
    )
    op.create_index("votes_by_rater", "votes", ["rater"])
    op.create_table(
        "visits",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("page_hash", sa.String, nullable=False),
        sa.Column("fetched_at", sa.String, nullable=False),
        sa.Column("feed", sa.Text),
    )


def _asked_key() -> sa.Column[str]:
    return sa.Column("asked", sa.String, sa.ForeignKey("asked.key", ondelete="CASCADE"), primary_key=True)


def _primary_version() -> tuple[sa.Column[str], sa.Column[str]]:
    return sa.Column("article_id", sa.String, primary_key=True), sa.Column("version", sa.String, primary_key=True)


def _page() -> tuple[sa.Column[str], sa.Column[str], sa.Column[bool]]:
    return (
        sa.Column("page_hash", sa.String, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("configured", sa.Boolean, nullable=False),
    )


def _version_key(article: str = "article_id", *, cascade: bool = True) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [article, "version"], ["versions.article_id", "versions.version"], ondelete="CASCADE" if cascade else None
    )

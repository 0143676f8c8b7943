"""The store as it was before it had migrations: one version an article."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of format 1."""
    op.create_table("meta", sa.Column("key", sa.String, primary_key=True), sa.Column("value", sa.Text, nullable=False))
    op.create_table(
        "articles",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("published", sa.String),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("page_hash", sa.String, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("configured", sa.Boolean, nullable=False),
    )
    op.create_table(
        "sentences",
        _article_key(),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("paragraph", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
    )
    op.create_table(
        "vectors",
        _article_key(),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("dimension", sa.Integer, nullable=False),
        sa.Column("kept", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "statements",
        _article_key(),
        sa.Column("reader", sa.String, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
    )


def _article_key() -> sa.Column[str]:
    return sa.Column("article_id", sa.String, sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)

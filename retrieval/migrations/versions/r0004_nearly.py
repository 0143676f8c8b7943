"""What was nearly an answer: whether the nearest sentence may well be one, and which words of the question it lacks."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add two columns to what was asked."""
    op.add_column("asked", sa.Column("nearly", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("asked", sa.Column("lacks", sa.Text))

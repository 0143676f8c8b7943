"""What tells copies of a story: a sketch of each version.

Versions from before have no sketch; it is made when the store is opened.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of sketches."""
    op.create_table(
        "sketches",
        sa.Column("article_id", sa.String, primary_key=True),
        sa.Column("version", sa.String, primary_key=True),
        sa.Column("kept", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id", "version"], ["versions.article_id", "versions.version"], ondelete="CASCADE"
        ),
    )

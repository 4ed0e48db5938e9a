"""Slack's pace, shared by all replicas; and when backups were made."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.create_table(
        "gates",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("what", sa.String(80), primary_key=True),
        sa.Column("until", sa.Double, nullable=False),
    )
    op.create_table(
        "backups",
        sa.Column("made_at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
    )

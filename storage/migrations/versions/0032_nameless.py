"""Where one can ask without a name, and who did, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "nameless_channels",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("channel_id", SlackId, primary_key=True),
        sa.Column("allowed_at", Time, nullable=False),
    )
    op.create_table(
        "nameless_asks",
        sa.Column("mask", SlackId, primary_key=True),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("tag", sa.String(64), nullable=False),
        sa.Column("asked_at", Time, nullable=False),
        sa.Column("forget_at", Time, nullable=False),
    )
    op.create_index("ix_nameless_asks_tag", "nameless_asks", ["team_id", "tag", "asked_at"])
    op.create_table(
        "nameless_blocks",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("tag", sa.String(64), primary_key=True),
        sa.Column("since", Time, nullable=False),
    )

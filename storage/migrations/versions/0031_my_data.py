"""Whose things are being erased, who stays out, how long things are kept, and who was told."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("user_id", SlackId, primary_key=True),
        sa.Column("alias", SlackId, nullable=False),
        sa.Column("keeps_words", sa.Boolean, nullable=False),
        sa.Column("asked_at", Time, nullable=False),
        sa.Column("asked_by", SlackId, nullable=False),
        sa.Column("stage", sa.Integer, nullable=False),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.Column("answers", sa.Integer, nullable=False),
    )
    op.create_table(
        "staying_out",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("user_id", SlackId, primary_key=True),
        sa.Column("channel_id", SlackId, primary_key=True),
        sa.Column("since", Time, nullable=False),
    )
    op.create_table(
        "retention",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("channel_id", SlackId, primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("months", sa.Integer, nullable=False),
        sa.Column("chosen_at", Time, nullable=False),
    )
    op.create_table(
        "notices",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("user_id", SlackId, primary_key=True),
        sa.Column("told_at", Time, nullable=False),
    )

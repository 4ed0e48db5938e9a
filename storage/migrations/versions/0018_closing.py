"""Channels that were made private or deleted, who moved when, who was read when, and acts of
sending."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("people_read_at", Time))
    for name in ("closed_at", "looked_at", "deleted_at"):
        op.add_column("channels", sa.Column(name, Time))
    op.create_table(
        "channel_moves",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("channel_id", SlackId, primary_key=True),
        sa.Column("user_id", SlackId, primary_key=True),
        sa.Column("moved_at", Time, nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "channel_id"],
            ["channels.team_id", "channels.channel_id"],
            ondelete="CASCADE",
        ),
    )
    for table in ("question_parts", "answers"):
        op.add_column(table, sa.Column("client_msg_id", sa.String(64)))
    act = ["team_id", "channel_id", "client_msg_id"]
    op.create_index("ix_question_parts_act", "question_parts", act, unique=True)
    op.create_index("ix_answers_act", "answers", act, unique=True)

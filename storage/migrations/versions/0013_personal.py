"""What people tell their managers, and whether there is a leaderboard."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "manager_notes",
        sa.Column("id", Id, primary_key=True),
        *[sa.Column(name, SlackId, nullable=False) for name in ("team_id", "user_id")],
        sa.Column("manager_id", SlackId, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        *[sa.Column(name, Time, nullable=False) for name in ("since", "drafted_at")],
        sa.Column("shown", sa.JSON, nullable=False),
        sa.Column("elsewhere", sa.Integer, nullable=False),
        sa.Column("agreed_at", Time),
        sa.Column("channel_id", SlackId),
        sa.Column("message_ts", sa.String(32)),
    )
    op.create_index("ix_manager_notes_user", "manager_notes", ["team_id", "user_id", "agreed_at"])
    op.add_column("workspaces", sa.Column("leaderboard_at", Time))

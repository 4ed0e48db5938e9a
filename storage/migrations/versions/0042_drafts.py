"""Questions that assistants wrote: their drafts, and what they may take of people."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("user_id", SlackId, nullable=False),
        sa.Column("assistant", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("channel_id", SlackId, nullable=False),
        sa.Column("drafted_at", Time, nullable=False),
        sa.Column("asked_at", Time),
        sa.Column("refused_at", Time),
        sa.Column("question_id", Id, sa.ForeignKey("questions.id", ondelete="SET NULL")),
        sa.Column("posted_in", SlackId),
        sa.Column("message_ts", sa.String(32)),
    )
    op.create_index("ix_drafts_user", "drafts", ["team_id", "user_id", "drafted_at"])
    op.create_index("ix_drafts_question", "drafts", ["question_id"])
    op.add_column("questions", sa.Column("assistant", sa.Text))
    op.add_column(
        "availabilities",
        sa.Column("refuses_assistants", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "workspaces",
        sa.Column("assistants_share", sa.Integer, nullable=False, server_default="20"),
    )
    op.add_column(
        "workspaces",
        sa.Column("assistants_ask", sa.String(10), nullable=False, server_default="approved"),
    )

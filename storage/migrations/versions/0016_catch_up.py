"""What was said while the bot was away, and posts that follow what they were made from."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    days = sa.Column("catch_up_days", sa.Integer, nullable=False, server_default="14")
    op.add_column("workspaces", days)
    op.add_column("workspaces", sa.Column("heard_until", Time))
    op.add_column("channels", sa.Column("listens_since", Time))
    op.add_column("questions", sa.Column("caught_up_at", Time))
    op.create_index("ix_questions_reused", "questions", ["reused_id"])
    op.create_table(
        "absences",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("channel_id", SlackId),
        *[sa.Column(name, Time, nullable=False) for name in ("since", "until")],
        *[sa.Column(name, Time) for name in ("caught_up_at", "ended_at")],
        sa.Column("talked", sa.JSON, nullable=False),
        *[
            sa.Column(name, sa.Integer, nullable=False)
            for name in ("questions", "replies", "marks", "edits", "deletions")
        ],
    )
    op.create_index("ix_absences_ended", "absences", ["ended_at", "team_id"])
    op.create_table(
        "catch_ups",
        *[sa.Column(name, SlackId, primary_key=True) for name in ("team_id", "channel_id")],
        sa.Column(
            "absence_id", Id, sa.ForeignKey("absences.id", ondelete="CASCADE"), nullable=False
        ),
        *[sa.Column(name, SlackId, nullable=False) for name in ("unheard_ts", "read_ts")],
        sa.Column("edges", sa.JSON, nullable=False),
    )
    op.create_table(
        "shares",
        sa.Column(
            "question_id", Id, sa.ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
        ),
        *[sa.Column(name, SlackId, primary_key=True) for name in ("channel_id", "message_ts")],
        *[sa.Column(name, SlackId, nullable=False) for name in ("team_id", "shared_by")],
    )
    with op.batch_alter_table("faqs") as faqs:
        faqs.add_column(sa.Column("answer_id", Id))
        faqs.create_foreign_key(
            "fk_faqs_answer", "answers", ["answer_id"], ["id"], ondelete="SET NULL"
        )
        faqs.add_column(sa.Column("message_ts", SlackId))

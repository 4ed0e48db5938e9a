"""What sponsors said from their digests, and questions found by topic or by doubts."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

SlackId = sa.String(32)
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_index("ix_questions_topic", "questions", ["team_id", "topic_id", "asked_at"])
    is_stale = sa.text("outdated_at IS NOT NULL OR doubted_at IS NOT NULL")
    op.create_index(
        "ix_questions_stale",
        "questions",
        ["team_id"],
        sqlite_where=is_stale,
        postgresql_where=is_stale,
    )
    op.create_table(
        "sponsor_thanks",
        *[sa.Column(name, SlackId, primary_key=True) for name in ("team_id", "sponsor_id")],
        sa.Column("slot", sa.String(10), primary_key=True),
        sa.Column("receiver_id", SlackId, primary_key=True),
        sa.Column("kudos_id", Id, sa.ForeignKey("kudos.id"), nullable=False, unique=True),
        sa.Column("question_id", Id, sa.ForeignKey("questions.id", ondelete="SET NULL")),
    )
    op.create_table(
        "faqs",
        sa.Column(
            "question_id", Id, sa.ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("written_by", SlackId, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
    )

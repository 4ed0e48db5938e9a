"""What is searched and not found."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "misses",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("words", sa.JSON, nullable=False),
        sa.Column("missed_on", sa.Date, nullable=False),
    )
    op.create_index("ix_misses_day", "misses", ["team_id", "missed_on"])
    op.create_table(
        "miss_seasons",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("began_at", Time, nullable=False),
    )
    op.create_table(
        "miss_marks",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("theme", sa.String(130), primary_key=True),
        sa.Column("mark", sa.String(16), primary_key=True),
    )
    op.create_table(
        "missing",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("theme", sa.String(130), primary_key=True),
        sa.Column("words", sa.JSON, nullable=False),
        sa.Column("searches", sa.Integer, nullable=False),
        sa.Column("opened_at", Time, nullable=False),
        sa.Column("topic_id", Id, sa.ForeignKey("topics.id", ondelete="SET NULL")),
        sa.Column("question_id", Id, sa.ForeignKey("questions.id", ondelete="CASCADE")),
        sa.Column("closed_at", Time),
    )
    op.create_index("ix_missing_question", "missing", ["question_id"])
    op.create_table(
        "finding_checks",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("checked_on", sa.Date, primary_key=True),
        sa.Column("queries", sa.Integer, nullable=False),
        sa.Column("rank", sa.Double, nullable=False),
    )

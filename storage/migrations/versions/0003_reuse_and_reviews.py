"""What was reused, suggested, doubted and confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TIMES = ("reused_at", "review_at", "doubted_at", "outdated_at", "confirmed_at")


def upgrade() -> None:
    with op.batch_alter_table("questions") as questions:
        questions.add_column(sa.Column("reused_id", Id))
        questions.create_foreign_key(
            "fk_questions_reused", "questions", ["reused_id"], ["id"], ondelete="SET NULL"
        )
        questions.add_column(sa.Column("doubted_by", sa.String(32)))
        for name in TIMES:
            questions.add_column(sa.Column(name, sa.DateTime(timezone=True)))
    op.create_index("ix_questions_review", "questions", ["review_at"])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    in_half_a_year = "datetime('now', '+180 days')" if is_sqlite else "now() + interval '180 days'"
    op.execute(f"UPDATE questions SET review_at = {in_half_a_year} WHERE solved_at IS NOT NULL")
    op.create_table(
        "suggestions",
        *(question(name) for name in ("question_id", "solved_id")),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("likeness", sa.Double, nullable=False),
        sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_right", sa.Boolean),
        sa.Column("judged_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_suggestions_judged", "suggestions", ["team_id", "judged_at"])
    op.create_index("ix_suggestions_solved", "suggestions", ["solved_id"])
    op.create_table(
        "reviews",
        question("question_id"),
        sa.Column("reviewer_id", sa.String(32), primary_key=True),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_reviews_reviewer", "reviews", ["team_id", "reviewer_id"])
    op.create_table(
        "review_notes",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("reviewer_id", sa.String(32), primary_key=True),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("message_ts", sa.String(32), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
    )


def question(name: str) -> sa.Column[int]:
    """A part of the key that is a question; with the question the row goes too."""
    key = sa.ForeignKey("questions.id", ondelete="CASCADE")
    return sa.Column(name, Id, key, primary_key=True, autoincrement=False)

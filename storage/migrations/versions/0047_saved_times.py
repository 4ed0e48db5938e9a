"""How long it would have taken without the answer, as the asker says."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    question_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "saved_times",
        sa.Column("question_id", question_id, sa.ForeignKey("questions.id"), primary_key=True),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("user_id", SlackId, nullable=False),
        sa.Column("asked_at", Time, nullable=False),
        sa.Column("said", sa.String(10), nullable=True),
        sa.Column("said_at", Time, nullable=True),
    )
    op.create_index("ix_saved_times_user", "saved_times", ["team_id", "user_id", "asked_at"])

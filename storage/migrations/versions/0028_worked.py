"""What who helped was told of it."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

SlackId = sa.String(32)


def upgrade() -> None:
    question_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "worked_notes",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("receiver_id", SlackId, primary_key=True),
        sa.Column("question_id", question_id, sa.ForeignKey("questions.id"), primary_key=True),
        sa.Column("giver_id", SlackId, primary_key=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
    )

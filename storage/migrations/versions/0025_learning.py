"""What is known of who could be asked, and what a workspace learned each figure counts."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in (
        sa.Column("week", sa.Double, nullable=False, server_default="0"),
        sa.Column("year", sa.Double, nullable=False, server_default="0"),
        sa.Column("seen_at", Time),
        sa.Column("answered", sa.Integer, nullable=False, server_default="0"),
        sa.Column("first", sa.Integer, nullable=False, server_default="0"),
        sa.Column("hours", sa.JSON, nullable=False, server_default="[]"),
    ):
        op.add_column("rhythms", column)
    # Of what was before, only the month's sum is kept: the best guess of the others.
    op.execute("UPDATE rhythms SET week = amount, year = amount")
    op.create_table(
        "weights",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("figure", sa.String(10), primary_key=True),
        sa.Column("value", sa.Double, nullable=False),
        sa.Column("doubt", sa.Double, nullable=False),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.Column("learned_at", Time),
    )
    op.create_table(
        "figures",
        sa.Column("question_id", Id, nullable=False, autoincrement=False),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("checksum", sa.BigInteger, nullable=False),
        sa.Column("people", sa.JSON, nullable=False),
        sa.Column("kept_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("question_id"),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_figures_kept", "figures", ["kept_at"])

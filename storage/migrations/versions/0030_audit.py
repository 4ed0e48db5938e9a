"""Who changed what, one entry after the other."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0028"

SlackId = sa.String(32)
Text = sa.Text()


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("by", sa.Integer),
        sa.Column("person", sa.Integer),
        sa.Column("channel_id", SlackId),
        sa.Column("subject", sa.String(40)),
        sa.Column("named", Text),
        sa.Column("before", Text),
        sa.Column("after", Text),
        sa.Column("reason", Text),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "audit_heads",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "audit_people",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("user_id", SlackId, nullable=False),
        sa.UniqueConstraint("team_id", "user_id"),
    )

"""Which private messages quote which questions."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.create_table(
        "quotes",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column(
            "question_id",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            sa.ForeignKey("questions.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("channel_id", sa.String(32), primary_key=True),
        sa.Column("message_ts", sa.String(32), primary_key=True),
        sa.Column("user_id", sa.String(32), nullable=False),
    )
    op.create_index("ix_quotes_message", "quotes", ["team_id", "channel_id", "message_ts"])

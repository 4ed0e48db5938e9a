"""What a topic's experts will ask, and who was asked to be one of them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("topics") as topics:
        topics.add_column(sa.Column("hint", sa.Text))
    op.create_table(
        "proposals",
        sa.Column(
            "topic_id",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            sa.ForeignKey("topics.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("user_id", SlackId, primary_key=True),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("proposed_at", Time, nullable=False),
        sa.Column("accepted_at", Time),
        sa.Column("accepted_by", SlackId),
        sa.Column("declined_at", Time),
        sa.Column("put_off_at", Time),
        sa.Column("message_ts", sa.String(32)),
    )
    op.create_index("ix_proposals_team", "proposals", ["team_id"])

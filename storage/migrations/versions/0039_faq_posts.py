"""A channel's FAQ: what an admin picked, and the message that shows it."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SlackId = sa.String(32)


def upgrade() -> None:
    op.create_table(
        "faq_posts",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("channel_id", SlackId, primary_key=True),
        sa.Column("message_ts", sa.String(32), nullable=False),
    )
    op.create_table(
        "faq_picks",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("channel_id", SlackId, primary_key=True),
        sa.Column(
            "question_id", Id, sa.ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("picked_by", SlackId, nullable=False),
        sa.Column("picked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_faq_picks_question", "faq_picks", ["question_id"])

"""Who outside Slack is told what happens to questions."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("webhook_url", sa.Text, nullable=False),
        sa.Column("webhook_secret", sa.Text, nullable=False),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("made_by", SlackId, nullable=False),
        sa.Column("made_at", Time, nullable=False),
    )
    op.create_index("ix_webhooks_team", "webhooks", ["team_id"])
    op.create_table(
        "webhook_calls",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column(
            "webhook_id", Id, sa.ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("about", sa.String(120), nullable=False),
        sa.Column("question_id", Id, sa.ForeignKey("questions.id", ondelete="CASCADE")),
        sa.Column("happened_at", Time, nullable=False),
        sa.Column("message_id", sa.String(40), nullable=False),
        sa.Column("tried", sa.Integer, nullable=False),
        sa.Column("told_at", Time),
        sa.Column("failed_at", Time),
        sa.Column("failed_why", sa.Text),
        sa.UniqueConstraint("webhook_id", "kind", "about"),
    )
    op.create_index("ix_webhook_calls_question", "webhook_calls", ["question_id"])

"""A helpdesk outside Slack: its address, and how it went with each question."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("topics") as topics:
        topics.add_column(sa.Column("hand_off_url", sa.Text))
        topics.add_column(sa.Column("hand_off_secret", sa.Text))
    with op.batch_alter_table("questions") as questions:
        questions.add_column(sa.Column("hand_off_called_at", Time))
        questions.add_column(sa.Column("hand_off_failed_at", Time))
        questions.add_column(sa.Column("hand_off_told", sa.String(60)))
        questions.add_column(sa.Column("hand_off_reference", sa.Text))
        questions.add_column(sa.Column("hand_off_link", sa.Text))

"""Who is there now: offers that end, Slack's status, public holidays, and people's calendars."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("offers", sa.Column("ended_at", Time))
    elsewhere = sa.Column(
        "is_from_elsewhere", sa.Boolean, nullable=False, server_default=sa.false()
    )
    op.add_column("offers", elsewhere)
    op.add_column("people", sa.Column("out_until", Time))
    op.add_column("availabilities", sa.Column("country", sa.String(10)))
    op.create_table(
        "calendars",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("user_id", SlackId, primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("named_at", Time, nullable=False),
        sa.Column("busy", sa.JSON, nullable=False),
        sa.Column("read_at", Time),
        sa.Column("tried_at", Time),
        sa.Column("failed_at", Time),
        sa.Column("failed_why", sa.String(20)),
    )
    op.create_index("ix_calendars_tried", "calendars", ["tried_at"])

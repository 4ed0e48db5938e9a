"""Each week of a community and of its topics, by which it is followed."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0032"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)
COUNTS = (
    "asked",
    "answered",
    "askers",
    "newcomers",
    "helping",
    "people",
)


def upgrade() -> None:
    op.create_table(
        "health_weeks",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("subject", sa.String(20), primary_key=True),
        sa.Column("began_at", Time, primary_key=True),
        *[sa.Column(name, sa.Integer, nullable=False) for name in COUNTS],
    )
    op.create_table(
        "channel_weeks",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("channel_id", SlackId, primary_key=True),
        sa.Column("began_at", Time, primary_key=True),
        sa.Column("posts", sa.Integer, nullable=False),
        sa.Column("hellos", sa.Integer, nullable=False),
        sa.Column("by_one", sa.Integer, nullable=False),
    )

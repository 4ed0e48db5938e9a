"""What Slack says of whether somebody can be reached now."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.drop_table("quiet_times")  # nothing was ever put there
    op.create_table(
        "presences",
        *[sa.Column(name, SlackId, primary_key=True) for name in ("team_id", "user_id")],
        sa.Column("quiet_from", Time),
        sa.Column("quiet_until", Time),
        sa.Column("quiet_read_at", Time),
        sa.Column("is_active", sa.Boolean),
        sa.Column("active_read_at", Time),
    )

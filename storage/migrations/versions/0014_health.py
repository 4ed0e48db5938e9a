"""What is counted once a day of how a community does."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("health_owed_until", Time))
    op.create_table(
        "health_readings",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("subject", sa.String(20), primary_key=True),
        sa.Column("until", Time, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
    )

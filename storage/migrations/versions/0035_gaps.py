"""Who reads what people keep asking, and which themes were taught."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "gap_readers",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("user_id", SlackId, primary_key=True),
        sa.Column("named_by", SlackId, nullable=False),
        sa.Column("named_at", Time, nullable=False),
    )
    op.create_table(
        "taught_themes",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("theme", sa.String(100), primary_key=True),
        sa.Column("taught_on", sa.Date, nullable=False),
        sa.Column("marked_by", SlackId, nullable=False),
        sa.Column("marked_at", Time, nullable=False),
    )

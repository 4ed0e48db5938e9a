"""What people's programs show to see what they can see."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0036"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("user_id", SlackId, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("ending", sa.String(4), nullable=False),
        sa.Column("made_at", Time, nullable=False),
        sa.Column("ends_at", Time, nullable=False),
        sa.Column("used_at", Time),
    )
    op.create_index("ix_tokens_user", "tokens", ["team_id", "user_id"])

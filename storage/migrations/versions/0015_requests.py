"""Signed requests that were taken: the same one has one effect."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "taken_requests",
        sa.Column("signature", sa.String(64), primary_key=True),
        sa.Column("taken_at", Time, nullable=False),
    )
    op.create_index("ix_taken_requests_taken_at", "taken_requests", ["taken_at"])

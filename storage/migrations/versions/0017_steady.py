"""Claims that no clock's jump ends, refusals that pass, and failed events that are run again."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        # What was being sent is looked for in Slack: it is marked as uncertain.
        outbox.drop_column("claimed_until")
        outbox.add_column(sa.Column("held_until", sa.Double))
        outbox.add_column(sa.Column("held_by", sa.String(32)))
        outbox.add_column(sa.Column("waits_for", sa.String(10)))
    op.add_column(
        "failed_events", sa.Column("attempts", sa.Integer, nullable=False, server_default="0")
    )
    op.add_column("failed_events", sa.Column("retry_at", sa.DateTime(timezone=True)))

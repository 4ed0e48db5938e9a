"""Which thanks somebody shows their manager, and where thanks were said."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

SlackId = sa.String(32)


def upgrade() -> None:
    kudos_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.add_column(
        "manager_notes", sa.Column("thanks", sa.JSON, nullable=False, server_default="{}")
    )
    op.create_index(
        "ix_manager_notes_manager", "manager_notes", ["team_id", "manager_id", "agreed_at"]
    )
    op.create_table(
        "thanks_posts",
        sa.Column("kudos_id", kudos_id, sa.ForeignKey("kudos.id"), primary_key=True),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("channel_id", SlackId, nullable=False),
        sa.Column("message_ts", SlackId, nullable=False),
    )

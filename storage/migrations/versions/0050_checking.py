"""Who is asked whether a reply of the archive was the answer."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("archived", sa.Column("ask_at", Time))
    op.create_index("ix_archived_ask", "archived", ["ask_at"])
    op.execute(
        "UPDATE archived SET ask_at = (SELECT started_at FROM imports"
        " WHERE imports.id = archived.import_id)"
        " WHERE how_sure = 'unsure' AND confirmed_at IS NULL"
    )
    op.create_table(
        "checkers",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("user_id", SlackId, primary_key=True),
        sa.Column("asked_at", Time),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("off_at", Time),
    )

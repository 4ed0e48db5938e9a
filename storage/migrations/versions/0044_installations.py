"""Many workspaces: where Askaround is installed, which organisation a workspace belongs to, and
since when it is gone."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0042"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "installations",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("enterprise_id", SlackId),
        sa.Column("is_org_wide", sa.Boolean, nullable=False),
        *(sa.Column(name, SlackId, nullable=False) for name in ("app_id", "bot_id", "bot_user_id")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "url", "sealed_token")),
        sa.Column("sealed_refresh", sa.Text),
        sa.Column("expires_at", Time),
        sa.Column("installed_at", Time, nullable=False),
        sa.Column("turning_until", sa.Double),
        sa.Column("turned_by", sa.String(32)),
    )
    op.add_column("workspaces", sa.Column("enterprise_id", SlackId))
    op.add_column("workspaces", sa.Column("gone_at", Time))

"""Asking goes on: what pauses it, what ends it, and what the asker refuses."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("topics", sa.Column("pause_after", sa.Integer))
    for name in ("answered_back_at", "rested_at", "vouched_at", "solved_elsewhere_at"):
        op.add_column("questions", sa.Column(name, Time))
    op.create_index("ix_questions_vouched", "questions", ["vouched_at"])
    op.add_column("answers", sa.Column("refused_at", Time))
    # What was asked of late and stands still has a next step again. What is older was told of for
    # the last time long ago, and stays as it is.
    now, a_month_ago = (
        ("datetime('now')", "datetime('now', '-1 month')")
        if op.get_bind().dialect.name == "sqlite"
        else ("now()", "now() - interval '1 month'")
    )
    still = (
        "step_at IS NULL AND solved_at IS NULL AND withdrawn_at IS NULL AND closed_at IS NULL "
        "AND merged_into_id IS NULL AND message_ts IS NOT NULL AND routed_at IS NOT NULL "
        f"AND asked_at > {a_month_ago}"
    )
    op.execute(f"UPDATE questions SET rested_at = {now} WHERE stage = 'rest' AND {still}")
    op.execute(f"UPDATE questions SET step_at = asked_at WHERE {still}")

"""Digests of every kind, what people chose about being named, and a ledger of chains."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)
READ = ("team_id", "channel_id", "given_at", "kind", "giver_id", "receiver_id", "question_id")
SAME = ("kind", "answer_id", "giver_id", "receiver_id")


def upgrade() -> None:
    remake(
        "digest_schedules",
        "team_id, 'weekly', '', 'weekly', weekday, hour, minute, timezone, next_run_at, false",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("subject", sa.String(40), primary_key=True),
        sa.Column("cadence", sa.String(10), nullable=False),
        *[sa.Column(name, sa.Integer, nullable=False) for name in ("weekday", "hour", "minute")],
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("next_run_at", Time, nullable=False),
        sa.Column("skips_next", sa.Boolean, nullable=False),
        sa.Column("last_slot", sa.String(10)),
        sa.Column("paused_at", Time),
    )
    op.create_index("ix_digest_schedules_due", "digest_schedules", ["next_run_at"])
    # What happened already this week does not happen again when the schedule is moved.
    op.execute(
        "UPDATE digest_schedules SET last_slot = (SELECT max(slot) FROM digest_runs"
        " WHERE digest_runs.team_id = digest_schedules.team_id)"
    )
    remake(
        "digest_runs",
        "team_id, 'weekly', channel_id, slot, since, until, skipped_at, quiet_at, posted_at,"
        " channel_id, message_ts, '[]', '[]', '[]'",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("subject", sa.String(40), primary_key=True),
        sa.Column("slot", sa.String(10), primary_key=True),
        *[sa.Column(name, Time, nullable=False) for name in ("since", "until")],
        *[sa.Column(name, Time) for name in ("skipped_at", "quiet_at", "posted_at")],
        sa.Column("channel_id", SlackId),
        sa.Column("message_ts", sa.String(32)),
        *[sa.Column(name, sa.JSON, nullable=False) for name in ("more_ts", "named", "told")],
    )
    op.create_index("ix_digest_runs_until", "digest_runs", ["team_id", "until"])
    op.create_table(
        "choices",
        *[sa.Column(name, SlackId, primary_key=True) for name in ("team_id", "user_id")],
        *[sa.Column(name, Time) for name in ("unnamed_at", "undigested_at")],
    )
    chain_kudos()
    op.drop_index("ix_kudos_channel", "kudos")
    op.create_index("ix_kudos_channel", "kudos", READ)
    op.create_index("ix_kudos_giver", "kudos", ["team_id", "giver_id", "given_at"])
    is_first = sa.text("reverses_id IS NULL")
    op.create_index(
        "ix_kudos_first",
        "kudos",
        SAME,
        unique=True,
        sqlite_where=is_first,
        postgresql_where=is_first,
    )


def remake(table: str, values: str, *columns: sa.Column[Any]) -> None:
    """Make the table anew, with these values of the old rows in its first columns."""
    op.execute(f"CREATE TABLE old_{table} AS SELECT * FROM {table}")
    op.drop_table(table)
    op.create_table(table, *columns)
    names = ", ".join(column.name for column in columns[: values.count(",") + 1])
    cast = values.replace("'[]'", "CAST('[]' AS JSON)") if is_postgresql() else values
    op.execute(f"INSERT INTO {table} ({names}) SELECT {cast} FROM old_{table}")
    op.drop_table(f"old_{table}")


def is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"


def chain_kudos() -> None:
    """A fact that was given again takes back the reversal before it, and keeps the first's time."""
    same = " AND ".join(f"earlier.{name} = kudos.{name}" for name in SAME)
    before = f"FROM kudos AS earlier WHERE {same} AND earlier.id < kudos.id"
    op.execute(
        "UPDATE kudos SET"
        f" given_at = (SELECT min(earlier.given_at) {before}),"
        " reverses_id = (SELECT reversal.id FROM kudos AS reversal WHERE reversal.reverses_id ="
        f" (SELECT max(earlier.id) {before}))"
        f" WHERE kind <> 'reversal' AND EXISTS (SELECT 1 {before})"
    )

"""How the store stands, for who watches over it: what is owed, what failed, what is still read."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Absence, Backup, FailedEvent, Outbox, Question, TakenRequest, Workspace


class Owed(NamedTuple):
    team_id: str
    waits_for: str  # empty: for nothing but its turn
    rows: int
    oldest_due_at: datetime  # since when the oldest could have been sent


async def list_owed(session: AsyncSession) -> list[Owed]:
    """What is owed to Slack, of each workspace and by what it waits for."""
    # What is due at once has a time before all others.
    since = case((Outbox.due_at < Outbox.owed_at, Outbox.owed_at), else_=Outbox.due_at)
    rows = await session.execute(
        select(
            Outbox.team_id,
            func.coalesce(Outbox.waits_for, ""),
            func.count(),
            func.min(since),
        )
        .where(Outbox.gave_up_at.is_(None))
        .group_by(Outbox.team_id, Outbox.waits_for)
    )
    return [Owed(*row) for row in rows]


async def count_given_up(session: AsyncSession) -> int:
    statement = select(func.count()).select_from(Outbox).where(Outbox.gave_up_at.is_not(None))
    return await session.scalar(statement) or 0


async def count_failed_events(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(FailedEvent)) or 0


async def count_open_absences(session: AsyncSession) -> int:
    statement = select(func.count()).select_from(Absence).where(Absence.ended_at.is_(None))
    return await session.scalar(statement) or 0


async def count_open_questions(session: AsyncSession) -> int:
    """The questions that have a next step."""
    statement = select(func.count()).select_from(Question).where(Question.step_at.is_not(None))
    return await session.scalar(statement) or 0


async def write_in_vain(session: AsyncSession, *, now: datetime) -> None:
    """Write a row and take it back; the database's own error where it takes none."""
    session.add(TakenRequest(signature=uuid4().hex, taken_at=now))
    await session.flush()
    await session.rollback()


async def get_backed_up_at(session: AsyncSession) -> datetime | None:
    """When the newest backup was made by this program."""
    return await session.scalar(select(func.max(Backup.made_at)))


async def note_backup(session: AsyncSession, size: int, *, now: datetime) -> None:
    session.add(Backup(made_at=now, size=size))


async def get_heard_until(session: AsyncSession) -> datetime | None:
    """Until when Slack was heard, of the workspace where that is the longest ago."""
    present = select(func.min(Workspace.heard_until)).where(Workspace.gone_at.is_(None))
    return await session.scalar(present)


async def is_pooled(session: AsyncSession) -> bool:
    """Whether something like PgBouncer stands between us and PostgreSQL: then the server that
    answers is another one than the connection began with."""
    if session.get_bind().dialect.name == "sqlite":
        return False
    connection = await session.connection()
    raw: Any = await connection.get_raw_connection()
    answering = await session.scalar(select(func.pg_backend_pid()))
    return bool(raw.driver_connection.info.backend_pid != answering)

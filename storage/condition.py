"""How the store stands, for who watches over it: what is owed, what failed, what is still read."""

from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Absence, FailedEvent, Outbox, Question, TakenRequest


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

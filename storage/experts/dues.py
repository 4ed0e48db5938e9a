"""What is planned, and when."""

from datetime import datetime

from sqlalchemy import func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import DigestSchedule, Outbox, Question


async def get_next_planned(
    session: AsyncSession, team_id: str, *, after: datetime
) -> datetime | None:
    """The first moment after that one at which something is to be done; None for never."""
    step, digest, owed = Question.step_at, DigestSchedule.next_run_at, Outbox.due_at
    planned = union_all(
        select(func.min(step).label("at")).where(Question.team_id == team_id, step > after),
        select(func.min(digest)).where(
            DigestSchedule.team_id == team_id,
            DigestSchedule.paused_at.is_(None),
            digest > after,
        ),
        select(func.min(owed)).where(
            Outbox.team_id == team_id, Outbox.gave_up_at.is_(None), owed > after
        ),
    ).subquery()
    at: datetime | None = await session.scalar(select(func.min(planned.c.at, type_=step.type)))
    return at


async def get_next_vouched(
    session: AsyncSession, team_id: str, *, after: datetime
) -> datetime | None:
    """Since when the first expert's word for their own reply waits, of those after that moment."""
    statement = select(func.min(Question.vouched_at)).where(
        Question.team_id == team_id, Question.vouched_at > after
    )
    return await session.scalar(statement)

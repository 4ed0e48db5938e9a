"""What is planned, and when."""

from datetime import datetime

from sqlalchemy import func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from storage.experts.invitations import is_open
from storage.tables import DigestSchedule, Invitation, Outbox, Question, Workspace


async def get_next_planned(
    session: AsyncSession, team_id: str, *, after: datetime
) -> datetime | None:
    """The first moment after that one at which something is to be done; None for never."""
    step, digest, owed = Question.step_at, DigestSchedule.next_run_at, Outbox.due_at
    review = Question.review_at
    planned = union_all(
        select(func.min(step).label("at")).where(Question.team_id == team_id, step > after),
        select(func.min(digest)).where(
            DigestSchedule.team_id == team_id,
            DigestSchedule.paused_at.is_(None),
            digest > after,
        ),
        select(func.min(review)).where(
            Question.team_id == team_id,
            Question.solved_at.is_not(None),
            Question.withdrawn_at.is_(None),
            review > after,
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


async def get_next_silent(
    session: AsyncSession, team_id: str, *, after: datetime
) -> datetime | None:
    """When the first invitation after that moment was sent that nobody said anything to, where
    the workspace takes silence for a yes."""
    statement = (
        select(func.min(Invitation.invited_at))
        .join(Workspace, Workspace.team_id == Invitation.team_id)
        .where(
            Invitation.team_id == team_id,
            Workspace.silence_is_yes_at.is_not(None),
            Invitation.message_ts.is_not(None),
            Invitation.invited_at > after,
            *is_open(),
        )
    )
    return await session.scalar(statement)

"""When digests are due, and which were made."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import upsert
from storage.tables import DigestRun, DigestSchedule


async def get_schedule(session: AsyncSession, team_id: str) -> DigestSchedule | None:
    return await session.get(DigestSchedule, team_id)


async def save_schedule(
    session: AsyncSession,
    *,
    team_id: str,
    weekday: int,
    hour: int,
    minute: int,
    timezone: str,
    next_run_at: datetime,
) -> None:
    await upsert(
        session,
        DigestSchedule,
        team_id=team_id,
        weekday=weekday,
        hour=hour,
        minute=minute,
        timezone=timezone,
        next_run_at=next_run_at,
    )


async def list_due(session: AsyncSession, now: datetime) -> Sequence[DigestSchedule]:
    """The schedules that are due, held until the transaction ends; another replica's are
    passed over."""
    return (
        await session.scalars(
            select(DigestSchedule)
            .where(DigestSchedule.next_run_at <= now)
            .with_for_update(skip_locked=True)
        )
    ).all()


async def get_run(
    session: AsyncSession, *, team_id: str, channel_id: str, slot: str
) -> DigestRun | None:
    return await session.get(DigestRun, (team_id, channel_id, slot))


async def get_last_made(
    session: AsyncSession, *, team_id: str, channel_id: str
) -> DigestRun | None:
    """The channel's newest digest that was not skipped."""
    return await session.scalar(
        select(DigestRun)
        .where(
            DigestRun.team_id == team_id,
            DigestRun.channel_id == channel_id,
            DigestRun.skipped_at.is_(None),
        )
        .order_by(DigestRun.until.desc())
        .limit(1)
    )

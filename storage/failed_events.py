"""Events whose listener failed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import FailedEvent


async def add(
    session: AsyncSession,
    *,
    reference: str,
    team_id: str | None,
    body: dict[str, Any],
    error: str,
    now: datetime,
    retry_at: datetime,
) -> None:
    session.add(
        FailedEvent(
            reference=reference,
            team_id=team_id,
            body=body,
            error=error,
            failed_at=now,
            retry_at=retry_at,
        )
    )


async def list_due(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[FailedEvent]:
    """Held until the transaction ends, so that no other replica has them too."""
    return (
        await session.scalars(
            select(FailedEvent)
            .where(FailedEvent.retry_at <= now)
            .order_by(FailedEvent.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    ).all()


async def has_due(session: AsyncSession, *, now: datetime) -> bool:
    return bool(await session.scalar(select(exists().where(FailedEvent.retry_at <= now))))


async def list_waiting(session: AsyncSession) -> Sequence[FailedEvent]:
    return (await session.scalars(select(FailedEvent).order_by(FailedEvent.id))).all()


async def remove(session: AsyncSession, failed_id: int) -> None:
    await session.execute(delete(FailedEvent).where(FailedEvent.id == failed_id))


async def forget_before(session: AsyncSession, before: datetime) -> None:
    await session.execute(delete(FailedEvent).where(FailedEvent.failed_at < before))

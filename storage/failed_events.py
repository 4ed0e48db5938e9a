"""Events whose listener failed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
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
) -> None:
    session.add(
        FailedEvent(reference=reference, team_id=team_id, body=body, error=error, failed_at=now)
    )


async def list_waiting(session: AsyncSession) -> Sequence[FailedEvent]:
    return (await session.scalars(select(FailedEvent).order_by(FailedEvent.id))).all()


async def remove(session: AsyncSession, failed_id: int) -> None:
    await session.execute(delete(FailedEvent).where(FailedEvent.id == failed_id))


async def forget_before(session: AsyncSession, before: datetime) -> None:
    await session.execute(delete(FailedEvent).where(FailedEvent.failed_at < before))

"""Events whose listener failed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
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
    return (
        await session.scalars(
            select(FailedEvent).where(FailedEvent.replayed_at.is_(None)).order_by(FailedEvent.id)
        )
    ).all()


async def note_replayed(session: AsyncSession, failed_id: int, *, now: datetime) -> None:
    await session.execute(
        update(FailedEvent).where(FailedEvent.id == failed_id).values(replayed_at=now)
    )

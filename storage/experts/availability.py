"""When experts can be asked: what they said, and how much they do already."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import upsert
from storage.tables import Availability, Pause


async def get(session: AsyncSession, team_id: str, user_id: str) -> Availability:
    """What this person said; empty, and not yet saved, when they said nothing."""
    known = await session.get(Availability, (team_id, user_id))
    if known is None:
        known = Availability(team_id=team_id, user_id=user_id)
        session.add(known)
    return known


async def list_said(
    session: AsyncSession, team_id: str, user_ids: Collection[str]
) -> dict[str, Availability]:
    rows = await session.scalars(
        select(Availability).where(
            Availability.team_id == team_id, Availability.user_id.in_(user_ids)
        )
    )
    return {row.user_id: row for row in rows}


async def set_pause(
    session: AsyncSession, *, topic_id: int, user_id: str, paused_at: datetime | None
) -> None:
    if paused_at is not None:
        await upsert(session, Pause, topic_id=topic_id, user_id=user_id, paused_at=paused_at)
        return
    await session.execute(delete(Pause).where(Pause.topic_id == topic_id, Pause.user_id == user_id))


async def list_paused(session: AsyncSession, topic_id: int) -> Sequence[str]:
    return (await session.scalars(select(Pause.user_id).where(Pause.topic_id == topic_id))).all()

"""When experts can be asked: what they said, and how much they do already."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import upsert
from storage.tables import Availability, Pause, Person


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


async def list_away(
    session: AsyncSession, team_id: str, user_ids: Collection[str], *, now: datetime
) -> set[str]:
    """Those of these people who are away then, as they or their status say."""
    said = select(Availability.user_id).where(
        Availability.team_id == team_id,
        Availability.user_id.in_(user_ids),
        Availability.away_until > now,
    )
    shown = select(Person.user_id).where(
        Person.team_id == team_id, Person.user_id.in_(user_ids), Person.out_until > now
    )
    return set((await session.scalars(union(said, shown))).all())


async def list_pauses(session: AsyncSession, topic_ids: Collection[int]) -> set[tuple[int, str]]:
    rows = await session.execute(
        select(Pause.topic_id, Pause.user_id).where(Pause.topic_id.in_(topic_ids))
    )
    return {(topic_id, user_id) for topic_id, user_id in rows}


async def list_paused(session: AsyncSession, topic_id: int) -> Sequence[str]:
    return (await session.scalars(select(Pause.user_id).where(Pause.topic_id == topic_id))).all()

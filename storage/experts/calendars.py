"""People's own calendars."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import upsert
from storage.tables import Calendar


async def get(session: AsyncSession, team_id: str, user_id: str) -> Calendar | None:
    return await session.get(Calendar, (team_id, user_id), populate_existing=True)


async def save(
    session: AsyncSession, team_id: str, user_id: str, address: str, *, now: datetime
) -> None:
    """From now on it is this one; nothing of another is kept."""
    await upsert(
        session,
        Calendar,
        team_id=team_id,
        user_id=user_id,
        address=address,
        named_at=now,
        busy=[],
        read_at=None,
        tried_at=None,
        failed_at=None,
        failed_why=None,
    )


async def remove(session: AsyncSession, team_id: str, user_id: str) -> bool:
    removed = await session.execute(
        delete(Calendar)
        .where(Calendar.team_id == team_id, Calendar.user_id == user_id)
        .returning(Calendar.user_id)
    )
    return removed.first() is not None


async def list_untried_since(
    session: AsyncSession, before: datetime, limit: int
) -> Sequence[Calendar]:
    return (
        await session.scalars(
            select(Calendar)
            .where(or_(Calendar.tried_at.is_(None), Calendar.tried_at < before))
            .order_by(Calendar.tried_at)
            .limit(limit)
        )
    ).all()

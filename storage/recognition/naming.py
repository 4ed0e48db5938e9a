"""What people chose about being told of."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import upsert
from storage.tables import Choice


async def get(session: AsyncSession, team_id: str, user_id: str) -> Choice | None:
    return await session.get(Choice, (team_id, user_id), populate_existing=True)


async def save(
    session: AsyncSession, *, team_id: str, user_id: str, **chosen: datetime | None
) -> None:
    await upsert(session, Choice, team_id=team_id, user_id=user_id, **chosen)


async def list_unnamed(session: AsyncSession, team_id: str) -> set[str]:
    """Those whom no digest names."""
    user_ids = await session.scalars(
        select(Choice.user_id).where(Choice.team_id == team_id, Choice.unnamed_at.is_not(None))
    )
    return set(user_ids.all())

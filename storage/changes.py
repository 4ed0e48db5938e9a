"""What was set, and what it was before."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Change


async def add(session: AsyncSession, **values: Any) -> Change:
    change = Change(**values)
    session.add(change)
    await session.flush()
    return change


async def get_locked(session: AsyncSession, team_id: str, change_id: int) -> Change | None:
    """The change, held until the transaction ends, so that it is taken back once."""
    return await session.scalar(
        select(Change)
        .where(Change.team_id == team_id, Change.id == change_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def get_last(
    session: AsyncSession, *, team_id: str, setting: str, subject: str
) -> Change | None:
    return await session.scalar(
        select(Change)
        .where(Change.team_id == team_id, Change.setting == setting, Change.subject == subject)
        .order_by(Change.id.desc())
        .limit(1)
    )

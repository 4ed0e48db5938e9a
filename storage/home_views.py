"""Who looks at their App Home."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import insert, upsert
from storage.tables import HomeView


async def note_opened(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> None:
    await upsert(session, HomeView, team_id=team_id, user_id=user_id, opened_at=now)


async def list_looking(
    session: AsyncSession, team_id: str, user_ids: Collection[str], *, since: datetime
) -> set[str]:
    """Those of these people who looked at it since then."""
    rows = await session.scalars(
        select(HomeView.user_id).where(
            HomeView.team_id == team_id,
            HomeView.user_id.in_(user_ids),
            HomeView.opened_at >= since,
        )
    )
    return set(rows.all())


async def note_welcomed(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> bool:
    """False when they were welcomed before."""
    new = insert(session, HomeView).values(
        team_id=team_id, user_id=user_id, opened_at=now, welcomed_at=now
    )
    noted = await session.scalar(
        new.on_conflict_do_update(
            index_elements=["team_id", "user_id"],
            set_={"welcomed_at": now},
            where=HomeView.welcomed_at.is_(None),
        ).returning(HomeView.user_id)
    )
    return noted is not None

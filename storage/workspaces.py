"""The workspaces that installed Askaround."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from storage.saving import upsert
from storage.tables import Workspace


async def get(session: AsyncSession, team_id: str) -> Workspace | None:
    return await session.get(Workspace, team_id)


async def list_ids(session: AsyncSession) -> Sequence[str]:
    return (await session.scalars(select(Workspace.team_id).order_by(Workspace.team_id))).all()


async def list_people_unread_since(session: AsyncSession, before: datetime) -> Sequence[str]:
    """Workspaces whose people were last read anew before then, or never."""
    read_at = Workspace.people_read_at
    return (
        await session.scalars(
            select(Workspace.team_id).where(or_(read_at.is_(None), read_at < before))
        )
    ).all()


async def note_people_read(session: AsyncSession, team_id: str, *, now: datetime) -> None:
    await session.execute(
        update(Workspace).where(Workspace.team_id == team_id).values(people_read_at=now)
    )


Look = AsyncConnection | AsyncSession
MARKS = select(Workspace.marks).where(Workspace.team_id == bindparam("team_id"))


async def list_marks(look: Look, team_id: str) -> Sequence[str]:
    """The emoji that mark a solution here, beside ✅ and its like."""
    return (await look.scalar(MARKS, {"team_id": team_id})) or []


async def set_marks(session: AsyncSession, team_id: str, names: Sequence[str]) -> None:
    await session.execute(
        update(Workspace).where(Workspace.team_id == team_id).values(marks=list(names))
    )


async def lock(session: AsyncSession, team_id: str) -> None:
    """Hold the workspace until the transaction ends: one at a time."""
    await session.execute(
        select(Workspace.team_id).where(Workspace.team_id == team_id).with_for_update()
    )


async def save(
    session: AsyncSession,
    *,
    team_id: str,
    name: str,
    url: str,
    bot_user_id: str,
    catch_up_days: int,
    now: datetime,
) -> None:
    facts = {"name": name, "url": url, "bot_user_id": bot_user_id, "joined_at": now}
    facts["catch_up_days"] = catch_up_days
    if await get(session, team_id) is None:
        facts["heard_until"] = now  # what was said before concerns nobody
    await upsert(session, Workspace, team_id=team_id, **facts)

"""The workspaces that installed Askaround."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
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
    enterprise_id: str | None = None,
    now: datetime,
) -> None:
    facts: dict[str, Any] = {"name": name, "url": url, "bot_user_id": bot_user_id}
    facts |= {"joined_at": now, "catch_up_days": catch_up_days}
    facts |= {"enterprise_id": enterprise_id, "gone_at": None}
    known = await get(session, team_id)
    if known is None or known.gone_at is not None:
        facts["heard_until"] = now  # what was said before, or meanwhile, concerns nobody
    await upsert(session, Workspace, team_id=team_id, **facts)


# Many of them


async def list_present(session: AsyncSession) -> Sequence[str]:
    """Those that Askaround is installed in."""
    return (
        await session.scalars(
            select(Workspace.team_id).where(Workspace.gone_at.is_(None)).order_by(Workspace.team_id)
        )
    ).all()


async def set_gone(session: AsyncSession, team_ids: Sequence[str], gone_at: datetime) -> None:
    """Who is gone already stays so since then."""
    await session.execute(
        update(Workspace)
        .where(Workspace.team_id.in_(team_ids), Workspace.gone_at.is_(None))
        .values(gone_at=gone_at)
    )


async def get_longest_gone(session: AsyncSession, before: datetime) -> str | None:
    return await session.scalar(
        select(Workspace.team_id)
        .where(Workspace.gone_at < before)
        .order_by(Workspace.gone_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


async def is_any_gone(session: AsyncSession, before: datetime) -> bool:
    found = select(Workspace.team_id).where(Workspace.gone_at < before).limit(1)
    return await session.scalar(found) is not None


async def forget(session: AsyncSession, team_id: str) -> None:
    await session.execute(delete(Workspace).where(Workspace.team_id == team_id))

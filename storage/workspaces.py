"""The workspaces that installed Askaround."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import upsert
from storage.tables import Workspace


async def get(session: AsyncSession, team_id: str) -> Workspace | None:
    return await session.get(Workspace, team_id)


async def list_ids(session: AsyncSession) -> Sequence[str]:
    return (await session.scalars(select(Workspace.team_id).order_by(Workspace.team_id))).all()


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
    await upsert(
        session,
        Workspace,
        team_id=team_id,
        name=name,
        url=url,
        bot_user_id=bot_user_id,
        catch_up_days=catch_up_days,
        joined_at=now,
    )

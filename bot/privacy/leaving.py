"""Erasing all that is kept of a workspace that Askaround was removed from."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.installations import GRACE
from storage import installations, workspaces
from storage.privacy import leaving


async def has_left(session: AsyncSession, *, now: datetime) -> bool:
    return await workspaces.is_any_gone(session, now - GRACE)


async def erase_gone(session: AsyncSession, *, now: datetime) -> bool:
    """Some of what is kept of the workspace that is gone the longest; False when none is left."""
    team_id = await workspaces.get_longest_gone(session, now - GRACE)
    if team_id is None:
        return False
    if not await leaving.erase_some(session, team_id):
        await installations.remove(session, team_id)
        await workspaces.forget(session, team_id)
    return True

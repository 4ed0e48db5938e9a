"""The workspace the bot works in."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.settings import CATCH_UP_DAYS
from storage import workspaces


async def join_workspace(
    session: AsyncSession,
    *,
    team_id: str,
    name: str,
    url: str,
    bot_user_id: str,
    catch_up_days: int = CATCH_UP_DAYS,
    enterprise_id: str | None = None,
    now: datetime,
) -> None:
    await workspaces.save(
        session,
        team_id=team_id,
        name=name,
        url=url,
        bot_user_id=bot_user_id,
        catch_up_days=catch_up_days,
        enterprise_id=enterprise_id,
        now=now,
    )


async def get_url(session: AsyncSession, team_id: str) -> str:
    """Where the workspace's permalinks start; empty when it is unknown."""
    workspace = await workspaces.get(session, team_id)
    return workspace.url if workspace else ""

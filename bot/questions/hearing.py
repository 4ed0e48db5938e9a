"""Until when everything was heard that was said, and coming back after an absence."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.questions.absences import begin
from storage import workspaces
from storage.questions import catch_up

AWAY_AFTER = timedelta(seconds=30)  # a shorter absence is covered by what Slack sends again


async def note_heard(
    session: AsyncSession, *, team_ids: Sequence[str], until: datetime, now: datetime
) -> None:
    """Everything up to then was heard, in each of these workspaces."""
    await catch_up.set_heard_until(session, team_ids, until, now=now)


async def get_heard_until(session: AsyncSession, team_id: str) -> datetime | None:
    return await catch_up.get_heard_until(session, team_id)


async def list_hearing(session: AsyncSession) -> Sequence[str]:
    """The workspaces that the bot is in."""
    return await workspaces.list_present(session)


async def come_back(session: AsyncSession, *, team_id: str, now: datetime) -> bool:
    """The bot hears again: owe the reading of what was said since it last heard. False when that
    is too short ago for anything to be missing, or another replica came back first."""
    heard_until = await catch_up.lock_heard_until(session, team_id)
    heard_until = heard_until or await catch_up.get_last_asked_at(session, team_id)
    await catch_up.set_heard_until(session, [team_id], now, now=now)
    if heard_until is None or now - heard_until <= AWAY_AFTER:
        return False
    joined = await catch_up.list_joined(session, team_id)
    return await begin(session, team_id, joined, since=heard_until, now=now)

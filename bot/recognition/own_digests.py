"""When somebody's own digests come: of what their help did, and of what they sponsor."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.people import get_timezone
from bot.recognition import personal
from bot.recognition.digests import PERSONAL, SPONSOR, pause, resume, save_schedule, schedule_of
from bot.recognition.sponsors import get_own_schedule
from bot.schedules import Schedule, read_schedule
from storage.recognition import digests
from storage.tables import DigestSchedule


async def get_own_plan(
    session: AsyncSession, *, team_id: str, user_id: str, kind: str
) -> tuple[Schedule, bool, bool]:
    """When it comes, whether it does, and whether the next one is left out."""
    row = await get_row(session, team_id, user_id, kind)
    if row is not None:
        return schedule_of(row), row.paused_at is None, row.skips_next
    timezone = await get_timezone(session, team_id, user_id)
    usual = Schedule(personal.WEEKDAY, personal.HOUR, personal.MINUTE, timezone)
    return usual, True, False


async def get_row(
    session: AsyncSession, team_id: str, user_id: str, kind: str
) -> DigestSchedule | None:
    """PERSONAL: none before anything of theirs was told."""
    if kind == SPONSOR:
        return await get_own_schedule(session, team_id, user_id)
    return await digests.get_schedule(session, team_id, PERSONAL, user_id, is_locked=True)


async def set_own_plan(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    kind: str,
    written: str,
    comes: bool,
    skips: bool,
    now: datetime,
) -> None:
    """`written`: the day and the hour, by the clock of wherever they are."""
    before, did_come, did_skip = await get_own_plan(
        session, team_id=team_id, user_id=user_id, kind=kind
    )
    schedule = replace(read_schedule(written, timezone=before.timezone), timezone=before.timezone)
    if (schedule, comes, skips) == (before, did_come, did_skip):
        return
    await save_schedule(session, team_id, kind, user_id, schedule, now=now)
    row = await get_row(session, team_id, user_id, kind)
    if row is None:
        return
    if comes:
        resume(row, now=now)
    else:
        pause(row, now=now)
    row.skips_next = skips and comes

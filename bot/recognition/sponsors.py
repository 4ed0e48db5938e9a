"""Who sponsors topics, and when their digest comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotASponsor
from bot.people import check_is_admin, get_timezone, is_known, is_member, owe_person
from bot.recognition.digests import SPONSOR, Planned, planned_of, save_schedule
from bot.recognition.naming import wants_digests
from bot.schedules import Schedule
from storage import workspaces
from storage.recognition import digests, sponsors
from storage.tables import DigestSchedule, Topic

WEEKDAY, HOUR, MINUTE = 0, 9, 30  # Monday at 9:30, half an hour after the channel's


@dataclass(frozen=True)
class Sponsoring:
    """What somebody sponsors, and when their digest comes."""

    sponsor_id: str
    topics: tuple[str, ...]
    planned: Planned
    is_wanted: bool = True  # they did not say that they want no digests
    helpers: int = 0  # who helped since the last one
    unanswered: int = 0  # questions since then that nobody has answered


async def settle_all_sponsors(session: AsyncSession, *, now: datetime) -> None:
    for team_id in await workspaces.list_ids(session):
        await settle_sponsors(session, team_id=team_id, now=now)


async def settle_sponsors(session: AsyncSession, *, team_id: str, now: datetime) -> None:
    """Who sponsors a topic has a schedule; who sponsors none, has none."""
    await session.flush()
    await sponsors.remove_former(session, team_id, SPONSOR)
    for user_id in await sponsors.list_unscheduled(session, team_id, SPONSOR):
        if not await is_known(session, team_id, user_id):
            await owe_person(session, team_id=team_id, user_id=user_id, now=now)
        timezone = await get_timezone(session, team_id, user_id)
        schedule = Schedule(WEEKDAY, HOUR, MINUTE, timezone)
        await save_schedule(session, team_id, SPONSOR, user_id, schedule, now=now)


async def list_sponsored(session: AsyncSession, team_id: str, user_id: str) -> Sequence[Topic]:
    """The topics of this person; none for those who are not full members of the workspace."""
    if not await is_member(session, team_id, user_id):
        return []
    return await sponsors.list_topics(session, team_id, user_id)


async def get_sponsoring(session: AsyncSession, *, team_id: str, user_id: str) -> Sponsoring | None:
    topics = await list_sponsored(session, team_id, user_id)
    row = await digests.get_schedule(session, team_id, SPONSOR, user_id) if topics else None
    if row is None:
        return None
    names = tuple(topic.name for topic in topics)
    is_wanted = await wants_digests(session, team_id, user_id)
    return Sponsoring(user_id, names, planned_of(row), is_wanted)


async def list_sponsoring(
    session: AsyncSession, *, team_id: str, user_id: str
) -> tuple[Sponsoring, ...]:
    """Whose digests come when, for an admin; the next one first."""
    await check_is_admin(session, team_id, user_id)
    rows = await digests.list_of_kind(session, team_id, SPONSOR)
    found = [await get_sponsoring(session, team_id=team_id, user_id=row.subject) for row in rows]
    return tuple(each for each in found if each is not None)


async def get_own_schedule(
    session: AsyncSession, team_id: str, user_id: str, *, is_locked: bool = True
) -> DigestSchedule:
    row = await digests.get_schedule(session, team_id, SPONSOR, user_id, is_locked=is_locked)
    if row is None or not await list_sponsored(session, team_id, user_id):
        raise NotASponsor()
    return row

"""Whether people can be asked now: what they said, what Slack says, and how much they do already.

What somebody said counts as said: away, their own hours, a limit, a paused topic; and so does
Slack's Do Not Disturb. Who said nothing is taken to work the usual hours of their time zone,
and comes after those who are at work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.availability import has_own_hours, hours_of, limit_of
from bot.experts.presence import is_active, quiet_until
from bot.hours import Hours, is_working, next_start
from bot.people import list_unavailable
from storage import people
from storage.experts import availability, presence
from storage.tables import Availability, Presence

MOST_OPEN = 5  # questions that wait for one person's word
OPEN_WITHIN = timedelta(days=3)  # what was offered before is not waited for


@dataclass(frozen=True)
class Readiness:
    """Whether a person can be asked now, and how it stands with them."""

    can_be_asked: bool
    is_at_work: bool  # by their hours, or because they are at their screen
    hours: Hours | None  # None where we do not know their time zone
    ready_at: datetime | None  # when they can be asked again; None: nobody knows
    is_idle: bool = False  # not at their screen, says Slack


UNABLE = Readiness(False, False, None, None)


async def list_ready(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    topic_id: int | None,
    user_ids: Sequence[str],
    in_hours_only: bool = False,
    now: datetime,
) -> dict[str, Readiness]:
    """Of each person, whether they can be asked about something there now; `in_hours_only`: the
    usual hours count like those that somebody named."""
    unable = await list_unavailable(session, team_id, channel_id, user_ids)
    unable |= set(await availability.list_paused(session, topic_id)) if topic_id else set()
    able = [user_id for user_id in user_ids if user_id not in unable]
    said = await availability.list_said(session, team_id, able)
    timezones = await people.list_timezones(session, team_id, able)
    reached = await presence.list_of(session, team_id, able)
    busy = await list_busy(session, team_id, able, said, now=now)
    ready = {
        user_id: readiness(
            said.get(user_id),
            timezones.get(user_id),
            reached.get(user_id),
            user_id in busy,
            now,
            in_hours_only=in_hours_only,
        )
        for user_id in able
    }
    return {user_id: ready.get(user_id, UNABLE) for user_id in user_ids}


async def list_busy(
    session: AsyncSession,
    team_id: str,
    user_ids: Sequence[str],
    said: Mapping[str, Availability],
    *,
    now: datetime,
) -> set[str]:
    """Those who were asked enough for a day, or whose word many questions wait for."""
    since = now - timedelta(days=1)
    offered = await availability.count_offers(session, team_id, user_ids, since=since)
    waiting = await availability.count_open(session, team_id, user_ids, since=now - OPEN_WITHIN)
    at_limit = {each for each in user_ids if offered.get(each, 0) >= limit_of(said.get(each))}
    return at_limit | {each for each, number in waiting.items() if number >= MOST_OPEN}


def readiness(
    said: Availability | None,
    timezone: str | None,
    reached: Presence | None,
    is_busy: bool,
    now: datetime,
    *,
    in_hours_only: bool = False,
) -> Readiness:
    hours, active = hours_of(said, timezone), is_active(reached, now)
    is_at_work = active is True or hours is None or is_working(hours, now)
    at = max(
        said.away_until if said and said.away_until else now,
        quiet_until(reached, now) or now,
        now + timedelta(hours=1) if is_busy else now,
    )
    keeps_hours = has_own_hours(said) or in_hours_only
    starts = next_start(hours, at) if hours and keeps_hours else at
    can_be_asked = at == now and starts == now
    return Readiness(can_be_asked, is_at_work, hours, starts, is_idle=active is False)


def working_hours(ready: Mapping[str, Readiness], user_ids: Sequence[str]) -> list[Hours]:
    found = (ready[user_id].hours for user_id in user_ids if user_id in ready)
    return [hours for hours in found if hours is not None]

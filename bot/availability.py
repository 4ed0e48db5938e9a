"""When people can be asked: what they said, what Slack says, and how much they do already.

What somebody said counts as said: away, their own hours, a limit, a paused topic; and so does
Slack's Do Not Disturb. Who said nothing is taken to work the usual hours of their time zone,
and comes after those who are at work."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotAChoice, NotADay, NotALimit
from bot.hours import NAMES, Hours, in_words, is_working, next_start, read_hours
from bot.people import get_timezone, list_unavailable
from bot.presence import is_active, quiet_until
from storage import availability, people, presence
from storage.tables import Availability, Presence

DAILY_LIMIT = 8  # questions a day, where somebody did not choose another
MOST_OPEN = 5  # questions that wait for one person's word
OPEN_WITHIN = timedelta(days=3)  # what was offered before is not waited for
HIGHEST_LIMIT = 50
FOR_NOW = timedelta(days=3650)  # away without an end


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
    now: datetime,
) -> dict[str, Readiness]:
    """Of each person, whether they can be asked about something there now."""
    unable = await list_unavailable(session, team_id, channel_id, user_ids)
    unable |= set(await availability.list_paused(session, topic_id)) if topic_id else set()
    able = [user_id for user_id in user_ids if user_id not in unable]
    said = await availability.list_said(session, team_id, able)
    timezones = await people.list_timezones(session, team_id, able)
    reached = await presence.list_of(session, team_id, able)
    busy = await list_busy(session, team_id, able, said, now=now)
    ready = {
        user_id: readiness(
            said.get(user_id), timezones.get(user_id), reached.get(user_id), user_id in busy, now
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


def limit_of(said: Availability | None) -> int:
    return DAILY_LIMIT if said is None or said.daily_limit is None else said.daily_limit


def readiness(
    said: Availability | None,
    timezone: str | None,
    reached: Presence | None,
    is_busy: bool,
    now: datetime,
) -> Readiness:
    hours, active = hours_of(said, timezone), is_active(reached, now)
    is_at_work = active is True or hours is None or is_working(hours, now)
    at = max(
        said.away_until if said and said.away_until else now,
        quiet_until(reached, now) or now,
        now + timedelta(hours=1) if is_busy else now,
    )
    starts = next_start(hours, at) if hours and has_own_hours(said) else at
    can_be_asked = at == now and starts == now
    return Readiness(can_be_asked, is_at_work, hours, starts, is_idle=active is False)


def has_own_hours(said: Availability | None) -> bool:
    return said is not None and said.days is not None


def hours_of(said: Availability | None, timezone: str | None) -> Hours | None:
    """The hours somebody named, else the usual ones; None where their zone is unknown."""
    if said is not None and said.days is not None:
        days = frozenset(int(day) for day in said.days)
        return Hours(timezone or "UTC", days, said.starts or 0, said.ends or 0)
    return Hours(timezone) if timezone else None


async def go_away(
    session: AsyncSession, *, team_id: str, user_id: str, written: str, now: datetime
) -> datetime | None:
    """Ask this person nothing until then; None when they did not say until when."""
    timezone = await get_timezone(session, team_id, user_id)
    until = read_until(written, timezone=timezone, now=now)
    (await availability.get(session, team_id, user_id)).away_until = until or now + FOR_NOW
    return until


async def come_back(session: AsyncSession, *, team_id: str, user_id: str) -> None:
    (await availability.get(session, team_id, user_id)).away_until = None


async def set_hours(
    session: AsyncSession, *, team_id: str, user_id: str, written: str
) -> Hours | None:
    """Ask this person within these hours only; None when they want the usual ones again."""
    said = await availability.get(session, team_id, user_id)
    if written.casefold() == "usual":
        said.days = said.starts = said.ends = None
        return None
    hours = read_hours(written, timezone=await get_timezone(session, team_id, user_id))
    said.days = "".join(str(day) for day in sorted(hours.days))
    said.starts, said.ends = hours.starts, hours.ends
    return hours


async def set_limit(session: AsyncSession, *, team_id: str, user_id: str, written: str) -> int:
    """Ask this person about so many questions a day at most."""
    if not (written.isascii() and written.isdigit() and int(written[:4]) <= HIGHEST_LIMIT):
        raise NotALimit(written[:20], HIGHEST_LIMIT)
    limit = int(written)
    (await availability.get(session, team_id, user_id)).daily_limit = limit
    return limit


async def set_messages(
    session: AsyncSession, *, team_id: str, user_id: str, written: str
) -> bool | None:
    """Whether this person wants a message for each offer (`on`), none (`off`), or one where it
    is needed (`usual`: None)."""
    choices = {"on": True, "off": False, "usual": None}
    if written.casefold() not in choices:
        raise NotAChoice(written[:20])
    wants = choices[written.casefold()]
    (await availability.get(session, team_id, user_id)).wants_messages = wants
    return wants


async def get_words(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> str:
    """What we know of when this person can be asked, in a sentence."""
    said = (await availability.list_said(session, team_id, [user_id])).get(user_id)
    hours = hours_of(said, await get_timezone(session, team_id, user_id))
    only = "" if has_own_hours(said) else " first"
    is_away = said is not None and said.away_until is not None and said.away_until > now
    known = f"You are asked{only} {in_words(hours)}, " if hours else "You are asked "
    return f"{known}up to {limit_of(said)} questions a day." + (
        " You are away now; `/experts back` ends it." if is_away else ""
    )


def read_until(written: str, *, timezone: str, now: datetime) -> datetime | None:
    """`until friday`, `until 2026-12-24`, `for 3 days`, `tomorrow`; None for nothing.

    Who is away until a day is back when it begins."""
    zone = ZoneInfo(timezone)
    typed = " ".join(written.casefold().split()).removeprefix("until ").strip()
    today = now.astimezone(zone).date()
    if not typed:
        return None
    if typed == "tomorrow":
        day = today + timedelta(days=1)
    elif (found := re.fullmatch(r"(?:for )?(\d{1,3}) (day|week)s?", typed)) is not None:
        day = today + timedelta(days=int(found[1]) * (7 if found[2] == "week" else 1))
    elif typed[:3] in NAMES and typed.isalpha():
        day = today + timedelta(days=(NAMES.index(typed[:3]) - today.weekday() - 1) % 7 + 1)
    else:
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            raise NotADay(written[:60]) from None
    if day <= today:
        raise NotADay(written[:60])
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def working_hours(ready: Mapping[str, Readiness], user_ids: Sequence[str]) -> list[Hours]:
    found = (ready[user_id].hours for user_id in user_ids if user_id in ready)
    return [hours for hours in found if hours is not None]

"""What people say of when they can be asked, by command or in App Home."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotAChoice, NotACountry, NotADay, NotALimit, NotWorkingTime, OpenItAgain
from bot.experts.calendars import forget_calendar, get_calendar, name_calendar
from bot.experts.nudges import NUDGES
from bot.experts.topics import let_go, start_asking
from bot.experts.webhooks import Networks
from bot.holidays import country_of, read_country
from bot.hours import NAMES, Hours, Shift, is_taken_for_day, read_hours
from bot.people import get_timezone
from bot.rights import check_may_join, list_own_topics
from bot.typed import as_typed
from storage.experts import availability, nudges, topics
from storage.questions import questions
from storage.tables import Availability, Topic

DAILY_LIMIT = 8  # questions a day, where somebody did not choose another
HIGHEST_LIMIT = 50
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
MONTH = f"(?P<month>(?:{'|'.join(MONTHS)})[a-z]*)"
YEAR = r"(?:,? (?P<year>\d{4}))?"
SPAN = re.compile(r"(?:for )?(\d{1,3}|a|one) (day|week)s?")
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
DAY_AND_MONTH = re.compile(rf"{DAY}[. ]*(?:of )?{MONTH}{YEAR}")
MONTH_AND_DAY = re.compile(rf"{MONTH}[. ]*{DAY}{YEAR}")
IN_FIGURES = re.compile(  # as in most of Europe: 24.12.2026
    r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})(?:\. ?(?P<year>\d{4}))?"
)
FOR_NOW = timedelta(days=3650)  # away without an end


@dataclass(frozen=True)
class TopicChoice:
    topic_id: int
    name: str
    is_asked: bool  # this person is asked about it


@dataclass(frozen=True)
class Choices:
    """When a person can be asked, about what, and of what they are reminded."""

    user_id: str
    topics: tuple[TopicChoice, ...]
    hours: Hours | None  # the usual or their own; None where we do not know their time zone
    has_own_hours: bool
    daily_limit: int
    wants_messages: bool | None
    away_until: datetime | None
    back_on: date | None  # the same in their time zone; None: not away, or without an end
    reminders: frozenset[str]
    country: str = ""  # whose public holidays count
    own_country: str = ""  # the same, where they chose it
    calendar: str = ""  # the address of their own

    @property
    def asked_about(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.topics if each.is_asked)


async def get_choices(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> Choices:
    said = (await availability.list_said(session, team_id, [user_id])).get(user_id)
    timezone = await get_timezone(session, team_id, user_id)
    away_until = said.away_until if said and said.away_until and said.away_until > now else None
    is_endless = away_until is None or away_until > now + FOR_NOW / 2
    asked_about = await topics.list_asked_about(session, team_id, user_id)
    muted = await nudges.list_muted(session, team_id, user_id)
    calendar = await get_calendar(session, team_id=team_id, user_id=user_id)
    return Choices(
        user_id=user_id,
        topics=tuple(
            TopicChoice(topic.id, topic.name, topic.id in asked_about)
            for topic in await list_own_topics(session, team_id, user_id)
        ),
        hours=hours_of(said, timezone),
        has_own_hours=has_own_hours(said),
        daily_limit=limit_of(said),
        wants_messages=said.wants_messages if said else None,
        away_until=away_until,
        back_on=None if is_endless or away_until is None else local_day(away_until, timezone),
        reminders=frozenset(NUDGES) - muted,
        country=get_country(said, timezone),
        own_country=(said.country or "none") if said and said.country is not None else "",
        calendar=calendar.address if calendar else "",
    )


def local_day(at: datetime, timezone: str) -> date:
    return at.astimezone(ZoneInfo(timezone)).date()


async def save_choices(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    topic_ids: Collection[int],
    hours: tuple[Collection[int], str, str] | None,
    limit: str,
    messages: str,
    back_on: str,
    reminders: Collection[str],
    country: str = "",
    calendar: str = "",
    networks: Networks = (),
    now: datetime,
) -> None:
    """All of it at once. `hours`: days (Monday is 0), start and end as `HH:MM`; None for the
    usual ones. `back_on`: an ISO date, or nothing. `country`, `calendar`: nothing for that of their
    time zone, and for none. `networks`: those inside which a calendar may be."""
    who = {"team_id": team_id, "user_id": user_id}
    await set_country(session, **who, written=country.strip() or "usual")
    if calendar.strip():
        await name_calendar(session, **who, written=calendar, networks=networks, now=now)
    else:
        await forget_calendar(session, **who, now=now)
    timezone = await get_timezone(session, team_id, user_id)
    said = await availability.get(session, team_id, user_id)
    note_hours(said, own_hours(*hours, timezone) if hours else None)
    said.away_until = back_at(read_date(back_on), timezone, now) if back_on else None
    await set_limit(session, team_id=team_id, user_id=user_id, written=limit)
    await set_messages(session, team_id=team_id, user_id=user_id, written=messages)
    await set_topics(session, team_id, user_id, topic_ids, now=now)
    muted = [kind for kind in NUDGES if kind not in reminders]
    await nudges.set_muted(session, team_id=team_id, user_id=user_id, kinds=muted, among=NUDGES)
    await questions.hasten_asked(session, team_id, user_id, now=now)


def own_hours(days: Collection[int], starts: str, ends: str, timezone: str) -> Hours:
    start, end = read_minutes(starts), read_minutes(ends)
    if not days or start == end:
        raise NotWorkingTime(field="ends" if days else "days")
    return Hours(timezone, frozenset(days), start, end)


def read_minutes(written: str) -> int:
    """Minutes after midnight, of what a time picker sends."""
    try:
        at = time.fromisoformat(written)
    except ValueError:
        raise OpenItAgain() from None
    return at.hour * 60 + at.minute


def read_date(written: str) -> date:
    """Of what a date picker sends."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise OpenItAgain() from None


def back_at(day: date, timezone: str, now: datetime) -> datetime | None:
    """When that day begins; None where it has begun. Ten years are without an end."""
    if day <= local_day(now, timezone):
        return None
    if day.year > now.year + 10:
        return now + FOR_NOW
    at = datetime.combine(day, time(), tzinfo=ZoneInfo(timezone)).astimezone(UTC)
    return at if at > now else None


async def set_topics(
    session: AsyncSession, team_id: str, user_id: str, topic_ids: Collection[int], *, now: datetime
) -> None:
    """Ask this person about exactly these. Who helps as a member of a user group stays in it,
    with the topic paused."""
    before = await topics.list_asked_about(session, team_id, user_id)
    own = await list_own_topics(session, team_id, user_id)
    if not set(topic_ids) <= {topic.id for topic in own}:  # a member's is gone, and left out
        await check_may_join(session, team_id, user_id)
    for topic in own:
        is_wanted, was_asked = topic.id in topic_ids, topic.id in before
        if is_wanted and not was_asked:
            await start_asking(session, topic, user_id, now=now)
        elif was_asked and not is_wanted:
            await stop_asking(session, topic, user_id, now=now)


async def stop_asking(session: AsyncSession, topic: Topic, user_id: str, *, now: datetime) -> None:
    await let_go(session, topic, user_id, by=user_id, now=now)
    if user_id in await topics.list_expert_ids(session, topic.team_id, topic.id):
        await availability.set_pause(session, topic_id=topic.id, user_id=user_id, paused_at=now)


def limit_of(said: Availability | None) -> int:
    return DAILY_LIMIT if said is None or said.daily_limit is None else said.daily_limit


def has_own_hours(said: Availability | None) -> bool:
    return said is not None and said.days is not None


def hours_of(
    said: Availability | None, timezone: str | None, busy: Sequence[Sequence[int]] | None = None
) -> Hours | None:
    """The hours somebody named, else the usual ones, without public holidays and what is in their
    calendar; None where their zone is unknown."""
    country, off = get_country(said, timezone), times_of(busy)
    if said is not None and said.days is not None:
        days = frozenset(int(day) for day in said.days)
        return Hours(timezone or "UTC", days, said.starts or 0, said.ends or 0, country, off)
    return Hours(timezone, country=country, off=off) if timezone else None


def get_country(said: Availability | None, timezone: str | None) -> str:
    """The country whose public holidays are theirs: as they said, else as their time zone tells;
    "" for none."""
    if said is not None and said.country is not None:
        return said.country
    return country_of(timezone)


def times_of(busy: Sequence[Sequence[int]] | None) -> tuple[Shift, ...]:
    return tuple(
        (datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
        for start, end in busy or ()
    )


async def go_away(
    session: AsyncSession, *, team_id: str, user_id: str, written: str, now: datetime
) -> datetime | None:
    """Ask this person nothing until then; None when they did not say until when."""
    timezone = await get_timezone(session, team_id, user_id)
    until = read_until(written, timezone=timezone, now=now)
    (await availability.get(session, team_id, user_id)).away_until = until or now + FOR_NOW
    await questions.hasten_asked(session, team_id, user_id, now=now)
    return until


async def come_back(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> None:
    (await availability.get(session, team_id, user_id)).away_until = None
    await questions.hasten_asked(session, team_id, user_id, now=now)


async def set_hours(
    session: AsyncSession, *, team_id: str, user_id: str, written: str
) -> tuple[Hours | None, bool]:
    """Ask this person within these hours only; None when they want the usual ones again. Also
    whether an end that they wrote as in the night is taken for one in the afternoon."""
    said = await availability.get(session, team_id, user_id)
    if written.casefold() == "usual":
        note_hours(said, None)
        return None, False
    hours = read_hours(written, timezone=await get_timezone(session, team_id, user_id))
    note_hours(said, hours)
    return hours, is_taken_for_day(written)


def note_hours(said: Availability, hours: Hours | None) -> None:
    said.days = "".join(str(day) for day in sorted(hours.days)) if hours else None
    said.starts, said.ends = (hours.starts, hours.ends) if hours else (None, None)


async def set_country(session: AsyncSession, *, team_id: str, user_id: str, written: str) -> str:
    """Whose public holidays are theirs: a country's, the one of their time zone again (`usual`), or
    none (`none`). The country, or "" for none."""
    said = await availability.get(session, team_id, user_id)
    word = written.casefold()
    if word not in ("usual", "none") and read_country(written) is None:
        raise NotACountry(written)
    said.country = {"usual": None, "none": ""}.get(word, read_country(written))
    return get_country(said, await get_timezone(session, team_id, user_id))


async def set_limit(session: AsyncSession, *, team_id: str, user_id: str, written: str) -> int:
    """Ask this person about so many questions a day at most."""
    is_number = written.isascii() and written.isdigit() and len(written) < 5
    if not is_number or int(written) > HIGHEST_LIMIT:
        raise NotALimit(written, HIGHEST_LIMIT)
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
        raise NotAChoice(written)
    wants = choices[written.casefold()]
    (await availability.get(session, team_id, user_id)).wants_messages = wants
    return wants


def read_until(written: str, *, timezone: str, now: datetime) -> datetime | None:
    """`until friday`, `until 24 Dec`, `until 2026-12-24`, `for 3 days`, `tomorrow`; None for
    nothing.

    Who is away until a day is back when it begins."""
    typed = as_typed(written).casefold()
    for word in ("until ", "till ", "next ", "the "):
        typed = typed.removeprefix(word)
    today = local_day(now, timezone)
    if not typed:
        return None
    day = read_day(typed, today)
    if day is None or day <= today:
        raise NotADay(written)
    return back_at(day, timezone, now)


def read_day(typed: str, today: date) -> date | None:
    if typed == "tomorrow":
        return today + timedelta(days=1)
    if typed == "week":
        return today + timedelta(days=7 - today.weekday())
    if span := SPAN.fullmatch(typed):
        number = int(span[1]) if span[1].isdigit() else 1
        return today + timedelta(days=number * (7 if span[2] == "week" else 1))
    if typed[:3] in NAMES and typed.isalpha():
        return today + timedelta(days=(NAMES.index(typed[:3]) - today.weekday() - 1) % 7 + 1)
    ways = (DAY_AND_MONTH.fullmatch, MONTH_AND_DAY.fullmatch, IN_FIGURES.fullmatch)
    if found := next(filter(None, (read(typed) for read in ways)), None):
        return day_of_year(found["day"], found["month"], found["year"], today)
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def day_of_year(day: str, month: str, year: str | None, today: date) -> date | None:
    """The next one, where no year is named."""
    number = int(month) if month.isdigit() else MONTHS.index(month[:3]) + 1
    years = [int(year)] if year else range(today.year, today.year + 5)  # 29 February
    for each in years:
        try:
            found = date(each, number, int(day))
        except ValueError:
            continue
        if year or found > today:
            return found
    return None

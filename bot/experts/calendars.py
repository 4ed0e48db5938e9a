"""A calendar of somebody's own, outside Slack: when it says that they are not there.

It is fetched in the background and read here. What it says besides, such as what an entry is
about, is looked at by nobody and kept nowhere."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar as Parsed
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import AddressIsInside, CalendarIsInside, NotACalendar, UserError
from bot.experts.webhooks import Networks, check_address
from bot.hours import LONGEST_REST
from bot.kinds import CALENDAR_NOTE, READ_CALENDAR
from bot.people import get_timezone
from storage import outbox
from storage.experts import calendars
from storage.questions import questions

Shift = tuple[datetime, datetime]

READ_EVERY = timedelta(hours=2)
READ_AT_ONCE = 50  # calendars in one tick
BEFORE, AHEAD = timedelta(days=2), timedelta(days=LONGEST_REST)
LONG_AGO = timedelta(days=400)  # what began before and does not come again is over
MOST_ENTRIES = 3000
MOST_BUSY = 500  # times kept
# Why a calendar cannot be read.
UNREACHABLE, NO_CALENDAR, TOO_LARGE = "unreachable", "no_calendar", "too_large"

COMES_AGAIN = re.compile(rb"^(RRULE|RDATE)[;:]", re.MULTILINE | re.IGNORECASE)
STARTS = re.compile(rb"^DTSTART[^:\r\n]*:(\d{8})", re.MULTILINE | re.IGNORECASE)
# An entry that comes each minute is none of a person, and takes for ever to write out.
TOO_OFTEN = re.compile(rb"FREQ=(SECONDLY|MINUTELY|HOURLY)|BYSECOND|BYMINUTE|BYHOUR", re.IGNORECASE)
# Tasks, notes and alarms are left out.
LEFT_OUT = {b"BEGIN:" + each: b"END:" + each for each in (b"VTODO", b"VJOURNAL", b"VALARM")}


class Unreadable(Exception):
    """It cannot be read; `why` is one of the reasons above."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class CalendarView:
    """How it stands with somebody's calendar, for themselves."""

    address: str
    read_at: datetime | None
    failed_why: str | None


async def name_calendar(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    written: str,
    networks: Networks,
    now: datetime,
) -> None:
    """Read this calendar from now on. `networks`: those inside which one may be fetched."""
    address = check_calendar(written, networks)
    known = await calendars.get(session, team_id, user_id)
    if known is None or known.address != address:
        await calendars.save(session, team_id, user_id, address, now=now)
    await owe_reading(session, team_id, user_id, now=now)


def check_calendar(written: str, networks: Networks) -> str:
    address = re.sub(r"^webcals?://", "https://", written.strip(), flags=re.IGNORECASE)
    try:
        return check_address(address, networks)
    except AddressIsInside as problem:
        raise CalendarIsInside() from problem
    except UserError as problem:
        raise NotACalendar() from problem


async def forget_calendar(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> bool:
    """False when there was none."""
    was_there = await calendars.remove(session, team_id, user_id)
    await questions.hasten_asked(session, team_id, user_id, now=now)
    return was_there


async def get_calendar(session: AsyncSession, *, team_id: str, user_id: str) -> CalendarView | None:
    known = await calendars.get(session, team_id, user_id)
    return CalendarView(known.address, known.read_at, known.failed_why) if known else None


async def owe_stale_calendars(session: AsyncSession, *, now: datetime) -> None:
    for each in await calendars.list_untried_since(session, now - READ_EVERY, READ_AT_ONCE):
        await owe_reading(session, each.team_id, each.user_id, now=now)


async def owe_reading(session: AsyncSession, team_id: str, user_id: str, *, now: datetime) -> None:
    await outbox.owe(session, READ_CALENDAR, user_id, team_id=team_id, lane=user_id, now=now)


async def get_zone(session: AsyncSession, team_id: str, user_id: str) -> ZoneInfo:
    return ZoneInfo(await get_timezone(session, team_id, user_id))


async def note_read(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    address: str,
    busy: Sequence[Shift],
    now: datetime,
) -> None:
    """Keep when they are not there, unless they named another calendar meanwhile."""
    known = await calendars.get(session, team_id, user_id)
    if known is None or known.address != address:
        return
    times = [[int(start.timestamp()), int(end.timestamp())] for start, end in busy]
    known.tried_at = known.read_at = now
    known.failed_at = known.failed_why = None
    if known.busy != times:
        known.busy = times
        await session.flush()
        await questions.hasten_asked(session, team_id, user_id, now=now)


async def note_failed(
    session: AsyncSession, *, team_id: str, user_id: str, address: str, why: str, now: datetime
) -> None:
    """It could not be read. Its owner hears of that once, until it can be read again."""
    known = await calendars.get(session, team_id, user_id)
    if known is None or known.address != address:
        return
    is_new = known.failed_at is None
    known.tried_at, known.failed_at = now, known.failed_at or now
    known.failed_why = why
    if is_new:
        await outbox.owe(session, CALENDAR_NOTE, user_id, team_id=team_id, lane=user_id, now=now)


def read_busy(
    content: bytes, *, zone: ZoneInfo, now: datetime, is_time_up: Callable[[], bool]
) -> list[Shift]:
    """When its owner is not there, in order and apart from one another, from some days ago to
    some weeks ahead. `zone`: for times that name none. Unreadable where that cannot be told."""
    calendar = parse(content, now)
    found: list[Shift] = []
    for theirs in by_uid(calendar):
        if is_time_up():
            raise Unreadable(TOO_LARGE)
        found += times_of(theirs, zone, now)
    return joined(found)[:MOST_BUSY]


def parse(content: bytes, now: datetime) -> Parsed:
    """The calendar with what may matter, which is far less than it holds."""
    if b"BEGIN:VCALENDAR" not in content[:4096].upper():
        raise Unreadable(NO_CALENDAR)
    beside, entries = parts_of(unfolded(content))
    entries = [each for each in entries if may_matter(each, now)]
    if len(entries) > MOST_ENTRIES:
        raise Unreadable(TOO_LARGE)
    end = beside.upper().rfind(b"END:VCALENDAR")
    if end < 0:  # it breaks off
        raise Unreadable(NO_CALENDAR)
    try:
        return Parsed.from_ical(beside[:end] + b"".join(entries) + b"END:VCALENDAR\r\n")
    except Exception as problem:  # it raises whatever its parts raise
        raise Unreadable(NO_CALENDAR) from problem


def parts_of(content: bytes) -> tuple[bytes, list[bytes]]:
    """What stands beside the entries, and these. Line by line: a pattern from each beginning to
    its end takes for ever where somebody left the ends out."""
    beside: list[bytes] = []
    entries: list[list[bytes]] = []
    until, is_in_entry = b"", False
    for line in content.splitlines(keepends=True):
        mark = line.strip().upper()
        if until:
            until = b"" if mark == until else until
        elif mark in LEFT_OUT:
            until = LEFT_OUT[mark]
        elif mark == b"BEGIN:VEVENT":
            entries.append([line])
            is_in_entry = True
        else:
            (entries[-1] if is_in_entry else beside).append(line)
            is_in_entry = is_in_entry and mark != b"END:VEVENT"
    return b"".join(beside), [b"".join(each) for each in entries]


def unfolded(content: bytes) -> bytes:
    return re.sub(rb"\r?\n[ \t]", b"", content)


def may_matter(entry: bytes, now: datetime) -> bool:
    if TOO_OFTEN.search(entry):
        return False
    starts = STARTS.search(entry)
    if starts is None or COMES_AGAIN.search(entry):
        return starts is not None
    return (now - LONG_AGO).strftime("%Y%m%d").encode() <= starts[1]


def by_uid(calendar: Parsed) -> Iterator[Parsed]:
    """One calendar each entry, with what changes some of its times."""
    entries: dict[str, list[Any]] = {}
    for entry in calendar.walk("VEVENT"):
        entries.setdefault(str(entry.get("UID", id(entry))), []).append(entry)
    zones = list(calendar.walk("VTIMEZONE"))
    for theirs in entries.values():
        one = Parsed(calendar)
        one.subcomponents = [*zones, *theirs]
        yield one


def times_of(calendar: Parsed, zone: ZoneInfo, now: datetime) -> Iterator[Shift]:
    try:
        found = recurring_ical_events.of(calendar).between(now - BEFORE, now + AHEAD)
    except Exception as problem:  # as above
        raise Unreadable(NO_CALENDAR) from problem
    for entry in found:
        if takes_time(entry):
            yield moment(entry.start, zone), moment(entry.end, zone)


def takes_time(entry: Any) -> bool:
    """Not what is shown as free, called off, or only noted in pencil."""
    status = str(entry.get("STATUS", "")).upper()
    shown = str(entry.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    is_free = str(entry.get("TRANSP", "")).upper() == "TRANSPARENT"
    return (
        not is_free
        and status not in ("CANCELLED", "TENTATIVE")
        and shown
        not in (
            "FREE",
            "TENTATIVE",
            "WORKINGELSEWHERE",
        )
    )


def moment(at: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        at = datetime.combine(at, time())
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def joined(shifts: Iterable[Shift]) -> list[Shift]:
    found: list[Shift] = []
    for start, end in sorted(shifts):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        elif start < end:
            found.append((start, end))
    return found

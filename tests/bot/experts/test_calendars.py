"""People's own calendars: what in them takes their time, and that nobody is asked then."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import CalendarIsInside, NotACalendar
from bot.experts.calendars import (
    NO_CALENDAR,
    TOO_LARGE,
    UNREACHABLE,
    Unreadable,
    forget_calendar,
    get_calendar,
    name_calendar,
    note_failed,
    note_read,
    owe_stale_calendars,
    read_busy,
)
from bot.settings import check_networks
from storage.tables import Outbox
from tests.bot.conftest import BEN, EVA, NOW, TEAM, add_topic, ask, at, card_of, owed

ROME = ZoneInfo("Europe/Rome")
WHO = {"team_id": TEAM, "user_id": BEN}
ADDRESS = "https://calendar.example.com/ben.ics"


def calendar_of(*entries: str, beside: str = "") -> bytes:
    """An iCalendar file with these entries, each as lines between BEGIN and END."""
    shown = "".join(f"BEGIN:VEVENT\n{each}\nEND:VEVENT\n" for each in entries)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n{beside}{shown}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def busy(*entries: str, beside: str = "", is_time_up: bool = False) -> list[str]:
    content = calendar_of(*entries, beside=beside)
    found = read_busy(content, zone=ROME, now=NOW, is_time_up=lambda: is_time_up)
    return [f"{start:%d %H:%M}-{end:%d %H:%M}" for start, end in found]


TALK = "UID:1\nDTSTART:20261124T090000Z\nDTEND:20261124T100000Z"


def test_an_entry_takes_time_and_a_whole_day_is_one_where_its_owner_is():
    assert busy(TALK) == ["24 09:00-24 10:00"]
    assert busy("UID:1\nDTSTART;VALUE=DATE:20261125\nDTEND;VALUE=DATE:20261127") == [
        "24 23:00-26 23:00"
    ]
    assert busy("UID:1\nDTSTART:20261124T090000\nDTEND:20261124T100000") == ["24 08:00-24 09:00"]


def test_what_comes_again_does_but_for_what_was_moved_or_called_off():
    weekly = (
        "UID:7\nDTSTART;TZID=Europe/Rome:20260105T100000\nDTEND;TZID=Europe/Rome:20260105T110000\n"
        "RRULE:FREQ=WEEKLY;UNTIL=20261215T000000Z\nEXDATE;TZID=Europe/Rome:20261130T100000"
    )
    moved = (
        "UID:7\nRECURRENCE-ID;TZID=Europe/Rome:20261207T100000\n"
        "DTSTART;TZID=Europe/Rome:20261208T150000\nDTEND;TZID=Europe/Rome:20261208T160000"
    )

    assert busy(weekly, moved) == ["23 09:00-23 10:00", "08 14:00-08 15:00", "14 09:00-14 10:00"]


@pytest.mark.parametrize(
    "how",
    [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "STATUS:TENTATIVE",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
    ],
)
def test_what_is_shown_as_free_takes_none(how: str):
    assert busy(f"{TALK}\n{how}") == []


def test_what_touches_is_one_and_long_lines_are_read_whole():
    after = "UID:2\nDTSTART:20261124T100000Z\nDTEND:20261124T1130\n 00Z"

    assert busy(TALK, after) == ["24 09:00-24 11:30"]


@pytest.mark.parametrize("often", ["FREQ=SECONDLY", "FREQ=DAILY;BYMINUTE=1,2,3"])
def test_what_comes_each_minute_is_none_of_a_person(often: str):
    assert busy(f"{TALK}\nRRULE:{often}") == []


@pytest.mark.parametrize("content", [b"", b"<html>Sign in</html>", b"BEGIN:VCALENDAR\r\nx"])
def test_what_is_no_calendar_is_said_to_be_none(content: bytes):
    with pytest.raises(Unreadable) as problem:
        read_busy(content, zone=ROME, now=NOW, is_time_up=lambda: False)

    assert problem.value.why == NO_CALENDAR


def test_a_calendar_that_takes_too_long_is_left():
    with pytest.raises(Unreadable, match=TOO_LARGE):
        busy(TALK, is_time_up=True)


def test_years_of_what_is_over_cost_nothing():
    old = [f"UID:{number}\nDTSTART:2019010{number % 9 + 1}T100000Z" for number in range(9000)]

    assert busy(*old, TALK) == ["24 09:00-24 10:00"]


async def name(session: AsyncSession, written: str = ADDRESS, allowed: str = "") -> str:
    networks = check_networks(allowed)
    await name_calendar(session, **WHO, written=written, networks=networks, now=NOW)
    known = await get_calendar(session, **WHO)
    assert known is not None
    return known.address


async def read(session: AsyncSession, hours: float, length: float, address: str = ADDRESS) -> None:
    """The calendar was read: it takes its owner's time from so many hours from now on."""
    start = NOW + timedelta(hours=hours)
    times = [(start, start + timedelta(hours=length))]
    await note_read(session, **WHO, address=address, busy=times, now=NOW)


async def asked(session: AsyncSession, seconds: float = 0) -> set[str]:
    return set((await card_of(session, await ask(session, seconds=seconds))).asked_ids)


@pytest.fixture
async def customs(session: AsyncSession, help_channel):
    return await add_topic(session, experts=[BEN, EVA], keywords="tariff")


async def test_who_is_in_a_meeting_is_asked_after_it(session: AsyncSession, customs):
    await name(session)
    await read(session, hours=-0.5, length=1)

    assert await asked(session) == {EVA}
    assert await asked(session, 1801) == {BEN, EVA}


async def test_who_asks_for_another_calendar_is_not_held_by_the_first(
    session: AsyncSession, customs
):
    await name(session)
    await read(session, hours=-1, length=100)
    await name(session, "webcal://calendar.example.com/other.ics")
    await read(session, hours=-1, length=100)  # of the first, and late

    assert await asked(session) == {BEN, EVA}


async def test_a_calendar_that_is_off_holds_nobody(session: AsyncSession, customs):
    await name(session)
    await read(session, hours=-1, length=100)

    assert await forget_calendar(session, **WHO, now=NOW)
    assert not await forget_calendar(session, **WHO, now=NOW)

    assert await asked(session) == {BEN, EVA}


async def test_its_owner_hears_once_that_it_cannot_be_read(session: AsyncSession, customs):
    await name(session)
    await owed(session)
    for _ in range(2):
        await note_failed(session, **WHO, address=ADDRESS, why=UNREACHABLE, now=NOW)

    assert ("calendar_note", BEN) in await owed(session)
    known = await get_calendar(session, **WHO)
    assert known is not None and known.failed_why == UNREACHABLE
    await read(session, hours=0, length=1)
    known = await get_calendar(session, **WHO)
    assert known is not None and known.failed_why is None


async def test_it_is_read_again_every_two_hours(session: AsyncSession, customs):
    await name(session)
    await read(session, hours=9, length=1)
    await session.execute(delete(Outbox))

    await owe_stale_calendars(session, now=at(3600))
    assert await owed(session) == set()
    await owe_stale_calendars(session, now=at(7201))
    assert await owed(session, now=at(7201)) == {("read_calendar", BEN)}


@pytest.mark.parametrize(
    "written",
    ["calendar", "http://calendar.example.com/x", "https://ben:pw@example.com/", "https://0.0.0.1"],
)
async def test_what_is_no_address_of_a_calendar_is_answered(
    session: AsyncSession, customs, written: str
):
    with pytest.raises(NotACalendar, match="iCal"):
        await name(session, written)


async def test_a_calendar_inside_needs_the_operators_word(session: AsyncSession, customs):
    with pytest.raises(CalendarIsInside, match="HELPDESK_NETWORKS"):
        await name(session, "http://10.0.0.7/ben.ics")

    assert await name(session, "http://10.0.0.7/ben.ics", "10.0.0.0/8") == "http://10.0.0.7/ben.ics"

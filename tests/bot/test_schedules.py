from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.errors import NotATime, NotATimezone
from bot.schedules import Schedule, next_slot, read_schedule, slot_name
from handlers.blocks.times import schedule_in_words


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "after", "slot"),
    [
        (Schedule(0, 9, 0, "UTC"), "2026-11-22 12:00", "2026-11-23 09:00"),
        (Schedule(0, 9, 0, "UTC"), "2026-11-23 08:59", "2026-11-23 09:00"),
        (Schedule(0, 9, 0, "UTC"), "2026-11-23 09:00", "2026-11-30 09:00"),  # strictly after
        # Monday in Auckland is Sunday in London
        (Schedule(0, 9, 0, "Pacific/Auckland"), "2026-11-22 12:00", "2026-11-22 20:00"),
        (Schedule(6, 20, 0, "America/Los_Angeles"), "2026-11-23 03:00", "2026-11-23 04:00"),
        # the same local hour in winter and summer
        (Schedule(0, 9, 0, "Europe/Rome"), "2026-03-23 12:00", "2026-03-30 07:00"),
        (Schedule(0, 9, 0, "Europe/Rome"), "2026-10-19 12:00", "2026-10-26 08:00"),
        # an hour that the clock skips happens right after the jump
        (Schedule(6, 2, 0, "Europe/Rome"), "2026-03-28 12:00", "2026-03-29 01:00"),
        (Schedule(4, 0, 0, "Africa/Cairo"), "2026-04-23 12:00", "2026-04-23 22:00"),
        (Schedule(6, 0, 0, "America/Santiago"), "2026-09-05 12:00", "2026-09-06 04:00"),
        # and the week after it, at its own hour again
        (Schedule(4, 0, 0, "Africa/Cairo"), "2026-04-23 22:00", "2026-04-30 21:00"),
        # an hour that comes twice happens the first time, and once
        (Schedule(6, 2, 30, "Europe/Rome"), "2026-10-24 12:00", "2026-10-25 00:30"),
        (Schedule(6, 2, 30, "Europe/Rome"), "2026-10-25 00:30", "2026-11-01 01:30"),
        (Schedule(6, 2, 30, "Europe/Rome"), "2026-10-25 01:10", "2026-11-01 01:30"),
    ],
)
def test_the_next_slot_is_at_the_local_weekday_and_hour(schedule: Schedule, after: str, slot: str):
    assert next_slot(schedule, after=utc(after)) == utc(slot)


@pytest.mark.parametrize(
    "zone",
    ["Europe/Rome", "Africa/Cairo", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia"],
)
@pytest.mark.parametrize(("weekday", "hour"), [(4, 0), (6, 0), (6, 2), (3, 23)])
def test_every_local_week_has_one_slot_and_a_name_of_its_own(zone: str, weekday: int, hour: int):
    schedule = Schedule(weekday, hour, 0, zone)
    slots = [utc("2026-01-01 00:00")]
    while slots[-1] < utc("2028-02-01 00:00"):
        slots.append(next_slot(schedule, after=slots[-1]))

    names = [slot_name(schedule, slot) for slot in slots[1:]]
    days = [slot.astimezone(ZoneInfo(zone)).date() for slot in slots[1:]]

    assert len(names) == len(set(names))
    assert {later - day for day, later in pairwise(days)} == {timedelta(weeks=1)}


@pytest.mark.parametrize(
    ("moment", "zone", "name"),
    [
        ("2026-11-23 09:00", "UTC", "2026-W48"),
        ("2027-01-01 12:00", "UTC", "2026-W53"),  # a Friday
        ("2024-12-30 09:00", "UTC", "2025-W01"),  # a Monday
        ("2026-01-04 23:30", "Europe/Rome", "2026-W02"),  # Monday there already
        ("2026-01-05 03:00", "America/New_York", "2026-W01"),  # Sunday there still
    ],
)
def test_a_slot_is_named_after_its_local_week(moment: str, zone: str, name: str):
    assert slot_name(Schedule(0, 9, 0, zone), utc(moment)) == name


@pytest.mark.parametrize(
    ("written", "schedule"),
    [
        ("monday 9:00", Schedule(0, 9, 0, "Europe/Rome")),
        ("  On FRI  at 17.30 ", Schedule(4, 17, 30, "Europe/Rome")),
        ("thu 9", Schedule(3, 9, 0, "Europe/Rome")),
        ("sunday 12am", Schedule(6, 0, 0, "Europe/Rome")),
        ("sunday 12:15 PM", Schedule(6, 12, 15, "Europe/Rome")),
        ("wed 14h30 america/new_york", Schedule(2, 14, 30, "America/New_York")),
        ("mondays 9:00", Schedule(0, 9, 0, "Europe/Rome")),
        ("Monday at 9:00 (Asia/Tokyo)", Schedule(0, 9, 0, "Asia/Tokyo")),  # as it is shown
        ("monday, 9 am", Schedule(0, 9, 0, "Europe/Rome")),
        ("on Wednesdays at 9am", Schedule(2, 9, 0, "Europe/Rome")),
    ],
)
def test_a_weekday_and_time_are_read_as_people_type_them(written: str, schedule: Schedule):
    assert read_schedule(written, timezone="Europe/Rome") == schedule


@pytest.mark.parametrize(
    "written",
    [
        *("", "monday", "9:00", "someday 9:00", "mo 9:00", "monday 24:00", "monday 9:60"),
        *("monday 13pm", "monday 0am", "monday -1", "monday 9:00 9:00 9:00", "x" * 100_000),
    ],
)
def test_what_is_no_weekday_and_time_is_refused(written: str):
    with pytest.raises(NotATime):
        read_schedule(written, timezone="UTC")


@pytest.mark.parametrize("zone", ["Rome", "Europe/Atlantis", "../../etc/passwd", "UTC+25"])
def test_an_unknown_time_zone_is_refused(zone: str):
    with pytest.raises(NotATimezone, match=zone.split("+")[0]):
        read_schedule(f"monday 9:00 {zone}", timezone="UTC")


def test_a_schedule_is_told_in_words():
    assert schedule_in_words(Schedule(0, 9, 5, "Europe/Rome")) == "Monday at 9:05 (Europe/Rome)"

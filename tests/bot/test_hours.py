from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import NotHours
from bot.hours import (
    Hours,
    after_work,
    is_taken_for_day,
    is_working,
    next_start,
    read_hours,
)
from handlers.blocks.times import hours_in_words

ROME, TOKYO = Hours("Europe/Rome"), Hours("Asia/Tokyo")
NIGHT = Hours("Europe/Rome", frozenset({4, 5}), 22 * 60, 6 * 60)  # Fri, Sat into the morning


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        (ROME, "2026-11-23 07:59", False),
        (ROME, "2026-11-23 08:00", True),
        (ROME, "2026-11-23 17:00", False),
        (ROME, "2026-11-22 10:00", False),  # a Sunday
        (ROME, "2026-07-20 07:00", True),  # summer time
        (TOKYO, "2026-11-23 00:00", True),
        (NIGHT, "2026-11-28 04:00", True),  # Saturday morning belongs to Friday's shift
        (NIGHT, "2026-11-30 04:00", False),
    ],
)
def test_people_work_in_their_own_time_zone(hours: Hours, at: str, expected: bool):
    assert is_working(hours, utc(at)) is expected


def test_who_works_now_starts_now_and_others_when_their_next_shift_begins():
    assert next_start(ROME, utc("2026-11-23 09:00")) == utc("2026-11-23 09:00")
    assert next_start(ROME, utc("2026-11-20 18:00")) == utc("2026-11-23 08:00")
    assert next_start(Hours("Europe/Rome", frozenset()), utc("2026-11-20 18:00")) is None


def test_time_counts_only_while_somebody_works():
    friday = utc("2026-11-20 16:30")  # half an hour before Rome's end

    assert after_work([ROME], friday, timedelta(hours=1)) == utc("2026-11-23 08:30")
    assert after_work([ROME, TOKYO], friday, timedelta(hours=1)) == utc("2026-11-23 00:30")
    assert after_work([], friday, timedelta(hours=1)) == utc("2026-11-20 17:30")


@pytest.mark.parametrize(
    ("shift", "worked"),
    [
        ("2026-10-24 20:00", "2026-10-25 05:00"),  # the hour that comes twice is worked twice
        ("2026-03-28 21:00", "2026-03-29 04:00"),  # the hour that is skipped is not
    ],
)
def test_a_night_shift_over_a_clock_change_ends_by_the_wall_clock(shift: str, worked: str):
    night = Hours("Europe/Rome", frozenset(range(7)), 22 * 60, 6 * 60)
    start, end = utc(shift), utc(worked)

    assert next_start(night, start) == start
    assert is_working(night, end - timedelta(minutes=1))
    assert not is_working(night, end)
    assert after_work([night], start, end - start) == end


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("mon-fri 9:00-17:30", "Mon–Fri 9:00–17:30"),
        ("Mon, Wed 22-6", "Mon, Wed 22:00–6:00"),
        ("sat-mon 8 to 12", "Mon, Sat, Sun 8:00–12:00"),
        ("mon - sun 0-24", "Mon–Sun 0:00–24:00"),
        ("Mon–Fri 9:00–17:30", "Mon–Fri 9:00–17:30"),  # as they are shown
        ("Mon\u00a0—\u00a0Fri\u202f9:00 – 17:30.", "Mon–Fri 9:00–17:30"),
        ("9am-5pm", "Mon–Fri 9:00–17:00"),
        ("weekdays 9 am to 5:30 p.m.", "Mon–Fri 9:00–17:30"),
        ("9am-5", "Mon–Fri 9:00–17:00"),
        ("mon to thu: 8h30-12pm", "Mon–Thu 8:30–12:00"),
        ("monday, wed and fri 12am–6am", "Mon, Wed, Fri 0:00–6:00"),
        ("daily 9-12", "Mon–Sun 9:00–12:00"),
        ("9-5", "Mon–Fri 9:00–17:00"),  # nobody means a night of twenty hours
        ("mon-thu 8:30-4:30", "Mon–Thu 8:30–16:30"),
        ("12-8", "Mon–Fri 12:00–20:00"),
        ("9am-5am", "Mon–Fri 9:00–5:00"),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, words: str):
    assert hours_in_words(read_hours(written, timezone="Europe/Rome")) == words


@pytest.mark.parametrize(
    "written",
    [
        "",
        "always",
        "mon-fri",
        "mon 9-9",
        "xyz 9-17",
        "mon 9-25",
        "mon 13pm-5pm",
        "mon 0am-3",
        "mon 9:61-12",
    ],
)
def test_what_is_no_hours_is_answered_with_an_example(written: str):
    with pytest.raises(NotHours, match="For example"):
        read_hours(written, timezone="Europe/Rome")


@pytest.mark.parametrize(
    ("written", "expected"),
    [("9-5", True), ("mon 10:00-6:00", True), ("22-6", False), ("9-17", False), ("9am-5am", False)],
)
def test_it_is_said_where_an_end_was_taken_for_one_in_the_afternoon(written: str, expected: bool):
    assert is_taken_for_day(written) is expected


def test_a_public_holiday_is_no_working_day_there_and_one_elsewhere():
    italy, germany = Hours("Europe/Rome", country="IT"), Hours("Europe/Rome", country="DE")
    immaculate = utc("2026-12-08 10:00")  # a Tuesday

    assert not is_working(italy, immaculate) and is_working(germany, immaculate)
    assert next_start(italy, immaculate) == utc("2026-12-09 08:00")
    assert after_work([italy], utc("2026-12-07 16:00"), timedelta(hours=2)) == utc(
        "2026-12-09 09:00"
    )


def test_what_is_in_a_calendar_is_taken_out_of_a_shift():
    off = (
        (utc("2026-11-23 09:00"), utc("2026-11-23 10:00")),
        (utc("2026-11-23 16:00"), utc("2026-11-23 16:30")),
    )
    hours = Hours("Europe/Rome", off=off)

    assert is_working(hours, utc("2026-11-23 08:59"))
    assert not is_working(hours, utc("2026-11-23 09:30"))
    assert next_start(hours, utc("2026-11-23 09:30")) == utc("2026-11-23 10:00")
    assert after_work([hours], utc("2026-11-23 08:30"), timedelta(hours=1)) == utc(
        "2026-11-23 10:30"
    )


STEP = timedelta(minutes=30)
START = utc("2026-12-04 00:00")  # holidays, weekends and the new year are near
moments = st.integers(0, 30 * 48).map(lambda steps: START + steps * STEP)


@st.composite
def people(draw: st.DrawFn) -> Hours:
    begins = draw(st.integers(0, 47)) * 30
    ends = draw(st.integers(0, 48).map(lambda half: half * 30).filter(lambda end: end != begins))
    times = sorted(draw(st.lists(moments, max_size=6, unique=True)))
    return Hours(
        draw(st.sampled_from(["Europe/Rome", "Asia/Tokyo", "America/New_York"])),
        draw(st.frozensets(st.integers(0, 6), min_size=1)),
        begins,
        ends,
        draw(st.sampled_from(["", "IT", "JP", "US", "DE-BY"])),
        tuple(zip(times[::2], times[1::2], strict=False)),
    )


def counted(everybody: list[Hours], start: datetime, amount: timedelta) -> datetime | None:
    """By walking through the half hours; None where thirty days are not enough."""
    at, left = start, amount
    while at < start + timedelta(days=28):
        if any(is_working(hours, at) for hours in everybody):
            left -= STEP
        at += STEP
        if left <= timedelta():
            return at
    return None


@settings(max_examples=60, deadline=None)
@given(st.lists(people(), min_size=1, max_size=3), moments, st.integers(1, 20))
def test_working_time_is_what_is_counted_half_hour_by_half_hour(
    everybody: list[Hours], start: datetime, amount: int
):
    expected = counted(everybody, start, amount * STEP)

    if expected is not None:
        assert after_work(everybody, start, amount * STEP) == expected


@settings(max_examples=100, deadline=None)
@given(people(), moments)
def test_nobody_works_before_they_start_and_everybody_does_then(hours: Hours, at: datetime):
    starts = next_start(hours, at)

    assert starts is not None and is_working(hours, starts)
    while at < starts:
        assert not is_working(hours, at)
        at += STEP


@settings(max_examples=60, deadline=None)
@given(people(), moments)
def test_on_a_holiday_no_shift_begins(hours: Hours, at: datetime):
    before = Hours(hours.timezone, hours.days, hours.starts, hours.ends, off=hours.off)

    assert not is_working(hours, at) or is_working(before, at)

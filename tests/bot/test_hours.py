from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import NotHours
from bot.hours import Hours, after_work, is_working, next_start, read_hours
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

"""When something happens each week or month: local weekday and hour, right across clock
changes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import NotATime, NotATimezone

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

TIMEZONES = frozenset(available_timezones())  # once: it walks folders


WRITTEN = re.compile(
    r"(?:on )?(?P<day>[a-z]{3,10}),?(?: at)? (?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?h?"
    r"(?P<half> ?[ap]m)?(?: \(?(?P<zone>[^\s()]+)\)?)?",
    re.IGNORECASE,
)

WEEKLY, MONTHLY = "weekly", "monthly"


@dataclass(frozen=True)
class Schedule:
    weekday: int  # Monday is 0
    hour: int
    minute: int
    timezone: str
    cadence: str = WEEKLY  # MONTHLY: on the first such weekday of the month


def next_slot(schedule: Schedule, *, after: datetime, besides: str | None = None) -> datetime:
    """The first moment strictly after then, in UTC, whose slot comes after `besides`, the last
    one that happened: when a schedule is moved, nothing happens twice in a week.

    An hour that the clock skips happens right after the jump; one that comes twice happens
    the first time."""
    zone = ZoneInfo(schedule.timezone)
    hour = time(schedule.hour, schedule.minute)
    moments = (
        datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
        for day in days_from(schedule, after.astimezone(zone).date())
    )
    return next(at for at in moments if at > after and slot_name(schedule, at) > (besides or ""))


def days_from(schedule: Schedule, day: date) -> Iterator[date]:
    """The local days it happens on, from that one on."""
    day += timedelta(days=(schedule.weekday - day.weekday()) % 7)
    while True:
        if schedule.cadence == WEEKLY or day.day <= 7:
            yield day
        day += timedelta(weeks=1)


def slot_name(schedule: Schedule, at: datetime) -> str:
    """The local ISO week or the month that the moment lies in, such as 2026-W48 or 2026-11.
    Later ones come later in the alphabet."""
    local = at.astimezone(ZoneInfo(schedule.timezone))
    if schedule.cadence == MONTHLY:
        return f"{local:%Y-%m}"
    year, week, _ = local.isocalendar()
    return f"{year}-W{week:02}"


def read_schedule(written: str, *, timezone: str) -> Schedule:
    """A weekday, a time and perhaps a zone, as typed: "monday 9:00 Europe/Rome", or as it is
    told: "Monday at 9:00 (Europe/Rome)"."""
    found = WRITTEN.fullmatch(" ".join(written.split()))
    days = [day for day in WEEKDAYS if found and f"{day}s".startswith(found["day"].casefold())]
    if found is None or len(days) != 1:
        raise NotATime(written)
    hour, minute = read_hour(found["hour"], found["half"]), int(found["minute"] or 0)
    if hour > 23 or minute > 59:
        raise NotATime(written)
    return Schedule(WEEKDAYS.index(days[0]), hour, minute, read_timezone(found["zone"] or timezone))


def read_hour(written: str, half: str | None) -> int:
    hour = int(written)
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        return 24  # 13 pm is no time
    return hour % 12 + (12 if half.strip().casefold() == "pm" else 0)


def read_timezone(written: str) -> str:
    names = {name.casefold(): name for name in TIMEZONES}
    name = names.get(written.casefold())
    if name is None:
        raise NotATimezone(written)
    return name

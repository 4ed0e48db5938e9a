"""When something weekly happens: local weekday and hour, right across clock changes."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import NotATime, NotATimezone

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


TIMEZONES = frozenset(available_timezones())  # once: it walks folders


@dataclass(frozen=True)
class Weekly:
    weekday: int  # Monday is 0
    hour: int
    minute: int
    timezone: str


def next_slot(weekly: Weekly, *, after: datetime) -> datetime:
    """The first moment strictly after then, in UTC.

    An hour that the clock skips happens right after the jump; one that comes twice happens
    the first time."""
    zone = ZoneInfo(weekly.timezone)
    day = after.astimezone(zone).date()
    day += timedelta(days=(weekly.weekday - day.weekday()) % 7)
    for week in range(3):
        local = datetime.combine(
            day + timedelta(weeks=week), time(weekly.hour, weekly.minute), tzinfo=zone
        )
        if local.astimezone(UTC) > after:
            return local.astimezone(UTC)
    raise AssertionError("a week has a slot")


def slot_name(weekly: Weekly, at: datetime) -> str:
    """The local ISO week that the moment lies in, such as 2026-W48."""
    year, week, _ = at.astimezone(ZoneInfo(weekly.timezone)).isocalendar()
    return f"{year}-W{week:02}"


def read_weekly(written: str, *, timezone: str) -> Weekly:
    """A weekday, a time and perhaps a zone, as typed: "monday 9:00 Europe/Rome"."""
    found = re.fullmatch(
        r"(?:on )?(?P<day>[a-z]{3,10})(?: at)? (?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?h?"
        r"(?P<half> ?[ap]m)?(?: (?P<zone>\S+))?",
        " ".join(written.split()),
        re.IGNORECASE,
    )
    days = [day for day in WEEKDAYS if found and f"{day}s".startswith(found["day"].casefold())]
    if found is None or len(days) != 1:
        raise NotATime(written[:60])
    hour, minute = read_hour(found["hour"], found["half"]), int(found["minute"] or 0)
    if hour > 23 or minute > 59:
        raise NotATime(written[:60])
    return Weekly(WEEKDAYS.index(days[0]), hour, minute, read_timezone(found["zone"] or timezone))


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
        raise NotATimezone(written[:60])
    return name


def in_words(weekly: Weekly) -> str:
    day = WEEKDAYS[weekly.weekday].capitalize()
    return f"{day} at {weekly.hour}:{weekly.minute:02} ({weekly.timezone})"

"""When people work, in their own time zone, right across clock changes and public holidays, and
around what their calendar holds: pure functions."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.errors import NotHours
from bot.holidays import days_off
from bot.schedules import TIMEZONES
from bot.typed import as_typed

DAY, LONGEST_WAIT = timedelta(days=1), 30  # days
LONGEST_REST = 60  # days, until somebody works again
MIDNIGHT = 24 * 60
TIME = (
    r"(?P<{0}>\d{{1,2}})(?:[:.h](?P<{0}_minute>\d{{2}}))? ?(?:(?P<{0}_half>[ap])\.?m\.?|h|o'clock)?"
)
HOURS = re.compile(
    rf"(?P<days>[a-z][a-z,&: -]*)?{TIME.format('start')} ?(?:-|to|until) ?{TIME.format('end')}"
)
SPAN = re.compile(r" ?(?:-|\bto\b) ?")
BETWEEN_DAYS = str.maketrans(",&:", "   ")
EVERY = {"weekdays": "mon-fri", "weekends": "sat,sun", "daily": "mon-sun", "every day": "mon-sun"}
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


Shift = tuple[datetime, datetime]


@dataclass(frozen=True)
class Hours:
    """Local working hours; those that end before they start go on after midnight."""

    timezone: str
    days: frozenset[int] = frozenset(range(5))  # Monday is 0
    starts: int = 9 * 60  # minutes after midnight
    ends: int = 18 * 60
    country: str = ""  # whose public holidays are none of these days
    off: tuple[Shift, ...] = ()  # when they are not there although it is such a day, in order


@lru_cache(maxsize=256)  # many people share their hours
def is_working(hours: Hours, at: datetime) -> bool:
    return any(start <= at < end for start, end in shifts(hours, at, days=2))


def next_start(hours: Hours, after: datetime) -> datetime | None:
    """The moment from which they work: now, if they do; None when they never work."""
    for start, end in shifts(hours, after, days=LONGEST_REST):
        if end > after:
            return max(start, after)
    return None


def after_work(everybody: Iterable[Hours], start: datetime, amount: timedelta) -> datetime:
    """When that much time has passed in which at least one of them works; with nobody to
    wait for, when it has simply passed."""
    all_shifts = sorted(
        shift for hours in set(everybody) for shift in shifts(hours, start, days=LONGEST_WAIT)
    )
    at, left = start, amount
    for begins, ends in all_shifts:
        begins = max(begins, at)
        if ends <= begins:
            continue
        if ends - begins >= left:
            return begins + left
        left -= ends - begins
        at = ends
    return at + left


def shifts(hours: Hours, around: datetime, *, days: int) -> Sequence[Shift]:
    """The shifts from the day before on, in UTC and in order."""
    zone = zone_of(hours)
    return shifts_from(hours, around.astimezone(zone).date() - DAY, days)


def zone_of(hours: Hours) -> ZoneInfo:
    return ZoneInfo(hours.timezone if hours.timezone in TIMEZONES else "UTC")


@lru_cache(maxsize=512)  # many people share their hours, and many questions a day
def shifts_from(hours: Hours, first: date, days: int) -> Sequence[Shift]:
    zone, found = zone_of(hours), list[Shift]()
    for number in range(days + 1):
        day = first + timedelta(days=number)
        if day.weekday() in hours.days and day not in days_off(hours.country, day.year):
            ends_on = day if hours.ends > hours.starts else day + DAY
            shift = moment(day, hours.starts, zone), moment(ends_on, hours.ends, zone)
            found += without(shift, hours.off)
    return found


def without(shift: Shift, off: Iterable[Shift]) -> Iterator[Shift]:
    """What is left of the shift. `off`: in order, and apart from one another."""
    starts, ends = shift
    for gone, back in off:
        if back <= starts or gone >= ends:
            continue
        if gone > starts:
            yield starts, gone
        starts = back
    if starts < ends:
        yield starts, ends


def moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """An hour that the clock skips comes right after the jump; of one that comes twice, the
    first counts."""
    day += timedelta(days=minutes // MIDNIGHT)
    minutes %= MIDNIGHT
    return datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=zone).astimezone(UTC)


def read_hours(written: str, *, timezone: str) -> Hours:
    """Days and times as typed: `mon-fri 9:00-17:30`, `mon, wed 22-6`, `9am-5pm`; `9-5` ends in
    the afternoon."""
    found = HOURS.fullmatch(as_typed(written).lower())
    if found is None:
        raise NotHours(written)
    starts, ends = read_minutes(found, "start", written), read_minutes(found, "end", written)
    if found["start_half"] == "a" and not found["end_half"] and ends <= MIDNIGHT // 2:
        ends += MIDNIGHT // 2  # 9am-5
    if is_by_day(found, starts, ends):
        ends += MIDNIGHT // 2
    if starts in (ends, MIDNIGHT):
        raise NotHours(written)
    return Hours(timezone, read_days(found["days"] or "mon-fri", written), starts, ends)


def is_by_day(found: re.Match[str], starts: int, ends: int) -> bool:
    """Whether the end is meant to be in the afternoon, as in `9-5`: it comes before the start,
    which is in the morning, and nobody says of which half of the day it is."""
    half_said = found["start_half"] or found["end_half"]
    return not half_said and ends < starts < MIDNIGHT // 2 + 60 and ends > 0


def is_taken_for_day(written: str) -> bool:
    """Whether `read_hours` takes an end for one in the afternoon that may be meant otherwise."""
    found = HOURS.fullmatch(as_typed(written).lower())
    if found is None:
        return False
    starts, ends = read_minutes(found, "start", written), read_minutes(found, "end", written)
    return is_by_day(found, starts, ends)


def read_minutes(found: re.Match[str], which: str, written: str) -> int:
    hour, minute = int(found[which]), int(found[f"{which}_minute"] or 0)
    if half := found[f"{which}_half"]:
        if not 1 <= hour <= 12:
            raise NotHours(written)
        hour = hour % 12 + (12 if half == "p" else 0)
    minutes = hour * 60 + minute
    if minutes > MIDNIGHT or minute > 59:
        raise NotHours(written)
    return minutes


def read_days(typed: str, written: str) -> frozenset[int]:
    """`mon-fri`, `mon to fri`, `monday, wed and fri`, `weekdays`, `daily`."""
    named = EVERY.get(typed.strip(" ,:"), typed)
    days: set[int] = set()
    for part in SPAN.sub("-", named).replace(" and ", ",").translate(BETWEEN_DAYS).split():
        first, _, last = part.partition("-")
        try:
            start, end = NAMES.index(first[:3]), NAMES.index((last or first)[:3])
        except ValueError:
            raise NotHours(written) from None
        days |= {day % 7 for day in range(start, end + (1 if end >= start else 8))}
    return frozenset(days)

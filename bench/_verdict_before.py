"""The rules by which a community was judged before it was followed from week to week, on weekly
counts, to compare with. They are kept as they were; the rules about members, about who asks most
and about newcomers need more than such counts and say nothing here, which favours them."""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

PERIOD, YEAR, ENOUGH = 4, 52, 20
FELL, DROP, ANSWERED_HALF, ANSWERED_WELL = 0.6, 0.15, 0.5, 0.85
FAST, TWICE, FEWEST = 240.0, 2.0, 5  # minutes; people


class Counts(NamedTuple):
    asked: int
    answered: int
    wait: float | None  # minutes until the first answer, the median
    helping: int


def letters_before(weeks: Sequence[Counts]) -> str:
    """A letter for each week: P pushed, T thinning, y too young, t thriving, s steady."""
    return "".join(letter_before(weeks[:end]) for end in range(1, len(weeks) + 1))


def letter_before(weeks: Sequence[Counts]) -> str:
    now, *earlier = (period(weeks, PERIOD * number) for number in range(3))
    before = [each for each in earlier if each.asked >= ENOUGH]
    is_alive = now.asked + sum(each.asked for each in earlier) >= ENOUGH
    if is_alive and not any(week.asked for week in weeks[-2:]):
        return "P"
    if (
        is_answered_less(now, before)
        or is_slower(now, before)
        or has_fewer(weeks, now, before)
        or is_below_last_year(weeks, now)
    ):
        return "T"
    if now.asked < ENOUGH:
        return "y"
    is_good = share(now) >= ANSWERED_WELL and (now.wait or 0.0) <= FAST
    return "t" if is_good else "s"


def period(weeks: Sequence[Counts], ago: int) -> Counts:
    told = weeks[max(0, len(weeks) - ago - PERIOD) : max(0, len(weeks) - ago)]
    waits = [week.wait for week in told if week.wait is not None]
    return Counts(
        sum(week.asked for week in told),
        sum(week.answered for week in told),
        median(waits) if waits else None,
        sum(week.helping for week in told),
    )


def share(counts: Counts) -> float:
    return counts.answered / counts.asked if counts.asked else 0.0


def is_answered_less(now: Counts, before: Sequence[Counts]) -> bool:
    if now.asked < ENOUGH:
        return False
    was = min((share(each) for each in before), default=share(now))
    return share(now) <= was - DROP or share(now) < ANSWERED_HALF


def is_slower(now: Counts, before: Sequence[Counts]) -> bool:
    was = max((each.wait or 0.0 for each in before), default=0.0)
    is_told = now.asked >= ENOUGH and now.wait is not None and was > 0
    return is_told and (now.wait or 0.0) >= max(TWICE * was, FAST)


def has_fewer(weeks: Sequence[Counts], now: Counts, before: Sequence[Counts]) -> bool:
    """Fewer questions in both halves of the period, or fewer people who help."""
    if not before:
        return False
    asked = sum(each.asked for each in before) / len(before)
    helping = sum(each.helping for each in before) / len(before)
    halves = (weeks[-4:-2], weeks[-2:])
    fewer = len(before) == 2 and all(
        sum(week.asked for week in half) <= FELL * asked / 2 for half in halves
    )
    return fewer or (helping >= 2 * FEWEST and now.helping <= FELL * helping)


def is_below_last_year(weeks: Sequence[Counts], now: Counts) -> bool:
    year_ago = period(weeks, YEAR)
    return year_ago.asked >= ENOUGH and now.asked <= FELL * year_ago.asked

"""How much people help these days, and when: kept as sums that fade, so that an answer costs one
row and no look at all the others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.experts import rhythms
from storage.questions.answers import Before
from storage.tables import Rhythm as Row

WEEK, MONTH, YEAR = timedelta(days=7), timedelta(days=30), timedelta(days=365)
HOURS = 24
NO_HOURS = (0,) * HOURS
SEEN_AT_MOST_EVERY = timedelta(minutes=10)  # who writes on and on is noted as seen that often


@dataclass(frozen=True)
class Rhythm:
    """A person's answers, one a question: in sums in which each counts half after that time, and
    in numbers."""

    last_at: datetime
    month: float = 1.0
    week: float = 1.0
    year: float = 1.0
    answered: int = 1  # questions
    first: int = 0  # of them, in which nobody had answered before
    seen_at: datetime | None = None  # when they last wrote in a question's thread, or asked
    hours: tuple[int, ...] = NO_HOURS  # answers in each hour of the day, by UTC

    @property
    def last_seen_at(self) -> datetime:
        return max(self.last_at, self.seen_at or self.last_at)


def rhythm_of(row: Row | None) -> Rhythm | None:
    if row is None:
        return None
    return Rhythm(
        last_at=row.last_at,
        month=row.amount,
        week=row.week,
        year=row.year,
        answered=row.answered,
        first=row.first,
        seen_at=row.seen_at,
        hours=tuple(row.hours) or NO_HOURS,
    )


def values_of(rhythm: Rhythm) -> dict[str, Any]:
    """As the row has them; when they were last seen is noted by itself."""
    return {
        "last_at": rhythm.last_at,
        "amount": rhythm.month,
        "week": rhythm.week,
        "year": rhythm.year,
        "answered": rhythm.answered,
        "first": rhythm.first,
        "hours": list(rhythm.hours),
    }


async def note_help(
    session: AsyncSession, team_id: str, user_id: str, before: Before, *, at: datetime
) -> None:
    """Somebody answered a question for the first time: it is in their rhythm."""
    rhythm = with_answer(rhythm_of(before.rhythm), at, is_first=not before.is_answered)
    await rhythms.save(session, team_id=team_id, user_id=user_id, **values_of(rhythm))


async def note_seen(
    session: AsyncSession, team_id: str, user_id: str, known: Row | None, *, at: datetime
) -> None:
    """Somebody who helped before wrote about a question."""
    last = rhythm_of(known)
    if last is not None and last.last_seen_at + SEEN_AT_MOST_EVERY <= at:
        await rhythms.note_seen(session, team_id=team_id, user_id=user_id, at=at)


def with_answer(rhythm: Rhythm | None, at: datetime, *, is_first: bool = False) -> Rhythm:
    """The rhythm with one answer more, which may have been heard of late."""
    hours = list(rhythm.hours if rhythm else NO_HOURS)
    hours[at.hour] += 1
    if rhythm is None:
        return Rhythm(at, first=int(is_first), hours=tuple(hours))
    latest = max(rhythm.last_at, at)
    return replace(
        rhythm,
        last_at=latest,
        month=strength(rhythm, latest, MONTH) + fading(latest - at, MONTH),
        week=strength(rhythm, latest, WEEK) + fading(latest - at, WEEK),
        year=strength(rhythm, latest, YEAR) + fading(latest - at, YEAR),
        answered=rhythm.answered + 1,
        first=rhythm.first + is_first,
        hours=tuple(hours),
    )


def strength(rhythm: Rhythm | None, now: datetime, half: timedelta = MONTH) -> float:
    """What is left of that sum now."""
    if rhythm is None:
        return 0.0
    amount = {WEEK: rhythm.week, MONTH: rhythm.month, YEAR: rhythm.year}[half]
    return amount * fading(now - rhythm.last_at, half)


def fading(age: timedelta, half: timedelta) -> float:
    left: float = 0.5 ** (max(timedelta(), age) / half)
    return left


def around(hours: Sequence[float], at: datetime) -> float:
    """How much falls into that hour, with what is close to it."""
    hour = at.hour
    near = (hours[(hour + off) % HOURS] * times for off, times in ((-1, 1), (0, 2), (1, 1), (2, 1)))
    return sum(near) / 5

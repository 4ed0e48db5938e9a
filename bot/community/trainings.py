"""After a training: what the members of a channel ask and help in the weeks before and after.

Told to those who may read what people keep asking, of questions that they can read; numbers of
people to the nearest five, so that no two days chosen tell of one person, and in words how sure
a change is."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum, auto

from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.gaps import Went, check_may_read, compared
from bot.community.measures import FEWEST, WEEK
from bot.errors import CannotBeTaughtYet, TooFewToTell
from bot.rights import get_joined
from storage.community import gaps
from storage.community.gaps import Facts

WEEKS, LEAST = 8, 3  # looked at on both sides; after which something can be told


class Why(StrEnum):
    """What keeps a change from being told."""

    TOO_EARLY = auto()
    TOO_FEW = auto()


@dataclass(frozen=True)
class Side:
    """One side of the day; people to the nearest five, None: fewer than five."""

    asked: int | None
    helped: int | None


@dataclass(frozen=True)
class AfterTraining:
    channel_id: str
    taught_on: date
    weeks: int  # on each side
    before: Side
    after: Side
    asking: Went = Went.UNKNOWN
    helping: Went = Went.UNKNOWN
    why: Why | None = None  # nothing can be told


async def look_after(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    channel_id: str,
    taught_on: date,
    now: datetime,
) -> AfterTraining:
    await check_may_read(session, team_id, user_id)
    await get_joined(session, team_id, channel_id, user_id)
    day = datetime.combine(taught_on, time.min, UTC)
    if day > now:
        raise CannotBeTaughtYet()
    if await gaps.count_members(session, team_id, channel_id) < FEWEST:
        raise TooFewToTell()
    weeks = min(WEEKS, (now - day) // WEEK)
    about = {"team_id": team_id, "members_of": channel_id, "reader_id": user_id}
    before, after = [
        await gaps.count_facts(session, **about, since=since, until=since + weeks * WEEK)
        for since in (day - weeks * WEEK, day)
    ]
    return told(channel_id, taught_on, weeks, before, after)


def told(
    channel_id: str, taught_on: date, weeks: int, before: Facts, after: Facts
) -> AfterTraining:
    sides = (
        Side(rounded(before.asked), rounded(before.helped)),
        Side(rounded(after.asked), rounded(after.helped)),
    )
    if weeks < LEAST:
        return AfterTraining(channel_id, taught_on, weeks, *sides, why=Why.TOO_EARLY)
    if max(before.asked, after.asked) < FEWEST and max(before.helped, after.helped) < FEWEST:
        return AfterTraining(channel_id, taught_on, weeks, *sides, why=Why.TOO_FEW)
    return AfterTraining(
        channel_id,
        taught_on,
        weeks,
        *sides,
        asking=went(before.asked, after.asked),
        helping=went(before.helped, after.helped),
    )


def rounded(people: int) -> int | None:
    return FEWEST * round(people / FEWEST) if people >= FEWEST else None


def went(before: int, after: int) -> Went:
    return compared(before, after) if max(before, after) >= FEWEST else Went.UNKNOWN

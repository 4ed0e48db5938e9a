"""What people keep asking: what a training could teach, and whether one did.

Of whole calendar quarters alone: no two of them have a question in common, so nothing is learned
from one by taking it off another. Of each theme it is told how many asked, five at least, and the
rest in words. Only questions are looked at that the reader could read in Slack; no names, and no
words but those that at least five people wrote."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum, auto
from math import log, sqrt

from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.measures import FEWEST
from bot.community.themes import Asked, Theme, find_again, list_themes
from bot.community.trend import NINE_IN_TEN
from bot.errors import CannotBeTaughtYet, OnlyGapReaders, ThemeIsGone
from bot.kinds import GAPS_TABLE
from bot.people import check_is_admin, is_admin
from bot.recognition.digests import GAPS, comes_monthly, switch_monthly
from bot.recognition.personal import gets_digests
from storage import outbox, people
from storage.community import gaps
from storage.experts import topics
from storage.recognition import digests
from storage.tables import TaughtTheme

LOOKED_AT = 5000  # questions of a quarter: the newest
MONTHS, LONGEST = 3, 100  # of a quarter; characters of a theme
TAUGHT_LOOKS = timedelta(weeks=13)  # before and after
NEARLY_ALL, MOST, HALF = 0.9, 0.6, 0.4
MOSTLY = 2 / 3  # of its questions, for a theme to be a topic's
A_MONTH = 4  # themes in a month's message


class Went(StrEnum):
    """How many ask, against a time before."""

    MORE = auto()
    ALIKE = auto()
    FEWER = auto()
    NEW = auto()  # hardly anybody did before
    UNKNOWN = auto()  # too few to tell, or too early


class Solved(StrEnum):
    NEARLY_ALL = auto()
    MOST = auto()
    HALF = auto()
    FEW = auto()


@dataclass(frozen=True)
class Quarter:
    """A whole one, from its first day to that of the next."""

    since: datetime
    until: datetime

    @property
    def before(self) -> "Quarter":
        return last_quarter(self.since)


@dataclass(frozen=True)
class Material:
    """All that gaps are found in."""

    quarter: Quarter
    now: tuple[Asked, ...]
    before: tuple[Asked, ...]
    taught: dict[str, date]
    topics: dict[int, str]  # their names


@dataclass(frozen=True)
class Gap:
    """`key` finds the theme again; `words` name it."""

    key: str
    words: tuple[str, ...]
    questions: int
    people: int
    solved: Solved
    went: Went
    has_faq: bool
    taught_on: date | None = None
    since_taught: Went = Went.UNKNOWN
    topic: str | None = None  # in which most of its questions were asked


@dataclass(frozen=True)
class GapPage:
    quarter: Quarter
    gaps: tuple[Gap, ...]  # those of a topic together
    is_admin: bool = False
    is_monthly: bool = False  # some of them come as a message each month


def last_quarter(now: datetime) -> Quarter:
    """The newest that is over, in UTC."""
    month = (now.astimezone(UTC).month - 1) // MONTHS * MONTHS + 1
    until = datetime(now.year, month, 1, tzinfo=UTC)
    year, first = (until.year, month - MONTHS) if month > MONTHS else (until.year - 1, 10)
    return Quarter(datetime(year, first, 1, tzinfo=UTC), until)


async def may_read_gaps(session: AsyncSession, *, team_id: str, user_id: str) -> bool:
    """Admins, and full members whom they named."""
    if await is_admin(session, team_id, user_id):
        return True
    if not await gaps.is_reader(session, team_id, user_id):
        return False
    person = await people.get(session, team_id, user_id)
    return person is not None and not (
        person.is_guest or person.is_external or person.is_deactivated or person.is_bot
    )


async def check_may_read(session: AsyncSession, team_id: str, user_id: str) -> None:
    if not await may_read_gaps(session, team_id=team_id, user_id=user_id):
        raise OnlyGapReaders()


async def read_material(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> Material:
    """What this person's page is made of: the last whole quarter and the one before."""
    await check_may_read(session, team_id, user_id)
    quarter = last_quarter(now)
    told, before = [
        tuple(
            Asked(
                row.question_id,
                row.asker_id,
                row.text,
                row.asked_at,
                is_solved=row.solved_at is not None,
                has_faq=row.has_faq,
                topic_id=row.topic_id,
            )
            for row in await gaps.list_readable(
                session,
                team_id=team_id,
                reader_id=user_id,
                since=each.since,
                until=each.until,
                limit=LOOKED_AT,
            )
        )
        for each in (quarter, quarter.before)
    ]
    taught = await gaps.list_taught(session, team_id)
    named = {topic.id: topic.name for topic in await topics.list_all(session, team_id)}
    return Material(quarter, told, before, taught, named)


def find_gaps(material: Material) -> tuple[Gap, ...]:
    """What most people ask first, with what else is about the same topic."""
    found = [gap_of(theme, material) for theme in list_themes(material.now)]
    places = [gap.topic for gap in found]
    return tuple(sorted(found, key=lambda gap: places.index(gap.topic)))


def gap_of(theme: Theme, material: Material) -> Gap:
    key = " ".join(theme.terms)[:LONGEST]
    before = find_again(theme, material.before)
    taught_on = material.taught.get(key)
    return Gap(
        key=key,
        words=theme.words,
        questions=len(theme.asked),
        people=theme.people,
        solved=solved_in(theme.asked),
        went=went(len(before), len(theme.asked), len({each.asker_id for each in before})),
        has_faq=any(each.has_faq for each in theme.asked),
        taught_on=taught_on,
        since_taught=since_taught(taught_on, [*before, *theme.asked], material),
        topic=topic_of(theme, material.topics),
    )


def topic_of(theme: Theme, names: Mapping[int, str]) -> str | None:
    """The topic that most of its questions are about, and of at least five people. In words
    alone: how many are about another is not told."""
    counts = Counter(each.topic_id for each in theme.asked if each.topic_id is not None)
    for topic_id, questions in counts.most_common(1):
        people = {each.asker_id for each in theme.asked if each.topic_id == topic_id}
        if len(people) >= FEWEST and questions >= MOSTLY * len(theme.asked):
            return names.get(topic_id)
    return None


def solved_in(asked: Sequence[Asked]) -> Solved:
    share = sum(each.is_solved for each in asked) / len(asked)
    if share >= NEARLY_ALL:
        return Solved.NEARLY_ALL
    if share >= MOST:
        return Solved.MOST
    return Solved.HALF if share >= HALF else Solved.FEW


def went(before: int, now: int, people_before: int) -> Went:
    """Whether it is surely more or less, with what chance does to such counts."""
    if people_before < FEWEST:
        return Went.NEW
    return compared(before, now)


def compared(before: float, now: float) -> Went:
    change = log((now + 0.5) / (before + 0.5))
    sure = NINE_IN_TEN * sqrt(1 / (now + 0.5) + 1 / (before + 0.5))
    if abs(change) <= sure:
        return Went.ALIKE
    return Went.MORE if change > 0 else Went.FEWER


def since_taught(taught_on: date | None, asked: Sequence[Asked], material: Material) -> Went:
    """Whether fewer ask since it was taught: in words alone, and only where both sides of the
    day are long enough."""
    if taught_on is None:
        return Went.UNKNOWN
    day = datetime(taught_on.year, taught_on.month, taught_on.day, tzinfo=UTC)
    start, end = material.quarter.before.since, material.quarter.until
    since, until = max(start, day - TAUGHT_LOOKS), min(end, day + TAUGHT_LOOKS)
    if (day - since) < TAUGHT_LOOKS / 3 or (until - day) < TAUGHT_LOOKS / 3:
        return Went.UNKNOWN
    before = [each for each in asked if since <= each.asked_at < day]
    after = [each for each in asked if day <= each.asked_at < until]
    if len({each.asker_id for each in before}) < FEWEST:
        return Went.UNKNOWN
    return compared(len(before), len(after) * ((day - since) / (until - day)))


def get_gap(page: GapPage, key: str) -> Gap:
    gap = next((each for each in page.gaps if each.key == key), None)
    if gap is None:
        raise ThemeIsGone()
    return gap


async def mark_taught(
    session: AsyncSession, *, team_id: str, user_id: str, gap: Gap, taught_on: date, now: datetime
) -> None:
    """A training taught this theme on that day. `gap`: as it stands on this person's page."""
    await check_may_read(session, team_id, user_id)
    if taught_on > now.date():
        raise CannotBeTaughtYet()
    taught = TaughtTheme(
        team_id=team_id,
        theme=gap.key,
        taught_on=taught_on,
        marked_by=user_id,
        marked_at=now,
    )
    await gaps.save_taught(session, taught)


async def list_readers(session: AsyncSession, *, team_id: str, user_id: str) -> Sequence[str]:
    await check_is_admin(session, team_id, user_id)
    return await gaps.list_readers(session, team_id)


async def name_readers(
    session: AsyncSession, *, team_id: str, user_id: str, user_ids: Sequence[str], now: datetime
) -> None:
    """These people, and no others, read what people keep asking, beside admins."""
    await check_is_admin(session, team_id, user_id)
    await gaps.replace_readers(session, team_id=team_id, user_ids=user_ids, by=user_id, now=now)


async def take_table(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> None:
    """Owe this person their page as a table."""
    await check_may_read(session, team_id, user_id)
    await outbox.owe(session, GAPS_TABLE, user_id, team_id=team_id, lane=user_id, now=now)


async def gets_monthly(session: AsyncSession, *, team_id: str, user_id: str) -> bool:
    return await comes_monthly(session, team_id=team_id, kind=GAPS, user_id=user_id)


async def set_monthly(
    session: AsyncSession, *, team_id: str, user_id: str, is_wanted: bool, now: datetime
) -> None:
    if is_wanted:
        await check_may_read(session, team_id, user_id)
    about = {"team_id": team_id, "user_id": user_id}
    await switch_monthly(session, **about, kind=GAPS, is_wanted=is_wanted, now=now)


async def get_month(
    session: AsyncSession, *, team_id: str, user_id: str, slot: str
) -> datetime | None:
    """When the month's message was due; None where it is sent already, or not to be sent."""
    run = await digests.get_run(session, team_id=team_id, kind=GAPS, subject=user_id, slot=slot)
    if run is None or run.skipped_at or run.quiet_at or run.posted_at:
        return None
    who = {"team_id": team_id, "user_id": user_id}
    if not await gets_monthly(session, **who) or not await may_read_gaps(session, **who):
        return None
    return run.until if await gets_digests(session, team_id, user_id) else None


def of_month(page: GapPage, at: datetime) -> GapPage:
    """What that month's message tells of the quarter's page: the next few in each of the three
    months, so that nothing is told twice and no other counts than the page's."""
    month = (at.astimezone(UTC).month - 1) % MONTHS
    return replace(page, gaps=page.gaps[month * A_MONTH : (month + 1) * A_MONTH])

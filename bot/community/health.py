"""How a community does: counted once a week, told to its admins and to the sponsors of topics.

A reading is made of plain columns, week by week, and counted outside any transaction; it takes
the place of the last. So App Home looks at one row, and for who is neither admin nor sponsor
at none."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.measures import (
    FEWEST,
    PERIOD,
    WEEK,
    WEEKS,
    YEAR,
    History,
    Measures,
    asked_at,
    by_topic,
    is_tellable,
    joined,
    measure,
)
from bot.community.talk import owe_talk
from bot.community.trend import Course, Standing
from bot.community.verdict import Reading, Verdict, judge
from bot.community.weeks import (
    BEGINNING,
    WHOLE,
    Talk,
    courses_of,
    monday_of,
    read_weeks,
)
from bot.errors import NotCountedYet, OnlyAdminsAndSponsors
from bot.experts.availability import hours_of
from bot.hours import Hours, shifts
from bot.kinds import HEALTH_READING, HEALTH_TABLE, TableFor
from bot.people import is_admin
from bot.recognition.digests import HEALTH, comes_monthly, switch_monthly
from bot.recognition.naming import wants_digests
from bot.recognition.saved import Saved, range_of
from bot.recognition.sponsors import list_sponsored
from storage import outbox, people, workspaces
from storage.community import health
from storage.community.health import Asked, Counted, Helped, Reused
from storage.experts import availability, topics
from storage.recognition import digests, saved
from storage.tables import HealthReading, HealthWeek, Topic

TOPICS_IN_HOME = 3  # of a sponsor: those in which most was asked
Figures = dict[str, Any]


@dataclass(frozen=True)
class Community:
    """All that a reading is counted from."""

    until: datetime
    whole: History
    topics: dict[str, History]
    hours: dict[str, frozenset[Hours]]  # of the experts, by subject
    members: int
    weeks: tuple[HealthWeek, ...] = ()  # those counted now
    weeks_before: Sequence[Counted] = ()
    talk: Mapping[datetime, Talk] = field(default_factory=dict)  # by week
    said: Mapping[str, int] = field(default_factory=dict)  # of the time saved: by what they said


@dataclass(frozen=True)
class Health:
    """How the workspace, or a topic of it, does."""

    subject: str
    topic: str | None  # None: the workspace
    reading: Reading | None = None  # None: not counted yet
    verdict: Verdict | None = None


@dataclass(frozen=True)
class HealthPage:
    """What one person may see of it."""

    parts: tuple[Health, ...]
    topics: int = 0  # how many there are to look at one by one
    is_monthly: bool = False  # it comes as a message too


def last_midnight(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


async def has_uncounted(session: AsyncSession, *, now: datetime) -> bool:
    return await health.has_uncounted(session, until=monday_of(now))


async def owe_counts(session: AsyncSession, *, now: datetime) -> None:
    """Owe the week's reading of each workspace, once, whoever ticks; the first one at once.

    Whole weeks alone: two readings of neighbouring days, one subtracted from the other, would
    tell of the few people of one day."""
    first, monday = last_midnight(now), monday_of(now)
    for until, team_ids in (
        (first, await health.claim_never_counted(session, until=first)),
        (monday, await health.claim_uncounted(session, until=monday)),
    ):
        for team_id in team_ids:
            await outbox.owe(
                session, HEALTH_READING, until.date(), team_id=team_id, lane=team_id, now=now
            )
            await owe_talk(session, team_id=team_id, until=until, now=now)


async def go_on_counting(
    session: AsyncSession,
    past: Sequence[HealthWeek],
    *,
    team_id: str,
    until: datetime,
    now: datetime,
) -> None:
    """Keep these weeks, and owe the rest."""
    await health.replace_weeks(session, team_id, past)
    await outbox.owe(session, HEALTH_READING, until.date(), team_id=team_id, lane=team_id, now=now)


async def read_community(session: AsyncSession, *, team_id: str, until: datetime) -> Community:
    """A week at a time, so that others have their turn between."""
    first_asked_at = await health.get_first_asked_at(session, team_id) or until
    asked: list[Asked] = []
    helped: dict[int, list[Helped]] = {}
    reused: list[Reused] = []
    for start in [*starts_of_weeks(until - YEAR)[-4:], *starts_of_weeks(until)]:
        week = (start, start + WEEK)
        if start + WEEK <= first_asked_at:
            continue
        asked += sorted(await health.list_asked(session, team_id, *week), key=asked_at)
        for reply in first_of_each(await health.list_helped(session, team_id, *week)):
            helped.setdefault(reply.question_id, []).append(reply)
        reused += await health.list_reused(session, team_id, *week)
    whole = History(asked, helped, reused)
    weeks = await read_weeks(session, team_id=team_id, until=until)
    return Community(
        weeks=tuple(weeks),
        weeks_before=await health.list_weeks(session, team_id, before=weeks),
        talk=await health.list_talk(session, team_id),
        until=until,
        whole=whole,
        topics={str(topic_id): part for topic_id, part in by_topic(whole).items()},
        hours=await list_hours(session, team_id),
        members=await health.count_members(session, team_id),
        said=await saved.count_said(session, team_id, until - YEAR, until),
    )


def first_of_each(replies: Iterable[Helped]) -> Iterable[Helped]:
    """Of each person and question, the first reply."""
    first: dict[tuple[int, str], Helped] = {}
    for reply in sorted(replies, key=lambda each: each.helped_at):
        first.setdefault((reply.question_id, reply.author_id), reply)
    return first.values()


def starts_of_weeks(until: datetime) -> list[datetime]:
    return [until - number * WEEK for number in range(WEEKS, 0, -1)]


async def list_hours(session: AsyncSession, team_id: str) -> dict[str, frozenset[Hours]]:
    """When the experts of each topic work, and all of them."""
    experts = {
        str(topic.id): await topics.list_expert_ids(session, team_id, topic.id)
        for topic in await topics.list_all(session, team_id)
    }
    everybody = {user_id for user_ids in experts.values() for user_id in user_ids}
    said = await availability.list_said(session, team_id, everybody)
    timezones = await people.list_timezones(session, team_id, everybody)
    hours = {each: hours_of(said.get(each), timezones.get(each)) for each in everybody}
    return {
        subject: frozenset(found for each in user_ids if (found := hours[each]) is not None)
        for subject, user_ids in {**experts, WHOLE: everybody}.items()
    }


def count_up(community: Community) -> dict[str, Figures]:
    """The figures of each subject, as they are kept."""
    figures = {WHOLE: figures_of(community, WHOLE, community.whole)}
    figures[WHOLE]["members"] = community.members
    time_saved = range_of(community.said, FEWEST)
    figures[WHOLE]["saved"] = asdict(time_saved) if time_saved else None
    courses = courses_of(
        [*community.weeks_before, *community.weeks], community.talk, community.until
    )
    for subject in (community.topics.keys() | courses.keys()) - {WHOLE}:
        part = community.topics.get(subject, History())
        figures[subject] = figures_of(community, subject, part)
    for subject, each in figures.items():
        course = courses.get(subject, BEGINNING)
        each["course"] = asdict(course) if course else None
        each.update(count_gone(community, subject) if subject != WHOLE else {})
    return figures


def count_gone(community: Community, subject: str) -> Figures:
    """Who asked about a topic in the first half of the quarter and no more since, and how many of
    them ask about something else; nothing where that is about few."""
    middle = community.until - WEEKS // 2 * WEEK
    asked = community.whole.asked
    place = bisect_left(asked, middle, key=asked_at)
    start = bisect_left(asked, community.until - WEEKS * WEEK, key=asked_at)
    here = [each for each in asked[start:] if str(each.topic_id) == subject]
    since = {each.asker_id for each in here if each.asked_at >= middle}
    gone = {each.asker_id for each in here if each.asked_at < middle} - since
    elsewhere = gone & {each.asker_id for each in asked[place:]}
    if len(elsewhere) < FEWEST or 0 < len(gone - elsewhere) < FEWEST:
        return {}
    return {"stopped": len(gone), "elsewhere": len(elsewhere)}


def figures_of(community: Community, subject: str, history: History) -> Figures:
    until = community.until
    history = replace(history, at_work=shifts_until(until, community.hours.get(subject)))

    def told(since: datetime, until: datetime) -> Figures | None:
        measures = measure(history, since, until)
        return asdict(measures) if subject == WHOLE or is_tellable(measures) else None

    ends = {"now": until, "before": until - PERIOD, "earlier": until - 2 * PERIOD}
    return {
        **{name: told(end - PERIOD, end) for name, end in ends.items()},
        "year_ago": told(until - YEAR - PERIOD, until - YEAR),
        "weeks": [told(start, start + WEEK) for start in starts_of_weeks(until)],
    }


def shifts_until(
    until: datetime, hours: frozenset[Hours] | None
) -> list[tuple[datetime, datetime]] | None:
    """When one of them was at work in these weeks; None where nobody's hours are known."""
    if not hours:
        return None
    since, days = until - WEEKS * WEEK, 7 * WEEKS + 1
    return joined(shift for each in hours for shift in shifts(each, since, days=days))


async def save_reading(
    session: AsyncSession,
    *,
    team_id: str,
    until: datetime,
    figures: dict[str, Figures],
    weeks: Sequence[HealthWeek] = (),
) -> None:
    known = await health.list_readings(session, team_id, [WHOLE])
    if WHOLE not in known or known[WHOLE].until <= until:  # an older one can come late
        await health.replace(session, team_id, until, figures)
        await health.replace_weeks(session, team_id, weeks)


def reading_of(row: HealthReading) -> Reading:
    figures = row.figures
    return Reading(
        until=row.until,
        weeks=tuple(measures_of(week) for week in figures["weeks"]),
        members=figures.get("members"),
        stopped=figures.get("stopped", 0),
        elsewhere=figures.get("elsewhere", 0),
        saved=Saved(**saved_figures) if (saved_figures := figures.get("saved")) else None,
        course=course_from(figures.get("course", asdict(BEGINNING))),
        **{name: measures_of(figures[name]) for name in ("now", "before", "earlier", "year_ago")},
    )


def course_from(figures: Figures | None) -> Course | None:
    if figures is None:
        return None
    return Course(**{**figures, "standing": Standing(figures["standing"])})


def measures_of(figures: Figures | None) -> Measures | None:
    if figures is None:
        return None
    known = {each.name for each in fields(Measures)}  # those of an older version may differ
    return Measures(**{name: value for name, value in figures.items() if name in known})


async def get_health(session: AsyncSession, *, team_id: str, user_id: str) -> HealthPage | None:
    """What this person sees of it; None for who is neither admin nor sponsor."""
    if await is_admin(session, team_id, user_id):
        parts = await list_parts(session, team_id, [None])
        topics_in_all = len(await topics.list_all(session, team_id))
    else:
        sponsored = await list_sponsored(session, team_id, user_id)
        if not sponsored:
            return None
        parts = sorted(await list_parts(session, team_id, sponsored), key=by_most_asked)
        topics_in_all = len(sponsored)
    is_monthly = await comes_monthly(session, team_id=team_id, kind=HEALTH, user_id=user_id)
    return HealthPage(
        parts=tuple(parts[:TOPICS_IN_HOME]),
        topics=topics_in_all,
        is_monthly=is_monthly,
    )


def by_most_asked(part: Health) -> tuple[int, str]:
    now = part.reading.now if part.reading else None
    return (-now.asked if now else 0, part.topic or "")


async def list_parts(
    session: AsyncSession, team_id: str, about: Sequence[Topic | None]
) -> list[Health]:
    """How each of these does; None is the workspace."""
    named = {str(each.id) if each else WHOLE: each.name if each else None for each in about}
    rows = await health.list_readings(session, team_id, named)
    return [health_of(subject, name, rows.get(subject)) for subject, name in named.items()]


def health_of(subject: str, name: str | None, row: HealthReading | None) -> Health:
    if row is None:
        return Health(subject, name)
    reading = reading_of(row)
    return Health(subject, name, reading, judge(reading))


async def list_by_topic(session: AsyncSession, *, team_id: str, user_id: str) -> list[Health]:
    """Each topic that this person may see, those in which most was asked first."""
    seen = await list_seen(session, team_id, user_id)
    return sorted(await list_parts(session, team_id, seen), key=by_most_asked)


async def list_seen(session: AsyncSession, team_id: str, user_id: str) -> Sequence[Topic]:
    if await is_admin(session, team_id, user_id):
        return await topics.list_all(session, team_id)
    sponsored = await list_sponsored(session, team_id, user_id)
    if not sponsored:
        raise OnlyAdminsAndSponsors()
    return sponsored


async def get_part(session: AsyncSession, *, team_id: str, user_id: str, subject: str) -> Health:
    """The one of that subject, for who may see it."""
    part = await find_part(session, team_id=team_id, user_id=user_id, subject=subject)
    if part is None:
        raise OnlyAdminsAndSponsors()
    if part.reading is None:
        raise NotCountedYet()
    return part


async def find_part(
    session: AsyncSession, *, team_id: str, user_id: str, subject: str
) -> Health | None:
    seen: dict[str, Topic | None] = {}
    if await is_admin(session, team_id, user_id):
        seen = {str(topic.id): topic for topic in await topics.list_all(session, team_id)}
        seen[WHOLE] = None
    else:
        sponsored = await list_sponsored(session, team_id, user_id)
        seen = {str(topic.id): topic for topic in sponsored}
    if subject not in seen:
        return None
    return (await list_parts(session, team_id, [seen[subject]]))[0]


async def take_table(
    session: AsyncSession, *, team_id: str, user_id: str, subject: str, now: datetime
) -> None:
    """Owe this person the weeks of one part as a table."""
    await get_part(session, team_id=team_id, user_id=user_id, subject=subject)
    about = TableFor(user_id, subject)
    await outbox.owe(session, HEALTH_TABLE, about, team_id=team_id, lane=user_id, now=now)


async def list_all(session: AsyncSession) -> list[Health]:
    """Of every workspace and its topics, for the operator."""
    found: list[Health] = []
    for team_id in await workspaces.list_ids(session):
        about: list[Topic | None] = [None, *await topics.list_all(session, team_id)]
        found += await list_parts(session, team_id, about)
    return found


async def set_monthly(
    session: AsyncSession, *, team_id: str, user_id: str, is_wanted: bool, now: datetime
) -> bool:
    """Send it to this person each month, or no more; False when nothing changed."""
    page = await get_health(session, team_id=team_id, user_id=user_id)
    if page is None and is_wanted:
        raise OnlyAdminsAndSponsors()
    about = {"team_id": team_id, "kind": HEALTH, "user_id": user_id}
    return await switch_monthly(session, **about, is_wanted=is_wanted, now=now)


async def get_health_digest(
    session: AsyncSession, *, team_id: str, user_id: str, slot: str
) -> HealthPage | None:
    """What the month's message says; None where it is sent already, or not to be sent."""
    run = await digests.get_run(session, team_id=team_id, kind=HEALTH, subject=user_id, slot=slot)
    if run is None or run.skipped_at or run.quiet_at or run.posted_at:
        return None
    page = await get_health(session, team_id=team_id, user_id=user_id)
    if page is None or not page.is_monthly or not await wants_digests(session, team_id, user_id):
        return None
    return page if any(part.reading for part in page.parts) else None

"""The weeks of a community, counted once and kept, and the course that they come to.

A week begins on Monday at midnight UTC. It is counted when it is over, and again while its
questions can still be answered within seven days; then it stays as it was. So a day's reading
looks at few of them, however old the community is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.measures import FEWEST, WEEK, History, asked_at, by_topic, count_week
from bot.community.trend import QUARTER, Course, Standing, Week, follow
from storage.community import health
from storage.community.health import Asked, Counted, Helped
from storage.tables import HealthWeek

WHOLE = ""  # the subject that is the workspace; the others are topics' ids
STILL_ANSWERED = 2  # weeks
AT_ONCE = 20  # weeks of the past that are counted in one go
COUNTED = ("asked", "answered", "askers", "newcomers", "helping")
BEGINNING = Course(Standing.YOUNG, 0)
TELLS_OF_NOBODY = (Standing.YOUNG, Standing.PUSHED)
Talk = tuple[int, int, int]  # posts, hellos, posts of whoever wrote most


def monday_of(at: datetime) -> datetime:
    """The beginning of its week."""
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - midnight.weekday() * (WEEK / 7)


async def read_weeks(
    session: AsyncSession, *, team_id: str, until: datetime, limit: int | None = None
) -> list[HealthWeek]:
    """The weeks up to then that are not counted for good, counted, the oldest first; a week at a
    time, and so many weeks at most."""
    first_asked_at = await health.get_first_asked_at(session, team_id)
    if first_asked_at is None:
        return []
    end, first = monday_of(until), monday_of(first_asked_at)
    known = await health.get_last_week(session, team_id)
    start = first if known is None else max(first, known - (STILL_ANSWERED - 1) * WEEK)
    if limit is not None:
        end = min(end, start + limit * WEEK)
    asked: dict[datetime, list[Asked]] = {}
    weeks: list[HealthWeek] = []
    for began_at in weeks_from(max(first, start - (QUARTER - 1) * WEEK), end):
        span = (began_at, began_at + WEEK)
        asked[began_at] = sorted(await health.list_asked(session, team_id, *span), key=asked_at)
        if began_at >= start:
            helped = group(await health.list_helped(session, team_id, *span))
            weeks += count_subjects(team_id, began_at, asked, helped)
            asked.pop(began_at - (QUARTER - 1) * WEEK, None)
    return weeks


async def read_past(session: AsyncSession, *, team_id: str, until: datetime) -> list[HealthWeek]:
    """The next weeks of a past that was not counted yet; none where a reading can follow."""
    weeks = await read_weeks(session, team_id=team_id, until=until, limit=AT_ONCE)
    is_over = not weeks or max(week.began_at for week in weeks) + WEEK >= monday_of(until)
    return [] if is_over else weeks


def weeks_from(start: datetime, end: datetime) -> list[datetime]:
    """The weeks that begin from then on and are over by the end."""
    return [start + number * WEEK for number in range((end - start) // WEEK)]


def group(replies: Iterable[Helped]) -> dict[int, list[Helped]]:
    helped: defaultdict[int, list[Helped]] = defaultdict(list)
    for reply in replies:
        helped[reply.question_id].append(reply)
    return helped


def count_subjects(
    team_id: str,
    began_at: datetime,
    asked: Mapping[datetime, Sequence[Asked]],
    helped: Mapping[int, Sequence[Helped]],
) -> list[HealthWeek]:
    """One week of the whole and of each topic. `asked`: the twelve weeks that end with it."""
    quarter = [each for told in asked.values() for each in told]
    whole = History(asked[began_at], helped)
    parts = {WHOLE: whole, **{str(topic): part for topic, part in by_topic(whole).items()}}
    people: defaultdict[str, set[str]] = defaultdict(set)
    for each in quarter:
        people[WHOLE].add(each.asker_id)
        if each.topic_id is not None:
            people[str(each.topic_id)].add(each.asker_id)
    return [
        HealthWeek(
            team_id=team_id,
            subject=subject,
            began_at=began_at,
            people=len(people[subject]),
            **counts_of(count_week(parts.get(subject, History()), began_at)),
        )
        for subject in {WHOLE, *people}
    ]


def counts_of(week: Week | HealthWeek | Counted) -> dict[str, int]:
    return {name: getattr(week, name) for name in COUNTED}


def courses_of(
    rows: Iterable[HealthWeek | Counted], talk: Mapping[datetime, Talk], until: datetime
) -> dict[str, Course | None]:
    """Where the workspace and each topic stands; None where too few people ask to tell of it."""
    by_subject: defaultdict[str, dict[datetime, HealthWeek | Counted]] = defaultdict(
        dict, {WHOLE: {}}
    )
    for row in rows:
        by_subject[row.subject][row.began_at] = row
    return {
        subject: course_of(weeks, talk if subject == WHOLE else {}, until)
        for subject, weeks in by_subject.items()
    }


def course_of(
    weeks: Mapping[datetime, HealthWeek | Counted], talk: Mapping[datetime, Talk], until: datetime
) -> Course | None:
    begun = min([*weeks, *talk], default=until)
    told = [week_of(weeks.get(at), talk.get(at)) for at in weeks_from(begun, monday_of(until))]
    course = follow(told)[-1] if told else BEGINNING
    people = max((week.people for week in weeks.values()), default=0)
    return course if people >= FEWEST or course.standing in TELLS_OF_NOBODY else None


def week_of(row: HealthWeek | Counted | None, talk: Talk | None) -> Week:
    posts, hellos, by_one = talk or (0, 0, 0)
    counted = counts_of(row) if row is not None else {}
    return Week(**counted, posts=posts, hellos=hellos, by_one=by_one)

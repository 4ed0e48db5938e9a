"""What a community's health is counted from: plain columns, a bounded time at once, no texts."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.questions.answers import counts_for
from storage.recognition.kudos import standing
from storage.tables import (
    Answer,
    Channel,
    ChannelMember,
    ChannelWeek,
    HealthReading,
    HealthWeek,
    Kudos,
    Person,
    Question,
    Workspace,
)


class Asked(NamedTuple):
    question_id: int
    topic_id: int | None
    asker_id: str
    timezone: str | None  # the asker's
    asked_at: datetime
    solved_at: datetime | None
    reused_at: datetime | None  # when an earlier answer solved it
    handed_off_at: datetime | None
    is_first: bool  # of its asker, ever


class Helped(NamedTuple):
    """Somebody else than the asker replied to a question."""

    question_id: int
    author_id: str
    helped_at: datetime


class Reused(NamedTuple):
    """Somebody found an earlier answer, and it helped them."""

    topic_id: int | None
    giver_id: str
    question_id: int
    reused_at: datetime


class Counted(NamedTuple):
    """A week of a workspace or of a topic that was counted before."""

    subject: str
    began_at: datetime
    asked: int
    answered: int
    askers: int
    newcomers: int
    helping: int
    people: int


def channels_of(team_id: str) -> Select[str]:
    """All that we ever were in: with these, a time is looked up in an index."""
    return select(Channel.channel_id).where(Channel.team_id == team_id)


def asked(team_id: str, since: datetime, until: datetime) -> list[ColumnElement[bool]]:
    return [
        Question.team_id == team_id,
        Question.channel_id.in_(channels_of(team_id)),
        Question.asked_at >= since,
        Question.asked_at < until,
        Question.withdrawn_at.is_(None),
        Question.message_ts.is_not(None),
        Question.merged_into_id.is_(None),  # the other one counts
        Question.import_id.is_(None),  # asked before we were here
    ]


async def get_first_asked_at(session: AsyncSession, team_id: str) -> datetime | None:
    """When anybody asked first; a channel at a time, that is one look into an index each."""
    first = select(func.min(Question.asked_at)).where(
        Question.team_id == Channel.team_id,
        Question.channel_id == Channel.channel_id,
        Question.import_id.is_(None),
    )
    firsts = select(first.scalar_subquery().label("first")).where(Channel.team_id == team_id)
    found: datetime | None = await session.scalar(select(func.min(firsts.subquery().c.first)))
    return found


async def list_asked(
    session: AsyncSession, team_id: str, since: datetime, until: datetime
) -> list[Asked]:
    earlier = aliased(Question)
    before = select(earlier.id).where(
        earlier.team_id == team_id,
        earlier.asker_id == Question.asker_id,
        earlier.id < Question.id,
    )
    rows = await session.execute(
        select(
            Question.id,
            Question.topic_id,
            Question.asker_id,
            Person.timezone,
            Question.asked_at,
            Question.solved_at,
            Question.reused_at,
            Question.handed_off_at,
            ~before.exists(),
        )
        .outerjoin(Person, and_(Person.team_id == team_id, Person.user_id == Question.asker_id))
        .where(*asked(team_id, since, until))
    )
    return [Asked(*row) for row in rows]


async def list_helped(
    session: AsyncSession, team_id: str, since: datetime, until: datetime
) -> list[Helped]:
    """All help so far with the questions that were asked in that time, each reply of it. Grouped
    by question, SQLite would rather walk through all questions there ever were."""
    rows = await session.execute(
        select(Answer.question_id, Answer.author_id, Answer.answered_at)
        .join(Question, Question.id == Answer.question_id)
        .where(
            *asked(team_id, since, until),
            *counts_for(Question.id, Question.asker_id),
        )
    )
    return [Helped(*row) for row in rows]


async def list_reused(
    session: AsyncSession, team_id: str, since: datetime, until: datetime
) -> list[Reused]:
    rows = await session.execute(
        select(Question.topic_id, Kudos.giver_id, Question.id, Kudos.given_at)
        .join(Question, Question.id == Kudos.question_id)
        .where(
            Kudos.team_id == team_id,
            Kudos.channel_id.in_(channels_of(team_id)),
            Kudos.given_at >= since,
            Kudos.given_at < until,
            Kudos.kind == "reused",
            standing(),
        )
    )
    return [Reused(*row) for row in rows]


async def count_members(session: AsyncSession, team_id: str) -> int:
    """The people in the help channels, as they are now."""
    members = (
        select(func.count(ChannelMember.user_id.distinct()))
        .join(
            Channel,
            and_(
                Channel.team_id == ChannelMember.team_id,
                Channel.channel_id == ChannelMember.channel_id,
            ),
        )
        .outerjoin(
            Person,
            and_(Person.team_id == ChannelMember.team_id, Person.user_id == ChannelMember.user_id),
        )
        .where(
            ChannelMember.team_id == team_id,
            Channel.is_help,
            Channel.left_at.is_(None),
            or_(Person.user_id.is_(None), and_(~Person.is_bot, ~Person.is_deactivated)),
        )
    )
    return (await session.scalar(members)) or 0


def is_uncounted(until: datetime) -> ColumnElement[bool]:
    return or_(Workspace.health_owed_until.is_(None), Workspace.health_owed_until < until)


async def has_uncounted(session: AsyncSession, *, until: datetime) -> bool:
    statement = select(Workspace.team_id).where(is_uncounted(until)).limit(1)
    return (await session.scalar(statement)) is not None


async def claim_never_counted(session: AsyncSession, *, until: datetime) -> Sequence[str]:
    return (
        await session.scalars(
            update(Workspace)
            .where(Workspace.health_owed_until.is_(None))
            .values(health_owed_until=until)
            .returning(Workspace.team_id)
        )
    ).all()


async def claim_uncounted(session: AsyncSession, *, until: datetime) -> Sequence[str]:
    """The workspaces that nobody owes a count up to then, each to one of those who ask."""
    return (
        await session.scalars(
            update(Workspace)
            .where(is_uncounted(until))
            .values(health_owed_until=until)
            .returning(Workspace.team_id)
        )
    ).all()


async def replace(
    session: AsyncSession, team_id: str, until: datetime, figures: dict[str, dict[str, Any]]
) -> None:
    """Keep these figures of each subject, and no older ones."""
    await session.execute(delete(HealthReading).where(HealthReading.team_id == team_id))
    session.add_all(
        HealthReading(team_id=team_id, subject=subject, until=until, figures=each)
        for subject, each in figures.items()
    )
    await session.flush()


async def list_readings(
    session: AsyncSession, team_id: str, subjects: Collection[str]
) -> dict[str, HealthReading]:
    rows = await session.scalars(
        select(HealthReading).where(
            HealthReading.team_id == team_id, HealthReading.subject.in_(subjects)
        )
    )
    return {row.subject: row for row in rows}


async def list_weeks(
    session: AsyncSession, team_id: str, *, before: Sequence[HealthWeek] = ()
) -> Sequence[Counted]:
    """All that were counted, up to the first of these, which take their place from there on."""
    columns = [getattr(HealthWeek, name) for name in Counted._fields]
    known = select(*columns).where(HealthWeek.team_id == team_id)
    if before:
        known = known.where(HealthWeek.began_at < min(week.began_at for week in before))
    return [Counted(*row) for row in await session.execute(known)]


async def get_last_week(session: AsyncSession, team_id: str) -> datetime | None:
    """When the newest week that was counted began."""
    found: datetime | None = await session.scalar(
        select(func.max(HealthWeek.began_at)).where(HealthWeek.team_id == team_id)
    )
    return found


async def replace_weeks(session: AsyncSession, team_id: str, weeks: Iterable[HealthWeek]) -> None:
    """Keep these, in place of all from the first of them on."""
    new = list(weeks)
    if not new:
        return
    first = min(week.began_at for week in new)
    await session.execute(
        delete(HealthWeek).where(HealthWeek.team_id == team_id, HealthWeek.began_at >= first)
    )
    session.add_all(new)
    await session.flush()


async def list_talk(session: AsyncSession, team_id: str) -> dict[datetime, tuple[int, int, int]]:
    """Posts, hellos, and posts of whoever wrote most, in all channels, by week."""
    rows = await session.execute(
        select(
            ChannelWeek.began_at,
            func.sum(ChannelWeek.posts),
            func.sum(ChannelWeek.hellos),
            func.sum(ChannelWeek.by_one),
        )
        .where(ChannelWeek.team_id == team_id)
        .group_by(ChannelWeek.began_at)
    )
    return {began_at: (posts, hellos, by_one) for began_at, posts, hellos, by_one in rows}


async def list_unread_weeks(
    session: AsyncSession, team_id: str, began_at: datetime
) -> Sequence[str]:
    """The help channels of which nobody read what was said in that week."""
    is_read = select(ChannelWeek.channel_id).where(
        ChannelWeek.team_id == team_id, ChannelWeek.began_at == began_at
    )
    rows = await session.scalars(
        select(Channel.channel_id).where(
            Channel.team_id == team_id,
            Channel.is_help,
            Channel.left_at.is_(None),
            Channel.channel_id.not_in(is_read),
        )
    )
    return rows.all()


async def save_talk(session: AsyncSession, week: ChannelWeek) -> None:
    await session.merge(week)

"""All that decides whether people can be asked and how likely they know, in one statement."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    FromClause,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.channels import readable_by
from storage.tables import (
    Availability,
    Calendar,
    Channel,
    Offer,
    Pause,
    Person,
    Presence,
    Question,
    Rhythm,
)

TEAM: BindParameter[str] = bindparam("team_id")
Known = aliased(Person)


@dataclass(frozen=True)
class Facts:
    """What is known of one person, as a question in a channel, about a topic, needs it."""

    user_id: str
    channel_id: str
    topic_id: int | None
    is_known: bool
    timezone: str | None
    can_read: bool
    is_paused: bool  # in the topic
    today: int  # questions they were offered since `day`
    lately: int  # since `week`
    waiting: int  # that wait for their word, offered since `waiting_since`
    last_offered_at: datetime | None
    rhythm: Rhythm | None
    said: Availability | None
    reached: Presence | None
    out_until: datetime | None = None  # says their status
    busy: Sequence[Sequence[int]] | None = None  # says their calendar


Wanted = tuple[str, int | None, str]  # a channel, a topic, and a person who may be asked there


async def list_facts(
    session: AsyncSession,
    *,
    team_id: str,
    wanted: Collection[Wanted],
    day: datetime,
    waiting_since: datetime,
    week: datetime,
) -> list[Facts]:
    dialect = session.get_bind().dialect.name
    asked = {"team_id": team_id, "day": day, "waiting_since": waiting_since, "week": week}
    rows = await session.execute(facts_of(dialect), asked | values_of(wanted, dialect))
    return [Facts(*row) for row in rows]


# Built once: that takes longer than running it.
@cache
def facts_of(dialect: str) -> Select[*tuple[Any, ...]]:
    people, load = rows_of(dialect), loads(dialect)
    user_id = people.c.user_id
    return (
        select(
            user_id,
            people.c.channel_id,
            people.c.topic_id,
            Known.user_id.is_not(None),
            Known.timezone,
            and_(Channel.channel_id.is_not(None), readable_by(TEAM, user_id)),
            Pause.user_id.is_not(None),
            func.coalesce(load.c.today, 0),
            func.coalesce(load.c.lately, 0),
            func.coalesce(load.c.waiting, 0),
            load.c.last_offered_at,
            Rhythm,
            Availability,
            Presence,
            Known.out_until,
            Calendar.busy,
        )
        .select_from(people)
        .outerjoin(Known, and_(Known.team_id == TEAM, Known.user_id == user_id))
        .outerjoin(
            Channel,
            and_(Channel.team_id == TEAM, Channel.channel_id == people.c.channel_id),
        )
        .outerjoin(Pause, and_(Pause.topic_id == people.c.topic_id, Pause.user_id == user_id))
        .outerjoin(Rhythm, and_(Rhythm.team_id == TEAM, Rhythm.user_id == user_id))
        .outerjoin(
            Availability, and_(Availability.team_id == TEAM, Availability.user_id == user_id)
        )
        .outerjoin(Presence, and_(Presence.team_id == TEAM, Presence.user_id == user_id))
        .outerjoin(Calendar, and_(Calendar.team_id == TEAM, Calendar.user_id == user_id))
        .outerjoin(load, load.c.user_id == user_id)
        .execution_options(populate_existing=True)
    )


def loads(dialect: str) -> Subquery:
    """What these people were offered in a week."""
    waits = and_(
        Offer.offered_at >= bindparam("waiting_since"),
        Offer.passed_at.is_(None),
        Offer.ended_at.is_(None),
        Question.solved_at.is_(None),
        Question.withdrawn_at.is_(None),
        Question.merged_into_id.is_(None),
        Question.over_at.is_(None),
        Question.closed_at.is_(None),
        or_(Question.claimed_by.is_(None), Question.claimed_by == Offer.user_id),
    )
    return (
        select(
            Offer.user_id,
            func.count().label("lately"),
            func.sum(case((Offer.offered_at >= bindparam("day"), 1), else_=0)).label("today"),
            func.sum(case((waits, 1), else_=0)).label("waiting"),
            func.max(Offer.offered_at, type_=Offer.offered_at.type).label("last_offered_at"),
        )
        .join(Question, Question.id == Offer.question_id)
        .where(
            Offer.team_id == TEAM,
            Offer.user_id.in_(select(rows_of(dialect).c.user_id)),
            Offer.offered_at >= bindparam("week"),
        )
        .group_by(Offer.user_id)
        .subquery("load")
    )


def rows_of(dialect: str) -> FromClause:
    """What is wanted, as rows, from one parameter a column: with a list of values, every number
    of people would be another statement."""
    if dialect == "sqlite":
        values = func.json_each(bindparam("wanted")).table_valued("value")
        parts = [func.json_extract(values.c.value, f"$[{at}]") for at in range(3)]
        return select(
            cast(parts[0], String).label("channel_id"),
            cast(parts[1], BigInteger).label("topic_id"),
            cast(parts[2], String).label("user_id"),
        ).subquery("asked")
    columns = (
        bindparam("channel_ids", type_=ARRAY(String)),
        bindparam("topic_ids", type_=ARRAY(BigInteger)),
        bindparam("user_ids", type_=ARRAY(String)),
    )
    names = ("channel_id", "topic_id", "user_id")
    return func.unnest(*columns).table_valued(*names, name="asked").render_derived()


def values_of(wanted: Collection[Wanted], dialect: str) -> dict[str, Any]:
    if dialect == "sqlite":
        return {"wanted": json.dumps(list(wanted))}
    names = ("channel_ids", "topic_ids", "user_ids")
    return {name: [each[at] for each in wanted] for at, name in enumerate(names)}

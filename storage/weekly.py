"""What happened in a channel in a period, added up by the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, case, extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.kudos import HELPED, standing
from storage.questions import open_questions
from storage.tables import Kudos, Offer, Question

SOLVED = "solved"


@dataclass(frozen=True)
class Period:
    team_id: str
    channel_id: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Counts:
    """What one person's help did."""

    receiver_id: str
    solved: int  # questions
    people: int  # different askers of these
    helped_too: int  # different people who said that it helped them, then or later


def given(period: Period, *kinds: str) -> list[ColumnElement[bool]]:
    """The facts of these kinds, given in the period."""
    return [
        Kudos.team_id == period.team_id,
        Kudos.channel_id == period.channel_id,
        Kudos.given_at >= period.since,
        Kudos.given_at < period.until,
        Kudos.kind.in_(kinds),
        standing(),
    ]


def asked(period: Period) -> list[ColumnElement[bool]]:
    """The questions that were asked in the period, and are some still."""
    return [
        Question.team_id == period.team_id,
        Question.channel_id == period.channel_id,
        Question.asked_at >= period.since,
        Question.asked_at < period.until,
        Question.withdrawn_at.is_(None),
    ]


async def list_counts(session: AsyncSession, period: Period) -> Sequence[Counts]:
    is_solved = Kudos.kind == SOLVED
    rows = await session.execute(
        select(
            Kudos.receiver_id,
            func.count(case((is_solved, Kudos.question_id)).distinct()),
            func.count(case((is_solved, Question.asker_id)).distinct()),
            func.count(case((~is_solved, Kudos.giver_id)).distinct()),
        )
        .join(Question, Question.id == Kudos.question_id)
        .where(*given(period, SOLVED, *HELPED))
        .group_by(Kudos.receiver_id)
    )
    return [Counts(*row) for row in rows]


async def list_between(session: AsyncSession, period: Period) -> dict[tuple[str, str], int]:
    """With how many questions one (the giver says so) was helped by another."""
    rows = await session.execute(
        select(Kudos.giver_id, Kudos.receiver_id, func.count(Kudos.question_id.distinct()))
        .where(*given(period, SOLVED, *HELPED))
        .group_by(Kudos.giver_id, Kudos.receiver_id)
    )
    return {(giver_id, receiver_id): times for giver_id, receiver_id, times in rows}


async def count_whole(session: AsyncSession, period: Period) -> tuple[int, int]:
    """How many questions were solved, and how many people said that one's answer helped them
    too."""
    is_solved = Kudos.kind == SOLVED
    row = (
        await session.execute(
            select(
                func.count(case((is_solved, Kudos.question_id)).distinct()),
                func.count(case((~is_solved, Kudos.giver_id)).distinct()),
            ).where(*given(period, SOLVED, *HELPED))
        )
    ).one()
    return row[0], row[1]


async def list_first_timers(session: AsyncSession, period: Period) -> set[str]:
    """Who solved a question, and had solved none before, wherever."""
    now = select(Kudos.receiver_id).where(*given(period, SOLVED)).distinct().subquery()
    earlier = aliased(Kudos)
    before = (
        select(earlier.id)
        .where(
            earlier.team_id == period.team_id,
            earlier.receiver_id == now.c.receiver_id,
            earlier.kind == SOLVED,
            earlier.given_at < period.since,
            standing(earlier),
        )
        .exists()
    )
    return set((await session.scalars(select(now.c.receiver_id).where(~before))).all())


async def list_solved_by(
    session: AsyncSession, period: Period, receiver_ids: Collection[str], *, each: int
) -> dict[str, list[Question]]:
    """The questions that each of these people solved first, as far as their words are there."""
    ranked = ranked_solved(period, receiver_ids)
    rows = await session.execute(
        select(ranked.c.receiver_id, Question)
        .join(Question, Question.id == ranked.c.question_id)
        .where(ranked.c.place <= each)
        .order_by(ranked.c.receiver_id, ranked.c.place)
    )
    solved: dict[str, list[Question]] = {}
    for receiver_id, question in rows:
        solved.setdefault(receiver_id, []).append(question)
    return solved


def ranked_solved(period: Period, receiver_ids: Collection[str]) -> Subquery:
    return (
        select(
            Kudos.receiver_id,
            Kudos.question_id,
            func.row_number()
            .over(
                partition_by=Kudos.receiver_id,
                order_by=(func.min(Kudos.given_at), Kudos.question_id),
            )
            .label("place"),
        )
        .join(Question, Question.id == Kudos.question_id)
        .where(
            *given(period, SOLVED),
            Kudos.receiver_id.in_(receiver_ids),
            Question.withdrawn_at.is_(None),
        )
        .group_by(Kudos.receiver_id, Kudos.question_id)
        .subquery()
    )


async def get_longest_open(
    session: AsyncSession, period: Period
) -> tuple[Question, datetime] | None:
    """Of the questions that were solved in the period, the one that had been open longest, and
    when it was solved."""
    solved_at = func.min(Kudos.given_at, type_=Kudos.given_at.type)
    was_open = extract("epoch", solved_at) - extract("epoch", Question.asked_at)
    row = (
        await session.execute(
            select(Question, solved_at)
            .join(Kudos, Kudos.question_id == Question.id)
            .where(*given(period, SOLVED), Question.withdrawn_at.is_(None))
            .group_by(Question.id)
            .order_by(was_open.desc(), Question.id)
            .limit(1)
        )
    ).first()
    return None if row is None else (row[0], row[1])


async def count_asked_to_take(session: AsyncSession, question_id: int) -> int:
    statement = select(func.count()).select_from(Offer).where(Offer.question_id == question_id)
    return (await session.scalar(statement)) or 0


async def list_reused(
    session: AsyncSession, period: Period, *, limit: int
) -> Sequence[tuple[Question, int]]:
    """The questions whose answers were found again most, each by how many people."""
    people = func.count(Kudos.giver_id.distinct())
    rows = await session.execute(
        select(Question, people)
        .join(Kudos, Kudos.question_id == Question.id)
        .where(*given(period, "reused"), Question.withdrawn_at.is_(None))
        .group_by(Question.id)
        .order_by(people.desc(), Question.id)
        .limit(limit)
    )
    return [(question, count) for question, count in rows]


async def list_credited(
    session: AsyncSession, period: Period, question_ids: Collection[int], kind: str
) -> dict[int, list[str]]:
    """Of each question, whose help it was."""
    first = func.min(Kudos.id)
    rows = await session.execute(
        select(Kudos.question_id, Kudos.receiver_id)
        .where(*given(period, kind), Kudos.question_id.in_(question_ids))
        .group_by(Kudos.question_id, Kudos.receiver_id)
        .order_by(first)
    )
    credited: dict[int, list[str]] = {}
    for question_id, receiver_id in rows:
        credited.setdefault(question_id or 0, []).append(receiver_id)
    return credited


async def list_newcomers(session: AsyncSession, period: Period) -> Sequence[str]:
    """Who asked their first question, in that order."""
    earlier = aliased(Question)
    before = (
        select(earlier.id)
        .where(
            earlier.team_id == Question.team_id,
            earlier.asker_id == Question.asker_id,
            earlier.id < Question.id,
        )
        .exists()
    )
    return (
        await session.scalars(
            select(Question.asker_id).where(*asked(period), ~before).order_by(Question.id)
        )
    ).all()


async def list_waiting(
    session: AsyncSession, period: Period, *, limit: int
) -> tuple[Sequence[Question], int]:
    """The questions of the period that are open, who has waited longest first; and how many
    there are."""
    statement = open_questions(period.team_id).where(*asked(period))
    shown = await session.scalars(statement.order_by(Question.asked_at).limit(limit))
    whole = await session.scalar(select(func.count()).select_from(statement.subquery()))
    return shown.all(), whole or 0

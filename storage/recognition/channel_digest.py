"""What happened in a channel in a period, added up by the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Subquery, extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.questions.questions import unanswered_questions
from storage.recognition.kudos import HELPED, THANKED, standing
from storage.tables import Kudos, Offer, Question

SOLVED = "solved"


@dataclass(frozen=True)
class Period:
    team_id: str
    channel_id: str
    since: datetime
    until: datetime


class Fact(NamedTuple):
    """Somebody says that somebody's answer solved their question, or helped them too."""

    kind: str
    giver_id: str
    receiver_id: str
    question_id: int


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
        Question.import_id.is_(None),
    ]


async def list_facts(session: AsyncSession, period: Period) -> Sequence[Fact]:
    """All that was given in the period. They are added up by who reads them: a week can have
    a hundred thousand, of which every pair of people matters."""
    rows = await session.execute(
        select(Kudos.kind, Kudos.giver_id, Kudos.receiver_id, Kudos.question_id).where(
            *given(period, SOLVED, *HELPED)
        )
    )
    return cast(Sequence[Fact], rows.all())  # as they come: they are many


async def count_solved(session: AsyncSession, period: Period) -> int:
    """How many questions somebody's help solved in the period, whenever they were asked."""
    statement = select(func.count(Kudos.question_id.distinct())).where(*given(period, SOLVED))
    return (await session.scalar(statement)) or 0


async def count_helped(
    session: AsyncSession, period: Period, question_ids: Collection[int]
) -> dict[int, int]:
    """How many others said in the period that the answer of each of these helped them."""
    rows = await session.execute(
        select(Kudos.question_id, func.count(Kudos.giver_id.distinct()))
        .where(*given(period, *HELPED), Kudos.question_id.in_(question_ids))
        .group_by(Kudos.question_id)
    )
    return {row.question_id: row[1] for row in rows}


async def list_thanks(session: AsyncSession, period: Period) -> Sequence[Kudos]:
    """Those said in the channel in the period, the newest first."""
    statement = select(Kudos).where(*given(period, THANKED)).order_by(Kudos.id.desc()).limit(50)
    return (await session.scalars(statement)).all()


async def count_askers(
    session: AsyncSession, period: Period, receiver_ids: Collection[str]
) -> dict[str, int]:
    """For how many different people each of these solved a question."""
    rows = await session.execute(
        select(Kudos.receiver_id, func.count(Question.asker_id.distinct()))
        .join(Question, Question.id == Kudos.question_id)
        .where(*given(period, SOLVED), Kudos.receiver_id.in_(receiver_ids))
        .group_by(Kudos.receiver_id)
    )
    return {row.receiver_id: row[1] for row in rows}


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


async def list_longest_open(
    session: AsyncSession, period: Period, *, limit: int
) -> Sequence[Question]:
    """The questions that were solved in the period, those first that had been open longest."""
    was_open = extract("epoch", Question.solved_at) - extract("epoch", Question.asked_at)
    return (
        await session.scalars(
            select(Question)
            .where(
                Question.team_id == period.team_id,
                Question.channel_id == period.channel_id,
                Question.solved_at >= period.since,
                Question.solved_at < period.until,
                Question.withdrawn_at.is_(None),
                Question.import_id.is_(None),
            )
            .order_by(was_open.desc(), Question.id)
            .limit(limit)
        )
    ).all()


async def count_asked_to_take(session: AsyncSession, question_id: int) -> int:
    statement = select(func.count()).select_from(Offer).where(Offer.question_id == question_id)
    return (await session.scalar(statement)) or 0


async def list_authors(session: AsyncSession, period: Period, question_id: int) -> Sequence[str]:
    """Whose help solved the question, the first first."""
    return (
        await session.scalars(
            select(Kudos.receiver_id)
            .where(*given(period, SOLVED), Kudos.question_id == question_id)
            .group_by(Kudos.receiver_id)
            .order_by(func.min(Kudos.id))
        )
    ).all()


async def list_newcomers(session: AsyncSession, period: Period) -> Sequence[str]:
    """Who asked their first question, in that order."""
    first = (
        select(Question.asker_id, func.min(Question.id).label("id"))
        .where(*asked(period))
        .group_by(Question.asker_id)
        .subquery()
    )
    earlier = aliased(Question)
    before = select(earlier.id).where(
        earlier.team_id == period.team_id,
        earlier.asker_id == first.c.asker_id,
        earlier.id < first.c.id,
    )
    statement = select(first.c.asker_id).where(~before.exists()).order_by(first.c.id)
    return (await session.scalars(statement)).all()


async def list_waiting(
    session: AsyncSession, period: Period, *, limit: int
) -> tuple[Sequence[Question], int]:
    """The channel's questions that nobody answered, however old, who has waited longest first; and
    how many there are."""
    statement = unanswered_questions(period.team_id).where(
        Question.channel_id == period.channel_id, Question.asked_at < period.until
    )
    shown = await session.scalars(statement.order_by(Question.asked_at, Question.id).limit(limit))
    whole = await session.scalar(select(func.count()).select_from(statement.subquery()))
    return shown.all(), whole or 0

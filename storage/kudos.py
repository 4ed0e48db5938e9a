"""The ledger of help: facts are added, never changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import channels
from storage.tables import Channel, Kudos, Question

REVERSAL = "reversal"
HELPED = ("helped", "reused")  # somebody else than the asker
Reversal = aliased(Kudos)


def standing(fact: type[Kudos] = Kudos) -> ColumnElement[bool]:
    """The condition that a fact was not taken back."""
    reversed_ = select(Reversal.id).where(Reversal.reverses_id == fact.id).exists()
    return and_(fact.kind != REVERSAL, ~reversed_)


async def get(session: AsyncSession, team_id: str, kudos_id: int) -> Kudos | None:
    return await session.scalar(select(Kudos).where(Kudos.team_id == team_id, Kudos.id == kudos_id))


async def reverse(session: AsyncSession, fact: Kudos, *, now: datetime) -> None:
    session.add(
        Kudos(
            team_id=fact.team_id,
            kind=REVERSAL,
            giver_id=fact.giver_id,
            receiver_id=fact.receiver_id,
            question_id=fact.question_id,
            answer_id=fact.answer_id,
            channel_id=fact.channel_id,
            given_at=now,
            reverses_id=fact.id,
        )
    )


async def list_of_question(session: AsyncSession, question_id: int) -> Sequence[Kudos]:
    return (
        await session.scalars(
            select(Kudos).where(Kudos.question_id == question_id, standing()).order_by(Kudos.id)
        )
    ).all()


async def count_helped(session: AsyncSession, question_ids: Sequence[int]) -> dict[int, int]:
    """How many people said of each question's answers that they helped them too, then or later."""
    rows = await session.execute(
        select(Kudos.question_id, func.count(Kudos.giver_id.distinct()))
        .where(Kudos.question_id.in_(question_ids), Kudos.kind.in_(HELPED), standing())
        .group_by(Kudos.question_id)
    )
    return {question_id: people for question_id, people in rows if question_id is not None}


async def count_solved(session: AsyncSession, *, team_id: str, receiver_id: str) -> tuple[int, int]:
    """How many questions this person solved, and for how many different askers."""
    row = (
        await session.execute(
            select(func.count(Question.id.distinct()), func.count(Question.asker_id.distinct()))
            .join(Kudos, Kudos.question_id == Question.id)
            .where(*solved_by(team_id, receiver_id))
        )
    ).one()
    return row[0], row[1]


async def count_by_kind(session: AsyncSession, *, team_id: str, receiver_id: str) -> dict[str, int]:
    rows = await session.execute(
        select(Kudos.kind, func.count())
        .where(Kudos.team_id == team_id, Kudos.receiver_id == receiver_id, standing())
        .group_by(Kudos.kind)
    )
    return {row.kind: row[1] for row in rows}


async def list_solved(
    session: AsyncSession, *, team_id: str, receiver_id: str, viewer_id: str, limit: int
) -> Sequence[tuple[Question, datetime]]:
    """The questions this person solved last, and when, in channels that the viewer can read."""
    solved_at = func.max(Kudos.given_at, type_=Kudos.given_at.type)
    rows = await session.execute(
        select(Question, solved_at)
        .join(Kudos, Kudos.question_id == Question.id)
        .join(
            Channel,
            and_(Channel.team_id == Kudos.team_id, Channel.channel_id == Kudos.channel_id),
        )
        .where(*solved_by(team_id, receiver_id), channels.readable_by(team_id, viewer_id))
        .group_by(Question.id)
        .order_by(solved_at.desc())
        .limit(limit)
    )
    return [(question, at) for question, at in rows]


def solved_by(team_id: str, receiver_id: str) -> list[ColumnElement[bool]]:
    return [
        Kudos.team_id == team_id,
        Kudos.receiver_id == receiver_id,
        Kudos.kind == "solved",
        standing(),
    ]


async def count_thanks_since(
    session: AsyncSession, *, team_id: str, giver_id: str, since: datetime
) -> int:
    return (
        await session.scalar(
            select(func.count())
            .select_from(Kudos)
            .where(
                Kudos.team_id == team_id,
                Kudos.giver_id == giver_id,
                Kudos.kind == "thanked",
                Kudos.given_at >= since,
            )
        )
    ) or 0

"""The ledger of help: facts are added, never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import channels
from storage.saving import add_if_first
from storage.tables import Answer, Channel, Kudos, Question

REVERSAL, THANKED = "reversal", "thanked"
HELPED = ("helped", "reused")  # somebody else than the asker
Reversal = aliased(Kudos)


def standing(fact: type[Kudos] = Kudos) -> ColumnElement[bool]:
    """The condition that a fact was not taken back."""
    reversed_ = select(Reversal.id).where(Reversal.reverses_id == fact.id).exists()
    return and_(fact.kind != REVERSAL, ~reversed_)


async def get(session: AsyncSession, team_id: str, kudos_id: int) -> Kudos | None:
    return await session.scalar(select(Kudos).where(Kudos.team_id == team_id, Kudos.id == kudos_id))


async def give(
    session: AsyncSession,
    question: Question,
    kind: str,
    *,
    answer_id: int,
    giver_id: str,
    receiver_id: str,
    history: Sequence[Kudos],
    now: datetime,
) -> None:
    """Add the fact, unless it stands. Given again after it was taken back, it follows that
    reversal in its chain; what is no new help keeps the time of the first. `history`: of the
    question, which the caller holds."""
    fact = Kudos(
        team_id=question.team_id,
        kind=kind,
        giver_id=giver_id,
        receiver_id=receiver_id,
        question_id=question.id,
        answer_id=answer_id,
        channel_id=question.channel_id,
    )
    fact.reverses_id = last_reversal(fact, history)
    fact.given_at = first_given_at(fact, history) or now
    await add_if_first(session, fact)


def last_reversal(fact: Kudos, history: Sequence[Kudos]) -> int | None:
    """What took the same fact back last."""
    same = {each.id for each in history if key_of(each) == key_of(fact)}
    return max((each.id for each in history if each.reverses_id in same), default=None)


def key_of(fact: Kudos) -> tuple[str, int | None, str, str]:
    return fact.kind, fact.answer_id, fact.giver_id, fact.receiver_id


def first_given_at(fact: Kudos, history: Sequence[Kudos]) -> datetime | None:
    """When this help was first told of: that the receiver solved the question, whoever said so
    and of whichever reply; or that the same person was helped by them with it."""
    times = (
        each.given_at
        for each in history
        if each.receiver_id == fact.receiver_id
        and each.kind != REVERSAL
        and (each.giver_id == fact.giver_id or each.kind == fact.kind == "solved")
    )
    return min(times, default=None)


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
    return standing_of(await list_history(session, question_id))


async def list_history(session: AsyncSession, question_id: int) -> Sequence[Kudos]:
    """All that was said of the help in a question, in its order, what was taken back too."""
    return (
        await session.scalars(
            select(Kudos).where(Kudos.question_id == question_id).order_by(Kudos.id)
        )
    ).all()


def standing_of(history: Sequence[Kudos]) -> list[Kudos]:
    """The facts that were not taken back."""
    taken_back = {each.reverses_id for each in history if each.kind == REVERSAL}
    return [each for each in history if each.kind != REVERSAL and each.id not in taken_back]


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
    """How many people gave each kind; of thanks, how often."""
    rows = await session.execute(
        select(Kudos.kind, func.count(), func.count(Kudos.giver_id.distinct()))
        .where(Kudos.team_id == team_id, Kudos.receiver_id == receiver_id, standing())
        .group_by(Kudos.kind)
    )
    return {kind: times if kind == THANKED else people for kind, times, people in rows}


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
        .where(
            *solved_by(team_id, receiver_id),
            channels.readable_by(team_id, viewer_id),
            Question.withdrawn_at.is_(None),
        )
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


async def list_newest(
    session: AsyncSession, *, team_id: str, receiver_id: str, viewer_id: str, limit: int
) -> Sequence[Any]:
    """The newest facts about this person: each with whether it was taken back, and the channel,
    message and thread of the answer where the viewer can read it."""
    reversed_ = select(Reversal.id).where(Reversal.reverses_id == Kudos.id).exists()
    rows = await session.execute(
        select(Kudos, reversed_, Channel.channel_id, Answer.message_ts, Question.thread_ts)
        .select_from(Kudos)
        .outerjoin(
            Channel,
            and_(
                Channel.team_id == Kudos.team_id,
                Channel.channel_id == Kudos.channel_id,
                channels.readable_by(team_id, viewer_id),
            ),
        )
        .outerjoin(
            Answer, and_(Answer.id == Kudos.answer_id, Channel.channel_id == Answer.channel_id)
        )
        .outerjoin(
            Question, and_(Question.id == Kudos.question_id, Answer.question_id == Question.id)
        )
        .where(Kudos.team_id == team_id, Kudos.receiver_id == receiver_id, Kudos.kind != REVERSAL)
        .order_by(Kudos.id.desc())
        .limit(limit)
    )
    return rows.all()


async def count_thanks_since(
    session: AsyncSession,
    *,
    team_id: str,
    giver_id: str,
    receiver_id: str | None = None,
    since: datetime,
) -> int:
    """Also those taken back: they were said. With `receiver_id`, only to this person."""
    statement = (
        select(func.count())
        .select_from(Kudos)
        .where(
            Kudos.team_id == team_id,
            Kudos.giver_id == giver_id,
            Kudos.kind == THANKED,
            Kudos.given_at >= since,
        )
    )
    if receiver_id is not None:
        statement = statement.where(Kudos.receiver_id == receiver_id)
    return (await session.scalar(statement)) or 0


async def list_times(
    session: AsyncSession, *, team_id: str, receiver_id: str, since: datetime, limit: int
) -> Sequence[datetime]:
    """When this person's help counted since then, the latest first."""
    return (
        await session.scalars(
            select(Kudos.given_at)
            .where(Kudos.team_id == team_id, Kudos.receiver_id == receiver_id)
            .where(Kudos.given_at > since, standing())
            .order_by(Kudos.given_at.desc())
            .limit(limit)
        )
    ).all()

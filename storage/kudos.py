"""The ledger of help: facts are added, never changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import channels
from storage.tables import Channel, Kudos, Question

REVERSAL = "reversal"
Reversal = aliased(Kudos)


def standing() -> ColumnElement[bool]:
    """The condition that a fact was not taken back."""
    reversed_ = select(Reversal.id).where(Reversal.reverses_id == Kudos.id).exists()
    return and_(Kudos.kind != REVERSAL, ~reversed_)


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


async def count_by_kind(
    session: AsyncSession, *, team_id: str, receiver_id: str
) -> dict[str, tuple[int, int]]:
    """Of each kind: how many facts, and from how many different people."""
    rows = await session.execute(
        select(Kudos.kind, func.count(), func.count(Kudos.giver_id.distinct()))
        .where(Kudos.team_id == team_id, Kudos.receiver_id == receiver_id, standing())
        .group_by(Kudos.kind)
    )
    return {kind: (facts, people) for kind, facts, people in rows}


async def list_readable(
    session: AsyncSession, *, team_id: str, receiver_id: str, viewer_id: str, limit: int
) -> Sequence[tuple[Kudos, Question]]:
    """The newest facts about questions, in channels that the viewer can read."""
    rows = await session.execute(
        select(Kudos, Question)
        .join(Question, Question.id == Kudos.question_id)
        .join(
            Channel,
            and_(Channel.team_id == Kudos.team_id, Channel.channel_id == Kudos.channel_id),
        )
        .where(
            Kudos.team_id == team_id,
            Kudos.receiver_id == receiver_id,
            Kudos.kind == "solved",
            standing(),
            channels.readable_by(team_id, viewer_id),
        )
        .order_by(Kudos.given_at.desc())
        .limit(limit)
    )
    return [(fact, question) for fact, question in rows]


async def list_in_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, since: datetime, until: datetime
) -> Sequence[Kudos]:
    return (
        await session.scalars(
            select(Kudos)
            .where(
                Kudos.team_id == team_id,
                Kudos.channel_id == channel_id,
                Kudos.given_at >= since,
                Kudos.given_at < until,
                standing(),
            )
            .order_by(Kudos.given_at, Kudos.id)
        )
    ).all()


async def list_first_timers(
    session: AsyncSession, *, team_id: str, receiver_ids: Sequence[str], since: datetime
) -> set[str]:
    """Those of these people who had not solved anything before then."""
    earlier = await session.scalars(
        select(Kudos.receiver_id)
        .where(
            Kudos.team_id == team_id,
            Kudos.receiver_id.in_(receiver_ids),
            Kudos.kind == "solved",
            Kudos.given_at < since,
            standing(),
        )
        .distinct()
    )
    return set(receiver_ids) - set(earlier.all())


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

"""A channel's FAQ: the answers that an admin picked, and the one message that shows them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import insert, upsert
from storage.tables import FaqPick, FaqPost, Question, Solution


async def get(session: AsyncSession, team_id: str, channel_id: str) -> FaqPost | None:
    return await session.get(FaqPost, (team_id, channel_id))


async def save_place(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str
) -> None:
    await upsert(session, FaqPost, team_id=team_id, channel_id=channel_id, message_ts=message_ts)


async def forget_place(session: AsyncSession, *, team_id: str, channel_id: str) -> None:
    await session.execute(
        delete(FaqPost).where(FaqPost.team_id == team_id, FaqPost.channel_id == channel_id)
    )


async def has_picks(session: AsyncSession, team_id: str, channel_id: str) -> bool:
    statement = select(FaqPick.question_id).where(
        FaqPick.team_id == team_id, FaqPick.channel_id == channel_id
    )
    return (await session.scalar(statement.limit(1))) is not None


async def list_picked(session: AsyncSession, team_id: str, channel_id: str) -> Sequence[int]:
    """Those that may be shown, in the order in which they were picked: solved, there, and called
    doubtful or outdated by nobody."""
    return (
        await session.scalars(
            select(FaqPick.question_id)
            .join(Question, Question.id == FaqPick.question_id)
            .where(
                FaqPick.team_id == team_id,
                FaqPick.channel_id == channel_id,
                Question.channel_id == channel_id,
                Question.solved_at.is_not(None),
                Question.withdrawn_at.is_(None),
                Question.outdated_at.is_(None),
                Question.doubted_at.is_(None),
            )
            .order_by(FaqPick.picked_at, FaqPick.question_id)
        )
    ).all()


async def pick(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    question_ids: Collection[int],
    by: str,
    now: datetime,
) -> None:
    """These, and no others; who picked what stays with those that were picked before."""
    others = FaqPick.question_id.not_in(question_ids)
    of_channel = (FaqPick.team_id == team_id, FaqPick.channel_id == channel_id)
    await session.execute(delete(FaqPick).where(*of_channel, others))
    rows = [
        {
            "team_id": team_id,
            "channel_id": channel_id,
            "question_id": question_id,
            "picked_by": by,
            "picked_at": now,
        }
        for question_id in question_ids
    ]
    if rows:
        await session.execute(insert(session, FaqPick).on_conflict_do_nothing(), rows)


async def is_picked(session: AsyncSession, team_id: str, question_id: int) -> bool:
    statement = select(FaqPick.question_id).where(
        FaqPick.team_id == team_id, FaqPick.question_id == question_id
    )
    return (await session.scalar(statement)) is not None


async def list_to_pick(
    session: AsyncSession, team_id: str, channel_id: str, *, limit: int
) -> Sequence[int]:
    """Solved ones that nobody calls doubtful: what somebody confirmed first, then the newest."""
    return (
        await session.scalars(
            select(Question.id)
            .where(
                Question.team_id == team_id,
                Question.channel_id == channel_id,
                Question.solved_at.is_not(None),
                Question.withdrawn_at.is_(None),
                Question.outdated_at.is_(None),
                Question.doubted_at.is_(None),
                Question.id.in_(select(Solution.question_id)),
            )
            .order_by(
                Question.confirmed_at.is_(None),
                Question.confirmed_at.desc(),
                Question.solved_at.desc(),
                Question.id,
            )
            .limit(limit)
        )
    ).all()

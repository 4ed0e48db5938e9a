"""Finding and saving answers."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Answer


async def get(session: AsyncSession, team_id: str, answer_id: int) -> Answer | None:
    return await session.scalar(
        select(Answer).where(Answer.team_id == team_id, Answer.id == answer_id)
    )


async def get_by_message(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str
) -> Answer | None:
    return await session.scalar(
        select(Answer).where(
            Answer.team_id == team_id,
            Answer.channel_id == channel_id,
            Answer.message_ts == message_ts,
        )
    )


async def list_of(session: AsyncSession, question_id: int) -> Sequence[Answer]:
    """The answers that still stand, oldest first."""
    return (
        await session.scalars(
            select(Answer)
            .where(Answer.question_id == question_id, Answer.erased_at.is_(None))
            .order_by(Answer.message_ts)
        )
    ).all()

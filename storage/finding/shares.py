"""Where solved questions were shown to a channel."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import add_if_first
from storage.tables import Share


async def add(session: AsyncSession, share: Share) -> None:
    await add_if_first(session, share)


async def get(
    session: AsyncSession, question_id: int, channel_id: str, message_ts: str
) -> Share | None:
    return await session.get(Share, (question_id, channel_id, message_ts))


async def list_of(session: AsyncSession, question_id: int) -> Sequence[Share]:
    return (await session.scalars(select(Share).where(Share.question_id == question_id))).all()


async def remove(session: AsyncSession, question_id: int, channel_id: str, message_ts: str) -> None:
    await session.execute(
        delete(Share).where(
            Share.question_id == question_id,
            Share.channel_id == channel_id,
            Share.message_ts == message_ts,
        )
    )

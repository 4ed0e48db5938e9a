"""Messages that were deleted before we heard of them."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import upsert
from storage.tables import ErasedMessage


async def add(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str, now: datetime
) -> None:
    await upsert(
        session,
        ErasedMessage,
        team_id=team_id,
        channel_id=channel_id,
        message_ts=message_ts,
        erased_at=now,
    )


async def is_erased(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str
) -> bool:
    return (await session.get(ErasedMessage, (team_id, channel_id, message_ts))) is not None


async def forget_before(session: AsyncSession, before: datetime) -> None:
    await session.execute(delete(ErasedMessage).where(ErasedMessage.erased_at < before))

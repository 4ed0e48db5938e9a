"""Signed requests that were taken."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from storage import saving
from storage.tables import TakenRequest


async def add_if_first(session: AsyncSession, signature: str, *, now: datetime) -> bool:
    """Save it; False when it was taken already, by whichever replica."""
    row = TakenRequest(signature=signature, taken_at=now)
    return await saving.add_if_first(session, row) is not None


async def remove(session: AsyncSession, signature: str) -> None:
    await session.execute(delete(TakenRequest).where(TakenRequest.signature == signature))


async def forget_before(session: AsyncSession, before: datetime) -> None:
    await session.execute(delete(TakenRequest).where(TakenRequest.taken_at < before))

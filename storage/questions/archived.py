"""What is known of questions that were asked before the bot was there."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Archived


async def list_of(session: AsyncSession, question_ids: Collection[int]) -> dict[int, Archived]:
    rows = await session.scalars(select(Archived).where(Archived.question_id.in_(question_ids)))
    return {row.question_id: row for row in rows}


async def confirm(
    session: AsyncSession, question_id: int, *, user_id: str | None, at: datetime | None
) -> bool:
    """Somebody who knows says that it was the answer; or, with None, took that back. False when
    that changed nothing."""
    row = await session.get(Archived, question_id, populate_existing=True)
    if row is None or (row.confirmed_at is None) == (at is None):
        return False
    row.confirmed_at, row.confirmed_by, row.ask_at = at, user_id, None
    await session.flush()
    return True

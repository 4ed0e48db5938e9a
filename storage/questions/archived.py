"""What is known of questions that were asked before the bot was there."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Archived


async def list_of(session: AsyncSession, question_ids: Collection[int]) -> dict[int, Archived]:
    rows = await session.scalars(select(Archived).where(Archived.question_id.in_(question_ids)))
    return {row.question_id: row for row in rows}

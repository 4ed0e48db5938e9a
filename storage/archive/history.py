"""How far the history of channels is read."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import HistoryReading


async def add(session: AsyncSession, rows: Sequence[HistoryReading]) -> None:
    session.add_all(rows)
    await session.flush()


async def get_next(session: AsyncSession, import_id: int) -> HistoryReading | None:
    """The first channel that is not read whole, held until the transaction ends."""
    rows = await session.scalars(
        select(HistoryReading)
        .where(HistoryReading.import_id == import_id)
        .order_by(HistoryReading.channel_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return next((row for row in rows if row.threads or not row.is_last_page), None)


async def get(session: AsyncSession, import_id: int, channel_id: str) -> HistoryReading | None:
    return await session.get(HistoryReading, (import_id, channel_id), populate_existing=True)

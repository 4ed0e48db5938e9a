"""Where solved questions were shown to a channel."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import add_if_first
from storage.tables import Share


async def add(session: AsyncSession, share: Share) -> None:
    await add_if_first(session, share)


async def get(
    session: AsyncSession, team_id: str, question_id: int, channel_id: str, message_ts: str
) -> Share | None:
    statement = select(Share).where(is_at(team_id, question_id, channel_id, message_ts))
    return await session.scalar(statement)


async def list_of(session: AsyncSession, team_id: str, question_id: int) -> Sequence[Share]:
    statement = select(Share).where(Share.team_id == team_id, Share.question_id == question_id)
    return (await session.scalars(statement)).all()


async def remove(
    session: AsyncSession, team_id: str, question_id: int, channel_id: str, message_ts: str
) -> None:
    await session.execute(delete(Share).where(is_at(team_id, question_id, channel_id, message_ts)))


def is_at(team_id: str, question_id: int, channel_id: str, message_ts: str) -> ColumnElement[bool]:
    return and_(
        Share.team_id == team_id,
        Share.question_id == question_id,
        Share.channel_id == channel_id,
        Share.message_ts == message_ts,
    )

"""Topics and channels, by pages and found by their names."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.channels import readable_by
from storage.tables import Channel, Expert, Topic


async def list_topics(
    session: AsyncSession, team_id: str, *, query: str, limit: int, offset: int
) -> tuple[Sequence[tuple[Topic, int]], int]:
    """Each with how many people and user groups help; and how many topics there are."""
    found = [Topic.team_id == team_id, Topic.key.contains(query, autoescape=True)]
    experts = (
        select(func.count()).where(Expert.topic_id == Topic.id).correlate(Topic).scalar_subquery()
    )
    rows = await session.execute(
        select(Topic, experts).where(*found).order_by(Topic.key).limit(limit).offset(offset)
    )
    count = await session.scalar(select(func.count()).select_from(Topic).where(*found))
    return [(topic, helping) for topic, helping in rows], count or 0


async def list_channels(
    session: AsyncSession, team_id: str, user_id: str, *, query: str, limit: int, offset: int
) -> tuple[Sequence[Channel], int]:
    """Those that the bot is in and this person reads, help channels first; and how many."""
    found = [
        Channel.team_id == team_id,
        Channel.left_at.is_(None),
        Channel.deleted_at.is_(None),
        func.lower(Channel.name).contains(query, autoescape=True),
        readable_by(team_id, user_id),
    ]
    rows = await session.scalars(
        select(Channel)
        .where(*found)
        .order_by(Channel.is_help.desc(), Channel.name)
        .limit(limit)
        .offset(offset)
    )
    count = await session.scalar(select(func.count()).select_from(Channel).where(*found))
    return rows.all(), count or 0

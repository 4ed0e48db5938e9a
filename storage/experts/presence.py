"""Whether people can be reached now, as Slack last told."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import upsert
from storage.tables import Expert, GroupMember, Presence, Topic


async def save(session: AsyncSession, **presence: str | bool | datetime | None) -> None:
    await upsert(session, Presence, **presence)


async def get(session: AsyncSession, team_id: str, user_id: str) -> Presence | None:
    return await session.get(Presence, (team_id, user_id), populate_existing=True)


async def list_of(
    session: AsyncSession, team_id: str, user_ids: Collection[str]
) -> dict[str, Presence]:
    rows = await session.scalars(
        select(Presence)
        .where(Presence.team_id == team_id, Presence.user_id.in_(user_ids))
        .execution_options(populate_existing=True)
    )
    return {row.user_id: row for row in rows}


async def list_experts_unread_since(
    session: AsyncSession, before: datetime, limit: int
) -> Sequence[tuple[str, str]]:
    """Experts of whose quiet times we last read before then, or never: workspace and person."""
    by_themselves = select(Topic.team_id, Expert.member_id.label("user_id")).join(
        Topic, Topic.id == Expert.topic_id
    )
    by_group = (
        select(Topic.team_id, GroupMember.user_id)
        .join(Expert, Expert.topic_id == Topic.id)
        .join(
            GroupMember,
            (GroupMember.team_id == Topic.team_id) & (GroupMember.usergroup_id == Expert.member_id),
        )
    )
    experts = union(by_themselves.where(~Expert.member_id.startswith("S")), by_group).subquery()
    rows = await session.execute(
        select(experts.c.team_id, experts.c.user_id)
        .outerjoin(
            Presence,
            (Presence.team_id == experts.c.team_id) & (Presence.user_id == experts.c.user_id),
        )
        .where(or_(Presence.quiet_read_at.is_(None), Presence.quiet_read_at < before))
        .order_by(experts.c.team_id, experts.c.user_id)
        .limit(limit)
    )
    return [(team_id, user_id) for team_id, user_id in rows]

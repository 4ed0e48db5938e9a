"""How far a workspace is set up."""

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.channels import readable_by
from storage.tables import Channel, Expert, GroupMember, Invitation, Topic


async def count_help_channels(session: AsyncSession, team_id: str) -> int:
    statement = select(func.count()).where(
        Channel.team_id == team_id, Channel.is_help, Channel.left_at.is_(None)
    )
    return await session.scalar(statement) or 0


def has_experts() -> ColumnElement[bool]:
    return exists().where(Expert.topic_id == Topic.id)


async def count_topics(session: AsyncSession, team_id: str) -> int:
    """Those with somebody who helps, or was asked whether they would."""
    invited = exists().where(Invitation.topic_id == Topic.id, Invitation.declined_at.is_(None))
    statement = select(func.count()).where(Topic.team_id == team_id, or_(has_experts(), invited))
    return await session.scalar(statement) or 0


async def count_experts(session: AsyncSession, team_id: str) -> int:
    """People who help on any topic, by themselves or by a user group."""
    themselves = (
        select(Expert.member_id)
        .join(Topic, Topic.id == Expert.topic_id)
        .where(Topic.team_id == team_id, ~Expert.member_id.startswith("S"))
    )
    by_group = (
        select(GroupMember.user_id)
        .join(Expert, Expert.member_id == GroupMember.usergroup_id)
        .join(Topic, Topic.id == Expert.topic_id)
        .where(Topic.team_id == team_id, GroupMember.team_id == team_id)
    )
    everybody = themselves.union(by_group).subquery()
    return await session.scalar(select(func.count()).select_from(everybody)) or 0


async def get_topic_without_experts(session: AsyncSession, team_id: str) -> int | None:
    """One that nobody helps on; that of a help channel first."""
    of_channel = exists().where(
        Channel.team_id == team_id, Channel.topic_id == Topic.id, Channel.is_help
    )
    return await session.scalar(
        select(Topic.id)
        .where(Topic.team_id == team_id)
        .order_by(has_experts(), of_channel.desc(), Topic.key)
        .limit(1)
    )


async def get_help_channel(session: AsyncSession, team_id: str, user_id: str) -> Channel | None:
    """The first that this person can read; one whose topic has experts before others."""
    helped = exists().where(Expert.topic_id == Channel.topic_id)
    return await session.scalar(
        select(Channel)
        .where(Channel.team_id == team_id, Channel.is_help, Channel.left_at.is_(None))
        .where(readable_by(team_id, user_id))
        .order_by(helped.desc(), Channel.name)
        .limit(1)
    )

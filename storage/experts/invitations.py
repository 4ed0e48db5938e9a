"""Who was named as an expert of what, and what they said to it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import insert, upsert
from storage.tables import Expert, GroupMember, Invitation, Topic, Workspace
from storage.types import UtcDateTime


async def get(
    session: AsyncSession, team_id: str, topic_id: int, user_id: str
) -> Invitation | None:
    """The invitation, held until the transaction ends, so that it gets one answer."""
    return await session.scalar(
        select(Invitation)
        .where(
            Invitation.team_id == team_id,
            Invitation.topic_id == topic_id,
            Invitation.user_id == user_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def save(
    session: AsyncSession, topic: Topic, user_id: str, *, by: str, now: datetime
) -> None:
    """This person is asked now, whatever was before."""
    answers = dict.fromkeys(("usergroup_id", "accepted_at", "declined_at", "withdrawn_at"))
    await upsert(
        session,
        Invitation,
        topic_id=topic.id,
        user_id=user_id,
        team_id=topic.team_id,
        invited_by=by,
        invited_at=now,
        message_ts=None,
        **answers,
    )


def is_open() -> list[ColumnElement[bool]]:
    """The conditions on `invitations` that this person can say yes, and did not yet."""
    return [
        Invitation.usergroup_id.is_(None),
        Invitation.accepted_at.is_(None),
        Invitation.declined_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    ]


async def list_of_topic(session: AsyncSession, topic_id: int) -> Sequence[Invitation]:
    """Of those named by themselves, in the order in which they were."""
    return (
        await session.scalars(
            select(Invitation)
            .where(Invitation.topic_id == topic_id, Invitation.usergroup_id.is_(None))
            .order_by(Invitation.invited_at, Invitation.user_id)
        )
    ).all()


async def list_topics_open_to(session: AsyncSession, team_id: str, user_id: str) -> Sequence[Topic]:
    """The topics that this person is invited to help on."""
    return (
        await session.scalars(
            select(Topic)
            .join(Invitation, Invitation.topic_id == Topic.id)
            .where(Invitation.team_id == team_id, Invitation.user_id == user_id, *is_open())
            .order_by(Topic.key)
        )
    ).all()


async def list_silent(
    session: AsyncSession, *, before: datetime, limit: int
) -> Sequence[Invitation]:
    """Those told before then who said nothing, where silence is a yes."""
    return (
        await session.scalars(
            select(Invitation)
            .join(Workspace, Workspace.team_id == Invitation.team_id)
            .where(Workspace.silence_is_yes_at.is_not(None), *is_open())
            .where(Invitation.invited_at < before, Invitation.message_ts.is_not(None))
            .order_by(Invitation.invited_at)
            .limit(limit)
            .with_for_update(skip_locked=True, of=Invitation)
        )
    ).all()


async def add_members(
    session: AsyncSession, *, team_id: str, usergroup_id: str, now: datetime
) -> Sequence[tuple[int, str]]:
    """Note that the members of a user group are told that it is an expert: topic and person of
    each who was not, and is not there by themselves."""
    is_there = (
        select(Invitation.user_id)
        .where(Invitation.topic_id == Expert.topic_id, Invitation.user_id == GroupMember.user_id)
        .exists()
    )
    themselves = select(Expert.topic_id, Expert.member_id).subquery()
    is_by_themselves = (
        select(themselves.c.topic_id)
        .where(
            themselves.c.topic_id == Expert.topic_id,
            themselves.c.member_id == GroupMember.user_id,
        )
        .exists()
    )
    new = (
        select(
            Expert.topic_id,
            GroupMember.user_id,
            Topic.team_id,
            Expert.member_id,
            Expert.added_by,
            literal(now, UtcDateTime),
        )
        .join(Topic, Topic.id == Expert.topic_id)
        .join(
            GroupMember,
            (GroupMember.team_id == Topic.team_id) & (GroupMember.usergroup_id == Expert.member_id),
        )
        .where(Topic.team_id == team_id, Expert.member_id == usergroup_id)
        .where(GroupMember.user_id != Expert.added_by, ~is_there, ~is_by_themselves)
    )
    names = ["topic_id", "user_id", "team_id", "usergroup_id", "invited_by", "invited_at"]
    added = await session.execute(
        insert(session, Invitation)
        .from_select(names, new)
        .on_conflict_do_nothing()
        .returning(Invitation.topic_id, Invitation.user_id)
    )
    return [(row.topic_id, row.user_id) for row in added]

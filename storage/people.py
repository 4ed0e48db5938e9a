"""What we know of people and user groups, as Slack last told us."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.channels import readable_by
from storage.saving import insert, upsert
from storage.tables import Channel, Expert, GroupMember, Person, Topic


async def get(session: AsyncSession, team_id: str, user_id: str) -> Person | None:
    return await session.get(Person, (team_id, user_id))


async def lock(session: AsyncSession, team_id: str, user_id: str) -> None:
    """Hold this person until the transaction ends."""
    await session.execute(
        select(Person.user_id)
        .where(Person.team_id == team_id, Person.user_id == user_id)
        .with_for_update()
    )


async def save(session: AsyncSession, *, read_at: datetime, **person: Any) -> None:
    await upsert(session, Person, read_at=read_at, **person)


async def list_known(
    session: AsyncSession, team_id: str, user_ids: Iterable[str]
) -> Sequence[Person]:
    return (
        await session.scalars(
            select(Person).where(Person.team_id == team_id, Person.user_id.in_(list(user_ids)))
        )
    ).all()


async def list_read_at(
    session: AsyncSession, team_id: str, user_ids: Iterable[str]
) -> dict[str, datetime]:
    """When Slack last told us of these people; without those whom we do not know."""
    rows = await session.execute(
        select(Person.user_id, Person.read_at).where(
            Person.team_id == team_id, Person.user_id.in_(list(user_ids))
        )
    )
    return {row.user_id: row.read_at for row in rows}


async def list_closed(session: AsyncSession, team_id: str, user_ids: Iterable[str]) -> set[str]:
    """Those of these people whose account is closed, and apps."""
    statement = select(Person.user_id).where(
        Person.team_id == team_id,
        Person.user_id.in_(list(user_ids)),
        Person.is_deactivated | Person.is_bot,
    )
    return set((await session.scalars(statement)).all())


async def list_known_ids(
    session: AsyncSession, team_id: str, user_ids: Iterable[str]
) -> Sequence[str]:
    statement = select(Person.user_id).where(
        Person.team_id == team_id, Person.user_id.in_(list(user_ids))
    )
    return (await session.scalars(statement)).all()


async def list_timezones(
    session: AsyncSession, team_id: str, user_ids: Iterable[str]
) -> dict[str, str | None]:
    rows = await session.execute(
        select(Person.user_id, Person.timezone).where(
            Person.team_id == team_id, Person.user_id.in_(list(user_ids))
        )
    )
    return {row.user_id: row.timezone for row in rows}


async def find_named(session: AsyncSession, team_id: str, name: str) -> str | None:
    """The only person of that name or first name, whatever its case; None when several have it."""
    folded = func.lower(Person.name)
    ids = await session.scalars(
        select(Person.user_id)
        .where(Person.team_id == team_id)
        .where((folded == name.lower()) | folded.startswith(f"{name.lower()} ", autoescape=True))
        .limit(2)
    )
    found = ids.all()
    return found[0] if len(found) == 1 else None


async def list_admins(
    session: AsyncSession, team_id: str, *, channel_id: str, limit: int
) -> Sequence[str]:
    """Some of the workspace's own admins that we know, who can read the channel."""
    admin = aliased(Person)
    return (
        await session.scalars(
            select(admin.user_id)
            .join(Channel, and_(Channel.team_id == admin.team_id, Channel.channel_id == channel_id))
            .where(admin.team_id == team_id, admin.is_admin, ~admin.is_external)
            .where(readable_by(team_id, admin.user_id))
            .order_by(admin.user_id)
            .limit(limit)
        )
    ).all()


async def set_group(
    session: AsyncSession, *, team_id: str, usergroup_id: str, user_ids: Iterable[str]
) -> None:
    """Replace what we know of who is in the user group."""
    await session.execute(
        delete(GroupMember).where(
            GroupMember.team_id == team_id, GroupMember.usergroup_id == usergroup_id
        )
    )
    rows = [
        {"team_id": team_id, "usergroup_id": usergroup_id, "user_id": user_id}
        for user_id in sorted(set(user_ids))
    ]
    if rows:
        await session.execute(insert(session, GroupMember).on_conflict_do_nothing(), rows)


async def list_group_members(
    session: AsyncSession, team_id: str, usergroup_id: str
) -> Sequence[str]:
    """Nobody where the group is no expert: we know the members of those only."""
    return (
        await session.scalars(
            select(GroupMember.user_id)
            .where(GroupMember.team_id == team_id, GroupMember.usergroup_id == usergroup_id)
            .order_by(GroupMember.user_id)
        )
    ).all()


async def is_expert_group(session: AsyncSession, *, team_id: str, usergroup_id: str) -> bool:
    statement = (
        select(Expert.member_id)
        .join(Topic)
        .where(Topic.team_id == team_id, Expert.member_id == usergroup_id)
        .limit(1)
    )
    return (await session.scalar(statement)) is not None

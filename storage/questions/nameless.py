"""Asking without a name: where it is allowed, who did, and who may not any more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import add_if_first
from storage.tables import (
    ChannelMember,
    NamelessAsk,
    NamelessBlock,
    NamelessChannel,
    Person,
    Question,
)


async def is_allowed(session: AsyncSession, team_id: str, channel_id: str) -> bool:
    return await session.get(NamelessChannel, (team_id, channel_id)) is not None


async def list_allowed(session: AsyncSession, team_id: str) -> Sequence[str]:
    statement = select(NamelessChannel.channel_id).where(NamelessChannel.team_id == team_id)
    return (await session.scalars(statement)).all()


async def allow(session: AsyncSession, team_id: str, channel_id: str, *, now: datetime) -> None:
    row = NamelessChannel(team_id=team_id, channel_id=channel_id, allowed_at=now)
    await add_if_first(session, row)


async def forbid(session: AsyncSession, team_id: str, channel_id: str) -> None:
    await session.execute(
        delete(NamelessChannel).where(
            NamelessChannel.team_id == team_id, NamelessChannel.channel_id == channel_id
        )
    )


async def count_readers(session: AsyncSession, team_id: str, channel_id: str) -> int:
    """Colleagues in the channel, as far as we know."""
    statement = (
        select(func.count())
        .select_from(ChannelMember)
        .join(
            Person,
            (Person.team_id == ChannelMember.team_id) & (Person.user_id == ChannelMember.user_id),
        )
        .where(
            ChannelMember.team_id == team_id,
            ChannelMember.channel_id == channel_id,
            ~Person.is_bot,
            ~Person.is_deactivated,
        )
    )
    return await session.scalar(statement) or 0


async def add(session: AsyncSession, ask: NamelessAsk) -> None:
    session.add(ask)
    await session.flush()


async def get(session: AsyncSession, team_id: str, mask: str) -> NamelessAsk | None:
    return await session.scalar(
        select(NamelessAsk).where(NamelessAsk.team_id == team_id, NamelessAsk.mask == mask)
    )


async def count_since(session: AsyncSession, team_id: str, tag: str, since: datetime) -> int:
    statement = select(func.count()).select_from(NamelessAsk)
    theirs = (NamelessAsk.team_id == team_id, NamelessAsk.tag == tag)
    return await session.scalar(statement.where(*theirs, NamelessAsk.asked_at > since)) or 0


async def list_of(session: AsyncSession, team_id: str, tag: str) -> Sequence[NamelessAsk]:
    theirs = (NamelessAsk.team_id == team_id, NamelessAsk.tag == tag)
    return (await session.scalars(select(NamelessAsk).where(*theirs))).all()


async def forget(session: AsyncSession, masks: Sequence[str]) -> None:
    await session.execute(delete(NamelessAsk).where(NamelessAsk.mask.in_(masks)))


async def list_expired(session: AsyncSession, now: datetime, limit: int) -> Sequence[NamelessAsk]:
    statement = select(NamelessAsk).where(NamelessAsk.forget_at <= now)
    return (await session.scalars(statement.limit(limit))).all()


async def is_blocked(session: AsyncSession, team_id: str, tag: str) -> bool:
    return await session.get(NamelessBlock, (team_id, tag)) is not None


async def block(session: AsyncSession, team_id: str, tag: str, *, now: datetime) -> None:
    await add_if_first(session, NamelessBlock(team_id=team_id, tag=tag, since=now))


async def unblock(session: AsyncSession, team_id: str, tag: str) -> None:
    await session.execute(
        delete(NamelessBlock).where(NamelessBlock.team_id == team_id, NamelessBlock.tag == tag)
    )


async def list_questions(session: AsyncSession, team_id: str, limit: int) -> Sequence[Question]:
    """Those whose asker is still sealed, the newest first."""
    return (
        await session.scalars(
            select(Question)
            .join(NamelessAsk, NamelessAsk.mask == Question.asker_id)
            .where(Question.team_id == team_id, Question.text != "")
            .order_by(Question.id.desc())
            .limit(limit)
        )
    ).all()

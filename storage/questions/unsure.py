"""Messages of which we do not know whether they ask something, and what their authors said."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import add_if_first
from storage.tables import Channel, UnsureMessage


async def get(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str
) -> UnsureMessage | None:
    return await session.get(
        UnsureMessage, (team_id, channel_id, message_ts), populate_existing=True
    )


async def add(session: AsyncSession, row: UnsureMessage) -> bool:
    """False where the message is known, or its author was asked about another one that day."""
    return await add_if_first(session, row) is not None


async def get_awaited(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    author_id: str,
    since: datetime,
    until_ts: str,
    kinds: Collection[str],
) -> UnsureMessage | None:
    """This person's newest message of these kinds that no question followed yet."""
    return await session.scalar(
        select(UnsureMessage)
        .where(
            UnsureMessage.team_id == team_id,
            UnsureMessage.channel_id == channel_id,
            UnsureMessage.author_id == author_id,
            UnsureMessage.said_at >= since,
            UnsureMessage.message_ts < until_ts,
            UnsureMessage.kind.in_(kinds),
            UnsureMessage.is_asked.is_(None),
        )
        .order_by(UnsureMessage.said_at.desc())
        .limit(1)
    )


async def judge(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    is_asked: bool,
    now: datetime,
) -> bool:
    """Note what it turned out to be; False where the message is none of these."""
    judged = await session.scalar(
        update(UnsureMessage)
        .where(
            UnsureMessage.team_id == team_id,
            UnsureMessage.channel_id == channel_id,
            UnsureMessage.message_ts == message_ts,
        )
        .values(is_asked=is_asked, judged_at=now)
        .returning(UnsureMessage.message_ts)
        .execution_options(synchronize_session=False)
    )
    return judged is not None


async def list_judged(
    session: AsyncSession, team_id: str, channel_id: str, limit: int
) -> Sequence[tuple[str, bool]]:
    """What the newest ones that were judged in the channel were: kind, and whether it asked."""
    rows = await session.execute(
        select(UnsureMessage.kind, UnsureMessage.is_asked)
        .where(
            UnsureMessage.team_id == team_id,
            UnsureMessage.channel_id == channel_id,
            UnsureMessage.judged_at.is_not(None),
        )
        .order_by(UnsureMessage.judged_at.desc(), UnsureMessage.message_ts.desc())
        .limit(limit)
    )
    return [(row.kind, bool(row.is_asked)) for row in rows]


async def last_shown_at(session: AsyncSession, team_id: str, channel_id: str) -> datetime | None:
    """When the newest message was said whose author was asked."""
    return await session.scalar(
        select(func.max(UnsureMessage.said_at)).where(
            UnsureMessage.team_id == team_id,
            UnsureMessage.channel_id == channel_id,
            UnsureMessage.shown_on.is_not(None),
        )
    )


async def set_boldness(session: AsyncSession, team_id: str, channel_id: str, boldness: int) -> None:
    await session.execute(
        update(Channel)
        .where(Channel.team_id == team_id, Channel.channel_id == channel_id)
        .values(boldness=boldness)
    )


async def forget(session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str) -> None:
    await session.execute(
        delete(UnsureMessage).where(
            UnsureMessage.team_id == team_id,
            UnsureMessage.channel_id == channel_id,
            UnsureMessage.message_ts == message_ts,
        )
    )


async def forget_channel(session: AsyncSession, *, team_id: str, channel_id: str) -> None:
    await session.execute(
        delete(UnsureMessage).where(
            UnsureMessage.team_id == team_id, UnsureMessage.channel_id == channel_id
        )
    )


async def forget_unjudged(session: AsyncSession, before: datetime) -> None:
    await session.execute(
        delete(UnsureMessage).where(
            UnsureMessage.judged_at.is_(None), UnsureMessage.said_at < before
        )
    )

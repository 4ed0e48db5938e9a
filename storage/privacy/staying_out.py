"""Who stays out: of a channel, or of everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import add_if_first
from storage.tables import Notice, StayingOut

EVERYWHERE = ""
LOOKED = "staying_out"  # in the session's info: what a transaction found already
WISH = select(  # built once: that takes longer than running it
    exists().where(
        StayingOut.team_id == bindparam("team_id"),
        StayingOut.user_id == bindparam("user_id"),
        StayingOut.channel_id.in_([EVERYWHERE, bindparam("channel_id")]),
    ),
    exists().where(Notice.team_id == bindparam("team_id"), Notice.user_id == bindparam("user_id")),
)


@dataclass(frozen=True)
class Wish:
    stays_out: bool  # nothing of them is kept in this channel
    was_told: bool  # what is kept, when that began


async def get_wish(session: AsyncSession, *, team_id: str, user_id: str, channel_id: str) -> Wish:
    """Asked once a transaction: it is the same for all that this person said there."""
    looked = session.info.setdefault(LOOKED, {})
    who = (team_id, user_id, channel_id)
    if who not in looked:
        values = dict(zip(("team_id", "user_id", "channel_id"), who, strict=True))
        looked[who] = Wish(*(await session.execute(WISH, values)).one())
    found: Wish = looked[who]
    return found


async def note_told(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> bool:
    """False when they were told before."""
    session.info.pop(LOOKED, None)
    row = Notice(team_id=team_id, user_id=user_id, told_at=now)
    return await add_if_first(session, row) is not None


async def add(
    session: AsyncSession, *, team_id: str, user_id: str, channel_id: str, now: datetime
) -> None:
    session.info.pop(LOOKED, None)
    row = StayingOut(team_id=team_id, user_id=user_id, channel_id=channel_id, since=now)
    await add_if_first(session, row)


async def remove(session: AsyncSession, *, team_id: str, user_id: str, channel_id: str) -> None:
    session.info.pop(LOOKED, None)
    await session.execute(
        delete(StayingOut).where(
            StayingOut.team_id == team_id,
            StayingOut.user_id == user_id,
            StayingOut.channel_id == channel_id,
        )
    )


async def list_channels(session: AsyncSession, team_id: str, user_id: str) -> Sequence[str]:
    """Where they stay out; "" for everywhere."""
    statement = select(StayingOut.channel_id).where(
        StayingOut.team_id == team_id, StayingOut.user_id == user_id
    )
    return (await session.scalars(statement.order_by(StayingOut.channel_id))).all()

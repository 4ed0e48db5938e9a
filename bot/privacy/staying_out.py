"""Staying out: nothing of somebody is captured, kept or found, anywhere or in a channel.

What was kept before stays until they have it erased. Replies of theirs to others' questions are
not kept either, and who asked is told so once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.questions.ask import list_help_channels
from storage.privacy import staying_out

EVERYWHERE = staying_out.EVERYWHERE


@dataclass(frozen=True)
class Place:
    """A help channel, and whether they stay out of it."""

    channel_id: str
    name: str
    is_out: bool


async def list_places(
    session: AsyncSession, *, team_id: str, user_id: str
) -> tuple[list[Place], bool]:
    """The help channels that they read, and whether they stay out everywhere."""
    out = await list_where(session, team_id=team_id, user_id=user_id)
    found = await list_help_channels(session, team_id=team_id, user_id=user_id)
    places = [Place(each.channel_id, each.name, each.channel_id in out) for each in found]
    return places, EVERYWHERE in out


async def set_where(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    channel_ids: Collection[str],
    now: datetime,
) -> None:
    """Stay out of exactly these, of those that they read; EVERYWHERE may be one of them."""
    who = {"team_id": team_id, "user_id": user_id}
    places, _ = await list_places(session, **who)
    for channel_id in (EVERYWHERE, *(each.channel_id for each in places)):
        if channel_id in channel_ids:
            await staying_out.add(session, **who, channel_id=channel_id, now=now)
        else:
            await staying_out.remove(session, **who, channel_id=channel_id)


async def stay_out_everywhere(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> None:
    who = {"team_id": team_id, "user_id": user_id}
    await staying_out.add(session, **who, channel_id=EVERYWHERE, now=now)


async def list_where(session: AsyncSession, *, team_id: str, user_id: str) -> Sequence[str]:
    """The channels that they stay out of; EVERYWHERE is one of them."""
    return await staying_out.list_channels(session, team_id, user_id)

"""Channels: which the bot is in, who may read them, and which are help channels."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotInChannel
from bot.kinds import READ_CHANNEL
from bot.outbox import PLACE
from bot.people import check_is_admin, owe_hand_offs, owe_strangers
from bot.questions.catch_up import come_back_to
from bot.questions.hearing import get_heard_until
from bot.recognition.digests import plan_first_digest
from bot.rights import get_joined
from storage import channels, outbox
from storage.experts import topics

MEMBERS_STAY_FRESH = timedelta(hours=6)  # events keep them; this mends what was missed
CHANNELS_READ_AT_ONCE = 20


@dataclass(frozen=True)
class ChannelFacts:
    """A channel as Slack describes it."""

    channel_id: str
    name: str
    is_private: bool
    is_shared: bool


async def learn_channel(
    session: AsyncSession, *, team_id: str, channel: ChannelFacts, now: datetime
) -> None:
    """The bot is in this channel; who else is has to be read."""
    await come_back_in(session, team_id, channel.channel_id, now=now)
    await channels.save(session, team_id=team_id, **vars(channel))
    known = await channels.get(session, team_id, channel.channel_id)
    if known is None or known.members_read_at is None:
        await owe_members(session, team_id, channel.channel_id, now=now)


async def learn_all_channels(
    session: AsyncSession, *, team_id: str, present: Iterable[ChannelFacts], now: datetime
) -> None:
    """Exactly these are the channels the bot is in. Which it was taken out of while it was away,
    it heard of until then."""
    found = {channel.channel_id: channel for channel in present}
    heard_until = min(await get_heard_until(session, team_id) or now, now)
    for channel_id in await channels.list_ids(session, team_id):
        if channel_id not in found:
            await channels.leave(session, team_id=team_id, channel_id=channel_id, now=heard_until)
    for channel in found.values():
        await learn_channel(session, team_id=team_id, channel=channel, now=now)


async def learn_members(
    session: AsyncSession,
    *,
    team_id: str,
    channel: ChannelFacts,
    user_ids: Iterable[str],
    now: datetime,
) -> None:
    place = {"team_id": team_id, "channel_id": channel.channel_id}
    was_read = await channels.is_read(session, **place)
    if not was_read:  # the bot came in, or is back: what waited for that can be said
        await outbox.wake(session, waits_for=PLACE, team_id=team_id)
    await come_back_in(session, **place, now=now)
    await channels.save(session, team_id=team_id, **vars(channel))
    await channels.set_members(session, **place, user_ids=user_ids, now=now)
    if not was_read and await topics.is_hand_off_channel(session, **place):
        await owe_strangers(session, **place, now=now)
        await owe_hand_offs(session, **place, now=now)


async def come_back_in(
    session: AsyncSession, team_id: str, channel_id: str, *, now: datetime
) -> None:
    """Where the bot was out of the channel, or the channel archived, read what was said."""
    known = await channels.get(session, team_id, channel_id)
    if known is not None and known.left_at is not None:
        left_at, known.left_at = known.left_at, None
        await come_back_to(session, team_id=team_id, channel_id=channel_id, since=left_at, now=now)


async def owe_members(
    session: AsyncSession, team_id: str, channel_id: str, *, now: datetime
) -> None:
    await outbox.owe(session, READ_CHANNEL, channel_id, team_id=team_id, lane=channel_id, now=now)


async def join_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, user_id: str, now: datetime
) -> None:
    """Somebody came in. What else we know of them is read when they first matter."""
    if await channels.get(session, team_id, channel_id) is None:
        await owe_members(session, team_id, channel_id, now=now)
        return
    await channels.add_member(session, team_id=team_id, channel_id=channel_id, user_id=user_id)


async def leave_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, user_id: str
) -> None:
    await channels.remove_member(session, team_id=team_id, channel_id=channel_id, user_id=user_id)


async def lose_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, now: datetime
) -> None:
    """The bot is out, or the channel is gone: what was asked there is shown to nobody who
    could not read it anyway."""
    await channels.leave(session, team_id=team_id, channel_id=channel_id, now=now)


async def rename_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, name: str
) -> None:
    channel = await channels.get(session, team_id, channel_id)
    if channel is not None:
        channel.name = name


async def set_help_channel(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    user_id: str,
    is_help: bool,
    now: datetime,
) -> str:
    """Listen for questions in the channel, or stop; returns its name."""
    await check_is_admin(session, team_id, user_id)
    channel = await get_joined(session, team_id, channel_id, user_id)
    if is_help and not channel.is_help:
        channel.listens_since = now
    channel.is_help = is_help
    if is_help:
        await plan_first_digest(session, team_id=team_id, user_id=user_id, now=now)
    return channel.name


async def get_channel_topic(
    session: AsyncSession, *, team_id: str, channel_id: str, user_id: str
) -> tuple[bool, int | None]:
    """Whether the bot is in the channel, which this person can read; and its own topic."""
    try:
        channel = await get_joined(session, team_id, channel_id, user_id)
    except NotInChannel:
        return False, None
    return True, channel.topic_id


async def owe_stale_members(session: AsyncSession, *, now: datetime) -> None:
    """Owe a new look at who is in the channels we have not looked at for long."""
    stale = await channels.list_members_unread_since(
        session, now - MEMBERS_STAY_FRESH, CHANNELS_READ_AT_ONCE
    )
    for channel in stale:
        await owe_members(session, channel.team_id, channel.channel_id, now=now)

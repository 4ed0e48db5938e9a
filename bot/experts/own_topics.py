"""A channel's own topic, where nobody chose another: made by itself and named like the channel, so
that people can join it there."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotInChannel, NoTopicNamed
from bot.rights import get_joined
from bot.text import key_of, shorten
from storage.experts import topics
from storage.saving import add_if_first
from storage.tables import Channel, Topic

MAX_NAME = 60  # characters, as of all topics
TRIES = 20


async def get_own_topic(
    session: AsyncSession, channel: Channel, *, by: str = "", now: datetime
) -> Topic:
    """The channel's topic; made now, where it has none."""
    if channel.topic_id is not None:
        known = await topics.get(session, channel.team_id, channel.topic_id)
        if known is not None:
            return known
    topic = await make(session, channel, by=by, now=now)
    channel.topic_id = topic.id
    await session.flush()
    return topic


async def make(session: AsyncSession, channel: Channel, *, by: str, now: datetime) -> Topic:
    for name in names_for(channel):
        new = Topic(
            team_id=channel.team_id,
            name=name,
            key=key_of(name),
            keywords=[],
            created_by=by,
            created_at=now,
            made_for=channel.channel_id,
        )
        topic = await add_if_first(session, new)
        if topic is not None:
            return topic
    raise RuntimeError(f"every name for the topic of {channel.channel_id} is taken")


def names_for(channel: Channel) -> list[str]:
    """The channel's, and others where a topic has that already."""
    name = shorten(channel.name, MAX_NAME - 4)
    return [name, f"#{name}", *(f"#{name} {number}" for number in range(2, TRIES))]


async def get_topic_here(
    session: AsyncSession, *, team_id: str, channel_id: str, user_id: str, now: datetime
) -> str:
    """The name of the topic of this channel, for somebody who reads it and names none."""
    try:
        channel = await get_joined(session, team_id, channel_id, user_id)
    except NotInChannel:
        raise NoTopicNamed("join") from None
    return (await get_own_topic(session, channel, now=now)).name


async def rename_own_topic(session: AsyncSession, channel: Channel) -> None:
    """Its channel was renamed. Where the new name is taken, it keeps the one it has."""
    topic = await topics.get(session, channel.team_id, channel.topic_id or 0)
    if topic is None or topic.made_for != channel.channel_id:
        return
    for name in names_for(channel)[:2]:
        namesake = await topics.get_by_key(session, channel.team_id, key_of(name))
        if namesake is None or namesake.id == topic.id:
            topic.name, topic.key = name, key_of(name)
            return

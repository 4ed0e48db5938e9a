"""Where somebody who asks by command can ask."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NoHelpChannel
from bot.experts.topics import count_hits
from bot.text import plain
from storage import channels
from storage.experts import topics


@dataclass(frozen=True)
class HelpChannel:
    channel_id: str
    name: str
    topic_id: int | None


async def list_help_channels(
    session: AsyncSession, *, team_id: str, user_id: str
) -> list[HelpChannel]:
    """Those that this person can read."""
    return [
        HelpChannel(channel.channel_id, channel.name, channel.topic_id)
        for channel in await channels.list_help_channels(session, team_id)
        if await channels.can_read(
            session, team_id=team_id, channel_id=channel.channel_id, user_id=user_id
        )
    ]


async def list_channels_to_ask(
    session: AsyncSession, *, team_id: str, user_id: str, channel_id: str, text: str = ""
) -> list[HelpChannel]:
    """Where this person can ask, the best first: the help channel that they are in; else those of
    the topic that the text is about, then the other help channels they can read, and last the
    channel they are in, if the bot is there too."""
    offered = await list_help_channels(session, team_id=team_id, user_id=user_id)
    fitting = await find_fitting_topics(session, team_id, text)
    offered.sort(key=lambda each: (each.channel_id != channel_id, each.topic_id not in fitting))
    here = await channels.get(session, team_id, channel_id)
    is_here = here is not None and here.left_at is None and not here.is_help
    if (
        here is not None
        and is_here
        and await channels.can_read(
            session, team_id=team_id, channel_id=channel_id, user_id=user_id
        )
    ):
        offered.append(HelpChannel(here.channel_id, here.name, here.topic_id))
    if not offered:
        raise NoHelpChannel()
    return offered


async def find_fitting_topics(session: AsyncSession, team_id: str, text: str) -> set[int]:
    """Those of which the text has most words."""
    known = await topics.list_all(session, team_id)
    hits = {topic.id: count_hits(plain(text), topic) for topic in known}
    most = max(hits.values(), default=0)
    return {topic_id for topic_id, number in hits.items() if number == most > 0}

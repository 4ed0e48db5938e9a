"""Where somebody who asks by command can ask."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NoHelpChannel
from storage import channels


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
    session: AsyncSession, *, team_id: str, user_id: str, channel_id: str
) -> list[HelpChannel]:
    """Where this person can ask: the help channels they can read, and the channel they are
    in if the bot is there too."""
    offered = await list_help_channels(session, team_id=team_id, user_id=user_id)
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

"""Where somebody who asks by command can ask."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import ChannelFacts, learn_channel
from bot.errors import NoHelpChannel
from bot.questions.ask import list_channels_to_ask
from tests.bot.conftest import BEN, HELP, PIA, TEAM, at, learn_help_channel

RANDOM = ChannelFacts("C_RANDOM", "random", False, False)


async def test_people_may_ask_where_they_are_and_where_they_can_read(
    session: AsyncSession, help_channel
):
    await learn_help_channel(session, "C_PRIVATE", is_private=True, user_ids=[BEN])
    await learn_channel(session, team_id=TEAM, channel=RANDOM, now=at())

    async def offered(user_id: str, channel_id: str) -> list[str]:
        listed = await list_channels_to_ask(
            session, team_id=TEAM, user_id=user_id, channel_id=channel_id
        )
        return [channel.channel_id for channel in listed]

    assert await offered(PIA, "C_RANDOM") == [HELP, "C_RANDOM"]
    assert await offered(PIA, "C_PRIVATE") == [HELP]
    assert await offered(BEN, "C_PRIVATE") == [HELP, "C_PRIVATE"]
    with pytest.raises(NoHelpChannel):
        await offered("U_UNKNOWN", "C_RANDOM")

"""Where somebody who asks by command can ask."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import ChannelFacts, learn_channel
from bot.errors import NoHelpChannel
from bot.questions.ask import list_channels_to_ask
from tests.bot.conftest import BEN, HELP, PIA, TEAM, add_topic, at, learn_help_channel

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
    assert await offered(BEN, "C_PRIVATE") == ["C_PRIVATE", HELP]
    with pytest.raises(NoHelpChannel):
        await offered("U_UNKNOWN", "C_RANDOM")


async def test_elsewhere_the_channels_of_the_fitting_topic_come_first(
    session: AsyncSession, help_channel
):
    await learn_help_channel(session, "C_SEALS", user_ids=[PIA])
    place = {"channel_id": "C_SEALS", "is_channel_topic": True}
    await add_topic(session, "Seals", keywords="bolt", **place)
    await learn_channel(session, team_id=TEAM, channel=RANDOM, now=at())

    async def offered(text: str, channel_id: str = "C_RANDOM") -> list[str]:
        where = {"team_id": TEAM, "user_id": PIA, "channel_id": channel_id}
        listed = await list_channels_to_ask(session, **where, text=text)
        return [channel.channel_id for channel in listed]

    assert await offered("Which bolt is right for a reefer?") == ["C_SEALS", HELP, "C_RANDOM"]
    assert await offered("Where is the key?") == [HELP, "C_SEALS", "C_RANDOM"]
    assert (await offered("Which bolt is right?", HELP))[0] == HELP

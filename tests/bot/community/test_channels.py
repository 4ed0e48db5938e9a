import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import (
    MEMBERS_STAY_FRESH,
    ChannelFacts,
    get_channel_topic,
    join_channel,
    learn_all_channels,
    learn_channel,
    learn_members,
    leave_channel,
    lose_channel,
    owe_stale_members,
    rename_channel,
    set_help_channel,
)
from bot.errors import NotInChannel, OnlyAdmins
from bot.questions.ask import list_help_channels
from storage import channels
from storage.database import Sessions
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    at,
    learn,
    learn_help_channel,
    owed,
    settle_in,
)

RANDOM = ChannelFacts("C_RANDOM", "random", False, False)


async def can_read(session: AsyncSession, user_id: str = PIA, channel_id: str = HELP) -> bool:
    return await channels.can_read(session, team_id=TEAM, channel_id=channel_id, user_id=user_id)


async def names(session: AsyncSession, user_id: str = PIA) -> list[str]:
    listed = await list_help_channels(session, team_id=TEAM, user_id=user_id)
    return [channel.name for channel in listed]


async def switch(session: AsyncSession, is_help: bool, *, user_id: str = ADA, **place: str) -> str:
    place = {"team_id": TEAM, "channel_id": HELP, **place}
    return await set_help_channel(session, **place, user_id=user_id, is_help=is_help, now=at())


async def test_an_admin_turns_a_help_channel_off_and_on(session: AsyncSession, help_channel):
    await switch(session, False)
    assert await names(session) == []

    assert await switch(session, True) == "c_help"
    assert await names(session) == ["c_help"]


async def test_nobody_else_does(session: AsyncSession, help_channel):
    for changes in ({"user_id": BEN}, {"team_id": OTHER_TEAM}):
        with pytest.raises(OnlyAdmins):
            await switch(session, False, **changes)
    assert await names(session) == ["c_help"]


async def test_a_help_channel_needs_the_bot_in_it(session: AsyncSession, help_channel):
    await lose_channel(session, team_id=TEAM, channel_id=HELP, now=at())

    for channel_id in (HELP, "C_UNKNOWN"):
        with pytest.raises(NotInChannel):
            await switch(session, True, channel_id=channel_id)
    place = {"team_id": TEAM, "channel_id": HELP}
    assert await get_channel_topic(session, **place, user_id=ADA) == (False, None)


async def test_a_channel_that_the_bot_comes_back_to_is_a_help_channel_again(
    session: AsyncSession, help_channel
):
    await lose_channel(session, team_id=TEAM, channel_id=HELP, now=at())
    await learn_channel(
        session, team_id=TEAM, channel=ChannelFacts(HELP, "new-name", False, False), now=at(60)
    )

    assert await names(session) == ["new-name"]
    assert ("read_channel", HELP) in await owed(session)


async def test_exactly_the_channels_present_are_those_the_bot_is_in(
    session: AsyncSession, help_channel
):
    await learn_all_channels(session, team_id=TEAM, present=[RANDOM, RANDOM], now=at())

    assert list(await channels.list_ids(session, TEAM)) == ["C_RANDOM"]
    assert await names(session) == []


async def test_a_guest_who_comes_and_goes_reads_and_reads_no_more(
    session: AsyncSession, help_channel
):
    await learn(session, "U_GUEST", is_guest=True)
    place = {"team_id": TEAM, "channel_id": HELP, "user_id": "U_GUEST"}

    for _ in range(2):
        await join_channel(session, **place, now=at())
    assert await can_read(session, "U_GUEST")

    for _ in range(2):
        await leave_channel(session, **place)
    assert not await can_read(session, "U_GUEST")


async def test_coming_into_an_unknown_channel_makes_us_read_it(session: AsyncSession):
    await join_channel(session, team_id=TEAM, channel_id="C_NEW", user_id=PIA, now=at())

    assert ("read_channel", "C_NEW") in await owed(session)


async def test_a_private_channel_is_closed_until_its_members_are_known(session: AsyncSession):
    await learn(session, PIA)
    private = ChannelFacts("C_PRIVATE", "private", True, False)

    await learn_channel(session, team_id=TEAM, channel=private, now=at())
    await join_channel(session, team_id=TEAM, channel_id="C_PRIVATE", user_id=PIA, now=at())
    assert not await can_read(session, PIA, "C_PRIVATE")

    await learn_members(session, team_id=TEAM, channel=private, user_ids=[PIA], now=at())
    assert await can_read(session, PIA, "C_PRIVATE")


async def test_the_members_that_slack_lists_replace_those_we_knew(
    session: AsyncSession, help_channel
):
    await learn_help_channel(session, is_private=True, user_ids=[BEN, BEN])

    assert [await can_read(session, each) for each in (BEN, PIA)] == [True, False]


async def test_members_of_another_workspace_are_not_touched(session: AsyncSession, help_channel):
    place = {"channel_id": HELP, "user_id": PIA}
    await learn(session, "U_GUEST", is_guest=True)
    await learn_help_channel(session, is_private=True, user_ids=[PIA])

    await leave_channel(session, team_id=OTHER_TEAM, **place)
    await lose_channel(session, team_id=OTHER_TEAM, channel_id=HELP, now=at())
    await rename_channel(session, team_id=OTHER_TEAM, channel_id=HELP, name="theirs")

    assert await names(session) == ["c_help"]


async def test_members_that_were_read_long_ago_are_read_again(session: AsyncSession, help_channel):
    await owe_stale_members(session, now=at() + MEMBERS_STAY_FRESH)
    assert ("read_channel", HELP) not in await owed(session)

    await owe_stale_members(session, now=at() + MEMBERS_STAY_FRESH + timedelta(seconds=1))
    assert ("read_channel", HELP) in await owed(session)


async def test_somebody_who_comes_in_while_the_members_are_read_is_in(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        await learn(session, "U_GUEST", is_guest=True)

    async def read_members() -> None:
        async with sessions.begin() as session:
            await learn_members(
                session,
                team_id=TEAM,
                channel=ChannelFacts(HELP, "help", True, False),
                user_ids=[ANA, "U_GUEST"],
                now=at(),
            )

    async with sessions.begin() as session:
        await join_channel(session, team_id=TEAM, channel_id=HELP, user_id="U_GUEST", now=at())
        reading = asyncio.create_task(read_members())
        await asyncio.sleep(0.1)  # until it waits for the first
    await reading

    async with sessions.read() as session:
        assert await can_read(session, "U_GUEST")

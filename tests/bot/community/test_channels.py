import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import (
    MEMBERS_STAY_FRESH,
    ChannelFacts,
    close_channel,
    erase_deleted_channels,
    forget_channel,
    join_channel,
    learn_all_channels,
    learn_channel,
    learn_lost_channel,
    learn_members,
    leave_channel,
    lose_channel,
    owe_stale_members,
    rename_channel,
    set_help_channel,
)
from bot.errors import NotInChannel, OnlyAdmins
from bot.experts.topic_window import get_form
from bot.questions.ask import list_help_channels
from bot.recognition.kudos import get_effect
from storage import channels
from storage.database import Sessions
from storage.questions import answers, questions
from storage.search.tables import SearchDocument
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    at,
    count,
    find,
    learn,
    learn_help_channel,
    owed,
    settle_in,
    solve,
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
    assert (await get_form(session, **place, user_id=ADA)).channel_id is None


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
        await leave_channel(session, **place, now=at())
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

    await leave_channel(session, team_id=OTHER_TEAM, **place, now=at())
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


PUBLIC = ChannelFacts(HELP, "c_help", False, False)
PRIVATE = ChannelFacts(HELP, "c_help", True, False)


async def test_a_channel_made_private_is_closed_until_its_members_are_read_anew(
    session: AsyncSession, help_channel
):
    await solve(session)

    await close_channel(session, team_id=TEAM, channel_id=HELP, now=at(300))

    assert not (await find(session, by=BEN)).results
    assert ("read_channel", HELP) in await owed(session)

    await learn_members(
        session, team_id=TEAM, channel=PRIVATE, user_ids=[BEN], closed_at=at(300), now=at(301)
    )
    assert (await find(session, by=BEN)).results
    assert not (await find(session, by=PIA)).results


async def test_what_was_read_before_it_was_made_private_does_not_open_it(
    session: AsyncSession, help_channel
):
    await close_channel(session, team_id=TEAM, channel_id=HELP, now=at(300))

    await learn_members(session, team_id=TEAM, channel=PUBLIC, user_ids=[BEN, PIA], now=at(299))

    assert [await can_read(session, each) for each in (BEN, PIA)] == [False, False]


async def test_another_workspaces_channel_is_not_closed(session: AsyncSession, help_channel):
    await close_channel(session, team_id=OTHER_TEAM, channel_id=HELP, now=at(300))

    assert await can_read(session, PIA)


async def test_a_channel_found_private_at_start_is_closed_until_its_members_are_read(
    session: AsyncSession, help_channel
):
    await learn_all_channels(session, team_id=TEAM, present=[PRIVATE], now=at(300))

    assert not await can_read(session, BEN)
    assert ("read_channel", HELP) in await owed(session)


async def test_a_channel_that_slack_no_longer_shows_us_is_closed(
    session: AsyncSession, help_channel
):
    """It was made private without us, or deleted; which of both, Slack does not say."""
    await learn_all_channels(session, team_id=TEAM, present=[], now=at(300))
    assert await can_read(session, PIA)
    assert ("read_channel", HELP) in await owed(session)

    await learn_lost_channel(session, team_id=TEAM, channel_id=HELP, is_public=False, now=at(301))
    assert not await can_read(session, PIA)


async def test_public_channels_that_the_bot_left_are_looked_at_again(
    session: AsyncSession, help_channel
):
    place = {"team_id": TEAM, "channel_id": HELP}
    await learn_lost_channel(session, **place, is_public=True, now=at())
    assert await can_read(session, PIA)

    await owe_stale_members(session, now=at() + MEMBERS_STAY_FRESH)
    assert ("read_channel", HELP) not in await owed(session)
    await owe_stale_members(session, now=at() + MEMBERS_STAY_FRESH + timedelta(seconds=1))
    assert ("read_channel", HELP) in await owed(session)


async def guest_in(session: AsyncSession) -> dict[str, str]:
    await learn(session, "U_GUEST", is_guest=True)
    return {"team_id": TEAM, "channel_id": HELP, "user_id": "U_GUEST"}


async def test_the_newest_coming_or_leaving_counts_whenever_we_hear_of_it(
    session: AsyncSession, help_channel
):
    guest = await guest_in(session)

    await leave_channel(session, **guest, now=at(20))
    await join_channel(session, **guest, now=at(10))
    assert not await can_read(session, "U_GUEST")

    await join_channel(session, **guest, now=at(40))
    await leave_channel(session, **guest, now=at(30))
    assert await can_read(session, "U_GUEST")


async def test_what_happened_long_before_the_members_were_read_is_known_already(
    session: AsyncSession, help_channel
):
    guest = await guest_in(session)

    await join_channel(session, **guest, now=at(-3600))

    assert not await can_read(session, "U_GUEST")


async def test_who_leaves_while_the_members_are_read_is_out(session: AsyncSession, help_channel):
    guest = await guest_in(session)
    await join_channel(session, **guest, now=at(10))

    await leave_channel(session, **guest, now=at(61))
    await learn_members(
        session, team_id=TEAM, channel=PRIVATE, user_ids=[BEN, "U_GUEST"], now=at(60)
    )

    assert not await can_read(session, "U_GUEST")
    assert await can_read(session, BEN)


async def test_leaving_while_the_members_are_read_elsewhere_at_the_same_time_counts(
    sessions: Sessions,
):
    async with sessions.begin() as session:
        await settle_in(session)
        guest = await guest_in(session)
        await learn_help_channel(session, user_ids=["U_GUEST"])

    async def read_members() -> None:
        async with sessions.begin() as session:
            await learn_members(
                session, team_id=TEAM, channel=PRIVATE, user_ids=["U_GUEST"], now=at(60)
            )

    async with sessions.begin() as session:
        await leave_channel(session, **guest, now=at(61))
        reading = asyncio.create_task(read_members())
        await asyncio.sleep(0.1)  # until it waits for the first
    await reading

    async with sessions.read() as session:
        assert not await can_read(session, "U_GUEST")


async def test_a_deleted_channels_words_are_erased_and_its_kudos_stay(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)

    await forget_channel(session, team_id=TEAM, channel_id=HELP, now=at(300))
    assert not (await find(session, by=BEN)).results

    while await erase_deleted_channels(session, now=at(301)):
        pass
    await session.flush()
    assert await channels.get(session, TEAM, HELP) is None
    question = await questions.get(session, TEAM, question_id)
    assert question is not None and question.text == ""
    assert [each.text for each in await answers.list_of(session, question_id)] == [""]
    assert await count(session, SearchDocument) == 0
    effect = await get_effect(session, team_id=TEAM, user_id=BEN, viewer_id=BEN)
    assert effect.solved == 1


async def test_nothing_of_an_archived_or_another_workspaces_channel_is_erased(
    session: AsyncSession, help_channel
):
    await solve(session)
    await lose_channel(session, team_id=TEAM, channel_id=HELP, now=at(300))
    await forget_channel(session, team_id=OTHER_TEAM, channel_id=HELP, now=at(300))

    assert not await erase_deleted_channels(session, now=at(301))

    assert (await find(session, by=PIA)).results

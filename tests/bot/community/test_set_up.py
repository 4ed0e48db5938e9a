"""Setting a channel up, and how far a workspace is."""

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import ChannelFacts, learn_channel, learn_members, lose_channel
from bot.community.set_up import (
    SetUp,
    announce,
    check_is_in,
    get_set_up,
    get_set_up_card,
    get_set_up_form,
    owe_set_up_card,
    set_up_channel,
    try_out,
    welcome,
)
from bot.errors import InviteMeFirst, NoHelpChannel, NotInChannel, OnlyAdmins
from bot.experts.availability import go_away
from bot.experts.invitations import accept
from bot.experts.topic_window import Given, SavedTopic
from bot.recognition.digests import pause_digest
from storage.experts import topics
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    at,
    learn,
    owed,
)

DOCKS = "C_DOCKS"
WHO = {"team_id": TEAM, "user_id": ADA}


@pytest.fixture
async def docks(session: AsyncSession) -> str:
    """A channel that the bot was invited into, and nothing else."""
    for user_id in (ANA, BEN, EVA):
        await learn(session, user_id)
    await learn(session, ADA, is_admin=True)
    facts = ChannelFacts(DOCKS, "docks", False, False)
    user_ids = [ANA, BEN, EVA, ADA]
    await learn_members(session, team_id=TEAM, channel=facts, user_ids=user_ids, now=NOW)
    return DOCKS


async def set_up(session: AsyncSession, *people: str, name: str = "docks", **more) -> SavedTopic:
    given = Given(name, people, is_whole=False)
    return await set_up_channel(session, **{**WHO, **more}, channel_id=DOCKS, given=given, now=at())


async def steps(session: AsyncSession) -> SetUp:
    shown = await get_set_up(session, **WHO)
    assert shown is not None
    return shown


async def test_the_inviter_reads_a_card_until_it_is_a_help_channel(
    session: AsyncSession, docks: str
):
    await owe_set_up_card(session, team_id=TEAM, channel_id=DOCKS, user_id=ADA, now=NOW)
    assert ("set_up_card", f"{DOCKS}:{ADA}") in await owed(session)

    card = await get_set_up_card(session, TEAM, DOCKS, ADA)
    assert card is not None and (card.channel, card.is_admin, card.admins) == ("docks", True, ())
    other = await get_set_up_card(session, TEAM, DOCKS, BEN)
    assert other is not None and (other.is_admin, other.admins) == (False, (ADA,))

    await set_up(session)
    assert await get_set_up_card(session, TEAM, DOCKS, ADA) is None


async def test_there_is_no_card_where_the_bot_is_out_again(session: AsyncSession, docks: str):
    await lose_channel(session, team_id=TEAM, channel_id=DOCKS, now=at())

    assert await get_set_up_card(session, TEAM, DOCKS, ADA) is None
    assert await get_set_up_card(session, OTHER_TEAM, DOCKS, ADA) is None


async def test_one_window_makes_a_help_channel_and_its_topic(session: AsyncSession, docks: str):
    form = await get_set_up_form(session, **WHO, channel_id=DOCKS)
    assert (form.topic, form.name) == (None, "docks")
    assert (await steps(session)).steps == (False, False, False, False)

    saved = await set_up(session, BEN, EVA)

    assert saved.topic.invited.waiting == (BEN, EVA)
    assert (await steps(session)).steps == (True, True, False, True)
    for user_id in (BEN, EVA):
        about = {"team_id": TEAM, "topic_id": saved.topic.topic_id, "user_id": user_id}
        await accept(session, **about, now=at(60))
    assert (await steps(session)).is_done
    await pause_digest(session, **WHO, now=at())
    assert (await steps(session)).steps == (True, True, True, False)


async def test_setting_it_up_twice_is_one_topic(session: AsyncSession, docks: str):
    first = await set_up(session, BEN)
    second = await set_up(session, BEN)

    assert first.topic.topic_id == second.topic.topic_id
    assert len(await topics.list_all(session, TEAM)) == 1


async def test_a_topic_with_a_name_of_its_own_is_one_like_any_other(
    session: AsyncSession, docks: str
):
    own, named = await set_up(session), await set_up(session, name="Customs")

    topic = await topics.get(session, TEAM, named.topic.topic_id)
    assert topic is not None and (topic.name, topic.made_for) == ("Customs", None)
    assert own.topic.topic_id == named.topic.topic_id


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"user_id": BEN}, OnlyAdmins), ({"team_id": OTHER_TEAM}, OnlyAdmins)],
)
async def test_only_admins_set_up(session: AsyncSession, docks: str, changes: dict, error: type):
    who = {**WHO, **changes}
    for act in (get_set_up_form, check_is_in):
        with pytest.raises(error):
            await act(session, **who, channel_id=DOCKS)
    with pytest.raises(error):
        await set_up(session, **changes)
    for act in (announce, try_out):
        place = {"channel_id": DOCKS} if act is announce else {}
        with pytest.raises(error):
            await act(session, **who, **place, now=at())
    assert await get_set_up(session, **who) is None


async def test_a_channel_that_the_bot_is_not_in_says_how(session: AsyncSession, docks: str):
    with pytest.raises(InviteMeFirst) as refused:
        await check_is_in(session, **WHO, channel_id="C_ELSEWHERE")

    assert refused.value.field == "channel"
    with pytest.raises(NotInChannel):
        await get_set_up_form(session, **WHO, channel_id="C_ELSEWHERE")


async def test_it_is_announced_once_and_only_where_somebody_is_heard(
    session: AsyncSession, docks: str
):
    with pytest.raises(NoHelpChannel):
        await announce(session, **WHO, channel_id=DOCKS, now=at())
    await set_up(session)

    for _ in range(2):
        await announce(session, **WHO, channel_id=DOCKS, now=at())

    assert [subject for kind, subject in await owed(session) if kind == "announcement"] == [DOCKS]


async def test_an_admin_is_welcomed_once_where_nothing_is_set_up(session: AsyncSession, docks: str):
    for user_id in (BEN, ADA, ADA):
        await welcome(session, team_id=TEAM, user_id=user_id, now=at())
    assert {subject for kind, subject in await owed(session) if kind == "welcome"} == {ADA}

    await learn(session, EVA, is_admin=True)
    await set_up(session)
    await welcome(session, team_id=TEAM, user_id=EVA, now=at())
    assert {subject for kind, subject in await owed(session) if kind == "welcome"} == {ADA}


async def test_a_test_question_asks_nobody_and_says_whom_it_would(
    session: AsyncSession, help_channel
):
    await add_topic(session, experts=[BEN, EVA, PIA, ADA], channel_id=HELP, is_channel_topic=True)
    await go_away(session, team_id=TEAM, user_id=EVA, written="", now=NOW)
    before = await owed(session)

    run = await try_out(session, **WHO, now=NOW)

    assert (run.topic, set(run.able)) == ("Customs", {BEN, PIA})
    assert [user_id for user_id, _ in run.later] == [EVA]
    assert await owed(session) == before
    assert replace(run, able=()).hand_off_channel_id is None


async def test_a_test_question_where_the_admin_alone_helps_reaches_nobody(
    session: AsyncSession, help_channel
):
    await add_topic(session, experts=[ADA], channel_id=HELP, is_channel_topic=True)

    run = await try_out(session, **WHO, now=NOW)

    assert (run.able, run.later) == ((), ())


async def test_the_bot_invited_anew_learns_the_channel(session: AsyncSession, docks: str):
    facts = ChannelFacts(DOCKS, "docks", False, False)
    await learn_channel(session, team_id=TEAM, channel=facts, now=at())

    assert await get_set_up_card(session, TEAM, DOCKS, ADA) is not None

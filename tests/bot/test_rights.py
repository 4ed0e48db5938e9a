"""Whose word counts, and who may know of what; the presses themselves stand in tests/presses."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OnlyMembersMayJoin, OnlyOpenAccounts, UnknownTopic
from bot.experts.availability import get_choices, save_choices
from bot.experts.topics import find_topic, join_topic, leave_topic, list_topics
from bot.finding.filters import read_search
from bot.questions.capture import ask_by_command
from bot.rights import check_may_act
from storage.questions import questions
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    NOW,
    PIA,
    TEAM,
    add_topic,
    answer,
    ask,
    at,
    card_of,
    learn,
    learn_help_channel,
    tick,
)

GUEST, PARTNER = "U_GUEST", "U_PARTNER"
SECRET, FALCON = "C_SECRET", "Project Falcon"


@pytest.fixture
async def falcon(session: AsyncSession, help_channel: str) -> int:
    """The topic of a private channel that Ben and Ada are in; Ben helps on it."""
    await learn(session, GUEST, is_guest=True)
    await learn(session, PARTNER, is_external=True)
    await learn_help_channel(session, SECRET, is_private=True, user_ids=(BEN, ADA))
    place = {"channel_id": SECRET, "is_channel_topic": True}
    return (await add_topic(session, FALCON, keywords="layoffs", experts=[BEN], **place)).topic_id


async def names(session: AsyncSession, user_id: str) -> list[str]:
    """Of the topics that they may know of, but the help channel's own."""
    known = [each.name for each in await list_topics(session, team_id=TEAM, user_id=user_id)]
    return [each for each in known if each != HELP.lower()]


async def topic_of(session: AsyncSession, question_id: int) -> str | None:
    return (await card_of(session, question_id)).topic


async def test_a_topic_is_known_to_those_who_can_read_a_channel_of_it(
    session: AsyncSession, falcon: int
):
    await add_topic(session, "Printing", keywords="printer")

    assert await names(session, BEN) == ["Printing", FALCON]
    for user_id in (PIA, GUEST, PARTNER, "U_UNKNOWN"):
        assert await names(session, user_id) == ["Printing"]
        assert await find_topic(session, team_id=TEAM, user_id=user_id, name=FALCON) is None


async def test_a_topic_of_two_channels_is_known_in_both(session: AsyncSession, falcon: int):
    place = {"channel_id": HELP, "is_channel_topic": True}
    await add_topic(session, FALCON, topic_id=falcon, experts=[BEN], **place)

    assert await names(session, PIA) == [FALCON]
    assert await names(session, GUEST) == []  # they are in neither


async def test_who_leaves_the_channel_still_finds_what_they_help_with(
    session: AsyncSession, falcon: int
):
    await learn_help_channel(session, SECRET, is_private=True, user_ids=(ADA,))

    choices = await get_choices(session, team_id=TEAM, user_id=BEN, now=at())

    assert await names(session, BEN) == []
    assert [each.name for each in choices.topics] == [HELP.lower(), FALCON]
    left = await leave_topic(session, team_id=TEAM, name=FALCON, user_id=BEN, now=NOW)
    assert left == (FALCON, True)


async def test_a_private_channels_topic_is_chosen_for_no_question_elsewhere(
    session: AsyncSession, falcon: int
):
    question_id = await ask(session, "Where do I read about the layoffs?")

    assert await topic_of(session, question_id) is None


async def test_a_public_channels_topic_is_chosen_elsewhere_but_not_for_a_guest_outside(
    session: AsyncSession, falcon: int
):
    await learn_help_channel(session, "C_FORMS", user_ids=(BEN,))
    place = {"channel_id": "C_FORMS", "is_channel_topic": True}
    await add_topic(session, "Forms", keywords="tariff", **place)

    asked = {
        user_id: await ask(session, by=user_id, seconds=900 * number)
        for number, user_id in enumerate((ANA, "U_NEWCOMER", GUEST))
    }

    shown = [await topic_of(session, question_id) for question_id in asked.values()]
    assert shown == ["Forms", "Forms", None]


@pytest.mark.parametrize("asker_id", [ANA, BEN])
async def test_nobody_brings_a_private_channels_topic_elsewhere_by_command(
    session: AsyncSession, falcon: int, asker_id: str
):
    question_id = await ask_by_command(
        session,
        team_id=TEAM,
        channel_id=HELP,
        asker_id=asker_id,
        text="How?",
        topic_id=falcon,
        now=at(),
    )

    question = await questions.get(session, TEAM, question_id)
    assert question is not None and question.topic_id is None


async def test_a_search_tells_nobody_which_topics_and_channels_there_are(
    session: AsyncSession, falcon: int
):
    written = 'topic:"project falcon" in:#c_secret safe'

    known = await read_search(session, team_id=TEAM, user_id=BEN, text=written)
    unknown = await read_search(session, team_id=TEAM, user_id=PIA, text=written)

    assert (known.topic_id, known.channel_id) == (falcon, SECRET)
    assert (unknown.topic_id, unknown.channel_id) == (None, None)


@pytest.mark.parametrize("user_id", [GUEST, PARTNER, "U_UNKNOWN"])
async def test_only_members_make_themselves_experts(
    session: AsyncSession, falcon: int, user_id: str
):
    printing = (await add_topic(session, "Printing")).topic_id

    for name in ("Printing", FALCON, "Nothing"):
        with pytest.raises(OnlyMembersMayJoin):
            await join_topic(session, team_id=TEAM, name=name, user_id=user_id, now=at())
    with pytest.raises(OnlyMembersMayJoin):
        await choose(session, user_id, [printing])


async def test_a_guest_whom_an_admin_made_an_expert_can_pause_and_come_back(
    session: AsyncSession, falcon: int
):
    printing = (await add_topic(session, "Printing", experts=[GUEST])).topic_id

    await choose(session, GUEST, [printing])
    joined = await join_topic(session, team_id=TEAM, name="Printing", user_id=GUEST, now=at())

    assert joined == ("Printing", False)


async def test_members_join_nothing_that_they_may_not_know_of(session: AsyncSession, falcon: int):
    with pytest.raises(UnknownTopic):
        await join_topic(session, team_id=TEAM, name=FALCON, user_id=PIA, now=at())

    await choose(session, PIA, [falcon])

    found = await find_topic(session, team_id=TEAM, user_id=BEN, name=FALCON)
    assert found is not None and found.member_ids == (BEN,)


@pytest.mark.parametrize("flag", ["is_guest", "is_external", "is_bot"])
async def test_the_mark_of_an_expert_who_is_no_member_solves_nothing(
    session: AsyncSession, help_channel: str, flag: str
):
    await add_topic(session, "Customs", keywords="tariff", experts=["U_ODD", EVA])
    await learn(session, "U_ODD", **{flag: True})
    question_id = await ask(session)
    reply = await answer(session)

    await tick(session, reply, by="U_ODD")
    assert not (await card_of(session, question_id)).solutions

    await tick(session, reply, by=EVA)
    assert (await card_of(session, question_id)).solutions


async def test_what_an_expert_marked_before_their_account_was_closed_stays(
    session: AsyncSession, help_channel: str
):
    await add_topic(session, "Customs", keywords="tariff", experts=[EVA])
    question_id = await ask(session)
    reply = await answer(session)
    await tick(session, reply, by=EVA)

    await learn(session, EVA, is_deactivated=True)
    await tick(session, reply, by=PIA, seconds=200)

    assert (await card_of(session, question_id)).solutions


@pytest.mark.parametrize("flag", ["is_deactivated", "is_bot"])
async def test_apps_and_closed_accounts_press_nothing(
    session: AsyncSession, help_channel: str, flag: str
):
    await learn(session, "U_ODD", **{flag: True})

    with pytest.raises(OnlyOpenAccounts):
        await check_may_act(session, TEAM, "U_ODD")
    await check_may_act(session, TEAM, PIA)


async def choose(session: AsyncSession, user_id: str, topic_ids: list[int]) -> None:
    """Save the modal behind Home's button with these topics."""
    await save_choices(
        session,
        team_id=TEAM,
        user_id=user_id,
        topic_ids=topic_ids,
        hours=None,
        limit="8",
        messages="usual",
        back_on="",
        reminders=[],
        now=at(),
    )

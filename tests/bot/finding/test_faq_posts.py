"""A channel's FAQ: what an admin picked there, as long as it is true."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotInChannel, OnlyAdmins, TooManyPicked
from bot.finding.faq_posts import MOST, get_page, list_offered, note_page, pick
from bot.finding.reviews import call_outdated, confirm, doubt
from bot.kinds import FAQ_POST
from bot.questions.messages import erase
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    HELP,
    NOW,
    PIA,
    TEAM,
    at,
    learn_help_channel,
    owed,
    solve,
    ts,
)

WHO = {"team_id": TEAM, "user_id": ADA}


@pytest.fixture
async def picked(session: AsyncSession, help_channel: str) -> int:
    """A solved question that Ada put into the FAQ, which is posted."""
    question_id = await solve(session)
    await pick(session, **WHO, channel_id=HELP, question_ids=[question_id], now=NOW)
    await note_page(session, team_id=TEAM, channel_id=HELP, message_ts="1.1")
    assert (FAQ_POST.name, HELP) in await owed(session)
    return question_id


async def shown(session: AsyncSession, channel_id: str = HELP) -> list[int]:
    page = await get_page(session, TEAM, channel_id)
    return [result.question_id for result in page.results]


async def test_what_an_admin_picked_is_in_it(session: AsyncSession, picked: int):
    picking = await list_offered(session, **WHO, channel_id=HELP)

    assert await shown(session) == [picked]
    assert [each.question_id for each in picking.offered] == [picked]
    assert picking.picked == {picked}


async def test_what_is_doubtful_leaves_and_comes_back_confirmed(session: AsyncSession, picked: int):
    about = {"team_id": TEAM, "question_id": picked}
    await doubt(session, **about, user_id=PIA, now=at(200))
    assert await shown(session) == []
    assert not (await get_page(session, TEAM, HELP)).is_given_up

    await confirm(session, **about, user_id=BEN, now=at(300))
    assert await shown(session) == [picked]

    await call_outdated(session, **about, user_id=BEN, now=at(400))
    assert await shown(session) == []


@pytest.mark.parametrize("how", ["doubt", "outdated", "delete"])
async def test_its_message_follows_at_once(session: AsyncSession, picked: int, how: str):
    about = {"team_id": TEAM, "question_id": picked}
    if how == "doubt":
        await doubt(session, **about, user_id=PIA, now=at(200))
    elif how == "outdated":
        await call_outdated(session, **about, user_id=BEN, now=at(200))
    else:
        place = {"team_id": TEAM, "channel_id": HELP}
        await erase(session, **place, message_ts=ts(60), now=at(200))

    assert (FAQ_POST.name, HELP) in await owed(session, now=at(201))
    assert await shown(session) == []


async def test_what_is_picked_no_more_is_given_up(session: AsyncSession, picked: int):
    await pick(session, **WHO, channel_id=HELP, question_ids=[], now=NOW)

    assert (await get_page(session, TEAM, HELP)).is_given_up


async def test_nothing_of_another_channel_is_shown(session: AsyncSession, picked: int):
    await learn_help_channel(session, "C_LOBBY", user_ids=(ADA,))

    await pick(session, **WHO, channel_id="C_LOBBY", question_ids=[picked], now=NOW)

    assert await shown(session, "C_LOBBY") == []


async def test_only_admins_who_read_the_channel_pick(session: AsyncSession, picked: int):
    await learn_help_channel(session, "C_SECRET", is_private=True, user_ids=(ANA,))
    for user_id, channel_id, refused in ((ANA, HELP, OnlyAdmins), (ADA, "C_SECRET", NotInChannel)):
        who = {"team_id": TEAM, "user_id": user_id, "channel_id": channel_id}
        with pytest.raises(refused):
            await list_offered(session, **who)
        with pytest.raises(refused):
            await pick(session, **who, question_ids=[picked], now=NOW)

    with pytest.raises(TooManyPicked):
        many = list(range(MOST + 1))
        await pick(session, **WHO, channel_id=HELP, question_ids=many, now=NOW)

from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.home import get_home
from bot.experts.claims import claim, pass_on
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    answer,
    ask,
    at,
    learn_help_channel,
    tick,
)
from tests.bot.experts.test_proposals import solve_three


async def shown(session: AsyncSession, user_id: str, team_id: str = TEAM) -> tuple[int, int]:
    """How many questions wait for this person, and how many of theirs are open."""
    home = await get_home(session, team_id=team_id, user_id=user_id, now=NOW)
    return len(home.waiting), len(home.asked)


async def test_an_open_question_waits_for_its_asker_and_its_experts(
    session: AsyncSession, help_channel
):
    await add_topic(session, "tariff code", experts=[BEN, EVA])
    await ask(session)

    assert [await shown(session, each) for each in (ANA, BEN, PIA)] == [(0, 1), (1, 0), (0, 0)]
    assert await shown(session, ANA, OTHER_TEAM) == (0, 0)


async def test_what_somebody_took_waits_for_them_alone(session: AsyncSession, help_channel):
    await add_topic(session, "tariff code", experts=[BEN, EVA])
    question_id = await ask(session)
    await claim(session, team_id=TEAM, question_id=question_id, user_id=BEN, now=at(30))

    assert [await shown(session, each) for each in (BEN, EVA)] == [(1, 0), (0, 0)]


async def test_what_an_expert_passed_on_waits_for_them_no_more(session: AsyncSession, help_channel):
    await add_topic(session, "tariff code", experts=[BEN])
    question_id = await ask(session)
    await pass_on(session, team_id=TEAM, question_id=question_id, user_id=BEN, now=at(30))

    assert await shown(session, BEN) == (0, 0)


async def test_a_solved_question_waits_for_nobody(session: AsyncSession, help_channel):
    await add_topic(session, "tariff code", experts=[BEN])
    await ask(session)
    await tick(session, await answer(session))

    assert [await shown(session, each) for each in (ANA, BEN)] == [(0, 0), (0, 0)]


async def test_who_can_read_the_channel_no_more_sees_nothing_of_it(
    session: AsyncSession, help_channel
):
    await add_topic(session, "tariff code", experts=[BEN])
    await ask(session)
    await learn_help_channel(session, is_private=True, user_ids=[])

    assert [await shown(session, each) for each in (ANA, BEN)] == [(0, 0), (0, 0)]


async def test_newcomers_first_questions_wait_on_top(session: AsyncSession, help_channel):
    await add_topic(session, "tariff code", experts=[BEN])
    anas = await ask(session, seconds=-4000)
    pias = await ask(session, by=PIA, seconds=-3000)
    second = await ask(session, seconds=-2000)

    waiting = (await get_home(session, team_id=TEAM, user_id=BEN, now=NOW)).waiting

    assert [(each.question_id, each.is_first) for each in waiting] == [
        (pias, True),
        (anas, True),
        (second, False),
    ]


async def test_only_admins_see_who_could_help(session: AsyncSession, help_channel):
    await add_topic(session)
    await solve_three(session)

    seen = [await get_home(session, team_id=TEAM, user_id=each, now=NOW) for each in (ADA, BEN)]

    assert [len(each.proposed) for each in seen] == [1, 0]

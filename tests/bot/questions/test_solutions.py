import asyncio
from itertools import permutations

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotAnAnswer, OnlyAskerOrExpertMayAccept
from bot.experts.cards import SOLVED, get_marker
from bot.questions.capture import call_not_a_question
from bot.questions.messages import erase, hear
from bot.questions.refusals import settle_vouched
from bot.questions.solutions import accept_solution, check_may_accept
from bot.recognition.kudos import Effect, get_effect
from storage.database import Sessions
from storage.tables import Kudos, Mark
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    answer,
    ask,
    at,
    card_of,
    count,
    owed,
    replied,
    settle_in,
    solve,
    tick,
    ts,
)

DAY = 24 * 3600


async def authors(session: AsyncSession, question_id: int) -> list[str]:
    """Whose answers are solutions, the first accepted first."""
    return [each.author_id for each in (await card_of(session, question_id)).solutions]


async def effect_of(session: AsyncSession, user_id: str = BEN) -> Effect:
    return await get_effect(session, team_id=TEAM, user_id=user_id, viewer_id=ANA)


async def test_the_askers_mark_makes_a_solution_and_credits_its_author(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)

    assert await authors(session, question_id) == [BEN]
    assert (await effect_of(session)).solved == 1
    marker = await get_marker(session, TEAM, question_id)
    assert marker is not None and marker.wanted == SOLVED


async def test_the_same_mark_delivered_twice_is_one_solution(session: AsyncSession, help_channel):
    await ask(session)
    reply = await answer(session)

    assert await tick(session, reply)
    assert not await tick(session, reply)
    assert await count(session, Kudos) == 1


async def test_taking_the_mark_off_takes_the_solution_and_the_credit_back(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)

    assert await tick(session, ts(60), on=False, seconds=200)
    assert not await tick(session, ts(60), on=False, seconds=200)
    assert await authors(session, question_id) == []
    assert (await effect_of(session)).solved == 0


@pytest.mark.parametrize("by", [BEN, ADA])
async def test_experts_and_admins_may_mark_too(session: AsyncSession, help_channel, by: str):
    await add_topic(session, "tariff code", experts=[BEN])
    question_id = await ask(session)
    await tick(session, await answer(session, by=EVA), by=by)

    assert await authors(session, question_id) == [EVA]
    assert (await effect_of(session, EVA)).solved == 1


async def test_other_peoples_marks_say_that_it_helped_them(session: AsyncSession, help_channel):
    question_id = await ask(session)
    await tick(session, await answer(session), by=PIA)

    assert await authors(session, question_id) == []
    effect = await effect_of(session)
    assert (effect.solved, effect.helped_too) == (0, 1)


@pytest.mark.parametrize("order", [(ANA, BEN), (BEN, ANA)])
async def test_the_askers_word_wins_over_the_experts(
    session: AsyncSession, help_channel, order: tuple[str, str]
):
    await add_topic(session, "tariff code", experts=[BEN])
    question_id = await ask(session)
    replies = {ANA: await answer(session, by=EVA), BEN: await answer(session, by=PIA, seconds=61)}
    for by in order:
        await tick(session, replies[by], by=by)

    assert await authors(session, question_id) == [EVA]
    assert (await effect_of(session, PIA)).solved == 0


async def test_the_experts_word_counts_again_when_the_asker_takes_theirs_back(
    session: AsyncSession, help_channel
):
    await add_topic(session, "tariff code", experts=[BEN])
    question_id = await ask(session)
    reply = await answer(session, by=EVA)
    await tick(session, reply, by=BEN)
    await tick(session, await answer(session, by=PIA, seconds=61), seconds=130)
    await tick(session, ts(61), on=False, seconds=140)

    assert await authors(session, question_id) == [EVA]


async def test_several_marks_are_several_solutions(session: AsyncSession, help_channel):
    question_id = await ask(session)
    await tick(session, await answer(session, by=EVA, seconds=61), seconds=120)
    await tick(session, await answer(session, by=BEN), seconds=121)

    assert await authors(session, question_id) == [EVA, BEN]
    assert (await effect_of(session, BEN)).solved == (await effect_of(session, EVA)).solved == 1


async def test_the_askers_own_answer_solves_but_earns_nothing(session: AsyncSession, help_channel):
    question_id = await ask(session)
    reply = await answer(session, by=ANA)
    await tick(session, reply, by=ANA)
    await tick(session, reply, by=PIA)

    assert await authors(session, question_id) == [ANA]
    assert await count(session, Kudos) == 0


async def test_experts_earn_nothing_by_marking_themselves(session: AsyncSession, help_channel):
    await add_topic(session, "tariff code", experts=[BEN])
    question_id = await ask(session)
    reply = await answer(session, by=BEN)
    await tick(session, reply, by=BEN)
    await settle_vouched(session, now=at(2 * DAY))

    assert await authors(session, question_id) == [BEN]
    assert await count(session, Kudos) == 0


async def test_an_experts_mark_beside_the_askers_is_no_second_help(
    session: AsyncSession, help_channel
):
    await add_topic(session, "tariff code", experts=[EVA])
    await solve(session)
    await tick(session, ts(60), by=EVA, seconds=130)

    assert await count(session, Kudos) == 1


async def test_on_and_off_and_on_again_counts_once(session: AsyncSession, help_channel):
    await solve(session)
    for n in range(5):
        await tick(session, ts(60), on=False, seconds=200 + 2 * n)
        await tick(session, ts(60), on=True, seconds=201 + 2 * n)

    effect = await effect_of(session)
    assert (effect.solved, effect.people, len(effect.evidence)) == (1, 1, 1)


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
async def test_a_reply_and_marks_on_and_off_may_come_in_any_order(
    session: AsyncSession, help_channel, order: tuple[int, ...]
):
    question_id = await ask(session)
    events = [
        lambda: hear(session, replied(), now=at(60)),
        lambda: tick(session, ts(60), on=True, seconds=120),
        lambda: tick(session, ts(60), on=False, seconds=130),
    ]
    for n in order:
        await events[n]()

    assert await authors(session, question_id) == []
    assert (await effect_of(session)).solved == 0


async def test_a_mark_before_its_reply_counts_when_the_reply_comes(
    session: AsyncSession, help_channel
):
    question_id = await ask(session)
    await tick(session, ts(60))
    assert ("read_answer", f"{HELP}:{ts(60)}") in await owed(session)

    await answer(session)

    assert await authors(session, question_id) == [BEN]


async def test_a_deleted_solution_is_none_and_its_credit_is_gone(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)
    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=ts(60), now=at(200))

    assert await authors(session, question_id) == []
    assert (await effect_of(session)).solved == 0
    assert await count(session, Mark) == 0


async def test_a_mark_on_a_deleted_reply_solves_nothing(session: AsyncSession, help_channel):
    question_id = await ask(session)
    await answer(session)
    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=ts(60), now=at(100))

    assert not await tick(session, ts(60))
    assert await authors(session, question_id) == []


async def test_marks_on_a_withdrawn_question_solve_nothing(session: AsyncSession, help_channel):
    question_id = await ask(session)
    await answer(session)
    await call_not_a_question(
        session, team_id=TEAM, question_id=question_id, user_id=ANA, now=at(90)
    )

    assert not await tick(session, ts(60))


async def test_a_mark_in_another_workspace_solves_nothing(session: AsyncSession, help_channel):
    question_id = await ask(session)
    place = {"channel_id": HELP, "message_ts": await answer(session)}

    assert not await accept_solution(session, team_id=OTHER_TEAM, **place, user_id=ANA, now=at(120))
    assert await authors(session, question_id) == []


async def test_marks_where_nobody_asks_are_not_kept(session: AsyncSession):
    assert not await tick(session, ts(60))
    assert await count(session, Mark) == 0


async def test_who_marks_their_own_question_is_told_to_mark_the_reply(
    session: AsyncSession, help_channel
):
    question_id = await ask(session)

    await tick(session, ts(), by=PIA)
    await tick(session, ts(), by=ANA)
    assert ("mark_hint", str(question_id)) not in await owed(session)
    assert ("close_offer", str(question_id)) in await owed(session)  # no reply is there

    await answer(session)
    await tick(session, ts(), by=ANA, on=False, seconds=130)
    await tick(session, ts(), by=ANA, seconds=140)
    assert ("mark_hint", str(question_id)) in await owed(session)


async def test_only_the_asker_or_an_expert_may_choose_mark_as_solution(
    session: AsyncSession, help_channel
):
    await ask(session)
    place = {"team_id": TEAM, "channel_id": HELP, "message_ts": await answer(session)}

    for user_id in (ANA, ADA):
        await check_may_accept(session, **place, user_id=user_id)
    with pytest.raises(OnlyAskerOrExpertMayAccept, match=ANA):
        await check_may_accept(session, **place, user_id=PIA)
    for wrong in ({"message_ts": ts()}, {"team_id": OTHER_TEAM}):
        with pytest.raises(NotAnAnswer):
            await check_may_accept(session, **{**place, **wrong}, user_id=ANA)


async def test_marks_at_the_same_time_settle_to_one_truth(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        question_id = await ask(session)
        await answer(session)

    async def mark(by: str, seconds: float, on: bool) -> None:
        async with sessions.begin() as session:
            await tick(session, ts(60), by=by, seconds=seconds, on=on)

    marks = [(by, 120 + n, n % 2 == 0) for n in range(5) for by in (ANA, ADA, PIA)]
    await asyncio.gather(*(mark(*each) for each in marks))

    async with sessions.read() as session:
        assert await authors(session, question_id) == [BEN]
        effect = await effect_of(session)
        assert (effect.solved, effect.helped_too) == (1, 1)


async def test_a_reply_and_its_mark_at_the_same_time_make_a_solution(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        question_id = await ask(session)

    async def mark() -> None:
        async with sessions.begin() as session:
            await tick(session, ts(60))

    async with sessions.begin() as session:
        await answer(session)
        marking = asyncio.create_task(mark())
        await asyncio.sleep(0.1)  # on PostgreSQL it does not see the reply, on SQLite it waits
    await marking
    async with sessions.begin() as session:
        await hear(session, replied(), now=at(60))  # the reply, read again as owed

    async with sessions.read() as session:
        assert await authors(session, question_id) == [BEN]

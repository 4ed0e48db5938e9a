import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import AlreadyClaimed, AlreadySolved, AskersCannotClaim, QuestionIsGone, UserError
from bot.experts import claims
from bot.experts.claims import claim, pass_on
from storage.database import Sessions
from tests.bot.conftest import (
    ANA,
    BEN,
    EVA,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    answer,
    ask,
    at,
    card_of,
    learn,
    settle_in,
    solve,
    tick,
)


async def take(session: AsyncSession, question_id: int, user_id: str, team_id: str = TEAM) -> bool:
    return await claim(
        session, team_id=team_id, question_id=question_id, user_id=user_id, now=at(30)
    )


async def decline(session: AsyncSession, question_id: int, user_id: str, team_id: str = TEAM):
    await pass_on(session, team_id=team_id, question_id=question_id, user_id=user_id, now=at(30))


async def test_whoever_reads_a_question_may_take_it(session: AsyncSession, help_channel):
    question_id = await ask(session)

    assert await take(session, question_id, PIA)
    assert (await card_of(session, question_id)).claimed_by == PIA


async def test_taking_it_twice_changes_nothing(session: AsyncSession, help_channel):
    question_id = await ask(session)
    await take(session, question_id, PIA)

    assert not await take(session, question_id, PIA)


async def test_a_taken_question_cannot_be_taken_by_another(session: AsyncSession, help_channel):
    question_id = await ask(session)
    await take(session, question_id, PIA)

    with pytest.raises(AlreadyClaimed, match=PIA):
        await take(session, question_id, BEN)


async def test_askers_cannot_take_their_own_question(session: AsyncSession, help_channel):
    question_id = await ask(session)

    with pytest.raises(AskersCannotClaim):
        await take(session, question_id, ANA)


async def test_a_solved_question_cannot_be_taken(session: AsyncSession, help_channel):
    question_id = await solve(session)

    with pytest.raises(AlreadySolved):
        await take(session, question_id, PIA)


@pytest.mark.parametrize("press", [take, decline])
async def test_who_cannot_read_the_channel_learns_nothing_from_its_buttons(
    session: AsyncSession, help_channel, press
):
    question_id = await ask(session)
    await learn(session, "U_GUEST", is_guest=True)

    for user_id, team_id, asked in (
        ("U_GUEST", TEAM, question_id),
        ("U_UNKNOWN", TEAM, question_id),
        (PIA, OTHER_TEAM, question_id),
        (PIA, TEAM, question_id + 1000),
    ):
        with pytest.raises(QuestionIsGone):
            await press(session, asked, user_id, team_id)


async def test_of_two_who_take_it_at_the_same_time_one_gets_it(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        question_id = await ask(session)

    async def press(user_id: str) -> bool | UserError:
        try:
            async with sessions.begin() as session:
                return await take(session, question_id, user_id)
        except UserError as refusal:
            return refusal

    first, second = sorted(await asyncio.gather(press(BEN), press(PIA)), key=str, reverse=True)
    assert first is True
    assert isinstance(second, AlreadyClaimed)


async def test_passing_asks_the_next_expert(session: AsyncSession, help_channel):
    await add_topic(session, "tariff code", experts=[BEN, EVA, PIA])
    question_id = await ask(session)

    await decline(session, question_id, BEN)

    assert set((await card_of(session, question_id)).asked_ids) == {EVA, PIA}


async def test_passing_twice_asks_nobody_more(session: AsyncSession, help_channel):
    await learn(session, "U_ZOE")
    await add_topic(session, "tariff code", experts=[BEN, EVA, PIA, "U_ZOE"])
    question_id = await ask(session)
    for _ in range(2):
        await decline(session, question_id, BEN)

    assert set((await card_of(session, question_id)).asked_ids) == {EVA, PIA}


async def test_passing_gives_a_claim_back(session: AsyncSession, help_channel):
    question_id = await ask(session)
    await take(session, question_id, PIA)
    await decline(session, question_id, PIA)

    assert (await card_of(session, question_id)).claimed_by is None


async def test_another_persons_pass_takes_no_claim_away(session: AsyncSession, help_channel):
    question_id = await ask(session)
    await take(session, question_id, PIA)
    await decline(session, question_id, BEN)

    assert (await card_of(session, question_id)).claimed_by == PIA


async def test_who_passed_may_still_take_it(session: AsyncSession, help_channel):
    await add_topic(session, "tariff code", experts=[BEN])
    question_id = await ask(session)
    await decline(session, question_id, BEN)

    assert await take(session, question_id, BEN)
    assert (await card_of(session, question_id)).asked_ids == (BEN,)


async def test_who_passed_before_is_not_asked_later(session: AsyncSession, help_channel):
    await add_topic(session, "tariff code", experts=[BEN, EVA, PIA])
    question_id = await ask(session)
    await decline(session, question_id, PIA)
    await decline(session, question_id, BEN)

    assert (await card_of(session, question_id)).asked_ids == (EVA,)


async def test_passing_on_a_solved_question_asks_nobody(session: AsyncSession, help_channel):
    await add_topic(session, "tariff code", experts=[BEN, EVA, PIA])
    question_id = await ask(session)
    await tick(session, await answer(session))
    await decline(session, question_id, BEN)

    assert (await card_of(session, question_id)).asked_ids == (EVA,)


async def test_who_passes_is_told_what_comes_of_it(session: AsyncSession, help_channel):
    await add_topic(session, experts=[BEN, EVA, PIA], keywords="tariff")
    question_id = await ask(session)
    first, second = (await card_of(session, question_id)).asked_ids
    [third] = {BEN, EVA, PIA} - {first, second}

    async def what_now(user_id: str) -> str:
        pressed = {"team_id": TEAM, "question_id": question_id, "user_id": user_id}
        return (await pass_on(session, **pressed, now=at(30))).what_now

    assert await what_now(first) == claims.ASKED  # the third is asked now
    assert await what_now(second) == claims.WAITS
    assert await what_now(third) == claims.RESTS
    await claim(session, team_id=TEAM, question_id=question_id, user_id=first, now=at(40))
    assert await what_now(second) == claims.TAKEN
    assert await what_now(first) == claims.RESTS  # given back
    await answer(session, by=PIA)
    assert await what_now(second) == claims.ANSWERED

import asyncio

import pytest
import sqlalchemy
from sqlalchemy.ext.asyncio import AsyncSession

from bot.questions.messages import erase, hear, reword
from storage.database import Sessions
from storage.questions import answers
from storage.tables import Answer, Outbox
from tests.bot.conftest import (
    ANA,
    BEN,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    answer,
    ask,
    at,
    card_of,
    count,
    find,
    owed,
    replied,
    said,
    settle_in,
    solve,
    tick,
    ts,
)


async def answer_at(session: AsyncSession, seconds: float) -> Answer:
    found = await answers.get_by_message(
        session, team_id=TEAM, channel_id=HELP, message_ts=ts(seconds)
    )
    assert found is not None
    return found


async def delete(session: AsyncSession, seconds: float, team_id: str = TEAM) -> bool:
    return await erase(
        session, team_id=team_id, channel_id=HELP, message_ts=ts(seconds), now=at(seconds + 500)
    )


async def edit(session: AsyncSession, text: str, *, seconds: float = 60, after: float = 300):
    return await reword(session, replied(text, seconds=seconds), now=at(seconds + after))


async def test_a_reply_of_somebody_else_is_an_answer(session: AsyncSession, help_channel):
    question_id = await ask(session)

    await answer(session, by=BEN)

    assert (await card_of(session, question_id)).answers == 1


async def test_the_askers_own_replies_are_kept_but_do_not_count(
    session: AsyncSession, help_channel
):
    question_id = await ask(session)

    await answer(session, by=ANA)

    assert (await card_of(session, question_id)).answers == 0


async def test_the_same_reply_delivered_twice_is_one_answer(session: AsyncSession, help_channel):
    await ask(session)
    await answer(session)

    assert not await hear(session, replied(), now=at(60))
    assert await count(session, Answer) == 1


@pytest.mark.parametrize(
    "elsewhere",
    [{"team_id": OTHER_TEAM}, {"channel_id": "C_RANDOM"}, {"thread_ts": ts(7)}],
    ids=str,
)
async def test_replies_elsewhere_are_no_answers(
    session: AsyncSession, help_channel, elsewhere: dict
):
    await ask(session)
    reply = {"seconds": 60, "by": BEN, "thread_ts": ts(), **elsewhere}

    assert not await hear(session, said("Press Amend.", **reply), now=at(60))


async def test_the_bots_name_alone_in_a_thread_makes_us_read_what_it_is_about(
    session: AsyncSession, help_channel
):
    reply = said("", by=BEN, seconds=60, thread_ts=ts())

    assert await hear(session, reply, mentions_bot=True, now=at(60))
    assert ("read_question", f"{HELP}:{ts()}") in await owed(session)


async def test_the_bots_name_with_words_in_a_thread_makes_that_reply_the_question(
    session: AsyncSession, help_channel
):
    reply = said("who knows this?", by=BEN, seconds=60, thread_ts=ts())

    assert await hear(session, reply, mentions_bot=True, now=at(60))
    assert not await hear(session, reply, now=at(60))  # delivered again, it is no answer
    assert await hear(session, replied(by=PIA, seconds=90), now=at(90))


async def test_a_reply_deleted_before_it_was_heard_is_not_kept(session: AsyncSession, help_channel):
    await ask(session)
    await delete(session, 60)

    assert not await hear(session, replied("secret"), now=at(60))
    assert await count(session, Answer) == 0


async def test_a_deleted_reply_loses_its_text_and_does_not_come_back(
    session: AsyncSession, help_channel
):
    question_id = await ask(session)
    await answer(session, "secret")

    assert await delete(session, 60)
    await hear(session, replied("secret"), now=at(60))
    await edit(session, "secret")

    assert (await answer_at(session, 60)).text == ""
    assert (await card_of(session, question_id)).answers == 0


async def test_a_deletion_in_another_workspace_deletes_no_reply(
    session: AsyncSession, help_channel
):
    await ask(session)
    await answer(session)

    assert not await delete(session, 60, team_id=OTHER_TEAM)
    assert (await answer_at(session, 60)).text == "Press Amend."


async def test_the_newest_edit_counts_in_whatever_order_they_come(
    session: AsyncSession, help_channel
):
    await ask(session)
    await answer(session)
    await edit(session, "newest", after=60)
    await edit(session, "older", after=30)

    assert (await answer_at(session, 60)).text == "newest"


async def test_an_edited_solution_is_shown_and_found_in_its_new_words(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)

    await edit(session, "Ring the broker.")

    assert (await card_of(session, question_id)).solutions[0].text == "Ring the broker."
    assert (await find(session, "broker")).total == 1
    assert (await find(session, "amend")).total == 0


async def test_a_reply_to_a_solved_question_is_found_with_it(session: AsyncSession, help_channel):
    await solve(session)

    await answer(session, "The broker can do it too.", by=PIA, seconds=300)

    assert (await find(session, "broker")).total == 1


async def test_a_deleted_reply_that_was_no_solution_is_not_found_any_more(
    session: AsyncSession, help_channel
):
    await solve(session)
    await answer(session, "The broker can do it too.", by=PIA, seconds=300)

    await delete(session, 300)

    assert (await find(session, "broker")).total == 0
    assert (await find(session, "amend")).total == 1


async def test_a_deleted_solution_opens_the_question_again(session: AsyncSession, help_channel):
    question_id = await solve(session)

    await delete(session, 60)

    assert (await card_of(session, question_id)).solutions == ()
    assert (await find(session, "tariff")).total == 0


async def test_of_one_reply_delivered_twice_at_the_same_time_one_is_kept(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        await ask(session)

    async def deliver() -> bool:
        async with sessions.begin() as session:
            return await hear(session, replied(), now=at(60))

    assert sorted(await asyncio.gather(deliver(), deliver(), deliver())) == [False, False, True]


async def test_two_replies_that_were_marked_before_they_were_heard_come_at_the_same_time(
    sessions: Sessions,
):
    async with sessions.begin() as session:
        await settle_in(session)
        question_id = await ask(session)
        for n in range(8):
            await tick(session, ts(60 + n))

    async def deliver(n: int) -> None:
        async with sessions.begin() as session:
            await hear(session, replied(f"Answer {n}", seconds=60 + n), now=at(60 + n))

    for n in range(0, 8, 2):
        await asyncio.gather(deliver(n), deliver(n + 1))

    async with sessions.read() as session:
        assert len((await card_of(session, question_id)).solutions) == 8


async def test_two_edits_at_the_same_time_are_both_found(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        await solve(session)
        await answer(session, "second", by=PIA, seconds=90)

    async with sessions.begin() as first:
        await edit(first, "Ring the broker.")
        later = asyncio.create_task(edit_at_the_same_time(sessions))
        await asyncio.sleep(0.1)  # until it waits for the first
    await later

    async with sessions.read() as session:
        assert [(await find(session, word)).total for word in ("broker", "forwarder")] == [1, 1]


async def edit_at_the_same_time(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await edit(session, "Or the forwarder.", seconds=90)


async def test_the_card_counts_a_deleted_reply_no_more(session: AsyncSession, help_channel):
    question_id = await ask(session)
    reply = await answer(session)
    assert (await card_of(session, question_id)).answers == 1
    await session.execute(sqlalchemy.delete(Outbox))

    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=reply, now=at(300))

    assert (await card_of(session, question_id)).answers == 0
    assert ("question_card", str(question_id)) in await owed(session)

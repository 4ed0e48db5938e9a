import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import lose_channel
from bot.finding.find import PAGE, find_solved
from bot.questions.capture import call_not_a_question
from tests.bot.conftest import (
    ADA,
    ANA,
    ASKED,
    BEN,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    answer,
    ask,
    at,
    find,
    learn,
    learn_help_channel,
    leave_help_channel,
    said,
    solve,
    tick,
    ts,
)
from tests.bot.recognition.test_kudos import hear_and_mark


async def test_a_result_shows_question_solution_who_and_when(session: AsyncSession, help_channel):
    await solve(session)
    await tick(session, ts(60), by=PIA, seconds=130)

    [result] = (await find(session, "how to correct tariff codes")).results

    assert (result.question, result.solution) == (ASKED, "Press Amend.")
    assert (result.author_id, result.solved_at, result.helped) == (BEN, at(120), 2)
    assert (result.channel_id, result.thread_ts, result.solution_ts) == (HELP, ts(), ts(60))


async def test_only_solved_questions_are_found(session: AsyncSession, help_channel):
    await ask(session)
    await answer(session)

    assert (await find(session)).total == 0


async def test_what_is_solved_no_more_is_not_found(session: AsyncSession, help_channel):
    await solve(session)
    await tick(session, ts(60), on=False, seconds=200)

    assert (await find(session)).total == 0


async def test_a_withdrawn_question_is_not_found(session: AsyncSession, help_channel):
    question_id = await solve(session)
    await call_not_a_question(
        session, team_id=TEAM, question_id=question_id, user_id=ANA, now=at(200)
    )

    assert (await find(session)).total == 0


PEOPLE = {
    "U_GUEST": {"is_guest": True},
    "U_EXTERNAL": {"is_external": True},
    "U_GONE": {"is_deactivated": True},
    "U_BOT": {"is_bot": True},
}


@pytest.mark.parametrize(
    ("members", "is_private", "readers"),
    [
        ((), False, {PIA, ADA}),
        ((PIA, *PEOPLE, "U_UNKNOWN"), False, {PIA, ADA, "U_GUEST", "U_EXTERNAL"}),
        ((), True, set()),
        ((PIA, "U_GUEST", "U_GONE", "U_UNKNOWN"), True, {PIA, "U_GUEST"}),
    ],
    ids=["public", "public with guests", "private", "private with members"],
)
async def test_only_who_can_read_the_channel_finds(
    session: AsyncSession, help_channel, members: tuple, is_private: bool, readers: set[str]
):
    await solve(session)
    await learn_help_channel(session, is_private=is_private, user_ids=members)
    for user_id, changes in PEOPLE.items():
        await learn(session, user_id, **changes)

    found = {
        user_id
        for user_id in (PIA, ADA, *PEOPLE, "U_UNKNOWN", "")
        if (await find(session, by=user_id)).total
    }

    assert found == readers


async def test_who_left_a_private_channel_finds_nothing_of_it(session: AsyncSession, help_channel):
    await solve(session)
    await learn_help_channel(session, is_private=True, user_ids=[PIA])
    assert (await find(session)).total == 1

    await leave_help_channel(session, PIA)

    assert (await find(session)).total == 0


@pytest.mark.parametrize(("is_private", "total"), [(True, 0), (False, 1)])
async def test_where_the_bot_is_no_more_only_public_channels_are_found(
    session: AsyncSession, help_channel, is_private: bool, total: int
):
    await solve(session)
    await learn_help_channel(session, is_private=is_private, user_ids=[PIA])
    await lose_channel(session, team_id=TEAM, channel_id=HELP, now=at(300))

    assert (await find(session)).total == total


async def test_another_workspace_finds_nothing(session: AsyncSession, help_channel):
    await solve(session)
    await learn(session, PIA, team_id=OTHER_TEAM)
    await learn(session, ADA, team_id=OTHER_TEAM, is_admin=True)
    await learn_help_channel(session, team_id=OTHER_TEAM, user_ids=[PIA])

    assert (await find(session, team_id=OTHER_TEAM)).total == 0


async def test_results_come_in_pages_with_the_total(session: AsyncSession, help_channel):
    for n in range(PAGE + 2):
        await ask(session, f"How do I paint pallet {n}?", seconds=1000 * n)
        reply = said("So.", by=BEN, seconds=1000 * n + 60, thread_ts=ts(1000 * n))
        await hear_and_mark(session, reply, by=ANA)

    first, second, beyond = [
        await find_solved(
            session, team_id=TEAM, user_id=PIA, words="paint pallet", offset=offset, now=at(0)
        )
        for offset in (0, PAGE, 2 * PAGE)
    ]

    assert [page.total for page in (first, second, beyond)] == [PAGE + 2] * 3
    assert [page.has_more for page in (first, second, beyond)] == [True, False, False]
    ids = [each.question_id for page in (first, second) for each in page.results]
    assert len(set(ids)) == PAGE + 2
    assert beyond.results == ()


async def test_who_answered_themselves_helped_nobody_yet(session: AsyncSession, help_channel):
    await ask(session)
    await tick(session, await answer(session, by=ANA))

    [result] = (await find(session)).results
    assert result.helped == 0

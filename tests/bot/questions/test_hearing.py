import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import lose_channel
from bot.questions.hearing import come_back, get_heard_until, note_heard
from bot.workspaces import join_workspace
from storage.database import Sessions
from storage.tables import Absence, CatchUp, Workspace
from tests.bot.conftest import (
    ADA,
    HELP,
    NOW,
    OTHER_TEAM,
    TEAM,
    answer,
    ask,
    at,
    count,
    learn,
    learn_help_channel,
    owed,
    settle_in,
    solve,
    tick,
    ts,
)

LATER = NOW + timedelta(hours=3)


async def join(session: AsyncSession, team_id: str = TEAM, *, days: int = 14) -> None:
    named = {"name": "Acme", "url": "", "bot_user_id": "U_BOT"}
    await join_workspace(session, team_id=team_id, **named, catch_up_days=days, now=NOW)


@pytest.fixture
async def heard(session: AsyncSession, help_channel: str) -> None:
    """The bot heard everything until now."""
    await join(session)
    await note_heard(session, team_ids=[TEAM], until=NOW, now=NOW)


async def test_the_first_start_has_missed_nothing(session: AsyncSession, help_channel: str):
    await join(session)

    assert await come_back(session, team_id=TEAM, now=NOW) is False

    assert await get_heard_until(session, TEAM) == NOW


async def test_after_an_upgrade_the_last_question_is_where_reading_starts(
    session: AsyncSession, help_channel: str
):
    await join(session)
    await session.execute(update(Workspace).values(heard_until=None))
    await ask(session, seconds=60)

    assert await come_back(session, team_id=TEAM, now=LATER) is True

    assert (await session.scalars(select(Absence.since))).one() == at(60)


async def test_what_slack_sends_again_is_not_read(session: AsyncSession, heard):
    assert await come_back(session, team_id=TEAM, now=at(20)) is False

    assert await count(session, Absence) == 0


async def test_channels_and_open_threads_are_read_after_an_absence(session: AsyncSession, heard):
    await ask(session, "Who knows the scanner's code?", seconds=-600)
    await ask(session)
    await tick(session, await answer(session))

    assert await come_back(session, team_id=TEAM, now=LATER) is True

    read = {each for each in await owed(session) if each[0].startswith("catch_up")}
    assert read == {("catch_up", HELP), ("catch_up_thread", f"{HELP}:{ts(-600)}")}


async def test_only_what_is_the_workspaces_is_read(session: AsyncSession, heard):
    await learn(session, ADA, is_admin=True, team_id=OTHER_TEAM)
    await learn_help_channel(session, "C_THEIRS", team_id=OTHER_TEAM)
    await learn_help_channel(session, "C_LEFT")
    await lose_channel(session, team_id=TEAM, channel_id="C_LEFT", now=NOW)

    await come_back(session, team_id=TEAM, now=LATER)

    assert (await session.scalars(select(CatchUp.channel_id))).all() == [HELP]


async def test_nothing_is_read_where_the_operator_does_not_want_it(session: AsyncSession, heard):
    await join(session, days=0)

    assert await come_back(session, team_id=TEAM, now=LATER) is False
    assert await get_heard_until(session, TEAM) == LATER


async def test_two_replicas_that_come_back_together_read_once(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        await join(session)
        await note_heard(session, team_ids=[TEAM], until=NOW, now=NOW)

    async def one() -> bool:
        async with sessions.begin() as session:
            return await come_back(session, team_id=TEAM, now=LATER)

    assert sorted(await asyncio.gather(one(), one())) == [False, True]


async def test_until_when_it_heard_moves_back_only_from_the_future(session: AsyncSession, heard):
    await note_heard(session, team_ids=[TEAM], until=NOW - timedelta(hours=1), now=NOW)
    assert await get_heard_until(session, TEAM) == NOW

    await note_heard(session, team_ids=[TEAM], until=LATER, now=LATER)
    await note_heard(session, team_ids=[TEAM], until=NOW, now=NOW)
    assert await get_heard_until(session, TEAM) == NOW


async def test_solved_threads_wait_until_all_that_was_said_is_taken_in(
    session: AsyncSession, heard
):
    await solve(session)

    await come_back(session, team_id=TEAM, now=LATER)

    assert ("catch_up_thread", f"{HELP}:{ts()}") not in await owed(session)

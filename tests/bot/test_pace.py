"""Slack's pace, shared: no turn is taken twice, and what is closed to one is closed to all."""

import asyncio
import itertools

import pytest

from bot.pace import list_closed, shut, take_turn
from storage.database import Sessions
from tests.bot.conftest import TEAM


async def turn(sessions: Sessions, key: str, channel: str = "C1", team: str = TEAM) -> float:
    async with sessions.begin() as session:
        return await take_turn(session, team_id=team, channel_id=channel, key=key)


async def test_at_the_same_time_each_gets_another_turn(sessions: Sessions):
    waits = await asyncio.gather(*(turn(sessions, f"key {number}") for number in range(8)))

    at_once = [each for each in waits if each == 0]
    later = sorted(each for each in waits if each)
    assert len(at_once) == 3  # a short burst
    assert all(after - before > 0.5 for before, after in itertools.pairwise(later))


async def test_who_waits_keeps_its_place_whoever_asks_then(sessions: Sessions):
    for number in range(5):
        waits = await turn(sessions, f"key {number}")
    late = await turn(sessions, "late")

    again = await turn(sessions, "key 4")

    assert 0 < again <= waits < late


async def test_other_channels_and_workspaces_do_not_wait(sessions: Sessions):
    for number in range(5):
        await turn(sessions, f"key {number}")

    assert await turn(sessions, "other", channel="C2") == 0
    assert await turn(sessions, "other", team="T_OTHER") == 0


@pytest.mark.parametrize("order", [(30, 5), (5, 30)])
async def test_a_method_is_closed_for_as_long_as_anybody_heard(
    sessions: Sessions, order: tuple[int, int]
):
    for seconds in order:
        async with sessions.begin() as session:
            await shut(session, team_id=TEAM, method="chat.update", seconds=seconds)

    async with sessions.read() as session:
        (closed,) = await list_closed(session)
    assert (closed.team_id, closed.method) == (TEAM, "chat.update")
    assert 20 < closed.seconds <= 30

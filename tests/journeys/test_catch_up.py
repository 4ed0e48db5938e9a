"""The bot was away while people went on talking."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from app import running
from bot.settings import Settings
from sandbox import Sandbox
from tests.journeys.conftest import TICK, Community

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AWAY = timedelta(hours=3)
BOTH = [pytest.mark.on_both, pytest.mark.parametrize("transport", ["socket", "http"])]


@asynccontextmanager
async def at_work(slack: Sandbox, settings: Settings) -> AsyncIterator[None]:
    async with running(settings, slack.clock.now, ticks_every=TICK):
        if settings.connection == "socket":
            await slack.until(lambda: slack.connections)
        yield
        await slack.delivered()


@asynccontextmanager
async def away(slack: Sandbox, for_: timedelta = AWAY) -> AsyncIterator[None]:
    """The bot is off for so long, and what Slack sends meanwhile is given up."""
    slack.time_scale = 0.001
    yield
    slack.clock.advance(for_)
    await slack.until(lambda: not slack.outbound.pending)
    slack.time_scale = 1.0


@pytest.fixture(autouse=True)
def noon(slack: Sandbox) -> None:
    slack.clock.set(MONDAY_NOON)


@pytest.mark.on_both
@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_what_was_said_while_it_was_away_is_taken_in(
    slack: Sandbox, settings: Settings, community: Community
):
    bob, ken, ana = (community.as_(each) for each in (community.bob, community.ken, community.ana))
    channel = community.channel
    async with at_work(slack, settings):
        await community.set_up()
        known = await community.ask(community.bob, "Which tariff code is right for pallets?")
    async with away(slack):
        answer = await ken.post(channel, "It is 4415.", thread_ts=known)
        await bob.react(channel, answer, "white_check_mark")
        asked = await ana.post(channel, "Who has the keys of the cold store?")
        await ken.post(channel, "Press Amend.", thread_ts=asked)
        slack.clock.advance(timedelta(minutes=10))
        await bob.post(channel, "Good morning all")
        called = await bob.post(channel, f"<@{slack.bot_user_id}> please find who knows pumps")

    async with at_work(slack, settings):
        await community.card_saying(known, "Solved by")
        await slack.until(lambda: "1 reply so far" in str(community.card(asked)))
        await slack.until(lambda: community.card(called))

        assert "4415" in await community.find(community.ana, "tariff pallets")

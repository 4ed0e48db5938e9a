"""The bot was away while people went on talking."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.settings import Settings
from handlers import outbox
from handlers.questions import hearing
from operating.bot import running
from sandbox import Sandbox
from tests.journeys.conftest import TICK, Community

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AWAY = timedelta(hours=3)
HURRIED = 0.001  # of the waits before something is sent again


@asynccontextmanager
async def at_work(slack: Sandbox, settings: Settings) -> AsyncIterator[None]:
    slack.time_scale = 1.0
    async with running(settings, slack.clock.now, ticks_every=TICK):
        if settings.connection == "socket":
            await slack.until(lambda: slack.connections)
        yield
        await slack.delivered()
        slack.time_scale = HURRIED  # what the bot's last calls cause finds nobody any more


@asynccontextmanager
async def away(slack: Sandbox, for_: timedelta = AWAY) -> AsyncIterator[None]:
    """The bot is off for so long, and what Slack sends meanwhile is given up."""
    yield
    slack.clock.advance(for_)
    await slack.delivered(60)


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


@pytest.mark.on_both
async def test_what_was_deleted_or_edited_meanwhile_is_forgotten(
    slack: Sandbox, settings: Settings, community: Community
):
    bob, ken = community.as_(community.bob), community.as_(community.ken)
    channel = community.channel
    async with at_work(slack, settings):
        await community.set_up()
        gone = await community.solve(community.bob, community.ken, "Who has T1 forms?", "Zanzibar.")
        kept = await community.ask(community.bob, "Which tariff is right for pallets?")
        reply = await ken.post(channel, "Quagga, I think.", thread_ts=kept)
        other = await ken.post(channel, "Okapi, or ask Ana.", thread_ts=kept)
    async with away(slack):
        await bob.delete(channel, gone)
        await ken.delete(channel, reply)
        await ken.edit(channel, other, "Impala, or ask Ana.")

    async with at_work(slack, settings):
        await slack.until(lambda: "1 reply" in str(community.card(kept)), 30)
        await slack.until(lambda: community.card(gone) is None, 30)
        await bob.react(channel, other, "white_check_mark")
        card = await community.card_saying(kept, "Solved by")

        assert "Impala" in str(card)
        assert "Nothing solved yet" in await community.find(community.bob, "zanzibar")


async def test_what_slack_only_hides_stays(
    slack: Sandbox, settings: Settings, community: Community
):
    async with at_work(slack, settings):
        await community.set_up()
        await community.solve(community.bob, community.ken, "Who has T1 forms?", "Zanzibar.")
    async with away(slack, timedelta(days=10)):
        slack.limits.hidden_after = timedelta(days=5)

    async with at_work(slack, settings):
        await slack.until(lambda: calls_of(slack, "conversations.replies"), 30)
        await caught_up(slack)

        assert "Zanzibar" in await community.find(community.bob, "T1 forms")


async def test_a_channel_it_is_invited_to_again_is_read(
    slack: Sandbox, settings: Settings, community: Community
):
    async with at_work(slack, settings):
        await community.set_up()
        await slack.leave(slack.bot, community.channel, by=community.maria)
        await slack.delivered()
        ts = await community.as_(community.ana).post(community.channel, "Who has the T1 forms?")
        slack.clock.advance(AWAY)
        await slack.join(slack.bot, community.channel, inviter=community.maria)

        await slack.until(lambda: community.card(ts), 30)


async def test_a_channel_that_comes_out_of_the_archive_is_read(
    slack: Sandbox, settings: Settings, community: Community
):
    async with at_work(slack, settings):
        await community.set_up()
        known = await community.ask(community.bob, "Which tariff is right for pallets?")
        await slack.archive(community.channel, community.maria)
        await slack.delivered()
        slack.clock.advance(AWAY)
    async with away(slack):
        await slack.archive(community.channel, community.maria, archived=False)
        asked = await community.as_(community.ana).post(community.channel, "Who has the forms?")
        await community.as_(community.ken).post(community.channel, "It is 4415.", thread_ts=known)

    async with at_work(slack, settings):
        await slack.until(lambda: community.card(asked), 30)
        await slack.until(lambda: "1 reply" in str(community.card(known)), 30)


async def test_a_connection_that_was_gone_for_long_is_a_gap(
    slack: Sandbox, settings: Settings, community: Community, monkeypatch: pytest.MonkeyPatch
):
    """As much of half a minute as a test has time for."""
    monkeypatch.setattr(hearing, "AWAY_AFTER", timedelta(seconds=1))
    async with at_work(slack, settings):
        await community.set_up()
        slack.time_scale = 0.001
        slack.faults.add("apps.connections.open", "server_error", times=2)
        await slack.disconnect("drop")
        ts = await community.as_(community.ana).post(community.channel, "Who has the T1 forms?")
        slack.clock.advance(AWAY)
        await slack.until(lambda: not slack.outbound.pending)
        slack.time_scale = 1.0

        await slack.until(lambda: community.card(ts), 60)


async def test_a_limited_app_catches_up_slowly_and_is_refused_once_a_method(
    slack: Sandbox, settings: Settings, community: Community, monkeypatch: pytest.MonkeyPatch
):
    slack.limits.is_limited = True
    monkeypatch.setattr(outbox, "LOOK_AGAIN_AFTER", 0.1)  # time jumps, and nobody tells it
    asked = []
    async with at_work(slack, settings):
        await community.set_up()
    async with away(slack):
        for number in range(17):  # more than a page
            person = community.ana if number % 2 else community.bob
            asked.append(await community.as_(person).post(community.channel, f"Who has {number}?"))
            slack.clock.advance(timedelta(minutes=4))

    async with at_work(slack, settings):
        for _ in range(250):
            if all(community.card(each) for each in asked):
                break
            slack.clock.advance(timedelta(seconds=20))
            await asyncio.sleep(0.4)

    assert [each for each in asked if not community.card(each)] == []
    refused = [call.method for call in slack.calls if call.status == 429]
    assert len(refused) == len(set(refused))


@pytest.mark.on_both
async def test_two_replicas_catch_up_once(slack: Sandbox, settings: Settings, community: Community):
    if settings.database_url.startswith("sqlite"):
        pytest.skip("an SQLite file has one process")
    async with at_work(slack, settings):
        await community.set_up()
    async with away(slack):
        asked = [
            await community.as_(person).post(community.channel, "Who has the T1 forms?")
            for person in (community.ana, community.bob, community.ken)
        ]

    async with at_work(slack, settings), at_work(slack, settings):
        for ts in asked:
            await slack.until(lambda ts=ts: community.card(ts), 30)  # which counts them
        await caught_up(slack)


async def test_who_runs_it_reads_in_app_home_what_it_took_in(
    slack: Sandbox, settings: Settings, community: Community
):
    async with at_work(slack, settings):
        await community.set_up()
    async with away(slack):
        await community.as_(community.ana).post(community.channel, "Who has the T1 forms?")

    async with at_work(slack, settings):
        for person, is_told in ((community.maria, True), (community.ken, False)):
            await slack.until(lambda: calls_of(slack, "conversations.replies"), 30)
            await caught_up(slack)
            await community.as_(person).open_home()
            await slack.delivered()
            home = str(community.as_(person).home)
            assert ("I was away for 3 h" in home and "took in 1 question." in home) is is_told


def calls_of(slack: Sandbox, method: str) -> int:
    return sum(call.method == method for call in slack.calls)


async def caught_up(slack: Sandbox) -> None:
    """Nothing more is read: two ticks of the clock without a call."""
    made = -1
    while made != slack.calls_made:
        made = slack.calls_made
        await asyncio.sleep(3)

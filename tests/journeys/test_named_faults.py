"""Faults that have a name (docs/FAULTS.md) and no other room."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.settings import Settings
from operating.bot import running
from sandbox import Sandbox
from tests.journeys.conftest import TICK, Community, free_port
from tests.journeys.test_faults import askers, settled

QUESTION = "How do I correct the tariff code of a rejected form?"


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_told_to_stop_under_load_it_loses_nothing_and_says_nothing_twice(
    slack: Sandbox, community: Community, settings: Settings, transport: str
):
    slack.time_scale = 0.05  # what was not acknowledged comes again soon
    asked: list[str] = []
    async with running(settings, slack.clock.now, ticks_every=TICK):
        await slack.until(lambda: transport == "http" or slack.connections)
        await community.set_up()
        people = await askers(community, 12)
        for person in people[:8]:
            asked.append(await community.as_(person).post(community.channel, QUESTION))
    for person in people[8:]:
        asked.append(await community.as_(person).post(community.channel, QUESTION))

    async with running(settings, slack.clock.now, ticks_every=TICK):
        await slack.until(lambda: all(community.card(ts) for ts in asked))
        await settled(community)

    assert all(community.card(ts) for ts in asked)  # `card` fails where there are two


@pytest.mark.on_both
async def test_the_same_event_four_times_at_once_on_two_replicas_is_one_question(
    ready: Community, settings: Settings
):
    other = replace(settings, port=free_port())
    async with running(other, ready.slack.clock.now, ticks_every=TICK):
        await ready.slack.until(lambda: ready.slack.connections == 2)
        ts = await ready.as_(ready.bob).post(ready.channel, QUESTION)
        event = ready.slack.deliveries[-1].payload
        for _ in range(3):
            ready.slack.outbound.send_event(event)

        await ready.slack.until(lambda: ready.card(ts))
        await settled(ready)

    assert ready.card(ts)
    assert len(ready.slack.calls_to("chat.postMessage")) == 1


async def test_a_mention_in_a_help_channel_comes_as_two_events_and_is_one_question(
    ready: Community,
):
    words = f"<@{ready.slack.bot_user_id}> {QUESTION}"

    ts = await ready.as_(ready.bob).post(ready.channel, words)
    await ready.slack.until(lambda: ready.card(ts))
    await settled(ready)

    kinds = [each.payload["event"]["type"] for each in ready.slack.deliveries if each.is_event]
    assert kinds.count("app_mention") == 1
    assert len(ready.slack.calls_to("chat.postMessage")) == 1


async def test_another_bot_that_answers_each_card_starts_no_loop(ready: Community):
    other = ready.slack.add_user("echo", is_bot=True)
    await ready.slack.join(other, ready.channel)
    ts = await ready.ask(ready.bob, QUESTION)

    for _ in range(20):
        await ready.as_(other).post(ready.channel, QUESTION, thread_ts=ts)
        await ready.as_(other).post(ready.channel, QUESTION)
    await settled(ready)

    assert len(ready.slack.calls_to("chat.postMessage")) == 1


async def test_a_crash_loop_of_twenty_minutes_loses_nothing_and_says_nothing_twice(
    slack: Sandbox, community: Community, settings: Settings
):
    slack.time_scale = 0.01
    async with running(settings, slack.clock.now, ticks_every=TICK):
        await slack.until(lambda: slack.connections)
        await community.set_up()
        people = await askers(community, 5)
    asked = []
    for person in people:
        asked.append(await community.as_(person).post(community.channel, QUESTION))
        # It starts, connects, and is gone again in the middle of what it does.
        start = asyncio.create_task(run_for_ever(settings, slack))
        await slack.until(lambda: slack.connections)
        start.cancel()
        await asyncio.gather(start, return_exceptions=True)
        slack.clock.advance(timedelta(minutes=4))

    async with running(settings, slack.clock.now, ticks_every=TICK):
        await slack.until(lambda: all(community.card(ts) for ts in asked))
        await settled(community)

    assert all(community.card(ts) for ts in asked)


async def run_for_ever(settings: Settings, slack: Sandbox) -> None:
    async with running(settings, slack.clock.now, ticks_every=TICK):
        await asyncio.Event().wait()

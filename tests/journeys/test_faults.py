"""Slack being slow, rude or away, and the bot dying: nothing lost, nothing said twice."""

import asyncio

import pytest

from bot.settings import Settings
from operating.bot import running
from sandbox import User
from tests.journeys.conftest import TICK, Community

QUESTION = "How do I correct the tariff code of a rejected form?"


async def test_a_post_whose_answer_was_lost_is_not_posted_again(ready: Community):
    ready.slack.faults.add(method="chat.postMessage", kind="drop_after")

    ts = await ready.ask(ready.bob, QUESTION)

    await ready.slack.until(lambda: ready.slack.calls_to("conversations.replies"))
    await settled(ready)
    assert ready.card(ts) is not None  # card() fails when there are two
    assert len(ready.slack.calls_to("chat.postMessage")) == 1


async def test_a_post_that_never_arrived_is_posted(ready: Community):
    ready.slack.faults.add(method="chat.postMessage", kind="drop_before")

    ts = await ready.ask(ready.bob, QUESTION)

    assert ready.card(ts) is not None


@pytest.mark.parametrize("kind", ["rate_limited", "server_error"])
async def test_refusals_that_pass_are_waited_out(ready: Community, kind: str):
    ready.slack.faults.add(method="chat.postMessage", kind=kind, times=2, retry_after=1)

    ts = await ready.as_(ready.bob).post(ready.channel, QUESTION)

    assert await ready.slack.until(lambda: ready.card(ts), timeout=15)


async def test_the_card_shows_the_end_after_slack_was_away_for_the_whole_story(ready: Community):
    ready.slack.faults.add(method="chat.postMessage", kind="server_error", times=1)
    bob = ready.as_(ready.bob)
    ts = await bob.post(ready.channel, QUESTION)
    await ready.slack.delivered()
    reply = await ready.as_(ready.ken).post(ready.channel, "Press Amend.", thread_ts=ts)
    await ready.slack.delivered()
    await bob.react(ready.channel, reply, "white_check_mark")

    await ready.slack.until(lambda: ready.card_says(ts, "Solved"), timeout=15)


async def test_a_storm_of_disconnects_loses_no_question(ready: Community):
    ready.slack.time_scale = 0.3  # redelivered after 3 s, longer than a reconnection takes
    asked = []

    for number, asker in enumerate(await askers(ready, 6)):
        asked.append(await ready.as_(asker).post(ready.channel, QUESTION))
        await ready.slack.disconnect("refresh_requested" if number % 2 else "drop")

    await ready.slack.until(lambda: all(ready.card(ts) for ts in asked), timeout=40)


async def test_a_card_for_a_question_that_is_deleted_meanwhile_is_not_given_up(
    ready: Community, caplog: pytest.LogCaptureFixture
):
    ready.slack.faults.add(method="chat.postMessage", kind="error", error="thread_not_found")
    bob = ready.as_(ready.bob)
    ts = await bob.post(ready.channel, QUESTION)

    await ready.slack.until(lambda: ready.slack.calls_to("chat.postMessage"))
    await bob.delete(ready.channel, ts)
    await settled(ready)

    assert "is given up" not in caplog.text


async def test_only_a_question_that_comes_again_may_have_replies_already(ready: Community):
    ready.slack.time_scale = 0.1  # redelivered after 1 s
    await ready.ask(ready.bob, QUESTION)
    await settled(ready)
    assert not ready.slack.calls_to("conversations.replies")

    ts = await ready.as_((await askers(ready, 1))[0]).post(ready.channel, QUESTION)
    await ready.slack.disconnect("drop")

    await ready.slack.until(lambda: ready.card(ts), timeout=20)
    await ready.slack.until(lambda: ready.slack.calls_to("conversations.replies"))


async def test_what_was_asked_while_the_bot_was_down_is_answered_when_it_is_back(
    community: Community, settings: Settings
):
    slack = community.slack
    slack.time_scale = 0.05
    async with running(settings, slack.clock.now, ticks_every=TICK):
        await slack.until(lambda: slack.connections)
        await community.set_up()
    ts = await community.as_(community.bob).post(community.channel, QUESTION)

    async with running(settings, slack.clock.now, ticks_every=TICK):
        await slack.until(lambda: community.card(ts))


async def test_two_replicas_say_everything_once(ready: Community, settings: Settings):
    async with running(settings, ready.slack.clock.now, ticks_every=TICK):
        await ready.slack.until(lambda: ready.slack.connections == 2)

        asked = [
            await ready.as_(asker).post(ready.channel, QUESTION) for asker in await askers(ready, 8)
        ]
        await ready.slack.until(lambda: all(ready.card(ts) for ts in asked), timeout=20)
        await settled(ready)

    assert len(ready.slack.calls_to("chat.postMessage")) == 8


async def askers(community: Community, number: int) -> list[User]:
    """New people in the channel; one asker's messages in a row could be follow-ups."""
    people = [community.slack.add_user(f"asker{each}") for each in range(number)]
    for person in people:
        await community.slack.join(person, community.channel)
    await community.slack.delivered()
    return people


async def settled(community: Community) -> None:
    """Time enough for a wrong second post to happen."""
    await community.slack.delivered()
    await asyncio.sleep(1.2)

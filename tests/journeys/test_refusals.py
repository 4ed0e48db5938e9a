"""Slack refuses, and later it does not: what was owed is said then, once."""

import asyncio
import contextlib
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.outbox import count_owed
from bot.settings import Settings
from handlers import refusals
from operating.bot import Bot, running
from sandbox import Sandbox
from tests.journeys.conftest import TICK, Community

QUESTION = "How do I correct the tariff code of a rejected form?"
THAT_PASS = (
    *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
    *("org_login_required", "missing_scope", "ekm_access_denied", "access_denied", "no_permission"),
    *("restricted_action", "is_archived", "not_in_channel", "channel_not_found"),
    *("message_limit_exceeded", "a_code_of_next_year"),
)


@pytest.mark.parametrize("code", THAT_PASS)
async def test_a_card_refused_once_is_posted_soon(ready: Community, code: str):
    ready.slack.faults.add(method="chat.postMessage", kind="error", error=code)

    ts = await ready.as_(ready.bob).post(ready.channel, QUESTION)
    await ready.slack.until(lambda: ready.slack.calls_to("chat.postMessage"))
    await asyncio.sleep(0.2)  # what was refused is noted
    ready.slack.clock.advance(timedelta(seconds=10))

    await ready.slack.until(lambda: ready.card(ts))


@pytest.mark.parametrize("code", ["org_login_required", "not_in_channel"])
async def test_earlier_replies_are_read_when_slack_lets_us(ready: Community, code: str):
    """Somebody points at an old message: what was replied before is read, later if need be."""
    bob = ready.as_(ready.bob)
    ts = await bob.post(ready.channel, "The form was rejected again, like every Monday.")
    reply = await ready.as_(ready.ken).post(ready.channel, "Press Amend.", thread_ts=ts)
    await ready.slack.delivered()
    ready.slack.faults.add(method="conversations.replies", kind="error", times=2, error=code)

    await ready.as_(ready.ana).react(ready.channel, ts, "question")
    await ready.slack.until(lambda: ready.card(ts), timeout=30)
    await bob.react(ready.channel, reply, "white_check_mark")

    await ready.slack.until(lambda: ready.card_says(ts, "Solved"), timeout=30)


async def test_a_thing_that_is_gone_is_not_asked_for_again(ready: Community, bot: Bot):
    ready.slack.faults.add(method="chat.postMessage", kind="error", times=9, error="msg_too_long")

    await ready.as_(ready.bob).post(ready.channel, QUESTION)
    await ready.slack.until(lambda: ready.slack.calls_to("chat.postMessage"))
    ready.slack.clock.advance(timedelta(minutes=1))
    await asyncio.sleep(4)

    assert len(ready.slack.calls_to("chat.postMessage")) == 1
    assert await owes(bot) == 0


async def test_an_admin_sees_what_was_given_up_and_has_it_tried_again(ready: Community):
    slack = ready.slack
    slack.faults.add(method="chat.postMessage", kind="error", error="msg_too_long")
    ts = await ready.as_(ready.bob).post(ready.channel, QUESTION)
    await slack.until(lambda: slack.calls_to("chat.postMessage"))
    await asyncio.sleep(0.5)
    maria, bob = ready.as_(ready.maria), ready.as_(ready.bob)

    await bob.open_home()
    await maria.open_home()
    await slack.until(lambda: "chat.postMessage: msg_too_long" in str(maria.home))
    assert "msg_too_long" not in str(bob.home)
    assert maria.home is not None
    await maria.click(maria.home, "try_undelivered_again")

    await slack.until(lambda: ready.card(ts))
    await slack.until(lambda: "msg_too_long" not in str(maria.home))


async def test_while_the_token_is_revoked_nothing_is_tried_but_the_door(ready: Community):
    """Then everything is said, once, at once: nothing waits for its own next try."""
    with closed(ready.slack):
        asked = [
            await ready.as_(asker).post(ready.channel, QUESTION) for asker in (ready.bob, ready.ana)
        ]
        await ready.slack.until(lambda: len(ready.slack.calls_to("auth.test")) >= 4)
        tried = len(ready.slack.calls_to("chat.postMessage"))
    assert tried <= 2

    for ts in asked:
        await ready.slack.until(lambda ts=ts: ready.card(ts))


async def test_a_channel_that_comes_back_gets_what_waited_for_it(ready: Community, bot: Bot):
    """Its next look at the channel would be hours away."""
    slack = ready.slack
    slack.faults.add(method="chat.postMessage", kind="error", times=2, error="is_archived")
    ts = await ready.as_(ready.bob).post(ready.channel, QUESTION)
    await slack.until(lambda: len(slack.calls_to("chat.postMessage")) == 2, timeout=20)

    await slack.archive(ready.channel, ready.maria)
    await slack.delivered()
    await slack.archive(ready.channel, ready.maria, archived=False)

    await slack.until(lambda: ready.card(ts), timeout=6)  # the wait alone would be ten seconds


async def test_a_start_tries_again_what_waited(community: Community, settings: Settings):
    slack = community.slack
    async with running(settings, slack.clock.now, ticks_every=TICK):
        await slack.until(lambda: slack.connections)
        await community.set_up()
        slack.faults.add(method="chat.postMessage", kind="error", times=2, error="is_archived")
        ts = await community.as_(community.bob).post(community.channel, QUESTION)
        await slack.until(lambda: len(slack.calls_to("chat.postMessage")) == 2, timeout=20)

    async with running(settings, slack.clock.now, ticks_every=TICK):
        await slack.until(lambda: community.card(ts), timeout=6)


@pytest.mark.on_both
@pytest.mark.parametrize("jump", [timedelta(minutes=2), timedelta(hours=-1)])
async def test_a_jump_of_the_clock_posts_nothing_twice_and_stops_nothing(
    ready: Community, jump: timedelta
):
    slack = ready.slack
    slack.faults.add(method="chat.postMessage", kind="delay", times=3, seconds=4)
    people = [ready.bob, ready.ana, ready.ken]
    asked = [await ready.as_(each).post(ready.channel, QUESTION) for each in people]
    async with asyncio.timeout(20):
        while slack.faults.waiting:  # noqa: ASYNC110  # until all three are on their way
            await asyncio.sleep(0.05)

    slack.clock.advance(jump)
    asked.append(await ready.as_(ready.maria).post(ready.channel, QUESTION))

    await slack.until(lambda: all(ready.card(ts) for ts in asked), timeout=20)
    await asyncio.sleep(1.5)
    assert len(slack.calls_to("chat.postMessage")) == 4


def test_every_code_is_about_one_thing():
    groups = (refusals.THING, refusals.PLACE, refusals.STANDING, refusals.PASSING)

    assert len(frozenset.union(*groups)) == sum(len(group) for group in groups)
    assert refusals.ENDS_BY_ITSELF <= refusals.STANDING


@contextlib.contextmanager
def closed(slack: Sandbox) -> Iterator[None]:
    """As when somebody revokes the token, and gives it back at the end."""
    slack.faults.add(method="*", kind="error", times=10_000, error="token_revoked")
    yield
    slack.faults.clear()


async def owes(bot: Bot) -> int:
    async with bot.sessions.read() as session:
        return await count_owed(session)

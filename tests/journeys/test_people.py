"""What Slack says of people: asked anew where rights are used, and never guessed."""

import asyncio
from datetime import timedelta

import pytest

from bot.settings import Settings
from operating.bot import running
from sandbox import User
from tests.journeys.conftest import TICK, Community

SLACK_DOES_NOT_SAY = "Slack does not tell me who you are right now. Try again in a minute."
REFUSALS = [
    {"kind": "rate_limited"},
    {"kind": "server_error"},
    {"kind": "error", "error": "user_not_found"},
]


def refuse(community: Community, **fault: str) -> None:
    """From now on Slack does not say who anybody is."""
    for method in ("users.info", "users.list"):
        community.slack.faults.add(method=method, times=100, **fault)


async def said(community: Community, user: User, command: str, text: str) -> str:
    return str(await community.as_(user).command(command, text, community.channel))


async def test_an_admin_who_lost_the_role_while_the_bot_was_down_switches_nothing(
    community: Community, settings: Settings
):
    async with running(settings, community.slack.clock.now, ticks_every=TICK):
        await community.slack.until(lambda: community.slack.connections)
        await community.set_up()
    community.maria.is_admin = False
    community.slack.faults.add(method="users.list", kind="server_error", times=100)

    async with running(settings, community.slack.clock.now, ticks_every=TICK):
        await community.slack.until(lambda: community.slack.connections)
        reply = await said(community, community.maria, "/askaround", "channel off")

    assert "Only workspace admins" in reply


async def test_who_was_made_a_guest_while_the_bot_was_down_finds_no_more(
    community: Community, settings: Settings
):
    olga = community.slack.add_user("olga")
    lobby = community.slack.add_channel("lobby", members=[olga])
    async with running(settings, community.slack.clock.now, ticks_every=TICK):
        await community.slack.until(lambda: community.slack.connections)
        await community.set_up()
        await community.solve(community.bob, community.ken, "How do I print a T1?", "Zebra key.")
        assert "Zebra" in await community.find(olga, "print T1")
    olga.is_guest = True

    async with running(settings, community.slack.clock.now, ticks_every=TICK):
        await community.slack.until(lambda: community.slack.connections)
        found = str(await community.as_(olga).command("/find", "print T1", lobby))

    assert "Nothing solved yet" in found


async def test_all_whom_the_bot_knows_are_read_anew_at_start_and_every_few_hours(
    ready: Community,
):
    calls = ready.slack.calls_to
    await ready.slack.until(lambda: calls("users.list"))
    ready.slack.clock.advance(timedelta(hours=5))
    before = len(calls("users.info"))

    await said(ready, ready.maria, "/askaround", "help")

    assert [call.args["user"] for call in calls("users.info")[before:]] == [ready.maria.id]


@pytest.mark.parametrize("fault", REFUSALS, ids=lambda fault: fault.get("error", fault["kind"]))
async def test_where_slack_does_not_say_who_somebody_is_nothing_false_is_said(
    ready: Community, fault: dict
):
    await ready.solve(ready.bob, ready.ken, "How do I print a T1?", "With the zebra key.")
    olga = ready.slack.add_user("olga")
    admin = ready.slack.add_user("ada", is_admin=True)
    refuse(ready, **fault)

    assert SLACK_DOES_NOT_SAY in await said(ready, olga, "/find", "print T1")
    assert SLACK_DOES_NOT_SAY in await said(ready, admin, "/askaround", "channel off")
    assert SLACK_DOES_NOT_SAY in await said(ready, olga, "/kudos", "")
    await ready.as_(olga).open_home()
    await ready.slack.until(lambda: ready.as_(olga).home)
    assert SLACK_DOES_NOT_SAY in str(ready.as_(olga).home)

    ready.slack.faults.clear()
    assert "zebra" in await said(ready, olga, "/find", "print T1")
    assert "Done" in await said(ready, admin, "/askaround", "channel off")


async def test_what_was_said_hours_ago_gives_no_rights_where_slack_does_not_say(ready: Community):
    ready.slack.clock.advance(timedelta(hours=5))
    refuse(ready, kind="server_error")

    reply = await said(ready, ready.maria, "/askaround", "channel off")

    assert SLACK_DOES_NOT_SAY in reply


async def test_a_slack_that_does_not_answer_is_not_waited_for(ready: Community):
    olga = ready.slack.add_user("olga")
    ready.slack.faults.add(method="users.info", kind="delay", seconds=30)

    async with asyncio.timeout(10):
        assert SLACK_DOES_NOT_SAY in await said(ready, olga, "/find", "print T1")


async def test_a_colleague_who_never_used_the_bot_can_be_thanked(ready: Community):
    olga = ready.slack.add_user("olga")

    reply = await said(ready, ready.bob, "/kudos", f"<@{olga.id}> for the lift")

    assert f"I told <@{olga.id}>" in reply
    await ready.slack.until(lambda: ready.as_(olga).dm())


async def test_thanks_to_somebody_of_whom_slack_does_not_say_are_not_refused_as_untrue(
    ready: Community,
):
    olga = ready.slack.add_user("olga")
    await said(ready, ready.bob, "/kudos", "")
    refuse(ready, kind="error", error="user_not_found")

    reply = await said(ready, ready.bob, "/kudos", f"<@{olga.id}> for the lift")

    assert f"Slack does not tell me who <@{olga.id}> is right now." in reply


async def in_the_organisation(ready: Community, name: str, **fields: object) -> User:
    user = ready.slack.add_user(name, **fields)  # type: ignore[arg-type]
    user.team_id = "T0SISTER01"
    return user


async def test_a_colleague_of_another_workspace_of_the_organisation_is_no_stranger(
    ready: Community,
):
    await ready.solve(ready.bob, ready.ken, "How do I print a T1?", "With the zebra key.")
    teams = [ready.slack.team_id, "T0SISTER01"]
    olga = await in_the_organisation(ready, "olga", is_admin=True, enterprise_id="E1", teams=teams)
    partner = await in_the_organisation(
        ready, "pat", is_admin=True, enterprise_id="E2", teams=["T0SISTER01"]
    )

    assert "zebra" in await said(ready, olga, "/find", "print T1")
    assert "Done" in await said(ready, olga, "/askaround", "channel off")
    assert "Only workspace admins" in await said(ready, partner, "/askaround", "channel on")


async def test_a_colleague_who_is_in_another_workspace_only_finds_and_runs_nothing(
    community: Community, settings: Settings
):
    community.slack.workspace.enterprise_id = "E1"
    async with running(settings, community.slack.clock.now, ticks_every=TICK):
        await community.slack.until(lambda: community.slack.connections)
        await community.set_up()
        await community.solve(community.bob, community.ken, "How do I print a T1?", "Zebra key.")
        olga = await in_the_organisation(
            community, "olga", is_admin=True, enterprise_id="E1", teams=["T0SISTER01"]
        )

        assert "Zebra" in await said(community, olga, "/find", "print T1")
        assert "Only workspace admins" in await said(community, olga, "/askaround", "channel off")


@pytest.mark.parametrize("event_ts", [None, ""])
async def test_an_event_that_does_not_say_when_it_happened_has_its_envelopes_time(
    ready: Community, event_ts: str | None
):
    ts = await ready.ask(ready.bob, "How do I print a T1?")
    reply = await ready.as_(ready.ken).post(ready.channel, "With the zebra key.", thread_ts=ts)
    await ready.slack.delivered()
    event = {
        "type": "reaction_added",
        "user": ready.bob.id,
        "reaction": "white_check_mark",
        "item": {"type": "message", "channel": ready.channel.id, "ts": reply},
    }

    await ready.slack.send_event(event | ({} if event_ts is None else {"event_ts": event_ts}))

    await ready.card_saying(ts, "Solved")

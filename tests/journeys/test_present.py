"""Who is there now: people leave, go quiet or away after they were asked, and the next is asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.settings import Settings, check_networks
from sandbox import User
from sandbox.people import Person
from tests.journeys.conftest import Community

QUESTION = "How do I correct the tariff code of a rejected form?"
EXPERTS = "/experts"


@pytest.fixture
async def three(ready: Community) -> Community:
    """Ken, Ana and Maria help on customs."""
    for user in (ready.ana, ready.maria):
        await ready.as_(user).command(EXPERTS, "join customs", ready.channel)
    return ready


async def asked_of(community: Community, ts: str) -> tuple[list[User], User]:
    """Those whom the card asks, and the one who is left."""
    card = await community.card_saying(ts, " and ")
    everybody = [community.ken, community.ana, community.maria]
    asked = [each for each in everybody if f"<@{each.id}>" in card["text"]]
    [left] = [each for each in everybody if each not in asked]
    return asked, left


async def until_asked(community: Community, ts: str, *users: User) -> None:
    """The card asks exactly these."""

    def asks_them() -> bool:
        text = (community.card(ts) or {"text": ""})["text"]
        everybody = [community.ken, community.ana, community.maria]
        return {each.id for each in everybody if f"<@{each.id}>" in text} == {
            each.id for each in users
        }

    await community.slack.until(asks_them)


async def test_who_goes_quiet_or_on_holiday_after_being_asked_gives_way(
    three: Community,
):
    slack, now = three.slack, int(three.slack.clock.now().timestamp())
    ts = await three.ask(three.bob, QUESTION)
    (first, second), third = await asked_of(three, ts)

    await slack.set_quiet(first, now - 60, now + 3600)
    await until_asked(three, ts, second, third)
    await slack.update_user(
        second, status_text="Im Urlaub", status_emoji=":palm_tree:", status_expiration=now + 1800
    )
    await until_asked(three, ts, third)
    listed = str(await three.as_(three.bob).command(EXPERTS, "customs", three.channel))
    assert f"<@{second.id}>" not in listed and "1 other is away" in listed


async def test_the_only_one_is_asked_again_when_they_are_back(ready: Community):
    slack, now = ready.slack, int(ready.slack.clock.now().timestamp())
    ts = await ready.ask(ready.bob, QUESTION)
    await ready.card_saying(ts, ready.ken.id)

    await slack.set_quiet(ready.ken, now - 60, now + 3600)
    await slack.until(lambda: "I ask them" in str(ready.card(ts)))
    await slack.set_quiet(ready.ken, 0, 0)

    await ready.card_saying(ts, ready.ken.id)


async def test_a_claim_of_a_closed_account_falls_back_and_who_leaves_is_asked_no_more(
    three: Community,
):
    ts = await three.ask(three.bob, QUESTION)
    (first, second), third = await asked_of(three, ts)
    await three.as_(first).click(three.card(ts)["ts"], "claim_question", channel=three.channel)
    await three.card_saying(ts, "is on it")

    await three.slack.update_user(first, deleted=True)
    await until_asked(three, ts, second, third)
    await three.as_(second).command(EXPERTS, "leave customs", three.channel)
    await until_asked(three, ts, third)
    await three.as_(third).command(EXPERTS, "away until friday", three.channel)

    await until_asked(three, ts)
    listed = str(await three.as_(three.bob).command(EXPERTS, "", three.channel))
    assert f"<@{first.id}>" not in listed and "nobody right now (1 person is away)" in listed
    assert first.id not in str(three.slack.calls_to("conversations.open"))


async def test_a_group_that_is_emptied_is_asked_no_more(ready: Community):
    slack, maria = ready.slack, ready.as_(ready.maria)
    group = slack.add_usergroup("customs", members=[ready.ana])
    await maria.command("/askaround", "topic customs", ready.channel)
    await maria.submit({"people": {"value": []}, "groups": {"value": [group.id]}})
    await slack.until(lambda: slack.calls_to("usergroups.users.list"))
    await slack.delivered()
    ts = await ready.ask(ready.bob, QUESTION)
    await ready.card_saying(ts, ready.ana.id)

    await slack.set_usergroup_members(group, [])

    await slack.until(lambda: f"<@{ready.ana.id}>" not in ready.card(ts)["text"])


async def test_hours_as_people_write_them_are_by_day_and_holidays_are_a_countrys(
    ready: Community,
):
    ken = ready.as_(ready.ken)
    said = [
        (await ken.command(EXPERTS, words, ready.channel))["text"]
        for words in ("hours 9-5", "holidays", "holidays germany", "holidays Utopia")
    ]

    assert said[0].startswith("Done. I took that for 9:00 to 17:00, so you are asked Mon–Fri 9:00")
    assert "`/experts hours 9:00-5:00am`" in said[0]
    assert said[1].startswith("The public holidays of Japan count")
    assert said[2].startswith("The public holidays of Germany count")
    assert said[3].startswith("I do not know the holidays of “Utopia”")


Serve = Callable[[str], Awaitable[str]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, helpdesk_networks=check_networks("127.0.0.0/8"))


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves a calendar; its address."""
    servers: list[TestServer] = []

    async def start(text: str) -> str:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(text=text, content_type="text/calendar")

        app = web.Application()
        app.router.add_get("/ken.ics", answer)
        servers.append(TestServer(app))
        await servers[-1].start_server()
        return str(servers[-1].make_url("/ken.ics"))

    yield start
    for server in servers:
        await server.close()


async def until_read(ready: Community, owner: Person) -> None:
    said = ""
    while "I last read your calendar" not in said:
        await asyncio.sleep(0.01)
        said = (await owner.command(EXPERTS, "calendar", ready.channel))["text"]


async def test_who_is_in_a_meeting_says_their_calendar_is_not_asked(ready: Community, serve: Serve):
    now = ready.slack.clock.now()
    ends = now + timedelta(hours=1)
    address = await serve(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        f"DTSTART:{now:%Y%m%dT%H%M%SZ}\r\nDTEND:{ends:%Y%m%dT%H%M%SZ}\r\n"
        "SUMMARY:Quarterly review\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    ken = ready.as_(ready.ken)
    said = await ken.command(EXPERTS, f"calendar {address}", ready.channel)
    assert said["text"].startswith("Done. I read your calendar now and every two hours")
    await until_read(ready, ken)

    ts = await ready.ask(ready.bob, QUESTION)
    assert not ready.card_says(ts, ready.ken.id)
    ready.slack.clock.advance(timedelta(hours=1, minutes=1))
    await ready.card_saying(ts, ready.ken.id)


async def test_its_owner_reads_that_their_calendar_cannot_be_read(ready: Community, serve: Serve):
    ken = ready.as_(ready.ken)
    await ken.command(EXPERTS, f"calendar {await serve('Sign in')}", ready.channel)

    note = await ready.slack.until(lambda: next(iter(ken.dm()), None))
    assert note["text"].startswith("What I find at the address of your calendar is no calendar")
    said = await ken.command(EXPERTS, "calendar off", ready.channel)
    assert said["text"].startswith("Done. I do not look into your calendar any more")

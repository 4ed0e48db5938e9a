"""Admins and sponsors see how their community does, and others do not."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from sandbox import User
from tests.journeys.conftest import PATIENCE, Community

DAY = timedelta(days=1)


async def until_says(ask: Callable[[], Awaitable[object]], words: str) -> str:
    """What is answered, once it says so; it is asked again and again."""
    async with asyncio.timeout(PATIENCE):
        while True:
            said = str(await ask())
            if words in said:
                return said
            await asyncio.sleep(0.1)


async def home_of(ready: Community, user: User) -> str:
    """App Home as it stands now."""
    person = ready.as_(user)
    calls = len(ready.slack.calls)
    await person.open_home()
    await ready.slack.until(lambda: "views.publish" in called_since(ready, calls))
    return str(person.home)


def called_since(ready: Community, calls: int) -> list[str]:
    return [call.method for call in list(ready.slack.calls)[calls:]]


async def health_of(ready: Community, user: User) -> str:
    return str(await ready.as_(user).command("/askaround", "health", ready.channel))


async def day_counted(ready: Community) -> None:
    """It is the next week, and what was before is counted."""
    now = ready.slack.clock.now().astimezone(UTC)
    sunday = now + (6 - now.weekday()) * DAY
    ready.slack.clock.advance(sunday + DAY - now)
    counted = f"counted up to {sunday.day} {sunday:%B %Y}"
    await until_says(lambda: health_of(ready, ready.maria), counted)


@pytest.mark.on_both
async def test_an_admin_sees_it_in_home_with_definitions_and_a_table(ready: Community):
    await ready.solve(ready.bob, ready.ken, "How do I correct the tariff code?", "Press Amend.")
    await day_counted(ready)

    shown = await home_of(ready, ready.maria)

    assert "Too young to tell" in shown
    maria = ready.as_(ready.maria)
    await maria.click(maria.home, "health_details")
    assert "1 question by 1 person" in str(maria.view)
    await maria.click(maria.view, "health_definitions")
    assert "Half were faster, half slower" in str(maria.view)
    await maria.close_view()
    await maria.click(maria.view, "health_export")
    assert "comes to you as a file" in str(maria.view)
    files = ready.slack.file_contents
    table = await ready.slack.until(lambda: next(iter(files.values()), None))
    assert table.startswith(b"week_from,topic,asked")
    await maria.close_view()
    await maria.close_view()
    await maria.click(maria.home, "health_by_topic")
    assert "Too few people to tell apart" in str(maria.view)


async def test_others_see_nothing_of_it(ready: Community):
    await day_counted(ready)

    answered = await health_of(ready, ready.bob)

    assert "Only workspace admins, and sponsors for their topics, can see that." in answered
    assert "Health" not in await home_of(ready, ready.bob)


async def test_a_sponsor_sees_their_topic_alone(ready: Community):
    maria = ready.as_(ready.maria)
    await ready.find(ready.ana, "anything")  # so that Slack says who Ana is
    await maria.command("/askaround", "topic Customs", ready.channel)
    await maria.submit({"sponsor": {"value": ready.ana.id}})
    ts = await ready.ask(ready.bob, "How do I correct the tariff code?")
    await ready.as_(ready.ken).post(ready.channel, "Press Amend.", thread_ts=ts)
    await day_counted(ready)

    answered = await health_of(ready, ready.ana)

    assert "*Customs*" in answered
    assert "Too few people to tell apart" in answered
    assert "Asked" not in answered


async def test_it_comes_monthly_to_who_wants_it_until_they_stop_it(ready: Community):
    await day_counted(ready)
    maria = ready.as_(ready.maria)
    await home_of(ready, ready.maria)

    await maria.click(maria.home, "health_monthly")
    await ready.slack.until(lambda: "Stop the monthly message" in str(maria.home))
    ready.slack.clock.set(first_monday_after(ready.slack.clock.now()))
    await ready.slack.until(lambda: "Too young to tell" in str(maria.dm()), PATIENCE)
    message = next(each for each in maria.dm() if "Too young to tell" in str(each))
    await maria.click(message["ts"], "health_monthly")

    await ready.slack.until(lambda: "It does not come any more" in str(maria.dm()))
    assert "Send me this monthly" in await home_of(ready, ready.maria)


def first_monday_after(now: datetime) -> datetime:
    """Of next month, at ten, when it is past nine in Rome."""
    day = (now.replace(day=1, hour=10, minute=0) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=-day.weekday() % 7)


async def test_where_content_is_pushed_and_nobody_asks_that_is_said(ready: Community):
    ana = ready.as_(ready.ana)
    for week in range(5):
        for number in range(3):
            await ana.post(ready.channel, f"Story {number} of week {week}: a warehouse was opened.")
        ready.slack.clock.advance(7 * DAY)
        await until_read(ready, week + 1)

    ready.slack.clock.advance(DAY)

    said = await until_says(lambda: health_of(ready, ready.maria), "Pushed, not pulled")
    assert "there was much to read, and hardly anybody asked" in said


async def until_read(ready: Community, weeks: int) -> None:
    """So many weeks of what was said are read."""
    await ready.slack.until(
        lambda: (
            [call.method for call in list(ready.slack.calls)].count("conversations.history")
            >= weeks
        ),
        PATIENCE,
    )


async def test_a_long_past_is_counted_before_it_is_told(ready: Community):
    await ready.solve(ready.bob, ready.ken, "How do I correct the tariff code?", "Press Amend.")
    ready.slack.clock.advance(30 * 7 * DAY)

    await day_counted(ready)

    assert "Too young" not in await health_of(ready, ready.maria)

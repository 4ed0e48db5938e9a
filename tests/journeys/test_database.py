"""The database fails for a while: nothing is acknowledged that is not kept, nothing said twice."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.failures import RETRY_AFTER, keep, list_waiting
from bot.settings import Settings
from handlers.replaying import retry_due
from operating.bot import Bot
from sandbox.delivery import ACKED
from tests.journeys.conftest import Community

QUESTION = "How do I correct the tariff code of a rejected form?"


async def test_a_full_disk_is_not_acknowledged(ready: Community, bot: Bot):
    """Slack sends the question again, and by then there is room."""
    ready.slack.time_scale = 0.2
    await allow_pages(bot, 1)

    ts = await ready.as_(ready.bob).post(ready.channel, QUESTION + " x" * 15_000)
    await asyncio.sleep(1)
    assert {each.status for each in ready.slack.outbound.pending.values()} == {"pending"}
    await allow_pages(bot, 2**30)

    await ready.slack.until(lambda: ready.card(ts), timeout=20)
    assert await failed(bot) == []


async def allow_pages(bot: Bot, pages: int) -> None:
    """How big the file may grow; never less than it is."""
    async with bot.sessions.begin() as session:
        await session.execute(text(f"PRAGMA max_page_count = {pages}"))


async def test_a_file_that_another_program_locks_is_waited_for(
    ready: Community, settings: Settings, bot: Bot
):
    ready.slack.time_scale = 0.2
    async with bot.sessions.begin() as session:
        await session.execute(text("PRAGMA busy_timeout = 100"))
    path = settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, check_same_thread=False)) as other:
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        ts = await ready.as_(ready.bob).post(ready.channel, QUESTION)
        await asyncio.sleep(1)

    await ready.slack.until(lambda: ready.card(ts), timeout=20)
    assert await failed(bot) == []


@pytest.mark.on_both
async def test_an_event_that_failed_is_run_again_by_itself(ready: Community, bot: Bot):
    ts = ready.slack.clock.ts()
    place = {"channel": ready.channel.id, "channel_type": "channel"}
    event = {"type": "message", "user": ready.bob.id, "text": QUESTION, "ts": ts, "event_ts": ts}
    around = (await ready.slack.send_event({"type": "something_new"})).payload
    async with bot.sessions.begin() as session:
        await keep(
            session,
            reference="GOOD2222",
            team_id=ready.slack.team_id,
            body={**around, "event": {**event, **place}},
            error="the disk was full",
            now=ready.slack.clock.now(),
        )

    ready.slack.clock.advance(RETRY_AFTER[0])

    async with asyncio.timeout(15):
        while await failed(bot):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_an_event_that_fails_each_time_stays_and_is_left_alone(ready: Community, bot: Bot):
    broken = {"type": "message", "user": ready.bob.id, "text": QUESTION, "ts": "x"}
    await ready.slack.send_event(broken)
    await ready.slack.delivered()

    for _ in range(len(RETRY_AFTER) + 3):
        ready.slack.clock.advance(timedelta(hours=7))
        await retry_due(bot.app, bot.sessions, ready.slack.clock.now())

    assert len(await failed(bot)) == 1
    assert {each.status for each in ready.slack.deliveries} == {ACKED}


async def failed(bot: Bot) -> list[str]:
    async with bot.sessions.read() as session:
        return [each.reference for each in await list_waiting(session)]


@pytest.mark.own_engines
async def test_a_file_that_is_damaged_takes_nothing_in(
    ready: Community, settings: Settings, bot: Bot, caplog: pytest.LogCaptureFixture
):
    """What could not be kept is not acknowledged: Slack sends it again, to who can keep it."""
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    await asyncio.to_thread(spoil, path)

    damage = await bot.sessions.look_for_damage()
    sent = await ready.slack.send_event({"type": "something_new"})
    await ready.as_(ready.bob).post(ready.channel, QUESTION)
    await asyncio.sleep(1)

    assert "is damaged" in str(damage)
    assert sent.id not in {each.id for each in ready.slack.outbound.pending.values()}
    assert len(ready.slack.outbound.pending) == 1
    assert "The database file" in caplog.text and "put the newest good copy" in caplog.text


def spoil(path: Path) -> None:
    """Overwrite most of it, as a failing disk does."""
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\xff" * (path.stat().st_size - 4096 * 2))

"""The connections to PostgreSQL are cut, again and again."""

import asyncio

import psycopg
import pytest

from bot.failures import list_waiting
from bot.settings import Settings
from operating.bot import Bot
from tests.databases import PostgresDatabases
from tests.journeys.conftest import Community
from tests.journeys.test_faults import askers, settled

QUESTION = "How do I correct the tariff code of a rejected form?"


@pytest.fixture
def database_url(postgres: PostgresDatabases) -> str:
    """One of this test's own: nobody else's connections are to be cut."""
    return postgres.blank()


@pytest.mark.own_engines
@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_connections_that_are_cut_lose_no_question(
    ready: Community, settings: Settings, bot: Bot
):
    ready.slack.time_scale = 0.3  # what was not acknowledged comes again after three seconds
    cutting = asyncio.create_task(asyncio.to_thread(cut_for, settings.database_url, 6.0))
    asked = []
    for asker in await askers(ready, 12):
        asked.append(await ready.as_(asker).post(ready.channel, QUESTION))
        await asyncio.sleep(0.3)
    await cutting

    await ready.slack.until(lambda: all(ready.card(ts) for ts in asked), timeout=60)
    await settled(ready)
    async with bot.sessions.read() as session:
        assert await list_waiting(session) == []


def cut_for(database_url: str, seconds: float) -> None:
    """Cut everybody's connection to this database, again and again."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        for _ in range(int(seconds / 0.4)):
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute("SELECT pg_sleep(0.4)")

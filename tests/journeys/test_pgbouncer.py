"""PostgreSQL behind a PgBouncer that hands each transaction another connection."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from bot.failures import list_waiting
from operating.bot import Bot
from storage.migrate import migrate
from tests.databases import PostgresDatabases
from tests.journeys.conftest import Community, free_port
from tests.journeys.test_faults import askers

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")

pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not installed")

SETTINGS = """\
[databases]
* = host={folder} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
"""


@pytest.fixture
def pgbouncer(postgres: PostgresDatabases) -> Iterator[int]:
    """Its port. It runs as whoever the server belongs to: never as root."""
    folder = parse_qs(urlsplit(postgres.uri).query)["host"][0]
    owner = pwd.getpwuid(Path(folder).stat().st_uid)
    port = free_port()
    with tempfile.TemporaryDirectory() as own:
        settings = Path(own) / "pgbouncer.ini"
        settings.write_text(SETTINGS.format(folder=folder, port=port))
        for path in (Path(own), settings):
            path.chmod(0o755)
        as_owner = ["-u", owner.pw_name] if os.getuid() == 0 else []
        process = subprocess.Popen(
            [str(PGBOUNCER), "-q", *as_owner, str(settings)], stderr=subprocess.DEVNULL
        )
        wait_for(port)
        yield port
        process.terminate()
        process.wait(10)


def wait_for(port: int) -> None:
    for _ in range(100):
        try:
            psycopg.connect(address(port, "postgres")).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise TimeoutError("pgbouncer does not answer")


def address(port: int, name: str) -> str:
    return f"postgresql://postgres@127.0.0.1:{port}/{name}"


@pytest.fixture
def database_url(postgres: PostgresDatabases, pgbouncer: int) -> str:
    """A blank database, reached through PgBouncer: the bot upgrades it at its start."""
    return address(pgbouncer, urlsplit(postgres.blank()).path.removeprefix("/"))


@pytest.mark.own_engines
async def test_twelve_questions_are_asked_answered_and_solved(ready: Community, bot: Bot):
    slack, ken = ready.slack, ready.as_(ready.ken)
    people = [ready.as_(each) for each in await askers(ready, 12)]
    asked = [await each.post(ready.channel, "How do I correct the tariff?") for each in people]
    await slack.until(lambda: all(ready.card(ts) for ts in asked), timeout=60)

    for asker, ts in zip(people, asked, strict=True):
        reply = await ken.post(ready.channel, "Press Amend.", thread_ts=ts)
        await slack.delivered(60)
        await asker.react(ready.channel, reply, "white_check_mark")

    await slack.until(lambda: all(ready.card_says(ts, "Solved") for ts in asked), timeout=60)
    async with bot.sessions.read() as session:
        assert await list_waiting(session) == []


@pytest.mark.own_engines
async def test_five_that_start_together_upgrade_once(database_url: str):
    await asyncio.gather(*(migrate(database_url) for _ in range(5)))

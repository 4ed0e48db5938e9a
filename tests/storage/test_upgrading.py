import asyncio
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text

from storage.database import Sessions, UnusableDatabaseUrl, database_address
from storage.migrate import SchemaTooNew, migrate
from tests.storage.conftest import add_reader, add_solved, find


@pytest.fixture
def empty_database_url(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a single table."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path}/empty.db"
    uri: str = request.getfixturevalue("postgres_server")
    name = f"test_{uuid4().hex}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return uri.replace("/postgres?", f"/{name}?")


async def test_five_that_start_together_upgrade_once(empty_database_url: str):
    await asyncio.gather(*(migrate(empty_database_url) for _ in range(5)))


async def test_upgrading_again_changes_nothing(sessions: Sessions, database_url: str):
    async with sessions.begin() as session:
        await add_reader(session)
        await add_solved(session, "pallet")

    await migrate(database_url)

    async with sessions.read() as session:
        assert len(await find(session, "pallet")) == 1


async def test_a_newer_schema_is_refused_and_left_alone(sessions: Sessions, database_url: str):
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    async with sessions.begin() as session:
        await session.execute(newer)

    with pytest.raises(SchemaTooNew, match=r"schema 9999\): start that version"):
        await migrate(database_url)

    async with sessions.read() as session:
        assert await session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///a.db", "sqlite+aiosqlite"),
        ("postgres://me:pw@host/db", "postgresql+psycopg"),
        ("postgresql+asyncpg://me:pw@host/db", "postgresql+psycopg"),
    ],
)
def test_an_address_gets_the_driver_that_we_use(url: str, driver: str):
    assert database_address(url).drivername == driver


@pytest.mark.parametrize(
    "url", ["", "askaround.db", "mysql://host/db", "sqlite://", "sqlite:///:memory:"]
)
def test_an_address_that_is_none_is_refused_without_showing_it(url: str):
    with pytest.raises(UnusableDatabaseUrl, match="DATABASE_URL is not"):
        database_address(url)

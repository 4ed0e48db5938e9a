import asyncio
from contextlib import aclosing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select, text

from storage.database import Sessions, UnusableDatabaseUrl, database_address, open_sessions
from storage.migrate import SchemaTooNew, migrate
from storage.tables import Question
from tests.conftest import NOW
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


async def test_what_was_solved_before_reviews_is_reviewed_in_half_a_year(empty_database_url: str):
    await migrate(empty_database_url, "0002")
    async with aclosing(open_sessions(empty_database_url)) as sessions:
        for number, solved_at in ((1, "2026-01-02 03:04:05"), (2, None)):
            row = {"id": number, "at": solved_at}
            solved = "CAST(:at AS timestamptz)" if "postgres" in empty_database_url else ":at"
            columns = "id, team_id, channel_id, asker_id, text, is_asked_by_command, asked_at"
            values = f":id, 'T1', 'C1', 'U1', 'How?', false, '2026-01-01 00:00:00', {solved}"
            insert = text(f"INSERT INTO questions ({columns}, solved_at) VALUES ({values})")
            async with sessions.begin() as session:
                await session.execute(insert, row)

        await migrate(empty_database_url)

        async with sessions.read() as session:
            questions = (await session.scalars(select(Question).order_by(Question.id))).all()
    assert questions[0].review_at is not None and questions[0].review_at > NOW
    assert questions[1].review_at is None


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

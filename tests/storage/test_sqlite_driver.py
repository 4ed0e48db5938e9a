"""SQLite beside the event loop: a short look is taken at once, the rest runs in a thread."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database import database_address, sqlite_reader, sqlite_writer

COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {}) "
LONG = COUNT.format(300_000) + "SELECT count(*) FROM n"


@pytest.fixture
def path(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'test.db'}"


def engine_of(path: str) -> AsyncEngine:
    return sqlite_writer(database_address(path))


async def thread_of(engine: AsyncEngine, look: str) -> int:
    """The thread in which this look came to its end."""
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        raw.driver_connection.create_function("thread", 0, threading.get_ident)
        found = (await connection.execute(text(f"SELECT ({look}), thread()"))).one()
        return found[1]


async def test_a_short_look_needs_no_other_thread(path: str):
    engine = engine_of(path)

    assert await thread_of(engine, "SELECT 1") == threading.get_ident()
    assert await thread_of(engine, LONG) != threading.get_ident()

    await engine.dispose()


async def test_a_long_look_keeps_nobody_waiting(path: str):
    engine = engine_of(path)

    async with engine.connect() as connection:
        looking = asyncio.create_task(connection.scalar(text(f"SELECT ({LONG})")))
        turns = 0
        while not looking.done():
            await asyncio.sleep(0)
            turns += 1

    assert await looking == 300_000 and turns > 10
    await engine.dispose()


async def test_what_was_broken_off_takes_nothing_back(path: str):
    engine = engine_of(path)

    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE kept (value INTEGER)"))
        await connection.execute(text("INSERT INTO kept VALUES (1)"))
        assert await connection.scalar(text(f"SELECT ({LONG})")) == 300_000
        await connection.execute(text("INSERT INTO kept VALUES (2)"))
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM kept")) == 2
    await engine.dispose()


async def test_who_is_cancelled_while_it_runs_leaves_nothing_behind(path: str):
    engine = engine_of(path)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE kept (value INTEGER)"))

    async def write() -> None:
        async with engine.begin() as connection:
            await connection.execute(text("INSERT INTO kept VALUES (1)"))
            await connection.scalar(text(f"SELECT ({LONG.replace('300000', '3000000')})"))

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.05)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)

    async with engine.begin() as connection:
        await connection.execute(text("INSERT INTO kept VALUES (2)"))
    async with engine.connect() as connection:
        assert (await connection.scalars(text("SELECT value FROM kept"))).all() == [2]
    await engine.dispose()


async def test_a_mistake_in_a_look_is_told(path: str):
    engine = engine_of(path)

    async with engine.connect() as connection:
        with pytest.raises(OperationalError, match="no such table"):
            await connection.execute(text("SELECT * FROM missing"))
    await engine.dispose()


async def test_a_reader_has_no_transaction_and_sees_the_newest(path: str):
    writer, reader = engine_of(path), sqlite_reader(database_address(path))
    async with writer.begin() as connection:
        await connection.execute(text("CREATE TABLE kept (value INTEGER)"))

    async with reader.connect() as looking:
        assert await looking.scalar(text("SELECT count(*) FROM kept")) == 0
        async with writer.begin() as connection:
            await connection.execute(text("INSERT INTO kept VALUES (1)"))
        assert await looking.scalar(text("SELECT count(*) FROM kept")) == 1
        with pytest.raises(OperationalError, match="readonly"):
            await looking.execute(text("INSERT INTO kept VALUES (2)"))
    await writer.dispose()
    await reader.dispose()


async def test_while_another_process_writes_the_rest_goes_on(path: str):
    ours, another = engine_of(path), engine_of(path)
    async with ours.begin() as connection:
        await connection.execute(text("CREATE TABLE kept (value INTEGER)"))

    async def write(value: int) -> None:
        async with ours.begin() as connection:
            await connection.execute(text(f"INSERT INTO kept VALUES ({value})"))

    async with another.begin() as connection:
        await connection.execute(text("INSERT INTO kept VALUES (1)"))
        waiting = asyncio.create_task(write(2))
        await asyncio.sleep(0.2)  # it would stand still for ten seconds, and so would we
        assert not waiting.done()
    await waiting

    async with ours.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM kept")) == 2
    await ours.dispose()
    await another.dispose()

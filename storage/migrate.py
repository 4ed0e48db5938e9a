"""Bringing the database to this program's schema, at every start."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.damage import check_is_whole
from storage.database import POSTGRES, database_address, is_passing, sqlite_writer

MIGRATION_LOCK = 7_420_115  # any number, the same in every replica
# Who changes a table waits until nobody uses it, and all that come after wait for it: so it is a
# short wait, again and again, while the version before goes on.
LOCK_WAIT = "3s"
LOCK_PAUSES = (1.0,) * 20  # seconds
LOCKED_OUT = ("55P03", "40P01")  # no lock within that time; each waits for the other

logger = logging.getLogger("askaround")


class SchemaTooNew(RuntimeError):
    """The database was made by a newer Askaround than this one."""

    def __init__(self, revisions: str) -> None:
        super().__init__(
            f"The database was made by a newer Askaround (schema {revisions}): "
            "start that version, or restore a backup from before."
        )


class DatabaseUnreachable(RuntimeError):
    """There is no database at the address, or it lets nobody in."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The database cannot be opened ({reason}): check DATABASE_URL.")


class MigrationCut(RuntimeError):
    """The database went away while it was brought to this program's schema."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The database broke off while it was brought to this version ({reason}). It is as it "
            "was before: see that it runs, and start again."
        )


async def migrate(database_url: str, revision: str = "head") -> None:
    """Upgrade to the newest schema; replicas that start together wait for one another."""
    engine = await migration_engine(database_url)
    try:
        for pause in (*LOCK_PAUSES, None):
            try:
                async with connected(engine) as connection, connection.begin():
                    await connection.run_sync(upgrade, revision)
                return
            except (SQLAlchemyError, psycopg.Error) as error:
                if not is_passing(error):
                    raise
                if pause is None or not is_locked_out(error):
                    raise MigrationCut(reason_of(error)) from error
            logger.info("The version before is at work on the database; again in a moment.")
            await asyncio.sleep(pause)
    finally:
        await engine.dispose()


@dataclass(frozen=True)
class Schema:
    here: str | None  # None: nothing was made yet
    is_newest: bool


async def read_schema(database_url: str) -> Schema:
    """What is there, without changing it."""
    if not has_file(database_address(database_url)):
        return Schema(None, False)
    engine = await migration_engine(database_url)
    try:
        async with connected(engine) as connection:
            here = await connection.run_sync(revisions_of)
    finally:
        await engine.dispose()
    check_not_newer(here)
    return Schema(", ".join(sorted(here)) or None, here == {newest()})


@asynccontextmanager
async def connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    connection = engine.connect()
    try:
        await connection.start()
    except (SQLAlchemyError, psycopg.Error, OSError, ValueError, TypeError) as error:
        raise DatabaseUnreachable(reason_of(error)) from error
    async with aclosing(connection):
        yield connection


def is_locked_out(error: Exception) -> bool:
    """Whether others, who are at work on the same tables, were let go first."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) in LOCKED_OUT


def reason_of(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", error)).split())[:200]


def has_file(url: URL) -> bool:
    """Whether SQLite would open one; to look would make it."""
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


async def migration_engine(database_url: str) -> AsyncEngine:
    url = database_address(database_url)
    if url.get_backend_name() == "sqlite":
        check_file_opens(url.database or "")
        await asyncio.to_thread(check_is_whole, url.database or "")
        # Alembic rebuilds tables in SQLite; with foreign keys on, that deletes child rows.
        return sqlite_writer(url, foreign_keys=False)
    return create_async_engine(url, pool_size=1, connect_args=POSTGRES)


def check_file_opens(path: str) -> None:
    """Asked of SQLite itself: the async driver's thread outlives a failed opening, and
    complains when the program has ended."""
    try:
        sqlite3.connect(path).close()
    except sqlite3.OperationalError as error:
        raise DatabaseUnreachable(str(error)) from error


def upgrade(connection: Connection, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": MIGRATION_LOCK})
    here = revisions_of(connection)
    if here == {newest()}:
        return  # each start comes here, and Alembic would run every script to find that out
    check_not_newer(here)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'"))
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


@cache
def newest() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def revisions_of(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


def check_not_newer(here: set[str]) -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    known = {revision.revision for revision in scripts.walk_revisions()}
    if here - known:
        raise SchemaTooNew(", ".join(sorted(here - known)))

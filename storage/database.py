"""Connecting to SQLite or PostgreSQL, and opening transactions."""

import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import Session, sessionmaker

from storage import outbox, sqlite_driver
from storage.search.meaning import Meaning

DRIVERS = {
    "sqlite": sqlite_driver.NAME,
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
READERS = 4
# An error would print the values: people's words, in the log.
DISCREET = {"hide_parameters": True}
WAL_WAITS = (0.01,) * 50 + (0.1,) * 50  # seconds; short ones, because nothing else runs meanwhile


class UnusableDatabaseUrl(ValueError):
    """The address is not one of a database Askaround can use."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL is not an address I can use: set it to sqlite:///askaround.db "
            "or postgresql://user:password@host/name."
        )


class Sessions:
    """Opens transactions: `begin()` to change something, `read()` to look; `glance()` to look at
    plain columns alone, which costs half.

    `on_owed` is called after each commit that left something in the outbox, `on_indexed` with
    the questions that one put into the search index. `meaning`, where
    it is installed, is what their searches understand texts with."""

    def __init__(
        self, writer: AsyncEngine, reader: AsyncEngine, meaning: Meaning | None = None
    ) -> None:
        self.writer, self.reader, self.meaning = writer, reader, meaning
        info = {"meaning": meaning}
        self.on_owed: Callable[[], None] = lambda: None
        self.on_indexed: Callable[[list[int]], None] = lambda question_ids: None
        self._sync_sessions = sessionmaker()
        event.listen(self._sync_sessions, "do_orm_execute", outbox.write_before_looking)
        event.listen(self._sync_sessions, "before_commit", outbox.write_owed)
        event.listen(self._sync_sessions, "after_commit", self._after_commit)
        self._begin = async_sessionmaker(
            writer, sync_session_class=self._sync_sessions, expire_on_commit=False, info=info
        )
        self._read = async_sessionmaker(reader, expire_on_commit=False, info=info)

    def _after_commit(self, session: Session) -> None:
        if session.info.get("owes"):
            self.on_owed()
        if session.info.get("indexed"):
            self.on_indexed(session.info.pop("indexed"))

    def begin(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self._begin.begin()

    def read(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self._read.begin()

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncConnection]:
        connection = await self.reader.connect()
        try:  # its own way out starts a task, which costs as much as the look
            yield connection
        finally:
            await connection.close()

    async def aclose(self) -> None:
        # SQLAlchemy keeps a listener, and so both engines, for as long as the program runs.
        event.remove(self._sync_sessions, "do_orm_execute", outbox.write_before_looking)
        event.remove(self._sync_sessions, "before_commit", outbox.write_owed)
        event.remove(self._sync_sessions, "after_commit", self._after_commit)
        await self.writer.dispose()
        await self.reader.dispose()


def is_passing(error: BaseException) -> bool:
    """Whether the database took a transaction back for another's sake, so that the same may work
    when it comes again: a deadlock, or two that could not be put in an order."""
    sqlstate = getattr(getattr(error, "orig", None), "sqlstate", None)
    return isinstance(error, DBAPIError) and sqlstate in ("40P01", "40001")


def open_sessions(database_url: str, meaning: Meaning | None = None) -> Sessions:
    url = database_address(database_url)
    if url.get_backend_name() == "sqlite":
        return Sessions(sqlite_writer(url), sqlite_reader(url), meaning)
    engine = create_async_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10, **DISCREET)
    return Sessions(engine, engine, meaning)


def database_address(database_url: str) -> URL:
    """The address with the driver Askaround uses; UnusableDatabaseUrl when it names another."""
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise UnusableDatabaseUrl() from None
    driver = DRIVERS.get(url.get_backend_name())
    if driver is None or (driver.startswith("sqlite") and url.database in (None, "", ":memory:")):
        raise UnusableDatabaseUrl()
    return url.set(drivername=driver)


def sqlite_writer(url: URL, *, foreign_keys: bool = True) -> AsyncEngine:
    # One connection: SQLite has one writer anyway, and waiting for it in the pool is
    # fair and fast, while waiting in the file is neither.
    engine = create_async_engine(url, pool_size=1, max_overflow=0, **DISCREET)
    # BEGIN IMMEDIATE takes the write lock first; a deferred one fails when it upgrades.
    prepare_sqlite(engine, begin=sqlite_driver.BEGIN, foreign_keys=foreign_keys)
    return engine


def sqlite_reader(url: URL) -> AsyncEngine:
    # Each statement sees the newest commit, as in PostgreSQL; without BEGIN, COMMIT and
    # ROLLBACK, each of them a hop to the driver's thread, a look costs half.
    engine = create_async_engine(
        url,
        pool_size=READERS,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
        **DISCREET,
    )
    prepare_sqlite(engine, query_only=True)
    return engine


def prepare_sqlite(
    engine: AsyncEngine,
    *,
    begin: str | None = None,
    foreign_keys: bool = True,
    query_only: bool = False,
) -> None:
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN loses updates
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {sqlite_driver.LONGEST_WAIT}")
        use_wal(cursor)
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA secure_delete = ON")  # a delete is a delete, on disk too
        cursor.execute(f"PRAGMA foreign_keys = {int(foreign_keys)}")
        cursor.execute(f"PRAGMA query_only = {int(query_only)}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", on_connect)
    if begin is not None:
        event.listen(
            engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql(begin)
        )


def use_wal(cursor: sqlite3.Cursor) -> None:
    """A new file is switched once. Whoever comes second meanwhile is told "locked" at once,
    without the busy timeout, because waiting could be a deadlock: so the wait is here."""
    for wait in WAL_WAITS:
        with suppress(sqlite3.OperationalError):
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        time.sleep(wait)
    cursor.execute("PRAGMA journal_mode = WAL")

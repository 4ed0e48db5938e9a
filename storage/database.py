"""Connecting to SQLite or PostgreSQL, and opening transactions."""

import asyncio
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

import psycopg
from psycopg.pq import Conninfo
from sqlalchemy import URL, ExceptionContext, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    PendingRollbackError,
    ResourceClosedError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import Session, sessionmaker

from storage import outbox, sqlite_driver
from storage.damage import DatabaseDamaged, find_damage, is_damage
from storage.search.meaning import Meaning

DRIVERS = {
    "sqlite": sqlite_driver.NAME,
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
READERS = 4
# An error would print the values: people's words, in the log.
# As many compiled statements are kept as there are: with SQLAlchemy's 500 the rarer ones push one
# another out, and compiling takes ten times as long as running.
ENGINE = {"hide_parameters": True, "query_cache_size": 2_000}
WAL_WAITS = (0.01,) * 50 + (0.1,) * 50  # seconds; short ones, because nothing else runs meanwhile
SQLITE_TROUBLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}
# Classes of SQLSTATE: connection, rolled back, resources, an operator's doing, system, damage;
# and two codes: read-only, and a lock that was not to be had.
POSTGRES_TROUBLE = ("08", "40", "53", "57", "58", "XX", "25006", "55P03")
# PgBouncer, where it shares connections, hands each transaction another one: what was prepared on
# the one before is not known there.
POSTGRES = {"prepare_threshold": None}
CONNECTS_WITHIN = "10"  # seconds, if the address does not say otherwise
PLAIN_HOST = re.compile(r"[\w.:%-]*")
PERCENT_ENCODE = (
    "write special characters in the password percent-encoded, @ as %40, : as %3A, / as %2F"
)
# What a database that is away may raise.
UNREACHABLE = (SQLAlchemyError, OSError, DatabaseDamaged)


class UnusableDatabaseUrl(ValueError):
    """The address is not one of a database Askaround can use. Nothing of it is repeated: it
    holds a password, and who knows where it begins and ends."""

    def __init__(self, problem: str = "is not an address I can use", cure: str = "") -> None:
        cure = cure or ("set it to sqlite:///askaround.db or postgresql://user:password@host/name")
        super().__init__(f"DATABASE_URL {problem}: {cure}.")


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
        self.damage: DatabaseDamaged | None = None
        for engine in {writer, reader}:
            event.listen(engine.sync_engine, "handle_error", self._on_error)
        self._info: dict[str, Any] = {"meaning": meaning}
        info = self._info
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

    @property
    def tells_of_questions(self) -> bool:
        """Whether what happens to questions is owed to those outside Slack who are told."""
        return bool(self._info.get(outbox.TELLS))

    @tells_of_questions.setter
    def tells_of_questions(self, tells: bool) -> None:
        self._info[outbox.TELLS] = tells

    def begin(self) -> AbstractAsyncContextManager[AsyncSession]:
        self._check_is_whole()
        return self._begin.begin()

    def read(self) -> AbstractAsyncContextManager[AsyncSession]:
        self._check_is_whole()
        return self._read.begin()

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncConnection]:
        self._check_is_whole()
        connection = await self.reader.connect()
        try:  # its own way out starts a task, which costs as much as the look
            yield connection
        finally:
            await connection.close()

    async def look_for_damage(self) -> DatabaseDamaged | None:
        """Read a whole SQLite file, in a thread. Once damage is known, nothing is opened."""
        path = self.writer.url.database
        if self.writer.dialect.name == "sqlite" and path:
            found = await asyncio.to_thread(find_damage, path)
            self.damage = self.damage or (DatabaseDamaged(path, found) if found else None)
        return self.damage

    def _check_is_whole(self) -> None:
        if self.damage is not None:
            raise self.damage

    def _on_error(self, context: ExceptionContext) -> None:
        if self.damage is None and is_damage(context.original_exception):
            path = self.writer.url.database or ""
            self.damage = DatabaseDamaged(path, str(context.original_exception))

    async def aclose(self) -> None:
        # SQLAlchemy keeps a listener, and so both engines, for as long as the program runs.
        event.remove(self._sync_sessions, "do_orm_execute", outbox.write_before_looking)
        event.remove(self._sync_sessions, "before_commit", outbox.write_owed)
        event.remove(self._sync_sessions, "after_commit", self._after_commit)
        for engine in {self.writer, self.reader}:
            event.remove(engine.sync_engine, "handle_error", self._on_error)
        await self.writer.dispose()
        await self.reader.dispose()


def is_passing(error: BaseException) -> bool:
    """Whether it is the database that has trouble and not what we asked of it, so that the same
    may work when it comes again: it is away, closed, locked, full, damaged, or took the
    transaction back for another's sake."""
    if isinstance(error, (PoolTimeout, PendingRollbackError, ResourceClosedError, DatabaseDamaged)):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in SQLITE_TROUBLE
    sqlstate = getattr(cause, "sqlstate", None)
    if sqlstate is None:  # psycopg's word for a connection that broke off, or never stood
        return isinstance(cause, psycopg.OperationalError)
    return str(sqlstate).startswith(POSTGRES_TROUBLE)


def open_sessions(database_url: str, meaning: Meaning | None = None) -> Sessions:
    url = database_address(database_url)
    if url.get_backend_name() == "sqlite":
        return Sessions(sqlite_writer(url), sqlite_reader(url), meaning)
    engine = create_async_engine(
        url,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=10,
        connect_args=POSTGRES,
        **ENGINE,
    )
    return Sessions(engine, engine, meaning)


def database_address(database_url: str) -> URL:
    """The address with the driver Askaround uses; UnusableDatabaseUrl says what is wrong."""
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise UnusableDatabaseUrl() from None
    except ValueError:
        raise UnusableDatabaseUrl("has no number for its port", PERCENT_ENCODE) from None
    driver = DRIVERS.get(url.get_backend_name())
    if driver is None:
        raise UnusableDatabaseUrl()
    if driver.startswith("sqlite"):
        check_sqlite_address(url)
    else:
        check_postgres_address(database_url, url)
        url = url.update_query_dict({"connect_timeout": CONNECTS_WITHIN, **url.query})
    return url.set(drivername=driver)


def check_sqlite_address(url: URL) -> None:
    if url.database in (None, "", ":memory:") or url.host:
        raise UnusableDatabaseUrl()
    check_options(url, ())


def check_postgres_address(database_url: str, url: URL) -> None:
    if database_url.count("@") > 1 or not PLAIN_HOST.fullmatch(url.host or ""):
        raise UnusableDatabaseUrl("cannot be told apart into its parts", PERCENT_ENCODE)
    if url.port is not None and not 0 < url.port < 65536:
        raise UnusableDatabaseUrl("has a port that no server has", "use one from 1 to 65535")
    check_options(url, [each.keyword.decode() for each in Conninfo.get_defaults()])


def check_options(url: URL, known: Collection[str]) -> None:
    unknown = sorted(set(url.query) - set(known))
    if unknown:
        shown = f"the option {unknown[0]}" if unknown[0].isidentifier() else "an option"
        raise UnusableDatabaseUrl(f"has {shown}, which this database does not know", "leave it out")


def sqlite_writer(url: URL, *, foreign_keys: bool = True) -> AsyncEngine:
    # One connection: SQLite has one writer anyway, and waiting for it in the pool is
    # fair and fast, while waiting in the file is neither.
    engine = create_async_engine(url, pool_size=1, max_overflow=0, **ENGINE)
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
        **ENGINE,
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

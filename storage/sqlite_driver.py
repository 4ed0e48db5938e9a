"""SQLite for SQLAlchemy's asyncio, on Python's own `sqlite3` alone.

A transaction of ours is many small statements, and a visit to another thread costs more than most
of them. So what only reads is tried where it is asked for, for a moment, and what changes
a row or a few is done at once. What takes longer, and all else that changes something or waits for
a lock or the disk, runs in the connection's thread, and the event loop does not wait for it."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import URL, AsyncAdaptedQueuePool, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import AdaptedConnection
from sqlalchemy.util import await_, concurrency

NAME = "sqlite+askaround"  # in an address, as SQLAlchemy reads it
MOMENT = 5_000  # steps of SQLite's machine, some tenths of a millisecond
FEW = 60  # values, or rows
BEGIN = "BEGIN IMMEDIATE"
LONGEST_WAIT = 10_000  # milliseconds, for another process's lock
CHANGES = ("UPDATE ", "DELETE FROM outbox ")  # other deletions may take much with them
STATEMENTS_KEPT = 512  # prepared ones; a transaction of ours has more kinds than sqlite3 keeps


class Dialect(SQLiteDialect_pysqlite):
    driver = "askaround"
    is_async = True
    has_terminate = True  # without a word from the event loop
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return AsyncAdaptedQueuePool

    def connect(self, *path: Any, **options: Any) -> Any:
        return Connection(*path, **{"cached_statements": STATEMENTS_KEPT, **options})

    def get_driver_connection(self, connection: Any) -> Any:
        return connection

    def do_terminate(self, dbapi_connection: Any) -> None:
        dbapi_connection.hang_up()


registry.register(NAME.replace("+", "."), __name__, Dialect.__name__)


class Connection(AdaptedConnection):
    """What SQLAlchemy asks of a connection, to be used by one at a time."""

    def __init__(self, path: str, **options: Any) -> None:
        self.sqlite = sqlite3.connect(path, **options)
        self._thread = ThreadPoolExecutor(1, "sqlite")
        self._job: Future[Any] | None = None

    @property
    def isolation_level(self) -> str | None:
        level: str | None = self.sqlite.isolation_level
        return level

    @isolation_level.setter
    def isolation_level(self, level: str | None) -> None:
        self.sqlite.isolation_level = level

    def create_function(self, *arguments: Any, **options: Any) -> None:
        self.sqlite.create_function(*arguments, **options)

    def cursor(self, server_side: bool = False) -> "Cursor":
        return Cursor(self)

    def commit(self) -> None:
        if self.sqlite.in_transaction:
            await_(self.visit(self.sqlite.commit))

    def rollback(self) -> None:
        if self.is_busy or self.sqlite.in_transaction:
            await_(self.visit(self.sqlite.rollback))

    def close(self) -> None:
        job = self.hang_up()
        if job is not None and concurrency.in_greenlet():
            await_(asyncio.shield(asyncio.wrap_future(job)))

    def hang_up(self) -> Future[None] | None:
        """Close once the thread is done with what it does; None when that was said before."""
        try:
            job = self._thread.submit(self.sqlite.close)
        except RuntimeError:
            return None
        self._thread.shutdown(wait=False)
        return job

    @property
    def is_busy(self) -> bool:
        """Whether the thread is at work, for somebody who was cancelled and waits no longer."""
        return self._job is not None and not self._job.done()

    async def visit(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Have it done in the thread, after what that does already."""
        self._job = self._thread.submit(work, *arguments)
        return await asyncio.wrap_future(self._job)

    async def run_many(self, sql: str, rows: Any) -> "Done":
        is_few = len(rows) <= FEW and is_small(sql, rows[0])
        if is_few and self.sqlite.in_transaction and not self.is_busy:
            return execute_many(self.sqlite, sql, rows)
        return await self.visit(execute_many, self.sqlite, sql, rows)  # type: ignore[no-any-return]

    async def run(self, sql: str, parameters: Any) -> "Done":
        if not self.is_busy:
            if self.sqlite.in_transaction and is_small(sql, parameters):
                return execute(self.sqlite, sql, parameters)
            done = self._try_here(sql, parameters)
            if done is not None:
                return done
        return await self.visit(execute, self.sqlite, sql, parameters)  # type: ignore[no-any-return]

    def _try_here(self, sql: str, parameters: Any) -> "Done | None":
        """None when it takes longer than a moment."""
        if sql.startswith("SELECT "):
            return self._look_here(sql, parameters)
        return self._begin_here(sql) if sql == BEGIN else None

    def _begin_here(self, sql: str) -> "Done | None":
        """Begin, unless another process writes just now."""
        self.sqlite.execute("PRAGMA busy_timeout = 0")
        try:
            return execute(self.sqlite, sql, ())
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return None
        finally:
            self.sqlite.execute(f"PRAGMA busy_timeout = {LONGEST_WAIT}")

    def _look_here(self, sql: str, parameters: Any) -> "Done | None":
        """To break off what reads changes nothing."""
        self.sqlite.set_progress_handler(give_up, MOMENT)
        try:
            return execute(self.sqlite, sql, parameters)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return None
        finally:
            self.sqlite.set_progress_handler(None, 0)


def is_small(sql: str, parameters: Any) -> bool:
    """Whether it changes one row by its number, or puts in a few. That waits for nothing: the lock
    is held, and the disk is waited for when the transaction ends."""
    if len(parameters) > FEW or " SELECT " in sql or " OR " in sql:
        return False
    which = sql.partition(" WHERE ")[2]
    return sql.startswith("INSERT ") or (sql.startswith(CHANGES) and ".id = ?" in which)


def give_up() -> bool:
    return True


class Done:
    """What is left of a statement when its cursor is closed."""

    __slots__ = ("description", "lastrowid", "rowcount", "rows")

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self.rows = cursor.fetchall()
        self.description, self.rowcount = cursor.description, cursor.rowcount
        self.lastrowid = cursor.lastrowid


def execute(sqlite: sqlite3.Connection, sql: str, parameters: Any) -> Done:
    cursor = sqlite.execute(sql, parameters)
    try:
        return Done(cursor)
    finally:
        cursor.close()


def execute_many(sqlite: sqlite3.Connection, sql: str, rows: Any) -> Done:
    cursor = sqlite.executemany(sql, rows)
    try:
        return Done(cursor)
    finally:
        cursor.close()


class Cursor:
    """What SQLAlchemy asks of a cursor; all rows are here when a statement has run."""

    description: Any = None
    rowcount = -1
    lastrowid: int | None = None
    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self._read = 0

    def execute(self, sql: str, parameters: Any = ()) -> "Cursor":
        return self._keep(await_(self._connection.run(sql, parameters)))

    def executemany(self, sql: str, rows: Any) -> "Cursor":
        return self._keep(await_(self._connection.run_many(sql, rows)))

    def _keep(self, done: Done) -> "Cursor":
        self._rows, self._read = done.rows, 0
        self.description, self.rowcount = done.description, done.rowcount
        self.lastrowid = done.lastrowid
        return self

    def fetchone(self) -> Any:
        rows = self.fetchmany(1)
        return rows[0] if rows else None

    def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        began, self._read = self._read, self._read + (size or self.arraysize)
        return self._rows[began : self._read]

    def fetchall(self) -> Sequence[Any]:
        rest = self._rows[self._read :] if self._read else self._rows
        self._rows, self._read = [], 0
        return rest

    def close(self) -> None:
        self._rows, self._read = [], 0

    async def _async_soft_close(self) -> None:
        """SQLAlchemy asks the cursors of asyncio for this; ours are closed already."""

"""aiosqlite with one visit to its thread a statement, where it pays four: for the cursor, to
execute, to fetch and to close. A transaction of ours is many small statements, and each visit
costs more than most of them."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import aiosqlite
from aiosqlite.cursor import Cursor

CHUNK = 64  # rows aiosqlite fetches at once for those that iterate; nobody does here


@dataclass(frozen=True)
class Done:
    """What is left of a statement when its cursor is closed."""

    rows: list[Any]
    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None


class Connection(aiosqlite.Connection):
    def cursor(self) -> "OneVisitCursor":  # type: ignore[override]  # nothing to wait for
        return OneVisitCursor(self)


class OneVisitCursor(Cursor):
    """The part of aiosqlite's cursor that SQLAlchemy uses."""

    def __init__(self, connection: Connection) -> None:
        self._conn, self._done = connection, Done([])

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "OneVisitCursor":
        return await self._run(self._conn._conn.execute, sql, parameters or ())

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "OneVisitCursor":
        return await self._run(self._conn._conn.executemany, sql, parameters)

    async def _run(self, execute: Any, sql: str, parameters: Any) -> "OneVisitCursor":
        self._done = await self._execute(run, execute, sql, parameters)  # type: ignore[no-untyped-call]
        return self

    async def fetchall(self) -> list[Any]:
        return self._done.rows

    async def close(self) -> None:
        pass  # it is closed already

    @property
    def description(self) -> Any:
        return self._done.description

    @property
    def rowcount(self) -> int:
        return self._done.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._done.lastrowid


def run(execute: Any, sql: str, parameters: Any) -> Done:
    cursor = execute(sql, parameters)
    try:
        return Done(cursor.fetchall(), cursor.description, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()


def connect(path: str, **options: Any) -> Connection:
    """As aiosqlite.connect."""
    connection = Connection(lambda: sqlite3.connect(path, **options), CHUNK)
    connection._thread.daemon = True  # as SQLAlchemy does: a crash does not hang on it
    return connection

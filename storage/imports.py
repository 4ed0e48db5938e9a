"""An export, back into an empty database: all of it, or nothing.

The rows go into the tables of the schema that they were written with, and are migrated from there
like those of any older database."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    MetaData,
    Table,
    and_,
    exists,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from storage.exports import AT_ONCE, FORMAT
from storage.migrate import (
    SchemaTooNew,
    check_not_newer,
    connected,
    migration_engine,
    newest,
    revisions_of,
    upgrade,
)

VERSIONS = "alembic_version"  # the migrations' own table
COUNT_ON = """
    SELECT setval(pg_get_serial_sequence(:table, :key), (SELECT max({key}) FROM {table}))
    WHERE EXISTS (SELECT FROM {table})"""
Progress = Callable[[int], None]  # takes how many rows are in


class ExportProblem(RuntimeError):
    """One sentence that says what to do."""


class ExportTooNew(ExportProblem):
    def __init__(self, made_by: object) -> None:
        super().__init__(
            f"The export was made by a newer Askaround (schema {made_by}) than this one (schema "
            f"{newest()}): bring it in with that version."
        )


@dataclass
class Waiting:
    """What was read and is still to be put in: some rows of one table; and, for the end, what
    points to a row of its own table that comes later."""

    table: Table | None = None
    rows: list[dict[str, Any]] = field(default_factory=list)
    pointers: list[tuple[Table, dict[str, Any], dict[str, Any]]] = field(default_factory=list)


async def bring_in(
    database_url: str, lines: Iterable[str], on_progress: Progress = lambda done: None
) -> int:
    """How many rows came in. ExportProblem, and nothing did, where the database is not empty or
    the lines are no whole export."""
    read = iter(lines)
    made_by = read_head(next(read, ""))
    engine = await migration_engine(database_url)
    try:
        async with connected(engine) as connection, connection.begin():
            return await connection.run_sync(fill, made_by, read, on_progress)
    finally:
        await engine.dispose()


def read_head(line: str) -> str:
    """The schema of the rows that follow."""
    try:
        said = parsed(line)
    except ValueError:
        said = {}
    if said.get("askaround") != "export":
        raise ExportProblem("This is no export of Askaround.")
    made_by = str(said.get("schema"))
    if said.get("format") != FORMAT:
        raise ExportTooNew(made_by)
    try:
        check_not_newer({made_by})
    except SchemaTooNew as error:
        raise ExportTooNew(made_by) from error
    return made_by


def parsed(line: str) -> dict[str, Any]:
    said = json.loads(line)
    if not isinstance(said, dict):
        raise ValueError("no object")
    return said


def fill(connection: Connection, made_by: str, lines: Iterator[str], on_progress: Progress) -> int:
    check_is_empty(connection, made_by)
    upgrade(connection, made_by)
    tables = MetaData()
    tables.reflect(connection)
    waiting, checksum, done = Waiting(), sha256(), 0
    for number, line in enumerate(lines, 2):
        try:
            said = parsed(line)
            if "end" in said:
                check_is_whole(said["end"], done, checksum.hexdigest())
                break
            take(connection, tables, waiting, said)
        except (ValueError, KeyError, TypeError, SQLAlchemyError) as error:
            raise ExportProblem(
                f"Line {number} is not as schema {made_by} has it: take the export again."
            ) from error
        checksum.update(line.encode())
        done += 1
        on_progress(done)
    else:
        raise ExportProblem("The export has no last line, so it is not whole: take it again.")
    finish(connection, tables, waiting)
    upgrade(connection, "head")
    return done


def check_is_empty(connection: Connection, made_by: str) -> None:
    """It has no tables, or those of this schema without a row."""
    tables = MetaData()
    tables.reflect(connection)
    names = set(tables.tables) - {VERSIONS}
    if not names or (
        revisions_of(connection) == {made_by}
        and not any(
            connection.scalar(select(exists(select(tables.tables[each])))) for each in names
        )
    ):
        return
    raise ExportProblem("The database is not empty: name a new one in DATABASE_URL.")


def check_is_whole(end: Any, rows: int, checksum: str) -> None:
    if end["rows"] != rows or end["sha256"] != checksum:
        raise ExportProblem("The export was changed or cut after it was made: take it again.")


def take(connection: Connection, tables: MetaData, waiting: Waiting, said: dict[str, Any]) -> None:
    table = tables.tables[said["table"]]
    if waiting.table is not table or len(waiting.rows) >= AT_ONCE:
        put(connection, waiting)
        waiting.table = table
    row = {name: read_as(table.columns[name], value) for name, value in said["row"].items()}
    missing = set(table.columns.keys()) - row.keys()
    if missing:
        raise KeyError(min(missing))
    waiting.rows.append(row | without_pointers(table, row, waiting))


def without_pointers(table: Table, row: dict[str, Any], waiting: Waiting) -> dict[str, None]:
    """What the row points to in its own table may come later: that is put in at the end."""
    inside = [
        column.name
        for column in table.columns
        if row[column.name] is not None
        and any(each.column.table is table for each in column.foreign_keys)
    ]
    if inside:
        key = {each.name: row[each.name] for each in table.primary_key.columns}
        waiting.pointers.append((table, key, {name: row[name] for name in inside}))
    return dict.fromkeys(inside)


def put(connection: Connection, waiting: Waiting) -> None:
    if waiting.table is not None and waiting.rows:
        connection.execute(insert(waiting.table), waiting.rows)
    waiting.rows = []


def read_as(column: Column[Any], value: Any) -> Any:
    """The value as the database's driver takes it."""
    if value is None or isinstance(column.type, JSON):
        return value
    if isinstance(column.type, DateTime):
        moment = datetime.fromisoformat(value).astimezone(UTC)
        return moment if column.type.timezone else moment.replace(tzinfo=None)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def finish(connection: Connection, tables: MetaData, waiting: Waiting) -> None:
    put(connection, waiting)
    for table, key, pointers in waiting.pointers:
        is_it = and_(*(table.columns[name] == value for name, value in key.items()))
        connection.execute(update(table).where(is_it).values(pointers))
    if connection.dialect.name != "postgresql":
        return
    for table in tables.tables.values():  # what is new gets numbers that nothing has
        columns = [*table.primary_key.columns]
        if len(columns) == 1 and columns[0].server_default is not None:
            name = columns[0].name
            count_on = text(COUNT_ON.format(table=table.name, key=name))
            connection.execute(count_on, {"table": table.name, "key": name})

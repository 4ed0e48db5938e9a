"""Everything that is remembered, as lines of JSON; `storage/imports.py` takes them back.

The first line says which schema the rows have: the migration that made their tables. The last one
tells how many rows came before it, and their checksum: half an export is none. docs/EXPORT.md has
all of it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Table, func, literal, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Sessions
from storage.migrate import newest
from storage.search import tables as search_tables
from storage.tables import Base

FORMAT = 1  # of the lines themselves; what their rows hold is the schema's
AT_ONCE = 1_000  # rows
KINDS = {bool: "boolean", int: "integer", float: "number", str: "string", bytes: "string"}


def exported() -> list[Table]:
    """Every table, those first that others point to; without the search index, which is made of
    them."""
    derived = [each for each in vars(search_tables).values() if isinstance(each, type)]
    names = {getattr(each, "__tablename__", None) for each in derived}
    return [table for table in Base.metadata.sorted_tables if table.name not in names]


@asynccontextmanager
async def snapshot(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """All that is read in it stands as it did when it began, whatever the bot does meanwhile."""
    async with sessions.read() as session:
        if sessions.reader.dialect.name != "sqlite":
            await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session
            return
        await session.execute(text("BEGIN"))  # SQLite's readers begin nothing by themselves
        try:
            yield session
        finally:
            await session.execute(text("ROLLBACK"))


async def list_lines(session: AsyncSession, *, now: datetime) -> AsyncIterator[str]:
    """The export, line by line; no more of it is held than some rows."""
    total, checksum = 0, sha256()
    yield line_of(
        {"askaround": "export", "format": FORMAT, "schema": newest(), "made_at": written(now)}
    )
    for table in exported():
        async for row in list_rows(session, table):
            line = line_of({"table": table.name, "row": row})
            total += 1
            checksum.update(line.encode())
            yield line
    yield line_of({"end": {"rows": total, "sha256": checksum.hexdigest()}})


async def list_rows(session: AsyncSession, table: Table) -> AsyncIterator[dict[str, Any]]:
    """In the order of their keys."""
    keys = [*table.primary_key.columns]
    statement = select(*table.columns).order_by(*keys).limit(AT_ONCE)
    page = (await session.execute(statement)).all()
    while page:
        for row in page:
            yield {name: written(value) for name, value in row._mapping.items()}
        last = tuple_(*(literal(page[-1]._mapping[key.name], key.type) for key in keys))
        page = (await session.execute(statement.where(tuple_(*keys) > last))).all()


async def count_rows(session: AsyncSession) -> int:
    total = 0
    for table in exported():
        total += await session.scalar(select(func.count()).select_from(table)) or 0
    return total


def line_of(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"


def written(value: Any) -> Any:
    """Times in UTC, as ISO 8601 has them; all else is JSON's own."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


# What the lines may be


def schema() -> dict[str, Any]:
    """As a JSON Schema of one line."""
    head = shape(
        askaround={"const": "export"},
        format={"const": FORMAT},
        schema={"type": "string"},
        made_at={"type": "string", "format": "date-time"},
    )
    end = shape(end=shape(rows={"type": "integer"}, sha256={"type": "string"}))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A line of an export of Askaround, format {FORMAT}, schema {newest()}",
        "oneOf": [head, *(shape_of(table) for table in exported()), end],
    }


def shape(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def shape_of(table: Table) -> dict[str, Any]:
    columns = {column.name: kind_of(column) for column in table.columns}
    line = shape(table={"const": table.name}, row=shape(**columns))
    return {"description": describe(table), **line}


def describe(table: Table) -> str:
    classes = [each.class_ for each in Base.registry.mappers if each.local_table is table]
    return " ".join((classes[0].__doc__ or "").split()) if classes else ""


def kind_of(column: Column[Any]) -> dict[str, Any]:
    name = column.type.__class__.__name__
    if name in ("UtcDateTime", "Date"):
        kind = {"type": "string", "format": "date" if name == "Date" else "date-time"}
    elif name == "CleanText":
        kind = {"type": "string"}
    elif name == "JSON":
        return {}
    else:
        kind = {"type": KINDS[column.type.python_type]}
    return {**kind, "type": [kind["type"], "null"]} if column.nullable else kind

"""Saving rows that may be there already."""

from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Base

Row = TypeVar("Row", bound=Base)


async def add_if_first(session: AsyncSession, row: Row) -> Row | None:
    """Save the row and return it as saved; None when the database already holds one with its
    unique key. One statement: whoever comes second waits for the first, and loses."""
    table = type(row)
    values = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    saved: Row | None = await session.scalar(
        insert(session, table).values(**values).on_conflict_do_nothing().returning(table)
    )
    return saved


def insert(session: AsyncSession, table: type[Base]) -> Any:
    """An INSERT of the database's own kind, which knows ON CONFLICT."""
    dialect = session.get_bind().dialect.name
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


async def upsert(session: AsyncSession, table: type[Base], **values: Any) -> None:
    """Insert the row, or give the one with the same primary key these values."""
    keys = [column.name for column in inspect(table).primary_key]
    changes = {name: value for name, value in values.items() if name not in keys}
    statement = insert(session, table).values(**values)
    if changes:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changes)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    await session.execute(statement)

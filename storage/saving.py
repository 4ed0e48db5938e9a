"""Saving rows that may be there already."""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Base


async def add_if_first(session: AsyncSession, row: Base) -> bool:
    """Save the row; False when the database already holds one with its unique key."""
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


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

"""Rows of every table with whatever its columns can hold, so that a new column is tried too."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.exports import exported

LETTERS = "aZ09 _-'\"\\/\n\r\t{}[]<>&|é漢字🎉\u2028\u200d\x01\x7f%$:@"
FIRST = datetime(1990, 1, 1, tzinfo=UTC)
LARGEST = 2**53  # what JSON's readers elsewhere keep whole


async def fill(session: AsyncSession, seed: int, most: int) -> None:
    """At most that many rows in each table; what its constraints refuse is left out."""
    chance = random.Random(seed)
    keys: dict[str, list[dict[str, Any]]] = {}
    for table in exported():
        keys[table.name] = []
        for _ in range(chance.randint(0, most)):
            row = row_of(table, chance, keys)
            if row is None:
                continue
            try:
                async with session.begin_nested():
                    await session.execute(insert(table).values(row))
            except IntegrityError:
                continue
            keys[table.name].append(row)
        await point_inside(session, table, chance, keys[table.name])


def row_of(
    table: Table, chance: random.Random, keys: dict[str, list[dict[str, Any]]]
) -> dict[str, Any] | None:
    """None where it would have to point to a row, and there is none."""
    row = {column.name: value_of(column, chance) for column in table.columns}
    for constraint in table.foreign_key_constraints:
        columns = list(constraint.columns)
        if constraint.referred_table is table:
            row |= dict.fromkeys((column.name for column in columns), None)
            continue
        there = keys[constraint.referred_table.name]
        if not there and not all(column.nullable for column in columns):
            return None
        chosen = chance.choice(there) if there else None
        for element in constraint.elements:
            value = chosen[element.column.name] if chosen else None
            row[element.parent.name] = value
    return row


async def point_inside(
    session: AsyncSession, table: Table, chance: random.Random, rows: list[dict[str, Any]]
) -> None:
    """Each may point to any other row of its table, earlier or later."""
    for constraint in table.foreign_key_constraints:
        if constraint.referred_table is not table:
            continue
        (element,) = constraint.elements
        for row in rows:
            other = chance.choice([None, *rows])
            if other is None:
                continue
            pointer = {element.parent.name: other[element.column.name]}
            is_it = table.c.id == row["id"]
            try:
                async with session.begin_nested():
                    await session.execute(update(table).where(is_it).values(pointer))
            except IntegrityError:  # only one may
                continue


def value_of(column: Column[Any], chance: random.Random) -> Any:
    if column.nullable and chance.random() < 0.3:
        return None
    kind = column.type.__class__.__name__
    if kind == "UtcDateTime":
        return FIRST + timedelta(microseconds=chance.randrange(2 * 10**15))
    if kind == "Date":
        return date(2026, 1, 1) + timedelta(days=chance.randrange(1000))
    if kind == "JSON":
        return json_of(chance)
    if kind == "CleanText":
        return text_of(chance, 40)
    if kind == "Boolean":
        return chance.random() < 0.5
    if kind == "Double":
        return chance.choice([0.0, -1.5, 1e-300, 1e300, chance.random()])
    if kind == "String":
        return text_of(chance, column.type.length or 40)
    return chance.randint(1, 2**31 - 1 if kind == "Integer" else LARGEST)


def text_of(chance: random.Random, most: int) -> str:
    return "".join(chance.choices(LETTERS, k=chance.randint(0, most)))


def json_of(chance: random.Random, depth: int = 2) -> Any:
    kinds = [
        lambda: chance.randint(-LARGEST, LARGEST),
        lambda: chance.random(),
        lambda: text_of(chance, 20),
        lambda: chance.random() < 0.5,
        lambda: [json_of(chance, depth - 1) for _ in range(chance.randint(0, 3))],
        lambda: {text_of(chance, 8): json_of(chance, depth - 1) for _ in range(2)},
    ]
    return chance.choice(kinds[: 6 if depth else 4])()

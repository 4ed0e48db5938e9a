"""What is kept of a person, for themselves: how much of what, and all of it to take along."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.kinds import MY_DATA_FILES
from bot.privacy.retention import Kept, list_readable_rules
from bot.privacy.staying_out import list_where
from bot.recognition.naming import is_unnamed
from storage import outbox
from storage.privacy import erasing, my_data

Row = my_data.Row
MOST_BYTES = 5_000_000  # of one file
MOST_READABLE = 5_000  # rows of one readable page


@dataclass(frozen=True)
class MyData:
    user_id: str
    asked: int  # questions with words
    answered: int  # replies with words
    helped: int  # facts of help that tell of them
    rows: int  # all that names them
    tables: Mapping[str, int]  # how many rows of each
    out_of: tuple[str, ...]  # channels that they stay out of; "" for all
    is_unnamed: bool
    is_being_erased: bool
    kept: tuple[Kept, ...]  # how long things are kept


async def get_my_data(session: AsyncSession, *, team_id: str, user_id: str) -> MyData:
    who = {"team_id": team_id, "user_id": user_id}
    tables = await erasing.count_theirs(session, **who)
    return MyData(
        user_id=user_id,
        asked=await erasing.count_asked(session, **who),
        answered=await erasing.count_answered(session, **who),
        helped=tables.get("kudos", 0),
        rows=sum(tables.values()),
        tables=tables,
        out_of=tuple(await list_where(session, **who)),
        is_unnamed=await is_unnamed(session, team_id, user_id),
        is_being_erased=await erasing.get(session, team_id, user_id) is not None,
        kept=tuple(await list_readable_rules(session, **who)),
    )


async def take_along(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> None:
    """Owe this person all that is kept of them, as files."""
    await outbox.owe(session, MY_DATA_FILES, user_id, team_id=team_id, lane=user_id, now=now)
    await audit.note(session, audit.TAKEN, team_id=team_id, by=user_id, now=now)


async def list_rows(session: AsyncSession, *, team_id: str, user_id: str) -> list[Row]:
    return [each async for each in my_data.each_row(session, team_id, user_id)]


def as_lines(rows: Sequence[Row], most: int = MOST_BYTES) -> list[bytes]:
    """JSON lines in parts that have at most so many bytes, but one line at least."""
    parts: list[bytearray] = [bytearray()]
    for table, values in rows:
        line = json.dumps({"table": table, **readable(values)}, ensure_ascii=False).encode()
        if parts[-1] and len(parts[-1]) + len(line) > most:
            parts.append(bytearray())
        parts[-1] += line + b"\n"
    return [bytes(each) for each in parts if each]


def readable(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else plain_value(value)
        for name, value in values.items()
    }


def plain_value(value: Any) -> Any:
    is_plain = value is None or isinstance(value, str | int | float | bool | list | dict)
    return value if is_plain else str(value)


def in_pages(rows: Sequence[Row], most: int = MOST_READABLE) -> list[Sequence[Row]]:
    return [rows[start : start + most] for start in range(0, len(rows), most)]


def count_by_table(rows: Sequence[Row]) -> Mapping[str, int]:
    return Counter(table for table, _ in rows)

"""Taking out everything of a workspace."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Table, delete, exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from storage.privacy.erasing import ROWS_AT_ONCE, of_team
from storage.tables import Answer, Base, Question

NO_TEAMS = ("taken_requests", "backups")  # signatures alone, for an hour; and times
LAST = ("workspaces", "installations")  # these say that there is something to take out


def tables() -> Iterator[Table]:
    """Those that others point at come after them."""
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in (*NO_TEAMS, *LAST):
            yield table


async def erase_some(session: AsyncSession, team_id: str) -> bool:
    """Some rows of the first table that has any; False when nothing of the workspace is left."""
    for table in tables():
        keys = list(table.primary_key)
        some = select(*keys).where(belongs(table, team_id)).limit(ROWS_AT_ONCE)
        chosen = keys[0].in_(some) if len(keys) == 1 else tuple_(*keys).in_(some)
        erased = await session.execute(delete(table).where(chosen))
        if erased.rowcount:  # type: ignore[attr-defined]
            return True
    return False


def belongs(table: Table, team_id: str) -> ColumnElement[bool]:
    if table.name == "solutions":
        return exists().where(
            Answer.id == table.c.answer_id,
            Question.id == Answer.question_id,
            Question.team_id == team_id,
        )
    return of_team(table, team_id)

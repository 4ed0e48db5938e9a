"""Writing many questions at once: plain rows, in the caller's transaction."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import saving
from storage.tables import (
    Answer,
    Archived,
    Base,
    Channel,
    ErasedMessage,
    File,
    Import,
    ImportedChannel,
    ImportedPerson,
    Person,
    Question,
    QuestionPart,
    Solution,
    StayingOut,
)

AT_ONCE = 5_000  # values in one IN: SQLite takes 32,766
PARTS, SOLUTIONS, ARCHIVED, FILES = (
    Base.metadata.tables[name] for name in ("question_parts", "solutions", "archived", "files")
)
Row = Mapping[str, Any]
assert all((QuestionPart, Solution, Archived, File))  # their tables are in Base.metadata


async def list_known(
    session: AsyncSession, team_id: str, channel_id: str, tss: Sequence[str]
) -> tuple[set[str], set[str]]:
    """Of these messages, those that are a part of a question or an answer already, and those that
    were erased."""
    known, erased = set[str](), set[str]()
    for start in range(0, len(tss), AT_ONCE):
        some = tss[start : start + AT_ONCE]
        for table in (QuestionPart, Answer):
            rows = await session.scalars(
                select(table.message_ts).where(
                    table.team_id == team_id,
                    table.channel_id == channel_id,
                    table.message_ts.in_(some),
                )
            )
            known.update(rows)
        gone = await session.scalars(
            select(ErasedMessage.message_ts).where(
                ErasedMessage.team_id == team_id,
                ErasedMessage.channel_id == channel_id,
                ErasedMessage.message_ts.in_(some),
            )
        )
        erased.update(gone)
    return known, erased


async def list_staying_out(session: AsyncSession, team_id: str) -> set[tuple[str, str]]:
    """Person and channel, "" for everywhere."""
    rows = await session.execute(
        select(StayingOut.user_id, StayingOut.channel_id).where(StayingOut.team_id == team_id)
    )
    return {(user_id, channel_id) for user_id, channel_id in rows}


async def add_questions(session: AsyncSession, rows: Sequence[Row]) -> list[int]:
    """Their ids, in the same order."""
    statement = insert(Question).returning(Question.id, sort_by_parameter_order=True)
    return [*await session.scalars(statement, [dict(row) for row in rows])]


async def add_answers(session: AsyncSession, rows: Sequence[Row]) -> list[int]:
    statement = insert(Answer).returning(Answer.id, sort_by_parameter_order=True)
    return [*await session.scalars(statement, [dict(row) for row in rows])] if rows else []


async def add_rest(
    session: AsyncSession,
    *,
    parts: Sequence[Row],
    solutions: Sequence[Row],
    archived: Sequence[Row],
    files: Sequence[Row],
) -> None:
    tables = ((PARTS, parts), (SOLUTIONS, solutions), (ARCHIVED, archived), (FILES, files))
    for table, rows in tables:
        if rows:
            await session.execute(insert(table), [dict(row) for row in rows])


async def add_people(session: AsyncSession, imported: Import, rows: Sequence[Row]) -> None:
    """Those of them whom we do not know."""
    if not rows:
        return
    new = saving.insert(session, Person).on_conflict_do_nothing().returning(Person.user_id)
    added = await session.scalars(new, [dict(row) for row in rows])
    mine = [
        {"import_id": imported.id, "team_id": imported.team_id, "user_id": user_id}
        for user_id in added
    ]
    if mine:
        await session.execute(insert(ImportedPerson), mine)


async def list_known_people(
    session: AsyncSession, team_id: str, user_ids: Collection[str]
) -> set[str]:
    wanted, known = sorted(user_ids), set[str]()
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        rows = await session.scalars(
            select(Person.user_id).where(Person.team_id == team_id, Person.user_id.in_(some))
        )
        known.update(rows)
    return known


async def add_channel(session: AsyncSession, imported: Import, row: Channel) -> None:
    """One that we do not know: the bot is not in it."""
    if await saving.add_if_first(session, row) is not None:
        mine = ImportedChannel(
            import_id=imported.id, team_id=imported.team_id, channel_id=row.channel_id
        )
        session.add(mine)
        await session.flush()

"""All that is kept of a person, row by row."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Table, and_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from storage.privacy.erasing import MAP, PERSONS, Rule, columns, of_team
from storage.tables import Answer, Base, File, Question, QuestionPart, StayingOut

Row = tuple[str, dict[str, Any]]  # the table's name, and what stands in its columns
# Where others are in charge of, or were told of: a person stands in it, and it is not about them.
SECRETS = ("hand_off_secret", "hand_off_url", "secret_hash", "webhook_url", "webhook_secret")


async def each_row(session: AsyncSession, team_id: str, user_id: str) -> AsyncIterator[Row]:
    """Of each table, what names them; then the words and files of what they wrote."""
    for table, chosen in tables_naming(user_id).items():
        rows = await session.execute(select(table).where(of_team(table, team_id), or_(*chosen)))
        for row in rows.mappings():
            yield table.name, {name: row[name] for name in row if name not in SECRETS}
    for name in (QuestionPart.__tablename__, File.__tablename__):
        words = Base.metadata.tables[name]
        theirs = and_(words.c.team_id == team_id, is_theirs(words, team_id, user_id))
        for row in (await session.execute(select(words).where(theirs))).mappings():
            yield name, dict(row)
    out = select(StayingOut.channel_id, StayingOut.since).where(
        StayingOut.team_id == team_id, StayingOut.user_id == user_id
    )
    for row in (await session.execute(out)).mappings():
        yield StayingOut.__tablename__, dict(row)


def tables_naming(user_id: str) -> dict[Table, list[Any]]:
    found: dict[Table, list[Any]] = {}
    for table, column in columns(Rule.ROW, Rule.ALIAS, Rule.NOBODY):
        is_person = MAP[table.name][column.name] is not Rule.ROW or column.name in PERSONS
        if is_person:
            found.setdefault(table, []).append(column == user_id)
    return found


def is_theirs(table: Table, team_id: str, user_id: str) -> Any:
    asked = select(Question.id).where(Question.team_id == team_id, Question.asker_id == user_id)
    if table.name == QuestionPart.__tablename__:
        return table.c.question_id.in_(asked)
    parts = select(QuestionPart.channel_id, QuestionPart.message_ts).where(
        QuestionPart.question_id.in_(asked)
    )
    replies = select(Answer.channel_id, Answer.message_ts).where(
        Answer.team_id == team_id, Answer.author_id == user_id
    )
    place = tuple_(table.c.channel_id, table.c.message_ts)
    return or_(place.in_(parts), place.in_(replies))


def list_names() -> Sequence[str]:
    """The tables that may name a person."""
    return sorted(Base.metadata.tables.keys() & MAP.keys())

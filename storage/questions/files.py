"""What is kept of files that came with messages: their titles, and the text of snippets."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, false, select, true, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.saving import insert
from storage.tables import Answer, File, QuestionPart

PICTURE, OTHER = "picture", "file"


async def save(session: AsyncSession, rows: Iterable[dict[str, Any]]) -> None:
    await session.execute(insert(session, File).on_conflict_do_nothing(), list(rows))


async def list_of(
    session: AsyncSession, *, team_id: str, channel_id: str, message_tss: Collection[str]
) -> Sequence[File]:
    """Those that came with these messages, in the messages' order."""
    return (
        await session.scalars(
            select(File)
            .where(of_messages(team_id, channel_id, message_tss))
            .order_by(File.message_ts, File.file_id)
        )
    ).all()


async def list_of_questions(
    session: AsyncSession, question_ids: Collection[int]
) -> Sequence[tuple[int, bool, File]]:
    """Those that came with any message of these questions, each with its question, and whether
    it came with that or with a reply."""
    parts = select(QuestionPart.question_id, true().label("is_asked"), File).join(
        File, is_of(QuestionPart.team_id, QuestionPart.channel_id, QuestionPart.message_ts)
    )
    replies = select(Answer.question_id, false().label("is_asked"), File).join(
        File, is_of(Answer.team_id, Answer.channel_id, Answer.message_ts)
    )
    both = union(
        parts.where(QuestionPart.question_id.in_(question_ids)),
        replies.where(Answer.question_id.in_(question_ids)),
    ).subquery()
    file = aliased(File, both)
    rows = await session.execute(
        select(both.c.question_id, both.c.is_asked, file).order_by(
            both.c.message_ts, both.c.file_id
        )
    )
    return [(row[0], bool(row[1]), row[2]) for row in rows]


async def list_places(session: AsyncSession, team_id: str, file_id: str) -> Sequence[File]:
    """The file at each message that it came with."""
    return (
        await session.scalars(select(File).where(File.team_id == team_id, File.file_id == file_id))
    ).all()


async def forget_of(
    session: AsyncSession, *, team_id: str, channel_id: str, message_tss: Collection[str]
) -> None:
    await session.execute(delete(File).where(of_messages(team_id, channel_id, message_tss)))


async def forget_channel(session: AsyncSession, *, team_id: str, channel_id: str) -> None:
    await session.execute(
        delete(File).where(File.team_id == team_id, File.channel_id == channel_id)
    )


async def forget_unused(session: AsyncSession, before: datetime) -> None:
    """Those that came with what never became a question or an answer."""
    is_part = exists().where(
        is_of(QuestionPart.team_id, QuestionPart.channel_id, QuestionPart.message_ts)
    )
    is_answer = exists().where(is_of(Answer.team_id, Answer.channel_id, Answer.message_ts))
    await session.execute(delete(File).where(File.kept_at < before, ~is_part, ~is_answer))


def of_messages(team_id: str, channel_id: str, message_tss: Collection[str]) -> ColumnElement[bool]:
    return and_(
        File.team_id == team_id, File.channel_id == channel_id, File.message_ts.in_(message_tss)
    )


def is_of(team_id: Any, channel_id: Any, message_ts: Any) -> ColumnElement[bool]:
    return and_(
        File.team_id == team_id, File.channel_id == channel_id, File.message_ts == message_ts
    )

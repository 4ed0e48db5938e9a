"""Finding and saving answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Answer, ErasedMessage, Rhythm


@dataclass(frozen=True)
class Before:
    """How it stood before a reply."""

    is_erased: bool  # the message, before we heard of it
    has_answered: bool  # its author, in this question
    amount: float | None  # the author's rhythm
    last_at: datetime | None


BEFORE = (
    select(
        exists().where(
            ErasedMessage.team_id == bindparam("team_id"),
            ErasedMessage.channel_id == bindparam("channel_id"),
            ErasedMessage.message_ts == bindparam("message_ts"),
        ),
        exists().where(
            Answer.question_id == bindparam("question_id"),
            Answer.author_id == bindparam("author_id"),
        ),
        Rhythm.amount,
        Rhythm.last_at,
    )
    .select_from(select(literal(1).label("one")).subquery("one"))
    .outerjoin(
        Rhythm,
        and_(Rhythm.team_id == bindparam("team_id"), Rhythm.user_id == bindparam("author_id")),
    )
)


async def look_before(
    session: AsyncSession, question_id: int, author_id: str, **place: str
) -> Before:
    asked = {"question_id": question_id, "author_id": author_id, **place}
    return Before(*(await session.execute(BEFORE, asked)).one())


async def get(session: AsyncSession, team_id: str, answer_id: int) -> Answer | None:
    return await session.scalar(
        select(Answer).where(Answer.team_id == team_id, Answer.id == answer_id)
    )


async def get_by_message(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str
) -> Answer | None:
    return await session.scalar(
        select(Answer).where(
            Answer.team_id == team_id,
            Answer.channel_id == channel_id,
            Answer.message_ts == message_ts,
        )
    )


async def list_of(session: AsyncSession, question_id: int) -> Sequence[Answer]:
    """The answers that still stand, oldest first."""
    return (
        await session.scalars(
            select(Answer)
            .where(Answer.question_id == question_id, Answer.erased_at.is_(None))
            .order_by(Answer.message_ts)
        )
    ).all()

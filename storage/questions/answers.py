"""Finding and saving answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    bindparam,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Answer, ErasedMessage, Notice, Question, Rhythm, StayingOut

# What a reply is. Only what answers or asks back counts as a reply; marked by ✅, each solves.
ANSWER, ME_TOO, NO_ANSWER, BY_APP = "answer", "me_too", "no_answer", "by_app"


@dataclass(frozen=True)
class Before:
    """How it stood before a reply."""

    is_erased: bool  # the message, before we heard of it
    has_answered: bool  # its author, in this question
    is_answered: bool  # by anybody but its asker
    stays_out: bool  # its author: nothing of them is kept in this channel
    was_told: bool  # its author, what is kept of them
    rhythm: Rhythm | None  # the author's


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


async def count_each(session: AsyncSession, question_ids: Sequence[int]) -> dict[int, int]:
    """How many replies each of these questions has; without those that have none."""
    rows = await session.execute(
        select(Answer.question_id, func.count().label("number"))
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.question_id.in_(question_ids))
        .where(*counts_for(Question.id, Question.asker_id))
        .group_by(Answer.question_id)
    )
    return {row.question_id: row.number for row in rows}


def counts_for(
    question_id: SQLColumnExpression[int] | int, asker_id: SQLColumnExpression[str] | str
) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a reply answers that question, or asks back: somebody else's, which
    still stands."""
    return (
        Answer.question_id == question_id,
        Answer.author_id != asker_id,
        Answer.kind == ANSWER,
        Answer.erased_at.is_(None),
    )


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
            Answer.kind == ANSWER,
        ),
        exists().where(*counts_for(bindparam("question_id"), bindparam("asker_id"))),
        exists().where(
            StayingOut.team_id == bindparam("team_id"),
            StayingOut.user_id == bindparam("author_id"),
            StayingOut.channel_id.in_(["", bindparam("channel_id")]),
        ),
        exists().where(
            Notice.team_id == bindparam("team_id"), Notice.user_id == bindparam("author_id")
        ),
        Rhythm,
    )
    .select_from(select(literal(1).label("one")).subquery("one"))
    .outerjoin(
        Rhythm,
        and_(Rhythm.team_id == bindparam("team_id"), Rhythm.user_id == bindparam("author_id")),
    )
    .execution_options(populate_existing=True)
)


async def look_before(
    session: AsyncSession, question: Question, author_id: str, **place: str
) -> Before:
    about = {"question_id": question.id, "asker_id": question.asker_id}
    asked = {**about, "author_id": author_id, **place}
    return Before(*(await session.execute(BEFORE, asked)).one())


async def first_answered_at(
    session: AsyncSession, question: Question, *, since: datetime | None
) -> datetime | None:
    """When somebody else first answered, after that time."""
    first = func.min(Answer.answered_at, type_=Answer.answered_at.type)
    statement = select(first).where(*counts_for(question.id, question.asker_id))
    if since is not None:
        statement = statement.where(Answer.answered_at > since)
    return await session.scalar(statement)


async def get_last_counted(session: AsyncSession, question: Question) -> Answer | None:
    """The newest reply of somebody else that answers or asks back."""
    return await session.scalar(
        select(Answer)
        .where(*counts_for(question.id, question.asker_id))
        .order_by(Answer.answered_at.desc(), Answer.id.desc())
        .limit(1)
    )


async def list_counted(
    session: AsyncSession, question: Question, *, until: datetime
) -> Sequence[Answer]:
    """The replies until then that answer or ask back, oldest first."""
    return (
        await session.scalars(
            select(Answer)
            .where(*counts_for(question.id, question.asker_id), Answer.answered_at <= until)
            .order_by(Answer.answered_at, Answer.id)
        )
    ).all()


async def list_who_have_it_too(session: AsyncSession, question: Question) -> Sequence[str]:
    """Those others who said so, the first first."""
    return (
        await session.scalars(
            select(Answer.author_id)
            .where(Answer.question_id == question.id, Answer.kind == ME_TOO)
            .where(Answer.author_id != question.asker_id, Answer.erased_at.is_(None))
            .group_by(Answer.author_id)
            .order_by(func.min(Answer.message_ts))
        )
    ).all()


async def list_of(session: AsyncSession, question_id: int) -> Sequence[Answer]:
    """The answers that still stand, oldest first."""
    return (
        await session.scalars(
            select(Answer)
            .where(Answer.question_id == question_id, Answer.erased_at.is_(None))
            .order_by(Answer.message_ts)
        )
    ).all()

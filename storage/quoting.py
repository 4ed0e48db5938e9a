"""Which private messages quote which questions."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import add_if_first
from storage.tables import Answer, Question, Quote


async def add(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    channel_id: str,
    message_ts: str,
    user_id: str,
) -> None:
    row = Quote(
        team_id=team_id,
        question_id=question_id,
        channel_id=channel_id,
        message_ts=message_ts,
        user_id=user_id,
    )
    await add_if_first(session, row)


async def list_of(session: AsyncSession, team_id: str, question_id: int) -> Sequence[Quote]:
    statement = select(Quote).where(Quote.team_id == team_id, Quote.question_id == question_id)
    return (await session.scalars(statement)).all()


async def forget(session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str) -> None:
    """The message quotes nothing any more."""
    await session.execute(
        delete(Quote).where(
            Quote.team_id == team_id,
            Quote.channel_id == channel_id,
            Quote.message_ts == message_ts,
        )
    )


async def list_words(session: AsyncSession, team_id: str, question_id: int) -> Collection[str]:
    """What the question and its replies say now. Nobody changes them until this transaction
    ends: who does holds the question."""
    question = await session.scalar(
        select(Question)
        .where(Question.team_id == team_id, Question.id == question_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if question is None or question.withdrawn_at is not None:
        return ()
    replies = await session.scalars(
        select(Answer.text).where(Answer.question_id == question_id, Answer.erased_at.is_(None))
    )
    return {question.text, *replies}

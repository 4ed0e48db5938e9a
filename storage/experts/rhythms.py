"""How much people help these days, and in which questions they did."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.questions.answers import ANSWER, BY_APP
from storage.saving import upsert
from storage.tables import Answer, Question, Rhythm, Solution

# question_id, user_id, how many answers, how many of them are solutions, when the last was
Helped = Row[int, str, int, int, datetime]


async def save(session: AsyncSession, **rhythm: str | float | datetime) -> None:
    await upsert(session, Rhythm, **rhythm)


async def list_helps(session: AsyncSession, question_ids: Collection[int]) -> Sequence[Helped]:
    """Who answered in these questions."""
    return (
        await session.execute(
            select(
                Answer.question_id,
                Answer.author_id.label("user_id"),
                func.count().label("answers"),
                func.count(Solution.answer_id).label("solutions"),
                func.max(Answer.answered_at).label("helped_at"),
            )
            .join(Question, Question.id == Answer.question_id)
            .outerjoin(Solution, Solution.answer_id == Answer.id)
            .where(
                Answer.question_id.in_(question_ids),
                Answer.author_id != Question.asker_id,
                Answer.erased_at.is_(None),
                Answer.kind != BY_APP,
                or_(Answer.kind == ANSWER, Solution.answer_id.is_not(None)),
            )
            .group_by(Answer.question_id, Answer.author_id)
        )
    ).all()

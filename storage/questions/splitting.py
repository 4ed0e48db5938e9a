"""Moving answers to the question that was split off."""

from collections.abc import Collection

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Answer, Question


async def move_answers(
    session: AsyncSession,
    answer_ids: Collection[int],
    *,
    after: Answer,
    from_question: Question,
    to_question: Question,
) -> None:
    """Those of these answers that the question has, and that came after that one."""
    await session.execute(
        update(Answer)
        .where(
            Answer.id.in_(answer_ids),
            Answer.question_id == from_question.id,
            Answer.message_ts > after.message_ts,
            Answer.erased_at.is_(None),
        )
        .values(
            question_id=to_question.id,
            thread_ts=func.coalesce(Answer.thread_ts, from_question.thread_ts),
        )
        .execution_options(synchronize_session=False)
    )

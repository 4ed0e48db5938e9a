"""Moving the replies below a follow-up to the question that it became."""

from collections.abc import Collection

from sqlalchemy import case, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Answer, Question


async def move_answers_below(
    session: AsyncSession,
    message_tss: Collection[str],
    *,
    from_question: Question,
    to_question: Question,
) -> None:
    """Those in the threads of these messages; the new question's own thread needs no naming."""
    await session.execute(
        update(Answer)
        .where(Answer.question_id == from_question.id, Answer.thread_ts.in_(message_tss))
        .values(
            question_id=to_question.id,
            thread_ts=case(
                (Answer.thread_ts == to_question.thread_ts, None), else_=Answer.thread_ts
            ),
        )
        .execution_options(synchronize_session=False)
    )

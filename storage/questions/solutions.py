"""Finding and saving solutions."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Answer, Question, Solution


async def list_of(session: AsyncSession, question_id: int) -> Sequence[tuple[Solution, Answer]]:
    """The solutions of a question with their answers, the first accepted first."""
    rows = await session.execute(
        select(Solution, Answer)
        .join(Answer, Answer.id == Solution.answer_id)
        .where(Solution.question_id == question_id)
        .order_by(Solution.accepted_at, Solution.answer_id)
        .execution_options(populate_existing=True)
    )
    return [(solution, answer) for solution, answer in rows]


async def first_of(
    session: AsyncSession, question_ids: Sequence[int]
) -> dict[int, tuple[Solution, Answer]]:
    """Of each question, the solution that was accepted first."""
    rows = await session.execute(
        select(Solution, Answer)
        .join(Answer, Answer.id == Solution.answer_id)
        .where(Solution.question_id.in_(question_ids))
        .order_by(Solution.accepted_at.desc(), Solution.answer_id.desc())
    )
    return {solution.question_id: (solution, answer) for solution, answer in rows}


async def answering(session: AsyncSession, question: Question) -> tuple[Solution, Answer] | None:
    """What solved it: its own solution, else that of the question which it was solved by."""
    reused_id = question.reused_id or 0
    found = await first_of(session, [question.id, reused_id])
    return found.get(question.id) or found.get(reused_id)


async def is_solution(session: AsyncSession, answer_id: int) -> bool:
    return await session.get(Solution, answer_id, populate_existing=True) is not None


async def remove(session: AsyncSession, answer_ids: Sequence[int]) -> None:
    await session.execute(delete(Solution).where(Solution.answer_id.in_(answer_ids)))

"""Which questions are merged, and which may be the same."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.questions import waiting_questions
from storage.tables import Question


async def list_merged(session: AsyncSession, question_id: int) -> Sequence[Question]:
    """The questions merged into this one, held until the transaction ends. Whoever holds both
    took this one first."""
    return (
        await session.scalars(
            select(Question)
            .where(Question.merged_into_id == question_id)
            .order_by(Question.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).all()


async def list_newest_waiting(
    session: AsyncSession, team_id: str, limit: int
) -> Sequence[Question]:
    return (
        await session.scalars(waiting_questions(team_id).order_by(Question.id.desc()).limit(limit))
    ).all()

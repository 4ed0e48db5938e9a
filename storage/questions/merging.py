"""Which questions are merged, and which may be the same."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.questions.questions import waiting_questions
from storage.tables import Question


async def list_both_locked(
    session: AsyncSession, team_id: str, question_id: int, into_id: int
) -> Sequence[Question]:
    """These two and what is merged into the first, held until the transaction ends."""
    return (
        await session.scalars(
            select(Question)
            .where(func.coalesce(Question.team_id, "") == team_id)
            .where(
                or_(
                    Question.id.in_([question_id, into_id]),
                    Question.merged_into_id == question_id,
                )
            )
            .order_by(Question.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).all()


async def list_merged(session: AsyncSession, question_id: int) -> Sequence[Question]:
    """The questions merged into this one, held until the transaction ends."""
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

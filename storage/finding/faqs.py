"""FAQ entries that sponsors wrote."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Faq


async def get(session: AsyncSession, team_id: str, question_id: int) -> Faq | None:
    return await session.scalar(
        select(Faq).where(Faq.team_id == team_id, Faq.question_id == question_id)
    )


async def remove(session: AsyncSession, team_id: str, question_id: int) -> None:
    await session.execute(delete(Faq).where(Faq.team_id == team_id, Faq.question_id == question_id))

"""Who is asked about answers of the archive, how often, and who does not want to be."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import upsert
from storage.tables import Archived, Checker, Question, Review


async def get(session: AsyncSession, team_id: str, user_id: str) -> Checker | None:
    return await session.get(Checker, (team_id, user_id), populate_existing=True)


async def save(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    asked_at: datetime | None,
    asked: int,
    off_at: datetime | None,
) -> None:
    await upsert(
        session,
        Checker,
        team_id=team_id,
        user_id=user_id,
        asked_at=asked_at,
        asked=asked,
        off_at=off_at,
    )


async def count_open(session: AsyncSession, team_id: str, user_id: str) -> int:
    """Answers of the archive that this person is asked about and has said nothing of."""
    statement = (
        select(func.count())
        .select_from(Review)
        .join(Archived, Archived.question_id == Review.question_id)
        .where(
            Review.team_id == team_id,
            Review.reviewer_id == user_id,
            Archived.confirmed_at.is_(None),
        )
    )
    return await session.scalar(statement) or 0


async def withdraw(session: AsyncSession, team_id: str, user_id: str) -> None:
    """This person is asked no more about answers of the archive; what somebody doubts they are."""
    of_archive = (
        select(Archived.question_id)
        .join(Question, Question.id == Archived.question_id)
        .where(
            Archived.team_id == team_id,
            Archived.confirmed_at.is_(None),
            Question.doubted_at.is_(None),
        )
    )
    await session.execute(
        delete(Review)
        .where(
            Review.team_id == team_id,
            Review.reviewer_id == user_id,
            Review.question_id.in_(of_archive),
        )
        .execution_options(synchronize_session=False)
    )

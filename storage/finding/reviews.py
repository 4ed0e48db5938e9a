"""Who is asked whether which solution is still true, and the message that asks them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import insert, upsert
from storage.tables import Question, Review, ReviewNote


async def add(
    session: AsyncSession, question: Question, reviewer_ids: Collection[str], *, now: datetime
) -> None:
    for reviewer_id in reviewer_ids:
        new = insert(session, Review).values(
            question_id=question.id,
            reviewer_id=reviewer_id,
            team_id=question.team_id,
            asked_at=now,
        )
        await session.execute(new.on_conflict_do_nothing())


async def list_reviewers(session: AsyncSession, question_id: int) -> Sequence[str]:
    return (
        await session.scalars(
            select(Review.reviewer_id)
            .where(Review.question_id == question_id)
            .order_by(Review.reviewer_id)
        )
    ).all()


async def list_for(
    session: AsyncSession, team_id: str, reviewer_id: str
) -> Sequence[tuple[Review, Question]]:
    """What this person is asked about: what somebody doubts first, then the oldest."""
    rows = await session.execute(
        select(Review, Question)
        .join(Question, Question.id == Review.question_id)
        .where(Review.team_id == team_id, Review.reviewer_id == reviewer_id)
        .order_by(Question.doubted_at.is_(None), Review.asked_at, Review.question_id)
    )
    return [(review, question) for review, question in rows]


async def finish(session: AsyncSession, question_id: int) -> None:
    await session.execute(delete(Review).where(Review.question_id == question_id))


async def list_due(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Question]:
    """Solved questions whose review date has come, held until the transaction ends."""
    return (
        await session.scalars(
            select(Question)
            .where(
                Question.review_at <= now,
                Question.solved_at.is_not(None),
                Question.withdrawn_at.is_(None),
            )
            .order_by(Question.review_at)
            .limit(limit)
            .with_for_update(skip_locked=True, key_share=True)
        )
    ).all()


async def get_note(session: AsyncSession, team_id: str, reviewer_id: str) -> ReviewNote | None:
    return await session.get(ReviewNote, (team_id, reviewer_id))


async def save_note(session: AsyncSession, **note: str | datetime) -> None:
    await upsert(session, ReviewNote, **note)

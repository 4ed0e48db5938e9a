"""Whom we asked to take a question."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import insert
from storage.tables import Offer


async def list_of(session: AsyncSession, question_id: int) -> Sequence[Offer]:
    return (
        await session.scalars(
            select(Offer)
            .where(Offer.question_id == question_id)
            .order_by(Offer.offered_at, Offer.user_id)
        )
    ).all()


async def add(
    session: AsyncSession, *, question_id: int, user_ids: Sequence[str], now: datetime
) -> None:
    for user_id in user_ids:
        await session.execute(
            insert(session, Offer)
            .values(question_id=question_id, user_id=user_id, offered_at=now)
            .on_conflict_do_nothing()
        )


async def note_pass(
    session: AsyncSession, *, question_id: int, user_id: str, now: datetime
) -> None:
    """Remember that this person passed, asked or not, so that nobody asks them again."""
    await add(session, question_id=question_id, user_ids=[user_id], now=now)
    await session.execute(
        update(Offer)
        .where(Offer.question_id == question_id, Offer.user_id == user_id)
        .values(passed_at=now)
    )


async def withdraw_pass(session: AsyncSession, *, question_id: int, user_id: str) -> None:
    await session.execute(
        update(Offer)
        .where(Offer.question_id == question_id, Offer.user_id == user_id)
        .values(passed_at=None)
    )

"""Questions that assistants wrote, before their people say what they think of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Draft, Question


async def add(session: AsyncSession, draft: Draft) -> Draft:
    session.add(draft)
    await session.flush()
    return draft


async def get(session: AsyncSession, team_id: str, draft_id: int) -> Draft | None:
    return await session.scalar(
        select(Draft)
        .where(Draft.team_id == team_id, Draft.id == draft_id)
        .execution_options(populate_existing=True)
    )


async def get_locked(session: AsyncSession, team_id: str, draft_id: int) -> Draft | None:
    """Held until the transaction ends."""
    return await session.scalar(
        select(Draft)
        .where(Draft.team_id == team_id, Draft.id == draft_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def list_waiting(session: AsyncSession, team_id: str, user_id: str) -> Sequence[Draft]:
    """Those of which this person has not said anything."""
    return (
        await session.scalars(
            select(Draft)
            .where(Draft.team_id == team_id, Draft.user_id == user_id)
            .where(Draft.asked_at.is_(None), Draft.refused_at.is_(None))
            .order_by(Draft.id)
        )
    ).all()


async def count_since(session: AsyncSession, team_id: str, user_id: str, since: datetime) -> int:
    return (
        await session.scalar(
            select(func.count())
            .select_from(Draft)
            .where(Draft.team_id == team_id, Draft.user_id == user_id, Draft.drafted_at >= since)
        )
    ) or 0


async def note_shown(
    session: AsyncSession, team_id: str, draft_id: int, *, posted_in: str, message_ts: str
) -> None:
    await session.execute(
        update(Draft)
        .where(Draft.team_id == team_id, Draft.id == draft_id)
        .values(posted_in=posted_in, message_ts=message_ts)
    )


async def note_assistant(
    session: AsyncSession, team_id: str, question_id: int, assistant: str
) -> None:
    """The question was written by it."""
    question = await session.get_one(Question, question_id)
    assert question.team_id == team_id
    question.assistant = assistant
    await session.flush()


async def forget_before(session: AsyncSession, moment: datetime) -> None:
    await session.execute(delete(Draft).where(Draft.drafted_at < moment))

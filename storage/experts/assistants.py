"""How much assistants took of what people were asked, and what may be taken."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Availability, Offer, Question, Workspace


async def get_share(session: AsyncSession, team_id: str, *, is_held: bool) -> int:
    """The workspace's share, in percent. `is_held`: until the transaction ends, so that two
    questions do not take the same last place at once."""
    share = select(Workspace.assistants_share).where(Workspace.team_id == team_id)
    return await session.scalar(share.with_for_update() if is_held else share) or 0


async def count_asked(
    session: AsyncSession, team_id: str, user_ids: Collection[str], *, since: datetime
) -> dict[str, tuple[int, int]]:
    """How many questions each of them was asked since then, and how many of these assistants
    wrote. Who passed on what nobody had asked them was not asked it."""
    by_assistant = func.sum(case((Question.assistant.is_not(None), 1), else_=0))
    rows = await session.execute(
        select(Offer.user_id, func.count(), by_assistant)
        .join(Question, Question.id == Offer.question_id)
        .where(
            Offer.team_id == team_id,
            Offer.user_id.in_(user_ids),
            Offer.offered_at >= since,
            or_(Offer.passed_at.is_(None), Offer.passed_at != Offer.offered_at),
        )
        .group_by(Offer.user_id)
    )
    return {user_id: (asked, int(written or 0)) for user_id, asked, written in rows}


async def list_refusing(session: AsyncSession, team_id: str, user_ids: Collection[str]) -> set[str]:
    rows = await session.scalars(
        select(Availability.user_id).where(
            Availability.team_id == team_id,
            Availability.user_id.in_(user_ids),
            Availability.refuses_assistants,
        )
    )
    return set(rows)


async def get_rules(
    session: AsyncSession, team_id: str, *, is_held: bool = False
) -> Workspace | None:
    """The workspace's row; `is_held`: until the transaction ends."""
    rules = select(Workspace).where(Workspace.team_id == team_id)
    return await session.scalar(rules.with_for_update() if is_held else rules)

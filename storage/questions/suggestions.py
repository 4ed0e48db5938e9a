"""Which solved questions were suggested to askers, and what they said of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import insert
from storage.tables import Question, Suggestion


async def add(
    session: AsyncSession,
    question: Question,
    likeness: dict[int, float],
    *,
    now: datetime,
) -> None:
    """Note what is suggested: solved questions with how like they are, 0 to 1."""
    rows = [
        {
            "question_id": question.id,
            "solved_id": solved_id,
            "team_id": question.team_id,
            "likeness": each,
            "suggested_at": now,
        }
        for solved_id, each in likeness.items()
    ]
    await session.execute(insert(session, Suggestion).on_conflict_do_nothing(), rows)


async def list_of(session: AsyncSession, question_id: int) -> Sequence[Suggestion]:
    return (
        await session.scalars(
            select(Suggestion)
            .where(Suggestion.question_id == question_id)
            .order_by(Suggestion.likeness.desc(), Suggestion.solved_id)
            .execution_options(populate_existing=True)
        )
    ).all()


async def judge(
    session: AsyncSession,
    question_id: int,
    *,
    is_right: bool,
    solved_id: int | None = None,
    now: datetime,
) -> None:
    """Note that one suggestion was right or not; without `solved_id`, each not judged yet."""
    which = (
        Suggestion.is_right.is_(None) if solved_id is None else Suggestion.solved_id == solved_id
    )
    await session.execute(
        update(Suggestion)
        .where(Suggestion.question_id == question_id, which)
        .values(is_right=is_right, judged_at=now)
        .execution_options(synchronize_session=False)
    )


async def list_judged(
    session: AsyncSession, team_id: str, limit: int
) -> Sequence[tuple[float, bool]]:
    """Of the questions judged last: the likeness of the best suggestion, and whether any was
    right."""
    newest = func.max(Suggestion.judged_at)
    rows = await session.execute(
        select(
            func.max(Suggestion.likeness).label("likeness"),
            func.max(cast(Suggestion.is_right, Integer)).label("is_right"),
        )
        .where(Suggestion.team_id == team_id, Suggestion.judged_at.is_not(None))
        .group_by(Suggestion.question_id)
        .order_by(newest.desc())
        .limit(limit)
    )
    return [(row.likeness, bool(row.is_right)) for row in rows]

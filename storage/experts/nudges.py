"""Who was reminded of what, and who does not want to be."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.questions.answers import counts_for
from storage.saving import add_if_first, upsert
from storage.tables import Answer, MutedNudge, Nudge, Question


async def add_if_first_time(
    session: AsyncSession, *, question_id: int, user_id: str, kind: str, now: datetime
) -> bool:
    nudge = Nudge(question_id=question_id, user_id=user_id, kind=kind, nudged_at=now)
    return await add_if_first(session, nudge) is not None


async def has_any(session: AsyncSession, *, question_id: int, user_id: str, kind: str) -> bool:
    return await session.get(Nudge, (question_id, user_id, kind)) is not None


async def forget(session: AsyncSession, question_id: int, kind: str) -> None:
    await session.execute(delete(Nudge).where(Nudge.question_id == question_id, Nudge.kind == kind))


async def mute(session: AsyncSession, *, team_id: str, user_id: str, kind: str) -> None:
    await upsert(session, MutedNudge, team_id=team_id, user_id=user_id, kind=kind)


async def list_muted(session: AsyncSession, team_id: str, user_id: str) -> set[str]:
    rows = await session.scalars(
        select(MutedNudge.kind).where(MutedNudge.team_id == team_id, MutedNudge.user_id == user_id)
    )
    return set(rows.all())


async def set_muted(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    kinds: Collection[str],
    among: Collection[str],
) -> None:
    """Make exactly these, among those, the reminders that this person does not want."""
    await session.execute(
        delete(MutedNudge).where(
            MutedNudge.team_id == team_id,
            MutedNudge.user_id == user_id,
            MutedNudge.kind.in_(among),
        )
    )
    for kind in kinds:
        await mute(session, team_id=team_id, user_id=user_id, kind=kind)


async def is_muted(session: AsyncSession, *, team_id: str, user_id: str, kind: str) -> bool:
    return await session.get(MutedNudge, (team_id, user_id, kind)) is not None


async def list_unmarked(
    session: AsyncSession, *, team_id: str, user_id: str, answered_before: datetime, limit: int
) -> Sequence[Question]:
    """This person's open questions that had a reply before then, and of which they were not
    reminded; oldest first."""
    has_answer = (
        select(Answer.id)
        .where(
            *counts_for(Question.id, Question.asker_id),
            Answer.answered_at <= answered_before,
            or_(Question.stuck_at.is_(None), Answer.answered_at > Question.stuck_at),
        )
        .exists()
    )
    was_reminded = (
        select(Nudge.user_id)
        .where(Nudge.question_id == Question.id, Nudge.user_id == user_id, Nudge.kind == "mark")
        .exists()
    )
    return (
        await session.scalars(
            select(Question)
            .where(
                Question.team_id == team_id,
                Question.asker_id == user_id,
                Question.solved_at.is_(None),
                Question.withdrawn_at.is_(None),
                Question.merged_into_id.is_(None),
                Question.over_at.is_(None),
                Question.closed_at.is_(None),
                Question.step_at.is_not(None),  # else its thread is still to be read
                Question.message_ts.is_not(None),
                has_answer,
                ~was_reminded,
            )
            .order_by(Question.asked_at)
            .limit(limit)
        )
    ).all()

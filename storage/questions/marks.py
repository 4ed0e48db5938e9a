"""Who put a ✅ on which message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import insert
from storage.tables import Answer, Mark, Question


async def save_if_newer(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    user_id: str,
    is_on: bool,
    now: datetime,
    is_pressed: bool = False,
) -> bool:
    """Note the ✅ put on or taken off; False when something later is known already."""
    statement = insert(session, Mark).values(
        team_id=team_id,
        channel_id=channel_id,
        message_ts=message_ts,
        user_id=user_id,
        is_on=is_on,
        is_pressed=is_pressed,
        changed_at=now,
    )
    changed = await session.execute(
        statement.on_conflict_do_update(
            index_elements=["team_id", "channel_id", "message_ts", "user_id"],
            set_={"is_on": is_on, "is_pressed": is_pressed, "changed_at": now},
            where=Mark.changed_at < now,
        ).returning(Mark.user_id)
    )
    return changed.first() is not None


async def has_any(session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str) -> bool:
    statement = (
        select(Mark.user_id)
        .where(
            Mark.team_id == team_id,
            Mark.channel_id == channel_id,
            Mark.message_ts == message_ts,
            Mark.is_on,
        )
        .limit(1)
    )
    return (await session.scalar(statement)) is not None


async def is_pressed(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str
) -> bool:
    """Whether somebody's ✅ on it is a button's or a menu's, and stands."""
    statement = (
        select(Mark.user_id)
        .where(
            Mark.team_id == team_id,
            Mark.channel_id == channel_id,
            Mark.message_ts == message_ts,
            Mark.is_on,
            Mark.is_pressed,
        )
        .limit(1)
    )
    return (await session.scalar(statement)) is not None


async def list_givers(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str
) -> Sequence[str]:
    """Whose ✅ the message carries, the first first."""
    return (
        await session.scalars(
            select(Mark.user_id)
            .where(
                Mark.team_id == team_id,
                Mark.channel_id == channel_id,
                Mark.message_ts == message_ts,
                Mark.is_on,
            )
            .order_by(Mark.changed_at, Mark.user_id)
        )
    ).all()


@dataclass(frozen=True)
class Thread:
    """The answers of a question that stand, each with every ✅ that it carries, oldest ✅ first."""

    answers: Sequence[tuple[Answer, Mark | None]]
    may_have_merged: bool  # False: no question is merged into this one


async def get_thread(session: AsyncSession, question_id: int) -> Thread:
    has_merged = exists().where(Question.merged_into_id == question_id)
    found = await session.execute(
        select(Answer, Mark, has_merged)
        .outerjoin(
            Mark,
            (Mark.team_id == Answer.team_id)
            & (Mark.channel_id == Answer.channel_id)
            & (Mark.message_ts == Answer.message_ts)
            & Mark.is_on,
        )
        .where(Answer.question_id == question_id, Answer.erased_at.is_(None))
        .order_by(Mark.changed_at, Mark.user_id, Answer.message_ts)
        .execution_options(populate_existing=True)
    )
    rows = found.all()
    may_have_merged = not rows or any(has_merged for _, _, has_merged in rows)
    return Thread([(answer, mark) for answer, mark, _ in rows], may_have_merged)


async def list_on_answers(session: AsyncSession, question_id: int) -> Sequence[tuple[Answer, Mark]]:
    """Those that carry a ✅, with each."""
    found = await get_thread(session, question_id)
    return [(answer, mark) for answer, mark in found.answers if mark is not None]


async def erase(session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str) -> None:
    await session.execute(
        delete(Mark).where(
            Mark.team_id == team_id, Mark.channel_id == channel_id, Mark.message_ts == message_ts
        )
    )

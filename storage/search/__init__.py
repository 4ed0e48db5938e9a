"""The index of solved questions, behind one small interface.

Each engine keeps a question's words in three fields (question, solutions, rest of the
thread), changes them in the caller's transaction, and ranks what matches any of the words.
Who may read what is part of the same query, so nothing is fetched that is not shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import channels
from storage.search import postgres, sqlite
from storage.tables import Channel, Question


@dataclass(frozen=True)
class Found:
    question_ids: Sequence[int]  # best first
    total: int


def engine_of(session: AsyncSession) -> Any:
    return sqlite if session.get_bind().dialect.name == "sqlite" else postgres


async def put(
    session: AsyncSession, question_id: int, *, question: str, solution: str, thread: str
) -> None:
    """Make these the words under which the question is found."""
    await engine_of(session).put(session, question_id, question, solution, thread)


async def remove(session: AsyncSession, question_id: int) -> None:
    """Forget the question's words: from now on nothing finds it by them."""
    await engine_of(session).remove(session, question_id)


async def purge(session: AsyncSession) -> None:
    """Take removed words out of the engine's files too; takes long where the index is large."""
    await engine_of(session).purge(session)


async def find(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    words: Sequence[str],
    limit: int,
    offset: int = 0,
) -> Found:
    """Solved questions with any of the words, in channels this person can read."""
    if not words:
        return Found((), 0)
    index = engine_of(session).matching(words)
    visible = (
        select(Question.id)
        .join(index.table, index.question_id == Question.id)
        .join(
            Channel,
            and_(Channel.team_id == Question.team_id, Channel.channel_id == Question.channel_id),
        )
        .where(
            index.condition,
            Question.team_id == team_id,
            Question.solved_at.is_not(None),
            Question.withdrawn_at.is_(None),
            channels.readable_by(team_id, user_id),
        )
    )
    best = visible.order_by(index.score.desc(), Question.solved_at.desc(), Question.id)
    ids = (await session.scalars(best.limit(limit).offset(offset))).all()
    if not ids and not offset:
        return Found((), 0)
    total = await session.scalar(select(func.count()).select_from(visible.subquery()))
    return Found(ids, total or 0)

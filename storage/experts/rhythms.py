"""How much people help these days, and in which questions they did."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.questions.answers import ANSWER, BY_APP
from storage.saving import upsert
from storage.tables import Answer, Question, Rhythm, Solution

# question_id, user_id, how many answers, how many of them are solutions, when the last was
Helped = Row[int, str, int, int, datetime]


MOST_ASKED = 100  # questions of one asker, the newest


async def save(session: AsyncSession, **rhythm: Any) -> None:
    await upsert(session, Rhythm, **rhythm)


async def note_seen(session: AsyncSession, *, team_id: str, user_id: str, at: datetime) -> None:
    """They wrote about a question; of who never helped, nothing is kept."""
    await session.execute(
        update(Rhythm)
        .where(Rhythm.team_id == team_id, Rhythm.user_id == user_id)
        .where(or_(Rhythm.seen_at.is_(None), Rhythm.seen_at < at))
        .values(seen_at=at)
    )


async def count_helped(session: AsyncSession, question: Question) -> dict[str, int]:
    """In how many earlier questions of its asker each person answered."""
    asked = {"team_id": question.team_id, "asker_id": question.asker_id, "id": question.id}
    return {row.author_id: row.number for row in await session.execute(HELPED_ASKER, asked)}


def helped_asker() -> Select[str, int]:
    theirs = (
        select(Question.id)
        .where(Question.team_id == bindparam("team_id"))
        .where(Question.asker_id == bindparam("asker_id"), Question.id != bindparam("id"))
        .order_by(Question.id.desc())
        .limit(MOST_ASKED)
    )
    return (
        select(Answer.author_id, func.count(Answer.question_id.distinct()).label("number"))
        .where(Answer.question_id.in_(theirs), Answer.author_id != bindparam("asker_id"))
        .where(Answer.kind == ANSWER, Answer.erased_at.is_(None))
        .group_by(Answer.author_id)
    )


HELPED_ASKER = helped_asker()


async def list_helps(session: AsyncSession, question_ids: Collection[int]) -> Sequence[Helped]:
    """Who answered in these questions."""
    return (
        await session.execute(
            select(
                Answer.question_id,
                Answer.author_id.label("user_id"),
                func.count().label("answers"),
                func.count(Solution.answer_id).label("solutions"),
                func.max(Answer.answered_at).label("helped_at"),
            )
            .join(Question, Question.id == Answer.question_id)
            .outerjoin(Solution, Solution.answer_id == Answer.id)
            .where(
                Answer.question_id.in_(question_ids),
                Answer.author_id != Question.asker_id,
                Answer.erased_at.is_(None),
                Answer.kind != BY_APP,
                or_(Answer.kind == ANSWER, Solution.answer_id.is_not(None)),
            )
            .group_by(Answer.question_id, Answer.author_id)
        )
    ).all()

"""What who helped was told: that it worked, each help once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.recognition.kudos import standing
from storage.saving import upsert
from storage.tables import Kudos, Question, WorkedNote

TOLD_OF = ("solved", "reused")  # what others add to a solved question, digests tell


async def list_untold(
    session: AsyncSession, team_id: str, user_id: str, *, since: datetime
) -> Sequence[tuple[Kudos, Question]]:
    """The facts since then of which this person was not told, one a question and person who says
    so, oldest first."""
    was_told = (
        select(WorkedNote.told_at)
        .where(
            WorkedNote.team_id == team_id,
            WorkedNote.receiver_id == user_id,
            WorkedNote.giver_id == Kudos.giver_id,
            WorkedNote.question_id == Kudos.question_id,
        )
        .exists()
    )
    rows = await session.execute(
        select(Kudos, Question)
        .join(Question, Question.id == Kudos.question_id)
        .where(
            Kudos.team_id == team_id,
            Kudos.receiver_id == user_id,
            Kudos.giver_id != user_id,
            Kudos.given_at >= since,
            Kudos.kind.in_(TOLD_OF),
            Question.withdrawn_at.is_(None),
            standing(),
            ~was_told,
        )
        .order_by(Kudos.id)
    )
    found = {(fact.question_id, fact.giver_id): (fact, question) for fact, question in rows}
    return list(found.values())


async def note_told(session: AsyncSession, **told: Any) -> None:
    await upsert(session, WorkedNote, **told)

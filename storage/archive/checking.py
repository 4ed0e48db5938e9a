"""Which questions of an archive somebody is asked about next."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Archived, Import, Question


async def list_due(
    session: AsyncSession, *, now: datetime, limit: int
) -> Sequence[tuple[Archived, Question]]:
    """The newest first of those that have waited longest, held until the transaction ends; none of
    an import that is still read, or is being taken out."""
    rows = await session.execute(
        select(Archived, Question)
        .join(Question, Question.id == Archived.question_id)
        .join(Import, Import.id == Archived.import_id)
        .where(
            Archived.ask_at <= now,
            Archived.confirmed_at.is_(None),
            Import.ended_at.is_not(None),
            Import.undone_at.is_(None),
            Question.solved_at.is_not(None),
            Question.withdrawn_at.is_(None),
            Question.outdated_at.is_(None),
        )
        .order_by(Archived.ask_at, Question.asked_at.desc())
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=(Archived, Question))
        .execution_options(populate_existing=True)
    )
    return [(row, question) for row, question in rows]


async def has_due(session: AsyncSession, *, now: datetime) -> bool:
    statement = select(Archived.question_id).where(Archived.ask_at <= now).limit(1)
    return (await session.scalar(statement)) is not None

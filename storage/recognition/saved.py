"""How long it would have taken without the answer, as askers say."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import SavedTime


async def was_asked(session: AsyncSession, team_id: str, user_id: str, *, since: datetime) -> bool:
    asked = exists().where(
        SavedTime.team_id == team_id, SavedTime.user_id == user_id, SavedTime.asked_at > since
    )
    return bool(await session.scalar(select(asked)))


async def get(session: AsyncSession, team_id: str, question_id: int) -> SavedTime | None:
    return await session.scalar(
        select(SavedTime).where(SavedTime.team_id == team_id, SavedTime.question_id == question_id)
    )


async def count_said(
    session: AsyncSession, team_id: str, since: datetime, until: datetime
) -> dict[str, int]:
    """How many people said each last, of those who said so in that time."""
    last = func.row_number().over(partition_by=SavedTime.user_id, order_by=SavedTime.said_at.desc())
    theirs = (
        select(SavedTime.said, last.label("place"))
        .where(SavedTime.team_id == team_id, SavedTime.said.is_not(None))
        .where(SavedTime.said_at >= since, SavedTime.said_at < until)
        .subquery()
    )
    rows = await session.execute(
        select(theirs.c.said, func.count()).where(theirs.c.place == 1).group_by(theirs.c.said)
    )
    return {row.said: row[1] for row in rows if row.said is not None}

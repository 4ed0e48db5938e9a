"""Who told a manager what their help did."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.recognition.kudos import THANKED
from storage.tables import Kudos, ManagerNote


def told_to(team_id: str, manager_id: str, since: datetime) -> list[ColumnElement[bool]]:
    return [
        ManagerNote.team_id == team_id,
        ManagerNote.manager_id == manager_id,
        ManagerNote.agreed_at >= since,
    ]


async def list_notes(
    session: AsyncSession,
    *,
    team_id: str,
    manager_id: str,
    since: datetime,
    until: datetime | None = None,
) -> Sequence[ManagerNote]:
    """What this manager was told since then, the newest first."""
    statement = select(ManagerNote).where(*told_to(team_id, manager_id, since))
    if until is not None:
        statement = statement.where(ManagerNote.agreed_at < until)
    return (await session.scalars(statement.order_by(ManagerNote.agreed_at.desc()))).all()


async def has_any(
    session: AsyncSession, *, team_id: str, manager_id: str, since: datetime, until: datetime
) -> bool:
    told = exists().where(*told_to(team_id, manager_id, since), ManagerNote.agreed_at < until)
    return bool(await session.scalar(select(told)))


async def list_told(
    session: AsyncSession, *, team_id: str, manager_id: str, since: datetime
) -> list[tuple[str, datetime]]:
    """Who told this manager since then, and when last; the last one first."""
    last = func.max(ManagerNote.agreed_at, type_=ManagerNote.agreed_at.type)
    rows = await session.execute(
        select(ManagerNote.user_id, last)
        .where(*told_to(team_id, manager_id, since))
        .group_by(ManagerNote.user_id)
        .order_by(last.desc(), ManagerNote.user_id)
    )
    return [(user_id, told_at) for user_id, told_at in rows if told_at is not None]


async def list_thanked(
    session: AsyncSession, *, team_id: str, giver_id: str, since: datetime
) -> dict[str, datetime]:
    """Whom this manager thanked since then, and when last."""
    last = func.max(Kudos.given_at, type_=Kudos.given_at.type)
    rows = await session.execute(
        select(Kudos.receiver_id, last)
        .where(Kudos.team_id == team_id, Kudos.giver_id == giver_id)
        .where(Kudos.kind == THANKED, Kudos.given_at >= since)
        .group_by(Kudos.receiver_id)
    )
    return {row.receiver_id: row[1] for row in rows}

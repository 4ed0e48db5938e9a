"""What people tell their managers of their help."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import ManagerNote


async def get(session: AsyncSession, team_id: str, note_id: int) -> ManagerNote | None:
    return await session.scalar(
        select(ManagerNote)
        .where(ManagerNote.team_id == team_id, ManagerNote.id == note_id)
        .execution_options(populate_existing=True)
    )


async def get_last_manager(session: AsyncSession, team_id: str, user_id: str) -> str | None:
    """Whom this person told last."""
    return await session.scalar(
        select(ManagerNote.manager_id)
        .where(
            ManagerNote.team_id == team_id,
            ManagerNote.user_id == user_id,
            ManagerNote.agreed_at.is_not(None),
        )
        .order_by(ManagerNote.agreed_at.desc())
        .limit(1)
    )


async def count_agreed(
    session: AsyncSession, *, team_id: str, user_id: str, manager_id: str, since: datetime
) -> int:
    return (
        await session.scalar(
            select(func.count())
            .select_from(ManagerNote)
            .where(
                ManagerNote.team_id == team_id,
                ManagerNote.user_id == user_id,
                ManagerNote.manager_id == manager_id,
                ManagerNote.agreed_at >= since,
            )
        )
    ) or 0


async def list_sent_by(
    session: AsyncSession, team_id: str, user_ids: Collection[str], since: datetime
) -> Sequence[ManagerNote]:
    """What these people agreed to since then."""
    return (
        await session.scalars(
            select(ManagerNote).where(
                ManagerNote.team_id == team_id,
                ManagerNote.user_id.in_(user_ids),
                ManagerNote.agreed_at >= since,
            )
        )
    ).all()


async def forget_drafts(
    session: AsyncSession, *, team_id: str, user_id: str, before: datetime
) -> None:
    """What this person began before then and did not send."""
    await session.execute(
        delete(ManagerNote).where(
            ManagerNote.team_id == team_id,
            ManagerNote.user_id == user_id,
            ManagerNote.agreed_at.is_(None),
            ManagerNote.drafted_at < before,
        )
    )

"""When digests are due, and which were made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import upsert
from storage.tables import DigestRun, DigestSchedule, Person


async def get_schedule(
    session: AsyncSession, team_id: str, kind: str, subject: str, *, is_locked: bool = False
) -> DigestSchedule | None:
    """The schedule; locked, it is held until the transaction ends."""
    statement = select(DigestSchedule).where(
        DigestSchedule.team_id == team_id,
        DigestSchedule.kind == kind,
        DigestSchedule.subject == subject,
    )
    if is_locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(statement)


async def save_schedule(session: AsyncSession, **schedule: Any) -> None:
    await upsert(session, DigestSchedule, **schedule)


async def list_due(session: AsyncSession, now: datetime, *, limit: int) -> Sequence[DigestSchedule]:
    """The schedules that are due, held until the transaction ends; another replica's are
    passed over."""
    return (
        await session.scalars(
            select(DigestSchedule)
            .where(DigestSchedule.next_run_at <= now, DigestSchedule.paused_at.is_(None))
            .order_by(DigestSchedule.next_run_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    ).all()


async def list_moved(session: AsyncSession, kind: str) -> Sequence[DigestSchedule]:
    """The schedules about a person whose time zone has changed since."""
    return (
        await session.scalars(
            select(DigestSchedule)
            .join(
                Person,
                and_(
                    Person.team_id == DigestSchedule.team_id,
                    Person.user_id == DigestSchedule.subject,
                ),
            )
            .where(DigestSchedule.kind == kind, Person.timezone != DigestSchedule.timezone)
            .with_for_update(of=DigestSchedule, skip_locked=True)
            .execution_options(populate_existing=True)
        )
    ).all()


async def get_run(
    session: AsyncSession, *, team_id: str, kind: str, subject: str, slot: str
) -> DigestRun | None:
    return await session.get(DigestRun, (team_id, kind, subject, slot))


async def get_last_made(
    session: AsyncSession, *, team_id: str, kind: str, subject: str
) -> DigestRun | None:
    """The newest digest about this subject that was not skipped."""
    return await session.scalar(
        select(DigestRun)
        .where(
            DigestRun.team_id == team_id,
            DigestRun.kind == kind,
            DigestRun.subject == subject,
            DigestRun.skipped_at.is_(None),
        )
        .order_by(DigestRun.until.desc())
        .limit(1)
    )


async def list_made(
    session: AsyncSession, *, team_id: str, since: datetime, subject: str | None = None
) -> Sequence[DigestRun]:
    """Digests that ended since then, are posted or about to be; with `subject`, only those
    about it."""
    statement = select(DigestRun).where(
        DigestRun.team_id == team_id,
        DigestRun.until >= since,
        DigestRun.skipped_at.is_(None),
        DigestRun.quiet_at.is_(None),
    )
    if subject is not None:
        statement = statement.where(DigestRun.subject == subject)
    return (await session.scalars(statement)).all()

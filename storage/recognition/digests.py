"""When digests are due, and which were made."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, and_, cast, or_, select
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


async def has_due(session: AsyncSession, now: datetime) -> bool:
    return (await session.scalar(due(now).limit(1))) is not None


def due(now: datetime) -> Select[DigestSchedule]:
    return select(DigestSchedule).where(
        DigestSchedule.next_run_at <= now, DigestSchedule.paused_at.is_(None)
    )


async def list_due(session: AsyncSession, now: datetime, *, limit: int) -> Sequence[DigestSchedule]:
    """The schedules that are due, held until the transaction ends; another replica's are
    passed over."""
    return (
        await session.scalars(
            due(now)
            .order_by(DigestSchedule.next_run_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    ).all()


async def list_of_kind(session: AsyncSession, team_id: str, kind: str) -> Sequence[DigestSchedule]:
    """The workspace's schedules of this kind, the next one first."""
    return (
        await session.scalars(
            select(DigestSchedule)
            .where(DigestSchedule.team_id == team_id, DigestSchedule.kind == kind)
            .order_by(DigestSchedule.next_run_at, DigestSchedule.subject)
        )
    ).all()


def moved(kinds: Collection[str]) -> Select[DigestSchedule]:
    """The schedules about a person whose time zone has changed since."""
    is_theirs = and_(
        Person.team_id == DigestSchedule.team_id, Person.user_id == DigestSchedule.subject
    )
    return (
        select(DigestSchedule)
        .join(Person, is_theirs)
        .where(DigestSchedule.kind.in_(kinds), Person.timezone != DigestSchedule.timezone)
    )


async def has_moved(session: AsyncSession, kinds: Collection[str]) -> bool:
    return (await session.scalar(moved(kinds).limit(1))) is not None


async def list_moved(session: AsyncSession, kinds: Collection[str]) -> Sequence[DigestSchedule]:
    return (
        await session.scalars(
            moved(kinds)
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
    session: AsyncSession, *, team_id: str, since: datetime, about: int | None = None
) -> Sequence[DigestRun]:
    """Digests that ended since then, are posted or about to be; with `about`, a question, of
    the posted ones only those that may tell of it."""
    statement = select(DigestRun).where(
        DigestRun.team_id == team_id,
        DigestRun.until >= since,
        DigestRun.skipped_at.is_(None),
        DigestRun.quiet_at.is_(None),
    )
    if about is not None:
        may_tell = cast(DigestRun.told, String).contains(str(about))  # or of 123, for 12
        statement = statement.where(or_(DigestRun.posted_at.is_(None), may_tell))
    return (await session.scalars(statement)).all()

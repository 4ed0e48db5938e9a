"""Where Askaround is installed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.outbox import shared_seconds
from storage.saving import upsert
from storage.tables import Installation, Workspace


async def save(session: AsyncSession, **facts: Any) -> None:
    """A new one, or one again: what it got before counts no more."""
    await upsert(session, Installation, **facts, turning_until=None, turned_by=None)


async def get_for(
    session: AsyncSession, team_id: str, enterprise_id: str | None
) -> Installation | None:
    """The workspace's own; else that of its organisation."""
    own = await session.get(Installation, team_id)
    if own is not None:
        return own
    enterprise_id = enterprise_id or await get_enterprise_id(session, team_id)
    return await session.get(Installation, enterprise_id) if enterprise_id else None


async def get_enterprise_id(session: AsyncSession, team_id: str) -> str | None:
    return await session.scalar(select(Workspace.enterprise_id).where(Workspace.team_id == team_id))


async def list_all(session: AsyncSession) -> Sequence[Installation]:
    return (await session.scalars(select(Installation).order_by(Installation.team_id))).all()


async def list_teams_of(session: AsyncSession, enterprise_id: str) -> Sequence[str]:
    """The organisation's workspaces that have no installation of their own."""
    own = select(Installation.team_id)
    return (
        await session.scalars(
            select(Workspace.team_id)
            .where(Workspace.enterprise_id == enterprise_id, Workspace.team_id.not_in(own))
            .order_by(Workspace.team_id)
        )
    ).all()


async def remove(session: AsyncSession, team_id: str) -> None:
    await session.execute(delete(Installation).where(Installation.team_id == team_id))


# Tokens that are replaced before they expire


async def claim_expiring(
    session: AsyncSession, *, before: datetime, claim: str, seconds: float, limit: int
) -> Sequence[Installation]:
    """Those whose token expires before then, each for one replica at a time."""
    shared = shared_seconds(session)
    is_free = or_(Installation.turning_until.is_(None), Installation.turning_until <= shared)
    due = (
        await session.scalars(
            select(Installation)
            .where(Installation.expires_at < before, Installation.sealed_refresh.is_not(None))
            .where(is_free)
            .order_by(Installation.expires_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    ).all()
    await session.execute(
        update(Installation)
        .where(Installation.team_id.in_([each.team_id for each in due]))
        .values(turning_until=shared + seconds, turned_by=claim)
        .execution_options(synchronize_session=False)
    )
    return due


async def note_tokens(session: AsyncSession, team_id: str, *, claim: str, **values: Any) -> bool:
    """What came of it; False where it was installed anew meanwhile, or another has the turn."""
    done = await session.execute(
        update(Installation)
        .where(Installation.team_id == team_id, Installation.turned_by == claim)
        .values(turned_by=None, **values)
        .returning(Installation.team_id)
        .execution_options(synchronize_session=False)
    )
    return done.first() is not None


async def seal_anew(
    session: AsyncSession, team_id: str, *, known_as: str, token: str, refresh: str | None
) -> None:
    """The same tokens, sealed with another key; not where they were replaced meanwhile."""
    await session.execute(
        update(Installation)
        .where(Installation.team_id == team_id, Installation.sealed_token == known_as)
        .values(sealed_token=token, sealed_refresh=refresh)
    )

"""Events whose handling failed: kept, named by a reference, and run again: a few times by
themselves, then when an operator says so."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage import failed_events

MAX_ERROR = 10_000  # characters
KEPT_FOR = timedelta(days=30)
# After each failure; what fails after the last of them fails for a reason that stays.
RETRY_AFTER = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)
RETRIED_AT_ONCE = 20
# Letters and digits that nobody mistakes for one another on the phone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class FailedEvent:
    id: int
    reference: str
    body: dict[str, Any]


def new_reference() -> str:
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))


async def keep(
    session: AsyncSession,
    *,
    reference: str,
    team_id: str | None,
    body: dict[str, Any],
    error: str,
    now: datetime,
) -> None:
    await failed_events.add(
        session,
        reference=reference,
        team_id=team_id,
        body=body,
        error=error[-MAX_ERROR:],
        now=now,
        retry_at=now + RETRY_AFTER[0],
    )


async def take_due(session: AsyncSession, *, now: datetime) -> list[FailedEvent]:
    """Those to be run again now. Each is taken by one, and planned anew in case it fails."""
    due = await failed_events.list_due(session, now=now, limit=RETRIED_AT_ONCE)
    for row in due:
        row.attempts += 1
        is_last = row.attempts >= len(RETRY_AFTER)
        row.retry_at = None if is_last else now + RETRY_AFTER[row.attempts]
    return [FailedEvent(row.id, row.reference, row.body) for row in due]


async def has_due(session: AsyncSession, *, now: datetime) -> bool:
    return await failed_events.has_due(session, now=now)


async def list_waiting(session: AsyncSession) -> list[FailedEvent]:
    return [
        FailedEvent(row.id, row.reference, row.body)
        for row in await failed_events.list_waiting(session)
    ]


async def note_replayed(session: AsyncSession, failed_id: int) -> None:
    """It worked now: people's words are not kept twice."""
    await failed_events.remove(session, failed_id)


async def forget_old_failures(session: AsyncSession, *, now: datetime) -> None:
    await failed_events.forget_before(session, now - KEPT_FOR)

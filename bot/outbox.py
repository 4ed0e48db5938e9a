"""What is still owed to Slack, and what to do when sending it fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import HOME
from storage import outbox
from storage.outbox import Kind, Subject
from storage.tables import Outbox

__all__ = ["Kind", "Owed", "Subject"]

# Longer than any delivery may take, so that nothing is sent by two at once.
CLAIM_FOR = timedelta(seconds=25)
FIRST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(hours=1)
MOST_ATTEMPTS = 36  # over a day with the waits above


@dataclass(frozen=True)
class Owed(Generic[Subject]):
    """One thing owed, claimed by this sender."""

    team_id: str
    kind: str
    subject: Subject
    key: str  # goes out in the message's metadata, to find it again
    payload: dict[str, Any]
    lane: str
    is_uncertain: bool  # an earlier try may have reached Slack
    owed_at: datetime
    row: Outbox

    @property
    def is_last_try(self) -> bool:
        """If this one fails too, it is given up."""
        return self.row.attempts >= MOST_ATTEMPTS


async def claim_owed(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Owed[str]]:
    rows = await outbox.claim_due(session, now=now, until=now + CLAIM_FOR, limit=limit)
    return [
        Owed(
            row.team_id,
            row.kind,
            row.subject,
            row.key,
            row.payload,
            row.lane,
            row.is_uncertain,
            row.owed_at,
            row,
        )
        for row in rows
    ]


async def finish(session: AsyncSession, owed: Owed[Any]) -> None:
    await outbox.finish(session, owed.row)


async def wait(
    session: AsyncSession, owed: Owed[Any], *, seconds: float, is_uncertain: bool, now: datetime
) -> None:
    """Slack asks for patience; that is no failure."""
    await outbox.postpone(
        session,
        owed.row,
        due_at=now + timedelta(seconds=seconds),
        error=None,
        is_uncertain=is_uncertain,
        counts=False,
    )


async def retry_later(
    session: AsyncSession,
    owed: Owed[Any],
    *,
    error: str,
    is_uncertain: bool,
    now: datetime,
    seconds: float = 0,
) -> None:
    """It failed and may work later: each wait is twice the one before, or as long as was asked
    for."""
    if owed.is_last_try:
        await outbox.give_up(session, owed.row, error=error, is_uncertain=is_uncertain, now=now)
        return
    doubled = FIRST_RETRY * 2 ** min(owed.row.attempts, 12)
    delay = min(max(doubled, timedelta(seconds=seconds)), LONGEST_RETRY)
    await outbox.postpone(
        session, owed.row, due_at=now + delay, error=error, is_uncertain=is_uncertain
    )


async def give_up(session: AsyncSession, owed: Owed[Any], *, error: str, now: datetime) -> None:
    """Slack refused for good, so it did not happen."""
    await outbox.give_up(session, owed.row, error=error, is_uncertain=False, now=now)


async def owe_home(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> None:
    """Owe this person's App Home, drawn as things stand then."""
    await outbox.owe(session, HOME, user_id, team_id=team_id, lane=user_id, now=now)


async def get_next_due(session: AsyncSession) -> datetime | None:
    return await outbox.get_next_due(session)


async def count_owed(session: AsyncSession) -> int:
    return await outbox.count_owed(session)

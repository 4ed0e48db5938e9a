"""What is still owed to Slack, and what to do when sending it fails."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Generic
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import HOME
from storage import home_views, outbox
from storage.outbox import Kind, Subject
from storage.tables import Outbox

__all__ = ["Kind", "Owed", "Subject"]

# Longer than any delivery may take, so that nothing is sent by two at once.
CLAIM_FOR = timedelta(seconds=25)
GIVEN_UP_STAYS = timedelta(days=30)
RESTS_FOR = timedelta(days=1)  # where the bot is not installed
LOOKED_WITHIN = timedelta(days=1)  # at App Home, so that it is worth drawing anew


@dataclass(frozen=True)
class Patience:
    """How long something is tried again: each wait is twice the one before."""

    first: timedelta
    longest: timedelta
    attempts: int
    waits_for: str | None = None  # what ends the wait at once

    def wait_after(self, attempts: int) -> timedelta:
        doublings = 1 << min(attempts, 20)
        return min(self.first * doublings, self.longest)


PLACE, STANDING = "place", "standing"
# A mistake of ours mends itself seldom: over a day. What Slack or the network does: a month.
WITH_US = Patience(timedelta(seconds=1), timedelta(hours=1), 36)
WITH_SLACK = Patience(timedelta(seconds=1), timedelta(hours=1), 12 + 30 * 24)
WITH_THE_PLACE = Patience(timedelta(seconds=5), timedelta(hours=6), 13 + 30 * 4, PLACE)
WITH_OUR_STANDING = Patience(timedelta(seconds=2), timedelta(minutes=10), 9 + 30 * 24 * 6, STANDING)


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
    claim: str  # by which the sender shows that it still has it

    @property
    def is_last_try(self) -> bool:
        """It has failed for over a day: if somebody is to be told of that, then now."""
        return self.row.attempts >= WITH_US.attempts


@dataclass(frozen=True)
class Shares:
    """How much of each of many workspaces is sent at a time, and how much is being sent."""

    most: int
    running: Mapping[str, int]

    def choose(self, rows: Sequence[Outbox], taken: Sequence[Outbox]) -> list[Outbox]:
        """Of these, as many of each workspace as have a place beside those taken."""
        counted = Counter(self.running) + Counter(row.team_id for row in taken)
        chosen = []
        for row in rows:
            counted[row.team_id] += 1
            if counted[row.team_id] <= self.most:
                chosen.append(row)
        return chosen

    def full(self, taken: Sequence[Outbox]) -> set[str]:
        """The workspaces that have their share."""
        counted = Counter(self.running) + Counter(row.team_id for row in taken)
        return {team_id for team_id, number in counted.items() if number >= self.most}


async def claim_owed(
    session: AsyncSession,
    *,
    now: datetime,
    limit: int,
    but_not: Collection[int] = (),
    but_not_of: Collection[str] = (),
    shares: Shares | None = None,
) -> list[Owed[str]]:
    """`but_not`: rows that this sender is sending, whatever became of its claim to them.
    `but_not_of`: workspaces where nothing can be sent now. `shares`: what each of many gets, so
    that one with a lot to say takes no other's turn."""
    shares = shares or Shares(limit, {})
    claim = uuid4().hex
    rows: list[Outbox] = []
    full, is_new = shares.full(rows), True
    while is_new and len(rows) < limit:
        rows += await outbox.claim_due(
            session,
            now=now,
            limit=limit - len(rows),
            seconds=CLAIM_FOR.total_seconds(),
            claim=claim,
            but_not=but_not,
            but_not_of={*but_not_of, *full},
            choose=partial(shares.choose, taken=tuple(rows)),
        )
        before, full = full, shares.full(rows)
        is_new = full != before
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
            claim,
        )
        for row in rows
    ]


async def finish(session: AsyncSession, owed: Owed[Any]) -> bool:
    """False when another sender has it by now: what this one noted must not stand."""
    return await outbox.finish(session, owed.row, claim=owed.claim)


async def wait(session: AsyncSession, owed: Owed[Any], *, seconds: float, now: datetime) -> None:
    """Slack asks for patience; that is no failure."""
    await outbox.postpone(
        session,
        owed.row,
        claim=owed.claim,
        seconds=seconds,
        now=now,
        error=None,
        is_uncertain=owed.is_uncertain,
        counts=False,
    )


async def rest(session: AsyncSession, owed: Owed[Any], *, now: datetime) -> None:
    """Askaround is not in that workspace: it waits until it is installed there again."""
    await outbox.postpone(
        session,
        owed.row,
        claim=owed.claim,
        seconds=RESTS_FOR.total_seconds(),
        now=now,
        error=None,
        is_uncertain=owed.is_uncertain,
        waits_for=STANDING,
        counts=False,
    )


async def retry_later(
    session: AsyncSession,
    owed: Owed[Any],
    patience: Patience,
    *,
    error: str,
    is_uncertain: bool,
    now: datetime,
    seconds: float = 0,
) -> None:
    """It failed and may work later. `seconds`: how long to wait at least, within reason."""
    if owed.row.attempts >= patience.attempts:
        await give_up(session, owed, error=error, is_uncertain=is_uncertain, now=now)
        return
    asked = min(timedelta(seconds=seconds), patience.longest)
    await outbox.postpone(
        session,
        owed.row,
        claim=owed.claim,
        seconds=max(patience.wait_after(owed.row.attempts), asked).total_seconds(),
        now=now,
        error=error,
        is_uncertain=is_uncertain,
        waits_for=patience.waits_for,
    )


async def give_up(
    session: AsyncSession, owed: Owed[Any], *, error: str, is_uncertain: bool, now: datetime
) -> None:
    await outbox.give_up(
        session, owed.row, claim=owed.claim, error=error, is_uncertain=is_uncertain, now=now
    )


async def wake(
    session: AsyncSession, *, waits_for: str | None = None, team_id: str | None = None
) -> None:
    """What waits (for this, or for anything) is tried again now."""
    await outbox.wake(session, waits_for=waits_for, team_id=team_id)


async def owe_home(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> None:
    """Owe this person's App Home, drawn as things stand then."""
    await outbox.owe(session, HOME, user_id, team_id=team_id, lane=user_id, now=now)


async def owe_homes(
    session: AsyncSession, *, team_id: str, user_ids: Collection[str], now: datetime
) -> None:
    """Something in their App Home changed: it is drawn anew for those of them who looked at it
    lately, once, however much changed meanwhile."""
    looking = await home_views.list_looking(session, team_id, user_ids, since=now - LOOKED_WITHIN)
    for user_id in sorted(looking):
        await owe_home(session, team_id=team_id, user_id=user_id, now=now)


async def has_due(
    session: AsyncSession, *, now: datetime, but_not_of: Collection[str] = ()
) -> bool:
    return await outbox.has_due(session, now=now, but_not_of=but_not_of)


async def count_owed(session: AsyncSession) -> int:
    return await outbox.count_owed(session)


async def forget_given_up(session: AsyncSession, *, now: datetime) -> None:
    await outbox.forget_given_up(session, now - GIVEN_UP_STAYS)

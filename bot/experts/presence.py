"""Whether Slack can reach people now: Do Not Disturb, and whether they are at their screen.

Read when it matters and kept fresh by Slack's events. Asking never waits for it: while Slack is
slow or says nothing, what is known counts, and what is not known counts as reachable."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import READ_ACTIVE, READ_QUIET
from storage import outbox
from storage.experts import presence
from storage.outbox import Kind
from storage.questions import questions
from storage.tables import Presence

QUIET_STAYS_FRESH = timedelta(hours=6)  # events keep it; Slack tells only of the next time
ACTIVE_STAYS_FRESH = timedelta(minutes=10)
ACTIVE_COUNTS_FOR = timedelta(minutes=30)  # no event tells when it changes
MOST_ACTIVE_READ = 5  # people at a time: one call each
AT_A_TIME = 50  # people whose quiet times Slack tells in one call
STALE_AT_ONCE = 400


async def learn_quiet(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    now: datetime,
) -> None:
    """When Slack holds back this person's notifications next, or does now. An older word that
    comes late changes nothing."""
    known = await presence.get(session, team_id, user_id)
    if known is None or known.quiet_read_at is None or known.quiet_read_at <= now:
        await presence.save(
            session,
            team_id=team_id,
            user_id=user_id,
            quiet_from=starts_at,
            quiet_until=ends_at,
            quiet_read_at=now,
        )
        if known is None or (known.quiet_from, known.quiet_until) != (starts_at, ends_at):
            await questions.hasten_asked(session, team_id, user_id, now=now)


async def learn_active(
    session: AsyncSession, *, team_id: str, user_id: str, is_active: bool, now: datetime
) -> None:
    await presence.save(
        session, team_id=team_id, user_id=user_id, is_active=is_active, active_read_at=now
    )


def quiet_until(known: Presence | None, now: datetime) -> datetime | None:
    """Until when Slack holds back their notifications; None where it does not now."""
    if known is None or known.quiet_from is None or known.quiet_until is None:
        return None
    return known.quiet_until if known.quiet_from <= now < known.quiet_until else None


def is_active(known: Presence | None, now: datetime) -> bool | None:
    """Whether they are at their screen; None where we heard nothing lately."""
    if known is None or known.active_read_at is None:
        return None
    return known.is_active if now - known.active_read_at <= ACTIVE_COUNTS_FOR else None


async def owe_look(
    session: AsyncSession, team_id: str, reached: Mapping[str, Presence | None], *, now: datetime
) -> None:
    """Owe a look at the first of these whom we have not looked at lately: they may be asked
    next. `reached`: people with what is known of them."""
    next_ones = list(reached)[:AT_A_TIME]
    quiet = {user_id: known.quiet_read_at for user_id, known in reached.items() if known}
    active = {user_id: known.active_read_at for user_id, known in reached.items() if known}
    for kind, read_at, fresh_for, looked_at in (
        (READ_ACTIVE, active, ACTIVE_STAYS_FRESH, next_ones[:MOST_ACTIVE_READ]),
        (READ_QUIET, quiet, QUIET_STAYS_FRESH, next_ones),
    ):
        stale = [each for each in looked_at if is_stale(read_at.get(each), fresh_for, now)]
        if stale:
            await owe_look_at(session, kind, team_id, stale, now=now)


def is_stale(read_at: datetime | None, fresh_for: timedelta, now: datetime) -> bool:
    return read_at is None or now - read_at > fresh_for


async def owe_stale(session: AsyncSession, *, now: datetime) -> None:
    """Owe a look at the quiet times of experts that we have not read for long."""
    stale = await presence.list_experts_unread_since(
        session, now - QUIET_STAYS_FRESH, STALE_AT_ONCE
    )
    for team_id in dict.fromkeys(team_id for team_id, _ in stale):
        theirs = [user_id for team, user_id in stale if team == team_id]
        for start in range(0, len(theirs), AT_A_TIME):
            await owe_look_at(
                session, READ_QUIET, team_id, theirs[start : start + AT_A_TIME], now=now
            )


async def owe_look_at(
    session: AsyncSession,
    kind: Kind[str],
    team_id: str,
    user_ids: Sequence[str],
    *,
    now: datetime,
) -> None:
    """One look a group of people, named after the first of them."""
    await outbox.owe(
        session,
        kind,
        user_ids[0],
        team_id=team_id,
        lane=user_ids[0],
        payload={"user_ids": list(user_ids)},
        now=now,
    )

"""Slack's pace where several replicas speak for one workspace: kept in the database, so that no
two of them take the same turn, and none calls what Slack told another to leave alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage import gates
from storage.gates import Closed

__all__ = ["Closed", "forget_old_gates", "list_closed", "shut", "take_turn"]

POST_INTERVAL = 1.0  # seconds; Slack: about one post a second a channel …
POST_BURST = 3  # … with short bursts
KEPT_FOR = 3600.0  # seconds


async def take_turn(session: AsyncSession, *, team_id: str, channel_id: str, key: str) -> float:
    """Take this post's turn: 0, or the seconds until it has come. A place in the row is kept for
    who waits, whichever replica sends it then."""
    wait = await gates.seconds_to_turn(session, team_id, key)
    is_new = wait is None
    if wait is None:
        wait = await gates.book(
            session,
            team_id,
            channel_id,
            interval=POST_INTERVAL,
            ahead=POST_INTERVAL * (POST_BURST - 1),
        )
    if wait > 0:
        if is_new:
            await gates.keep_turn(session, team_id, key, wait)
        return wait
    if not is_new:
        await gates.end_turn(session, team_id, key)
    return 0.0


async def shut(session: AsyncSession, *, team_id: str, method: str, seconds: float) -> None:
    """Slack answered a call of this method that it is to be left alone for so long."""
    await gates.shut(session, team_id, method, seconds)


async def list_closed(session: AsyncSession) -> Sequence[Closed]:
    return await gates.list_closed(session)


async def forget_old_gates(session: AsyncSession, *, now: datetime) -> None:
    await gates.forget_old(session, KEPT_FOR)

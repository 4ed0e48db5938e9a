"""Slack's pace, shared by all replicas on one PostgreSQL. On its clock, see storage/outbox."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.outbox import shared_seconds
from storage.saving import insert
from storage.tables import Gate

METHOD, LANE, TURN = "method:", "lane:", "turn:"


class Closed(NamedTuple):
    team_id: str
    method: str
    seconds: float  # for so long


async def shut(session: AsyncSession, team_id: str, method: str, seconds: float) -> None:
    """Slack wants this method left alone; it stays closed for the longest that anybody heard."""
    until = shared_seconds(session) + seconds
    new = insert(session, Gate).values(team_id=team_id, what=METHOD + method, until=until)
    longest = _greater(session)(Gate.until, new.excluded.until)
    await session.execute(
        new.on_conflict_do_update(index_elements=["team_id", "what"], set_={"until": longest})
    )


async def list_closed(session: AsyncSession) -> Sequence[Closed]:
    shared = shared_seconds(session)
    rows = await session.execute(
        select(Gate.team_id, Gate.what, Gate.until - shared).where(
            Gate.what.startswith(METHOD), Gate.until > shared
        )
    )
    return [Closed(team, what.removeprefix(METHOD), seconds) for team, what, seconds in rows]


async def book(
    session: AsyncSession, team_id: str, channel_id: str, *, interval: float, ahead: float
) -> float:
    """Take the channel's next turn: for how many seconds it has not come yet, below 0 where it
    has. `ahead`: how much sooner than the channel is free a turn may come, for bursts."""
    shared = shared_seconds(session)
    new = insert(session, Gate).values(
        team_id=team_id, what=LANE + channel_id, until=shared + interval
    )
    full = _greater(session)(Gate.until, shared) + interval
    wait = await session.scalar(
        new.on_conflict_do_update(
            index_elements=["team_id", "what"], set_={"until": full}
        ).returning(Gate.until - shared - interval - ahead)
    )
    return float(wait or 0.0)


async def keep_turn(session: AsyncSession, team_id: str, key: str, seconds: float) -> None:
    until = shared_seconds(session) + seconds
    new = insert(session, Gate).values(team_id=team_id, what=TURN + key, until=until)
    await session.execute(
        new.on_conflict_do_update(
            index_elements=["team_id", "what"], set_={"until": new.excluded.until}
        )
    )


async def seconds_to_turn(session: AsyncSession, team_id: str, key: str) -> float | None:
    """Until the turn that was kept for this; None where none was."""
    shared = shared_seconds(session)
    return await session.scalar(
        select(Gate.until - shared).where(Gate.team_id == team_id, Gate.what == TURN + key)
    )


async def end_turn(session: AsyncSession, team_id: str, key: str) -> None:
    await session.execute(delete(Gate).where(Gate.team_id == team_id, Gate.what == TURN + key))


async def forget_old(session: AsyncSession, seconds: float) -> None:
    """What has been over for so long."""
    await session.execute(delete(Gate).where(Gate.until < shared_seconds(session) - seconds))


def _greater(session: AsyncSession):  # type: ignore[no-untyped-def]
    return func.max if session.get_bind().dialect.name == "sqlite" else func.greatest

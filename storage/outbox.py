"""What we owe Slack, kept in the same transaction as the facts it tells of.

Two clocks. `due_at` is in the bot's own time. How long a sender holds a row is measured on a clock
that all senders share and that no setting of a machine's time moves (`shared_seconds`); a wait
ends when either says so, so that no clock set back makes it longer."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Generic, TypeVar, get_type_hints
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Double,
    Executable,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    extract,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session

from storage.tables import Base, Outbox

TABLE = Base.metadata.tables["outbox"]
TELLS = "tells_of_questions"  # see `Sessions`; asking the database would cost each question
OWED = "owed"  # what the transaction owes and has not written, in the session's info
FINISH = (  # built once: that takes longer than running it
    delete(TABLE)
    .where(
        TABLE.c.id == bindparam("row_id"),
        TABLE.c.key == bindparam("row_key"),
        TABLE.c.version == bindparam("row_version"),
        TABLE.c.held_by == bindparam("claim"),
    )
    .returning(TABLE.c.id)
)
LONGEST_CLAIM = 120.0  # seconds; a claim beyond it was made before the shared clock began anew
AT_ONCE = datetime.fromtimestamp(0, UTC)  # due whatever Slack's clock and ours say

Subject = TypeVar("Subject")


@dataclass(frozen=True)
class Kind(Generic[Subject]):
    """A kind of thing that can be owed, and what one is about: a number, an id of Slack's, a
    day, or a NamedTuple of these. The row holds it as text."""

    name: str
    about: type[Subject]

    def write(self, subject: Subject) -> str:
        return ":".join(map(str, subject)) if isinstance(subject, tuple) else str(subject)

    def read(self, written: str) -> Subject:
        """What `write` wrote; ValueError or TypeError for anything else."""
        if issubclass(self.about, tuple):
            types = get_type_hints(self.about).values()
            parts = zip(types, written.split(":"), strict=True)
            return self.about(*(read_part(type_, part) for type_, part in parts))
        subject: Subject = read_part(self.about, written)
        return subject


def read_part(type_: type[Any], written: str) -> Any:
    return date.fromisoformat(written) if type_ is date else type_(written)


async def owe(
    session: AsyncSession,
    kind: Kind[Subject],
    subject: Subject,
    *,
    team_id: str,
    lane: str,
    now: datetime,
    payload: dict[str, Any] | None = None,
    due_at: datetime = AT_ONCE,
) -> None:
    """Owe Slack this thing, from `due_at` on. Owed already, it is still sent once, in its
    newest state, and no later than before. All that a transaction owes is written when it ends."""
    owed = session.sync_session.info.setdefault(OWED, {})
    written = kind.write(subject)
    first = owed.setdefault(
        (team_id, kind.name, written),
        {
            "team_id": team_id,
            "kind": kind.name,
            "subject": written,
            "lane": lane,
            "key": uuid4().hex,
            "version": 1,
            "owed_at": now,
            "due_at": due_at,
        },
    )
    first["payload"] = payload or {}
    session.sync_session.info["owes"] = True


def tells_of_questions(session: AsyncSession) -> bool:
    """Whether anybody outside Slack is told what happens to questions, as this process knows."""
    return bool(session.sync_session.info.get(TELLS))


def write_owed(session: Session) -> None:
    """Write what was owed so far: before the transaction ends, and before it looks at the
    outbox."""
    owed = session.info.pop(OWED, None)
    if owed:
        session.execute(owe_all(session.get_bind().dialect.name), list(owed.values()))


def write_before_looking(state: ORMExecuteState) -> None:
    if state.bind_mapper is not None and state.bind_mapper.class_ is Outbox:
        write_owed(state.session)


@cache
def owe_all(dialect: str) -> Executable:
    # A row that waits for a rate limit to pass goes on waiting; one we gave up starts again.
    new = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(TABLE)
    goes_on = TABLE.c.gave_up_at.is_(None)
    return new.on_conflict_do_update(
        index_elements=["team_id", "kind", "subject"],
        set_={
            "version": TABLE.c.version + 1,
            "payload": new.excluded.payload,
            "due_at": case((goes_on, TABLE.c.due_at), else_=AT_ONCE),
            "attempts": case((goes_on, TABLE.c.attempts), else_=0),
            "gave_up_at": None,
        },
    )


async def hasten(
    session: AsyncSession, kind: Kind[Subject], subject: Subject, *, team_id: str
) -> None:
    """What is owed for later, or waits for its next try, is due now."""
    await session.execute(
        update(Outbox)
        .where(
            Outbox.team_id == team_id,
            Outbox.kind == kind.name,
            Outbox.subject == kind.write(subject),
        )
        .where(Outbox.gave_up_at.is_(None), Outbox.held_by.is_(None))
        .values(due_at=AT_ONCE, held_until=None, waits_for=None)
        .execution_options(synchronize_session=False)
    )
    session.sync_session.info["owes"] = True


async def is_owed(
    session: AsyncSession, kinds: Collection[Kind[Any]], *, team_id: str, lane: str
) -> bool:
    """Whether anything of these kinds is owed there, or being delivered."""
    statement = select(Outbox.id).where(
        Outbox.team_id == team_id,
        Outbox.lane == lane,
        Outbox.kind.in_([kind.name for kind in kinds]),
        Outbox.gave_up_at.is_(None),
    )
    return (await session.scalar(statement.limit(1))) is not None


# Claiming and letting go


async def claim_due(
    session: AsyncSession,
    *,
    now: datetime,
    limit: int,
    seconds: float,
    claim: str,
    but_not: Collection[int] = (),
) -> Sequence[Outbox]:
    """Take due rows for this claim, for so long. Each row comes as it was *before*, so that
    `is_uncertain` tells whether an earlier sender may have sent it and died."""
    shared = shared_seconds(session)
    rows = (
        await session.scalars(
            select(Outbox)
            .where(is_due(now, shared), Outbox.id.not_in(but_not))
            .order_by(Outbox.due_at, Outbox.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    ).all()
    await session.execute(
        update(Outbox)
        .where(Outbox.id.in_([row.id for row in rows]))
        .values(held_until=shared + seconds, held_by=claim, waits_for=None, is_uncertain=True)
        .execution_options(synchronize_session=False)
    )
    return rows


async def finish(session: AsyncSession, row: Outbox, *, claim: str) -> bool:
    """It is done; unless it changed meanwhile, then its newest state is still owed. False: the
    claim ran out, and another sender has it."""
    done = {"row_id": row.id, "row_key": row.key, "row_version": row.version, "claim": claim}
    if (await session.execute(FINISH, done)).first() is not None:
        return True
    return await let_go(session, row, claim=claim, is_uncertain=False, attempts=0, error=None)


async def postpone(
    session: AsyncSession,
    row: Outbox,
    *,
    claim: str,
    seconds: float,
    now: datetime,
    error: str | None,
    is_uncertain: bool,
    waits_for: str | None = None,
    counts: bool = True,
) -> None:
    """Try again then. `counts`: this was an attempt that failed, not just a wait."""
    await let_go(
        session,
        row,
        claim=claim,
        due_at=now + timedelta(seconds=seconds),
        held_until=shared_seconds(session) + seconds,
        waits_for=waits_for,
        is_uncertain=is_uncertain,
        attempts=row.attempts + int(counts),
        error=error,
    )


async def give_up(
    session: AsyncSession,
    row: Outbox,
    *,
    claim: str,
    error: str,
    is_uncertain: bool,
    now: datetime,
) -> None:
    """Slack will not take it. The row stays, so that somebody can see why."""
    await let_go(session, row, claim=claim, gave_up_at=now, is_uncertain=is_uncertain, error=error)


async def let_go(session: AsyncSession, row: Outbox, *, claim: str, **values: Any) -> bool:
    """End the claim with these values; False when it is not held any more."""
    released = {"held_until": None, "held_by": None, **values}
    done = await session.execute(
        update(Outbox)
        .where(is_held(row, claim))
        .values(**released)
        .returning(Outbox.id)
        .execution_options(synchronize_session=False)
    )
    return done.first() is not None


async def wake(session: AsyncSession, *, waits_for: str | None, team_id: str | None) -> None:
    """What waits (for this, or for anything) in the workspace, or in all, is tried again now."""
    chosen: list[ColumnElement[bool]] = [Outbox.held_by.is_(None), Outbox.held_until.is_not(None)]
    if waits_for is not None:
        chosen.append(Outbox.waits_for == waits_for)
    if team_id is not None:
        chosen.append(Outbox.team_id == team_id)
    await session.execute(
        update(Outbox)
        .where(*chosen)
        .values(due_at=AT_ONCE, held_until=None, waits_for=None)
        .execution_options(synchronize_session=False)
    )
    session.sync_session.info["owes"] = True


def shared_seconds(session: AsyncSession) -> ColumnElement[float]:
    """PostgreSQL's own clock. An SQLite file belongs to one machine, where the time since it
    was started is the same for every process."""
    if session.get_bind().dialect.name == "sqlite":
        return literal(time.monotonic())
    return cast(extract("epoch", func.clock_timestamp()), Double)


def is_due(now: datetime, shared: ColumnElement[float]) -> ColumnElement[bool]:
    is_over = Outbox.held_until <= shared
    is_left_behind = Outbox.held_until > shared + LONGEST_CLAIM
    is_claimed = Outbox.held_by.is_not(None)
    return and_(
        Outbox.gave_up_at.is_(None),
        or_(
            and_(is_claimed, or_(is_over, is_left_behind)),
            and_(~is_claimed, or_(is_over, Outbox.due_at <= now)),
        ),
    )


def is_held(row: Outbox, claim: str) -> ColumnElement[bool]:
    """Whether this claim still has it. SQLite gives a new row the number of a deleted one; the
    key is never used again."""
    return and_(Outbox.id == row.id, Outbox.key == row.key, Outbox.held_by == claim)


async def has_due(session: AsyncSession, *, now: datetime) -> bool:
    return bool(await session.scalar(select(exists().where(is_due(now, shared_seconds(session))))))


async def count_owed(session: AsyncSession) -> int:
    return (
        await session.scalar(
            select(func.count()).select_from(Outbox).where(Outbox.gave_up_at.is_(None))
        )
    ) or 0


async def doubt_all(session: AsyncSession) -> None:
    """Any of it may have reached Slack: what is posted is looked for first."""
    await session.execute(update(Outbox).values(is_uncertain=True, due_at=AT_ONCE))


# What was given up


async def list_given_up(session: AsyncSession, team_id: str, limit: int) -> Sequence[Outbox]:
    """The newest first."""
    return (
        await session.scalars(
            select(Outbox)
            .where(Outbox.team_id == team_id, Outbox.gave_up_at.is_not(None))
            .order_by(Outbox.gave_up_at.desc(), Outbox.id.desc())
            .limit(limit)
        )
    ).all()


async def count_given_up(session: AsyncSession, team_id: str) -> int:
    return (
        await session.scalar(
            select(func.count())
            .select_from(Outbox)
            .where(Outbox.team_id == team_id, Outbox.gave_up_at.is_not(None))
        )
    ) or 0


async def start_again(session: AsyncSession, team_id: str) -> None:
    """What was given up is owed again."""
    await session.execute(
        update(Outbox)
        .where(Outbox.team_id == team_id, Outbox.gave_up_at.is_not(None))
        .values(gave_up_at=None, attempts=0, due_at=AT_ONCE)
        .execution_options(synchronize_session=False)
    )
    session.sync_session.info["owes"] = True


async def forget_given_up(session: AsyncSession, before: datetime) -> None:
    await session.execute(delete(Outbox).where(Outbox.gave_up_at < before))

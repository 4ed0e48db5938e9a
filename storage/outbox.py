"""What we owe Slack, kept in the same transaction as the facts it tells of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Generic, TypeVar, get_type_hints
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Executable,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session

from storage.tables import Base, Outbox

TABLE = Base.metadata.tables["outbox"]
OWED = "owed"  # what the transaction owes and has not written, in the session's info
FINISH = (  # built once: that takes longer than running it
    delete(TABLE)
    .where(
        TABLE.c.id == bindparam("row_id"),
        TABLE.c.key == bindparam("row_key"),
        TABLE.c.version == bindparam("row_version"),
    )
    .returning(TABLE.c.id)
)
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
    """What is owed for later is due now."""
    await session.execute(
        update(Outbox)
        .where(
            Outbox.team_id == team_id,
            Outbox.kind == kind.name,
            Outbox.subject == kind.write(subject),
        )
        .where(Outbox.gave_up_at.is_(None), Outbox.claimed_until.is_(None))
        .values(due_at=AT_ONCE)
        .execution_options(synchronize_session=False)
    )
    session.sync_session.info["owes"] = True


async def claim_due(
    session: AsyncSession, *, now: datetime, until: datetime, limit: int
) -> Sequence[Outbox]:
    """Take due rows for this sender until then. Each row comes as it was *before*, so that
    `is_uncertain` tells whether an earlier sender may have sent it and died."""
    rows = (
        await session.scalars(
            select(Outbox)
            .where(
                Outbox.gave_up_at.is_(None),
                Outbox.due_at <= now,
                or_(Outbox.claimed_until.is_(None), Outbox.claimed_until <= now),
            )
            .order_by(Outbox.due_at, Outbox.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    ).all()
    await session.execute(
        update(Outbox)
        .where(Outbox.id.in_([row.id for row in rows]))
        .values(claimed_until=until, is_uncertain=True)
        .execution_options(synchronize_session=False)
    )
    return rows


async def finish(session: AsyncSession, row: Outbox) -> None:
    """It is done; unless it changed meanwhile, then its newest state is still owed."""
    done = {"row_id": row.id, "row_key": row.key, "row_version": row.version}
    if (await session.execute(FINISH, done)).first() is not None:
        return
    await session.execute(
        update(Outbox)
        .where(is_same(row))
        .values(claimed_until=None, is_uncertain=False, attempts=0, error=None)
    )


async def postpone(
    session: AsyncSession,
    row: Outbox,
    *,
    due_at: datetime,
    error: str | None,
    is_uncertain: bool,
    counts: bool = True,
) -> None:
    """Try again then. `counts`: this was an attempt that failed, not just a wait."""
    await session.execute(
        update(Outbox)
        .where(is_same(row))
        .values(
            due_at=due_at,
            claimed_until=None,
            is_uncertain=is_uncertain,
            attempts=row.attempts + int(counts),
            error=error,
        )
    )


async def give_up(
    session: AsyncSession, row: Outbox, *, error: str, is_uncertain: bool, now: datetime
) -> None:
    """Slack will not take it. The row stays, so that somebody can see why."""
    await session.execute(
        update(Outbox)
        .where(is_same(row))
        .values(gave_up_at=now, claimed_until=None, is_uncertain=is_uncertain, error=error)
    )


def is_same(row: Outbox) -> ColumnElement[bool]:
    """SQLite gives a new row the number of a deleted one; the key is never used again."""
    return and_(Outbox.id == row.id, Outbox.key == row.key)


async def get_next_due(session: AsyncSession) -> datetime | None:
    """When the next row is due, or its claim runs out; None when nothing is owed."""
    ready_at = case(
        (Outbox.claimed_until > Outbox.due_at, Outbox.claimed_until), else_=Outbox.due_at
    )
    due: datetime | None = await session.scalar(
        select(func.min(ready_at)).where(Outbox.gave_up_at.is_(None))
    )
    return due


async def count_owed(session: AsyncSession) -> int:
    return (
        await session.scalar(
            select(func.count()).select_from(Outbox).where(Outbox.gave_up_at.is_(None))
        )
    ) or 0

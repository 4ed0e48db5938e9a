"""The audit: who changed what, one entry after the other, each chained to the one before.

Apart from what people wrote, and from who they are: an entry names people by a number, and what a
number stands for is in a table of its own. So a person can be erased and the chain still holds."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import insert
from storage.tables import AuditEntry, AuditHead, AuditPerson

BEGINNING = "0" * 64  # what the first entry's hash covers as the one before
AT_ONCE = 1_000  # entries read in one go
PERSON, NUMBERED = re.compile(r"<@(\w+)>"), re.compile(r"<@(\d+)>")


@dataclass(frozen=True)
class Said:
    """What an entry says, but for its place in the chain. Who is meant in `named`, `before` and
    `after` stands there as <@U…>."""

    team_id: str
    what: str
    by: str | None
    at: datetime
    person: str | None = None
    channel_id: str | None = None
    subject: str | None = None
    named: str | None = None
    before: str | None = None
    after: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Entry:
    """An entry with its people, where they are known still; None for who was erased."""

    number: int
    said: Said
    is_by_erased: bool  # whoever did it
    is_about_erased: bool
    is_hidden: bool = False  # it is of a channel that the reader cannot read


@dataclass(frozen=True)
class Chain:
    """How a workspace's audit stands. `broken_at`: the first entry that is not as it was
    written, or is missing."""

    team_id: str
    entries: int
    head: str  # the last hash: noted elsewhere, it shows a chain that was written anew
    broken_at: int | None = None


async def append(session: AsyncSession, said: Said) -> None:
    """Write it down. Holds the workspace's audit until the transaction ends: call it last."""
    head = await hold_head(session, said.team_id)
    values = {
        **asdict(said),
        "number": head.number + 1,
        "by": await number_of(session, said.team_id, said.by),
        "person": await number_of(session, said.team_id, said.person),
        "named": await numbered(session, said.team_id, said.named),
        "before": await numbered(session, said.team_id, said.before),
        "after": await numbered(session, said.team_id, said.after),
    }
    entry = AuditEntry(**values)
    entry.hash = hash_of(entry, head.hash)
    session.add(entry)
    await session.flush()
    await session.execute(
        update(AuditHead)
        .where(AuditHead.team_id == said.team_id)
        .values(number=entry.number, hash=entry.hash)
        .execution_options(synchronize_session=False)
    )


async def hold_head(session: AsyncSession, team_id: str) -> AuditHead:
    first = {"team_id": team_id, "number": 0, "hash": BEGINNING}
    await session.execute(insert(session, AuditHead).values(**first).on_conflict_do_nothing())
    statement = select(AuditHead).where(AuditHead.team_id == team_id).with_for_update()
    fresh = statement.execution_options(populate_existing=True)
    return (await session.scalars(fresh)).one()


def hash_of(entry: AuditEntry, before: str) -> str:
    said = [getattr(entry, column.name) for column in AuditEntry.__table__.c][:-1]
    at = entry.at.astimezone(UTC).isoformat()
    written = [at if isinstance(each, datetime) else each for each in said]
    return sha256(json.dumps([before, *written]).encode()).hexdigest()


async def number_of(session: AsyncSession, team_id: str, user_id: str | None) -> int | None:
    """The person's number in the audit. The caller must hold its head."""
    if user_id is None:
        return None
    here = AuditPerson.team_id == team_id
    known = await session.scalar(
        select(AuditPerson.number).where(here, AuditPerson.user_id == user_id)
    )
    if known is not None:
        return known
    used = [AuditEntry.by, AuditEntry.person]  # who was erased keeps the number to themselves
    last = await session.scalar(select(func.max(AuditPerson.number)).where(here)) or 0
    for column in used:
        most = select(func.max(column)).where(AuditEntry.team_id == team_id)
        last = max(last, await session.scalar(most) or 0)
    session.add(AuditPerson(team_id=team_id, number=last + 1, user_id=user_id))
    await session.flush()
    return last + 1


async def numbered(session: AsyncSession, team_id: str, text: str | None) -> str | None:
    """The text with people's numbers where they are named."""
    if text is None:
        return None
    numbers = {
        each: await number_of(session, team_id, each)
        for each in dict.fromkeys(PERSON.findall(text))
    }
    return PERSON.sub(lambda found: f"<@{numbers[found[1]]}>", text)


# Reading it


async def list_newest(
    session: AsyncSession, team_id: str, *, limit: int, before: int | None = None
) -> Sequence[Entry]:
    """The newest first; of those before that one."""
    statement = select(AuditEntry).where(AuditEntry.team_id == team_id)
    if before is not None:
        statement = statement.where(AuditEntry.number < before)
    rows = await session.scalars(statement.order_by(AuditEntry.number.desc()).limit(limit))
    return await entries_of(session, team_id, rows.all())


async def get(session: AsyncSession, team_id: str, number: int) -> Entry | None:
    row = await session.get(AuditEntry, (team_id, number))
    return None if row is None else (await entries_of(session, team_id, [row]))[0]


async def entries_of(
    session: AsyncSession, team_id: str, rows: Sequence[AuditEntry]
) -> list[Entry]:
    found = await session.execute(
        select(AuditPerson.number, AuditPerson.user_id).where(AuditPerson.team_id == team_id)
    )
    people = {row.number: row.user_id for row in found}

    def name(text: str | None) -> str | None:
        return text and NUMBERED.sub(
            lambda found: f"<@{people[int(found[1])]}>" if int(found[1]) in people else "—", text
        )

    return [
        Entry(
            row.number,
            Said(
                team_id,
                row.what,
                people.get(row.by or 0),
                row.at,
                people.get(row.person or 0),
                row.channel_id,
                row.subject,
                name(row.named),
                name(row.before),
                name(row.after),
                row.reason,
            ),
            is_by_erased=row.by is not None and row.by not in people,
            is_about_erased=row.person is not None and row.person not in people,
        )
        for row in rows
    ]


async def list_teams(session: AsyncSession) -> Sequence[str]:
    heads, entries = select(AuditHead.team_id), select(AuditEntry.team_id)
    return sorted(set((await session.scalars(heads.union(entries))).all()))


async def verify(session: AsyncSession, team_id: str) -> Chain:
    """Read the whole chain: whether an entry was changed, removed or put in."""
    number, last = 0, BEGINNING
    async for entry in each_entry(session, team_id):
        number += 1
        if entry.number != number or entry.hash != hash_of(entry, last):
            return Chain(team_id, number - 1, last, broken_at=number)
        last = entry.hash
    head = await session.get(AuditHead, team_id, populate_existing=True)
    if head is None or (head.number, head.hash) != (number, last):
        return Chain(team_id, number, last, broken_at=min(number, head.number if head else 0) + 1)
    return Chain(team_id, number, last)


async def each_entry(session: AsyncSession, team_id: str) -> AsyncIterator[AuditEntry]:
    after: int | None = None
    while True:
        later = [] if after is None else [AuditEntry.number > after]
        rows = (
            await session.scalars(
                select(AuditEntry)
                .where(AuditEntry.team_id == team_id, *later)
                .order_by(AuditEntry.number)
                .limit(AT_ONCE)
                .execution_options(populate_existing=True)
            )
        ).all()
        for row in rows:
            yield row
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].number

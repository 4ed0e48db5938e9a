"""An import from its start to its end, and out again.

How far it is stands in its row, noted in the transaction that takes a batch in. So one that was cut
off goes on where it stopped, and the same archive is the same import: taken in twice, it is there
once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.archive.archives import Archive
from bot.archive.taking_in import Tally, tally_of
from bot.errors import BeingUndone, ImportGone
from bot.people import check_is_admin
from bot.privacy.retention import erase_whole
from storage import search
from storage.archive import imports
from storage.tables import Import

OUT_AT_ONCE = 50  # questions in one transaction: short enough to keep nobody waiting


@dataclass(frozen=True)
class Report:
    """What an import brought, as admins see it."""

    import_id: int
    source: str
    name: str
    started_by: str | None
    started_at: datetime
    ended_at: datetime | None
    is_stopped: bool
    is_being_undone: bool
    tally: Tally
    in_all: int  # conversations that it is expected to have; 0: not known
    confirmed: int  # solutions that somebody who knows confirmed


async def begin(
    session: AsyncSession, archive: Archive, *, team_id: str, by: str | None, now: datetime
) -> Import:
    """Begin, or go on with the same archive."""
    known = await imports.get_of_archive(session, team_id, archive.checksum)
    if known is not None:
        if known.undone_at is not None:
            raise BeingUndone()
        known.stopped_at = None
        return known
    row = Import(
        team_id=team_id,
        source=archive.source,
        name=archive.name,
        checksum=archive.checksum,
        started_by=by,
        started_at=now,
        places_done=0,
        threads_done=0,
        figures={},
    )
    await audit.note(session, audit.IMPORTED, team_id=team_id, by=by, named=archive.name, now=now)
    return await imports.add(session, row)


async def get(session: AsyncSession, team_id: str, import_id: int) -> Import:
    row = await imports.get(session, team_id, import_id)
    if row is None:
        raise ImportGone()
    return row


def note_progress(row: Import, tally: Tally, *, places_done: int, threads_done: int) -> None:
    """A batch is taken in: who calls does so in the same transaction."""
    whole = tally_of(row.figures)
    whole.add(tally)
    row.figures = {**row.figures, **whole.as_figures()}
    row.places_done, row.threads_done = places_done, threads_done


async def end(session: AsyncSession, row: Import, *, now: datetime) -> None:
    row.ended_at = row.ended_at or now


async def list_reports(session: AsyncSession, *, team_id: str, user_id: str) -> Sequence[Report]:
    """For admins, the newest first."""
    await check_is_admin(session, team_id, user_id)
    return await list_all_reports(session, team_id)


async def list_all_reports(session: AsyncSession, team_id: str) -> Sequence[Report]:
    return [
        Report(
            import_id=row.id,
            source=row.source,
            name=row.name,
            started_by=row.started_by,
            started_at=row.started_at,
            ended_at=row.ended_at,
            is_stopped=row.stopped_at is not None,
            is_being_undone=row.undone_at is not None,
            tally=tally_of(row.figures),
            in_all=row.figures.get("in_all", 0),
            confirmed=await imports.count_confirmed(session, row.id),
        )
        for row in await imports.list_of_team(session, team_id)
    ]


async def stop(
    session: AsyncSession, *, team_id: str, user_id: str, import_id: int, now: datetime
) -> None:
    """Take in no more for now."""
    await check_is_admin(session, team_id, user_id)
    row = await get(session, team_id, import_id)
    if row.ended_at is None:
        row.stopped_at = row.stopped_at or now


async def undo(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str | None,
    import_id: int,
    now: datetime,
) -> None:
    """Take all of it out again, in small steps. `user_id`: an admin; None from the terminal."""
    if user_id is not None:
        await check_is_admin(session, team_id, user_id)
    row = await get(session, team_id, import_id)
    if row.undone_at is None:
        row.undone_at = row.stopped_at = now
        await audit.note(
            session, audit.UNDONE, team_id=team_id, by=user_id, named=row.name, now=now
        )


async def has_undone(session: AsyncSession, *, now: datetime) -> bool:
    return await imports.has_undone(session)


async def take_out_some(session: AsyncSession, *, now: datetime) -> bool:
    """Take some of what is to be undone out; True when there is more to do."""
    row = await imports.get_undone(session)
    if row is None:
        return False
    questions = await imports.list_questions(session, row.id, OUT_AT_ONCE)
    if not questions:
        await search.forget_all_unused(session, row.team_id)
        await imports.forget_strangers(session, row)
        return await imports.has_undone(session)
    told_of = await imports.list_told_of(session, [each.id for each in questions])
    for question in questions:
        await search.remove(session, question.id)
        if question.id in told_of:  # its words go; that somebody was helped by it stays
            question.import_id = None
            await erase_whole(session, question, now=now)
    await session.flush()
    gone = [each.id for each in questions if each.id not in told_of]
    if gone:
        await imports.forget_questions(session, gone)
    return True

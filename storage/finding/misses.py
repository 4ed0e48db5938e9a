"""Searches that found nothing, and what several people looked for in vain."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import add_if_first, insert, upsert
from storage.tables import FindingCheck, Miss, Missing, MissMark, MissSeason, Person


async def add(session: AsyncSession, team_id: str, *, words: dict[str, Any], day: date) -> None:
    session.add(Miss(team_id=team_id, words=words, missed_on=day))
    await session.flush()


async def list_words(
    session: AsyncSession, team_id: str, *, since: date, limit: int
) -> Sequence[dict[str, Any]]:
    """Of the newest searches since that day."""
    statement = select(Miss.words).where(Miss.team_id == team_id, Miss.missed_on >= since)
    return (await session.scalars(statement.order_by(Miss.id.desc()).limit(limit))).all()


async def get_salt(session: AsyncSession, team_id: str, *, new: str, now: datetime) -> str:
    """The season's; `new`, where none has begun."""
    row = MissSeason(team_id=team_id, salt=new, began_at=now)
    if await add_if_first(session, row) is not None:
        return new
    known = select(MissSeason.salt).where(MissSeason.team_id == team_id)
    return await session.scalar(known) or new


async def end_seasons(session: AsyncSession, *, began_before: datetime) -> None:
    """What their marks were made with goes, and they with it."""
    over = select(MissSeason.team_id).where(MissSeason.began_at <= began_before)
    await session.execute(delete(MissMark).where(MissMark.team_id.in_(over)))
    await session.execute(delete(MissSeason).where(MissSeason.began_at <= began_before))


async def forget(session: AsyncSession, *, before: date) -> None:
    await session.execute(delete(Miss).where(Miss.missed_on < before))


async def count_known(
    session: AsyncSession, team_id: str, themes: Collection[str]
) -> Sequence[str]:
    """Those of these themes that five people looked for already; one search more for each that is
    still missing."""
    of_these = (Missing.team_id == team_id, Missing.theme.in_(themes))
    one_more = update(Missing).where(*of_these, Missing.closed_at.is_(None))
    await session.execute(one_more.values(searches=Missing.searches + 1))
    return (await session.scalars(select(Missing.theme).where(*of_these))).all()


async def add_marks(session: AsyncSession, team_id: str, marks: dict[str, str]) -> dict[str, int]:
    """Put a mark on each theme; how many different ones each has now."""
    rows = [{"team_id": team_id, "theme": theme, "mark": mark} for theme, mark in marks.items()]
    await session.execute(insert(session, MissMark).on_conflict_do_nothing(), rows)
    counted = await session.execute(
        select(MissMark.theme, func.count().label("number"))
        .where(MissMark.team_id == team_id, MissMark.theme.in_(marks))
        .group_by(MissMark.theme)
    )
    return {row.theme: row.number for row in counted}


async def open_missing(session: AsyncSession, row: Missing) -> None:
    """Its marks have told what they were for."""
    of_it = (MissMark.team_id == row.team_id, MissMark.theme == row.theme)
    await session.execute(delete(MissMark).where(*of_it))
    await add_if_first(session, row)


async def get(session: AsyncSession, team_id: str, theme: str) -> Missing | None:
    return await session.get(Missing, (team_id, theme))


async def list_missing(session: AsyncSession, team_id: str) -> Sequence[Missing]:
    """Those that are still missing, the most looked for first."""
    still = (Missing.team_id == team_id, Missing.closed_at.is_(None))
    order = (Missing.searches.desc(), Missing.theme)
    return (await session.scalars(select(Missing).where(*still).order_by(*order))).all()


async def list_found(session: AsyncSession, team_id: str, *, limit: int) -> Sequence[Missing]:
    """Those that were closed, the newest first."""
    found = (Missing.team_id == team_id, Missing.question_id.is_not(None))
    statement = select(Missing).where(*found, Missing.closed_at.is_not(None))
    return (await session.scalars(statement.order_by(Missing.closed_at.desc()).limit(limit))).all()


async def get_unchecked(session: AsyncSession, day: date) -> str | None:
    """A workspace with something missing, or found since, that was not checked on that day."""
    checked = select(FindingCheck.team_id).where(FindingCheck.checked_on >= day)
    statement = select(Missing.team_id).where(Missing.team_id.not_in(checked))
    return await session.scalar(statement.order_by(Missing.team_id).limit(1))


async def save_check(
    session: AsyncSession, team_id: str, *, day: date, queries: int, rank: float
) -> None:
    await upsert(session, FindingCheck, team_id=team_id, checked_on=day, queries=queries, rank=rank)


async def list_checks(session: AsyncSession, team_id: str, *, limit: int) -> list[FindingCheck]:
    """The newest first; without those of days on which there was nothing to look for."""
    statement = select(FindingCheck).where(
        FindingCheck.team_id == team_id, FindingCheck.queries > 0
    )
    newest = statement.order_by(FindingCheck.checked_on.desc()).limit(limit)
    return list((await session.scalars(newest)).all())


async def get_searcher(session: AsyncSession, team_id: str) -> str | None:
    """An admin, with whose eyes is looked."""
    here = or_(Person.is_bot, Person.is_deactivated, Person.is_external)
    admins = select(Person.user_id).where(Person.team_id == team_id, Person.is_admin, ~here)
    return await session.scalar(admins.order_by(Person.user_id).limit(1))

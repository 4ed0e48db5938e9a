"""Showing the audit to admins, and whether it is as it was written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit import EXPORTED, note
from bot.errors import OpenItAgain
from bot.kinds import AUDIT_FILE
from bot.people import check_is_admin
from storage import audit, channels, outbox
from storage.audit import Chain, Entry

__all__ = ["Chain", "Entry"]

SHOWN = 40
MOST = 1_000_000  # entries of one file


@dataclass(frozen=True)
class Page:
    """The newest entries; `number`: the last one shown, where there are more before it."""

    entries: Sequence[Entry]
    number: int | None


async def get_page(
    session: AsyncSession, *, team_id: str, user_id: str, before: int | None = None
) -> Page:
    """For admins."""
    await check_is_admin(session, team_id, user_id)
    found = await audit.list_newest(session, team_id, limit=SHOWN + 1, before=before)
    shown = await without_hidden(session, team_id, user_id, found[:SHOWN])
    return Page(shown, shown[-1].number if len(found) > SHOWN else None)


async def without_hidden(
    session: AsyncSession, team_id: str, user_id: str, entries: Sequence[Entry]
) -> list[Entry]:
    """Of a channel that this person cannot read, only that something of it was changed."""
    places = {each.said.channel_id for each in entries} - {None}
    hidden = {
        place
        for place in sorted(filter(None, places))
        if not await channels.can_read(session, team_id=team_id, channel_id=place, user_id=user_id)
    }
    return [without_place(each) if each.said.channel_id in hidden else each for each in entries]


def without_place(entry: Entry) -> Entry:
    said = replace(entry.said, channel_id=None, named=None, before=None, after=None)
    return replace(entry, said=said, is_hidden=True)


async def get_older(session: AsyncSession, *, team_id: str, user_id: str, before: int) -> Page:
    """For admins: what stands before that entry."""
    page = await get_page(session, team_id=team_id, user_id=user_id, before=before)
    if not page.entries:
        raise OpenItAgain()
    return page


async def take_all(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> None:
    """Owe this admin all of it as a file; that is written down too."""
    await check_is_admin(session, team_id, user_id)
    await outbox.owe(session, AUDIT_FILE, user_id, team_id=team_id, lane=user_id, now=now)
    await note(session, EXPORTED, team_id=team_id, by=user_id, now=now)


async def list_all(session: AsyncSession, *, team_id: str, user_id: str) -> Sequence[Entry]:
    """For admins; the newest first."""
    await check_is_admin(session, team_id, user_id)
    entries = await audit.list_newest(session, team_id, limit=MOST)
    return await without_hidden(session, team_id, user_id, entries)


async def verify_all(session: AsyncSession) -> list[Chain]:
    """Of each workspace."""
    return [await audit.verify(session, each) for each in await audit.list_teams(session)]

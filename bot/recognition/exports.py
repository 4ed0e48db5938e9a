"""What one's help did, as text for a review or a CV."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotAPeriod, NothingToExport
from bot.kinds import EXPORT, ExportSpan
from bot.people import get_timezone
from bot.recognition.personal import OwnHelp, get_help
from storage import outbox, people
from storage.recognition import naming
from storage.recognition.personal import Span

PERIOD = re.compile(r"(?:(?P<year>\d{4})|since +(?P<since>\d{4}-\d{1,2}-\d{1,2}))?", re.IGNORECASE)
A_SECOND_AT_MOST = timedelta(microseconds=999_999)


@dataclass(frozen=True)
class Export:
    help: OwnHelp
    since: datetime  # where the person is
    until: datetime
    names: dict[str, str]  # of those who asked, but for who does not want to be named


async def begin_export(
    session: AsyncSession, *, team_id: str, user_id: str, written: str, now: datetime
) -> None:
    """Owe this person what their help did in the period, "2026" or "since 2026-01-01"; without
    one, in this year."""
    timezone = await get_timezone(session, team_id, user_id)
    since, until = read_period(written, timezone=timezone, now=now)
    told = await get_help(session, Span(team_id, user_id, since, until), reader_ids=[user_id])
    if not told.is_any:
        raise NothingToExport()
    span = ExportSpan(user_id, int(since.timestamp()), int(until.timestamp()))
    await outbox.owe(session, EXPORT, span, team_id=team_id, lane=user_id, now=now)


def read_period(written: str, *, timezone: str, now: datetime) -> tuple[datetime, datetime]:
    """From when to when, in the local time of the zone."""
    end = now + A_SECOND_AT_MOST  # what happened in this second is told
    local = end.astimezone(ZoneInfo(timezone)).replace(microsecond=0)
    first = local.replace(month=1, day=1, hour=0, minute=0, second=0)
    read = PERIOD.fullmatch(written.strip())
    try:
        if read is None:
            raise ValueError(written)
        if read["since"]:
            year, month, day = map(int, read["since"].split("-"))
            first = first.replace(year=year, month=month, day=day)
        elif read["year"]:
            first = first.replace(year=int(read["year"]))
        last = first.replace(year=first.year + 1) if read["year"] else local
    except ValueError:
        raise NotAPeriod(written) from None
    if first >= local:
        raise NotAPeriod(written)
    return first, min(last, local)


async def get_export(
    session: AsyncSession, *, team_id: str, user_id: str, since: datetime, until: datetime
) -> Export:
    told = await get_help(session, Span(team_id, user_id, since, until), reader_ids=[user_id])
    unnamed = await naming.list_unnamed(session, team_id)
    askers = {each.asker_id for each in told.told} - unnamed
    known = await people.list_known(session, team_id, askers)
    zone = ZoneInfo(await get_timezone(session, team_id, user_id))
    return Export(
        told,
        since.astimezone(zone),
        until.astimezone(zone),
        {person.user_id: person.name for person in known},
    )

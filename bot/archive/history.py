"""Reading what was said in channels before the bot came, in the background.

One look at Slack at a time: a page of a channel's history, or a thread of it that may be a
question. Each is owed like anything else, and what it brings is noted with how far it is, in one
transaction: so it goes on after a crash, and is done once by any number of replicas."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.archive.archives import SLACK_HISTORY, Conversation, Place
from bot.archive.imports import end, get, note_progress
from bot.archive.judging import NO_PERSON, NO_REPLY, TOO_LONG, left
from bot.archive.preparing import Prepared, Who, prepare
from bot.archive.taking_in import Tally, take_in
from bot.errors import ChooseChannels, NothingToRead
from bot.kinds import HISTORY
from bot.outbox import owe_homes
from bot.people import check_is_admin
from bot.rights import get_joined
from storage import channels, outbox
from storage.archive import history, imports, taking_in
from storage.tables import Channel, HistoryReading, Import

MOST_CHANNELS, MOST_MONTHS = 20, 120
MONTH = timedelta(days=30.44)
SECONDS_A_LOOK = 2.0  # as handlers/reading_pace.py has it


@dataclass(frozen=True)
class Glimpse:
    """The newest page of a channel, to estimate by: how many messages over which time, with how
    many replies in how many threads."""

    channel_id: str
    messages: int
    replies: int
    threads: int
    days: float
    is_all: bool  # nothing is older


@dataclass(frozen=True)
class Estimate:
    channel_ids: tuple[str, ...]
    months: int
    messages: int
    threads: int
    hours: float


@dataclass(frozen=True)
class Look:
    """What to read next: a thread, or the page before."""

    import_id: int
    channel_id: str
    before_ts: str
    oldest_ts: str
    thread_ts: str | None = None


@dataclass(frozen=True)
class Page:
    """`threads`: those that may be questions; `alone`: messages that nobody replied to, and
    `notices`, which no person wrote."""

    threads: tuple[str, ...]
    alone: int
    notices: int
    oldest_ts: str | None
    has_more: bool


async def check_may_read(
    session: AsyncSession, *, team_id: str, user_id: str, channel_ids: Sequence[str], months: int
) -> list[Channel]:
    """An admin, of channels that the bot is in and they can read."""
    await check_is_admin(session, team_id, user_id)
    if not 1 <= len(channel_ids) <= MOST_CHANNELS or not 1 <= months <= MOST_MONTHS:
        raise ChooseChannels(MOST_CHANNELS)
    return [await get_joined(session, team_id, each, user_id) for each in channel_ids]


async def list_choices(
    session: AsyncSession, *, team_id: str, user_id: str
) -> list[tuple[str, str]]:
    """The channels that this admin can have read, by id and name: the bot is in them, and they
    can read them."""
    await check_is_admin(session, team_id, user_id)
    joined = await channels.list_ids(session, team_id)
    readable = await channels.list_readable_among(session, team_id, joined, user_id)
    found = [await channels.get(session, team_id, each) for each in readable]
    return sorted(
        ((each.channel_id, each.name) for each in found if each is not None),
        key=lambda each: each[1],
    )


def estimate(glimpses: Sequence[Glimpse], months: int) -> Estimate:
    """How much it will be, if it was always as it is lately."""
    messages = replies = threads = 0.0
    days = (months * MONTH).total_seconds() / 86_400
    for each in glimpses:
        times = 1.0 if each.is_all else max(1.0, days / max(each.days, 1 / 24))
        messages += each.messages * times
        replies += each.replies * times
        threads += each.threads * times
    looks = messages / 100 + len(glimpses) + threads
    return Estimate(
        tuple(each.channel_id for each in glimpses),
        months,
        round(messages + replies),
        round(threads),
        looks * SECONDS_A_LOOK / 3_600,
    )


async def start(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    channel_ids: Sequence[str],
    months: int,
    in_all: int,
    now: datetime,
) -> int:
    """Read them from now on; returns the import's number."""
    chosen = await check_may_read(
        session, team_id=team_id, user_id=user_id, channel_ids=channel_ids, months=months
    )
    row = await imports.add(session, row_of(team_id, user_id, chosen, in_all, now))
    oldest_ts, before_ts = ts_of(now - months * MONTH), ts_of(now)
    await history.add(
        session,
        [
            HistoryReading(
                import_id=row.id,
                team_id=team_id,
                channel_id=channel.channel_id,
                oldest_ts=oldest_ts,
                before_ts=before_ts,
                threads=[],
                is_last_page=False,
            )
            for channel in chosen
        ],
    )
    await audit.note(session, audit.IMPORTED, team_id=team_id, by=user_id, named=row.name, now=now)
    await owe_look(session, row, now=now)
    return row.id


def row_of(
    team_id: str, user_id: str, chosen: Sequence[Channel], in_all: int, now: datetime
) -> Import:
    told = ":".join([*sorted(each.channel_id for each in chosen), now.isoformat()])
    names = ", ".join(f"#{each.name}" for each in chosen if not each.is_private)
    return Import(
        team_id=team_id,
        source=SLACK_HISTORY,
        name=names[:200] or SLACK_HISTORY,
        checksum=hashlib.sha256(told.encode()).hexdigest(),
        started_by=user_id,
        started_at=now,
        places_done=0,
        threads_done=0,
        figures={"in_all": in_all},
    )


def ts_of(moment: datetime) -> str:
    return f"{moment.timestamp():.6f}"


async def go_on(
    session: AsyncSession, *, team_id: str, user_id: str, import_id: int, now: datetime
) -> None:
    """It was stopped, and is to be read on."""
    await check_is_admin(session, team_id, user_id)
    row = await get(session, team_id, import_id)
    if row.stopped_at is None or row.undone_at is not None or row.source != SLACK_HISTORY:
        raise NothingToRead()
    row.stopped_at = None
    await owe_look(session, row, now=now)


async def owe_look(session: AsyncSession, row: Import, *, now: datetime) -> None:
    await outbox.owe(session, HISTORY, row.id, team_id=row.team_id, lane="history", now=now)


async def get_look(session: AsyncSession, team_id: str, import_id: int) -> Look | None:
    """What to read next; None when it is stopped or all is read."""
    row = await imports.get(session, team_id, import_id)
    if row is None or row.stopped_at is not None or row.ended_at is not None:
        return None
    found = await history.get_next(session, import_id)
    if found is None:
        return None
    thread_ts = found.threads[0] if found.threads else None
    return Look(import_id, found.channel_id, found.before_ts, found.oldest_ts, thread_ts)


async def take_in_page(
    session: AsyncSession, team_id: str, look: Look, page: Page, *, now: datetime
) -> None:
    held = await get_held(session, team_id, look)
    if held is None:
        return
    row, reading = held
    reading.threads = [*page.threads]
    reading.before_ts = page.oldest_ts or reading.before_ts
    reading.is_last_page = not page.has_more or page.oldest_ts is None
    alone = page.alone + page.notices
    tally = Tally(messages=alone, conversations=alone)
    tally.left.update({NO_REPLY: page.alone, NO_PERSON: page.notices})
    await note(session, row, tally, now=now)


async def take_in_thread(
    session: AsyncSession,
    team_id: str,
    look: Look,
    conversation: Conversation | None,
    *,
    is_whole: bool,
    now: datetime,
) -> None:
    """`conversation`: None where it is gone."""
    held = await get_held(session, team_id, look)
    if held is None:
        return
    row, reading = held
    reading.threads = [each for each in reading.threads if each != look.thread_ts]
    tally = Tally()
    if conversation is not None:
        channel = await channels.get(session, team_id, look.channel_id)
        assert channel is not None  # its history is being read
        stays_out = await taking_in.list_staying_out(session, team_id)
        outside = {who for who, where in stays_out if where in ("", look.channel_id)}
        prepared = (
            prepare(conversation, Who(outside=frozenset(outside)))
            if is_whole
            else Prepared(left(conversation, TOO_LONG))
        )
        place = Place(channel.channel_id, channel.name, channel.is_private, channel.is_shared)
        tally = await take_in(session, row, {}, place, [prepared], now=now)
        tally.messages = len(conversation.posts)
    await note(session, row, tally, now=now)


async def skip_channel(session: AsyncSession, team_id: str, look: Look, *, now: datetime) -> None:
    """The bot is out of it, or it is gone: what was read stays."""
    held = await get_held(session, team_id, look)
    if held is not None:
        row, reading = held
        reading.threads, reading.is_last_page = [], True
        await note(session, row, Tally(), now=now)


async def get_held(
    session: AsyncSession, team_id: str, look: Look
) -> tuple[Import, HistoryReading] | None:
    """Both rows, if nobody read this meanwhile and it was not stopped."""
    if await get_look(session, team_id, look.import_id) != look:
        return None
    reading = await history.get(session, look.import_id, look.channel_id)
    assert reading is not None
    return await get(session, team_id, look.import_id), reading


async def note(session: AsyncSession, row: Import, tally: Tally, *, now: datetime) -> None:
    """How far it is, and the next look; or its end."""
    note_progress(row, tally, places_done=0, threads_done=0)
    await session.flush()
    if await history.get_next(session, row.id) is not None:
        await owe_look(session, row, now=now)
        return
    await end(session, row, now=now)
    if row.started_by is not None:
        await owe_homes(session, team_id=row.team_id, user_ids=[row.started_by], now=now)

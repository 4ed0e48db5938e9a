"""How long the bot was away, from its coming back until everything was read; what is owed for
that, and what it brought."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.steps import resume
from bot.kinds import CATCH_UP, CATCH_UP_THREAD, MessageAt
from storage import outbox, workspaces
from storage.questions import catch_up
from storage.tables import Absence

SHORT = timedelta(minutes=5)  # nearly all of one as long comes again
OVERLAP = timedelta(minutes=10)  # clocks differ, and what was under way came to nobody
# ❓ may be put on what was said before, and an old thread go on.
LOOKS_BACK = timedelta(days=1)
MOST_OPEN, MOST_KEPT = 1_000, 5_000  # questions whose threads are read
TOLD_FOR = timedelta(days=7)


@dataclass
class Count:
    """What was taken in."""

    questions: int = 0
    replies: int = 0
    marks: int = 0
    edits: int = 0
    deletions: int = 0


@dataclass(frozen=True)
class CaughtUp:
    """What an absence brought, for those who run the bot."""

    since: datetime
    until: datetime
    channel_id: str | None = None
    count: Count = field(default_factory=Count)
    is_ended: bool = True  # what was kept before is looked at too


# Coming back


async def come_back_to(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    since: datetime,
    now: datetime,
) -> None:
    """The bot is in this channel again, which it was taken out of then."""
    await begin(session, team_id, [channel_id], channel_id, since=since, now=now)


async def begin(
    session: AsyncSession,
    team_id: str,
    channel_ids: Collection[str],
    channel_id: str | None = None,
    *,
    since: datetime,
    now: datetime,
) -> bool:
    """Owe the channels' histories and the open threads; nobody is asked about these before they
    are read. False where nothing is to be read, however long it was."""
    within = await get_within(session, team_id)
    if not within:
        return False
    absence = Absence(team_id=team_id, channel_id=channel_id, since=since, until=now)
    session.add(absence)
    await session.flush()
    unheard_at = max(since - OVERLAP, now - within)
    read_at = max(since - LOOKS_BACK, now - within)
    for each in channel_ids:
        await catch_up.start_reading(
            session,
            team_id=team_id,
            channel_id=each,
            absence_id=absence.id,
            unheard_ts=ts_of(unheard_at),
            read_ts=ts_of(read_at),
        )
        await owe_channel(session, team_id, each, now=now)
    threads = await catch_up.list_open_threads(session, team_id, channel_ids, MOST_OPEN)
    are_read = set(threads)
    for question in await catch_up.list_planned(session, team_id, channel_ids):
        if (question.channel_id, question.thread_ts) in are_read:  # it is planned once that is read
            await resume(session, question, now=now)
    for channel, thread_ts in threads:
        await owe_thread(session, absence, channel, thread_ts, now=now)
    return True


async def get_within(session: AsyncSession, team_id: str) -> timedelta:
    """How old what is read may be."""
    workspace = await workspaces.get(session, team_id)
    return timedelta(days=workspace.catch_up_days if workspace else 0)


async def owe_channel(
    session: AsyncSession, team_id: str, channel_id: str, *, now: datetime
) -> None:
    await outbox.owe(session, CATCH_UP, channel_id, team_id=team_id, lane=channel_id, now=now)


async def owe_thread(
    session: AsyncSession,
    absence: Absence,
    channel_id: str,
    thread_ts: str,
    *,
    now: datetime,
    **progress: str,
) -> None:
    await outbox.owe(
        session,
        CATCH_UP_THREAD,
        MessageAt(channel_id, thread_ts),
        team_id=absence.team_id,
        lane=channel_id,
        payload={"absence_id": absence.id, **progress},
        now=now,
    )


def ts_of(at: datetime) -> str:
    """The ts of a message said then."""
    return f"{at.timestamp():.6f}"


# The end


async def has_open_absence(session: AsyncSession, *, now: datetime) -> bool:
    return await catch_up.has_open_absence(session)


async def move_absences_on(session: AsyncSession, *, now: datetime) -> list[CaughtUp]:
    """Once all that was said is taken in, owe a look at what was kept before; once that is done,
    it is the end. Returns what there is to tell of it."""
    told = []
    for absence in await catch_up.list_open_absences(session):
        if await catch_up.count_owed(session, absence.team_id, (CATCH_UP, CATCH_UP_THREAD)):
            continue
        if absence.caught_up_at is None:
            absence.caught_up_at = now
            await look_again(session, absence, now=now)
        else:
            absence.ended_at = now
        told.append(caught_up(absence))
    return told


async def look_again(session: AsyncSession, absence: Absence, *, now: datetime) -> None:
    """After a short absence, what was said lately; nearly all of the rest comes again."""
    within = await get_within(session, absence.team_id)
    is_short = absence.until - absence.since <= SHORT
    since = max(absence.since - (LOOKS_BACK if is_short else within), now - within)
    joined = await catch_up.list_joined(session, absence.team_id)
    where = [each for each in joined if absence.channel_id in (None, each)]
    kept = await catch_up.list_kept_threads(
        session, absence.team_id, where, MOST_KEPT, since=since, unread_since=absence.until
    )
    talked = [(each.partition(":")[0], each.partition(":")[2]) for each in absence.talked]
    for channel_id, thread_ts in [*talked, *kept]:
        await owe_thread(session, absence, channel_id, thread_ts, now=now)


def caught_up(absence: Absence) -> CaughtUp:
    count = Count(
        absence.questions, absence.replies, absence.marks, absence.edits, absence.deletions
    )
    return CaughtUp(
        absence.since, absence.until, absence.channel_id, count, absence.ended_at is not None
    )


async def get_last_caught_up(
    session: AsyncSession, *, team_id: str, now: datetime
) -> CaughtUp | None:
    """The last absence that brought something, for a week."""
    absence = await catch_up.get_last_absence(session, team_id, since=now - TOLD_FOR)
    return caught_up(absence) if absence else None

"""Digests of every kind: when one is due, that it is made once, and what changes it afterwards.

A schedule says when (`bot/schedules`); a run is one digest about one subject in one local week
or month. Any number of replicas may tick: the run's key makes it happen once. What a digest
says is found when it is sent: see `bot/recognition/channel_digest` for the weekly one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.errors import NoDigestYet
from bot.kinds import (
    CHANNEL_DIGEST,
    GAPS_DIGEST,
    HEALTH_DIGEST,
    PERSONAL_DIGEST,
    SPONSOR_DIGEST,
    SUGGESTED_THANKS,
    Slot,
)
from bot.people import check_is_admin, get_timezone
from bot.schedules import MONTHLY, WEEKLY, Schedule, next_slot, read_schedule, slot_name
from storage import channels, outbox
from storage.questions import catch_up
from storage.recognition import digests, personal, tellers
from storage.saving import add_if_first
from storage.tables import DigestRun, DigestSchedule

# The kinds. A schedule's subject: nothing, for all help channels of the workspace; a person.
WEEKLY_DIGEST, PERSONAL, SPONSOR, HEALTH = "weekly", "personal", "sponsor", "health"
GAPS, MANAGER = "gaps", "manager"
AGAIN = "again"  # the kind of nudge: what still waits, for the few able to answer
OF_A_PERSON = (PERSONAL, SPONSOR, HEALTH, GAPS, MANAGER)
KIND_OF = {
    WEEKLY_DIGEST: CHANNEL_DIGEST,
    PERSONAL: PERSONAL_DIGEST,
    SPONSOR: SPONSOR_DIGEST,
    HEALTH: HEALTH_DIGEST,
    GAPS: GAPS_DIGEST,
    MANAGER: SUGGESTED_THANKS,
}
DEFAULT_WEEKDAY, DEFAULT_HOUR, DEFAULT_MINUTE = 0, 9, 0  # Monday at 9:00
FIRST_MONDAY, MORNING = 0, 9  # of what comes each month
CATCH_UP_WITHIN = timedelta(hours=12)  # later than that, a digest is yesterday's paper
CATCH_UP_MONTHLY_WITHIN = timedelta(days=3)
# What the first digest tells of, and how far one goes back at most after some were skipped.
WEEKLY_PERIOD, LONGEST_WEEKLY_PERIOD = timedelta(weeks=1), timedelta(weeks=4)
MONTHLY_PERIOD, LONGEST_MONTHLY_PERIOD = timedelta(days=31), timedelta(days=100)
SCHEDULES_AT_ONCE = 200
WAITS_FOR_THE_MISSED = timedelta(hours=1)
BETWEEN_ZONES = timedelta(hours=26)  # from the first to the last to see a day begin
ON_ITS_WAY_FOR = timedelta(days=2)  # so long the outbox tries
EDITED_FOR = timedelta(weeks=4)  # so long a digest follows when somebody opts out


@dataclass(frozen=True)
class Planned:
    """When a digest comes next, and what keeps it from coming."""

    schedule: Schedule
    next_at: datetime
    skipped_at: datetime | None = None  # the one before that will not come
    paused_at: datetime | None = None


async def plan_first_digest(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> None:
    """With the first help channel comes a digest, Monday morning where its admin is."""
    if await digests.get_schedule(session, team_id, WEEKLY_DIGEST, "") is None:
        timezone = await get_timezone(session, team_id, user_id)
        schedule = Schedule(DEFAULT_WEEKDAY, DEFAULT_HOUR, DEFAULT_MINUTE, timezone)
        await save_schedule(session, team_id, WEEKLY_DIGEST, "", schedule, now=now)


async def save_schedule(
    session: AsyncSession,
    team_id: str,
    kind: str,
    subject: str,
    schedule: Schedule,
    *,
    now: datetime,
) -> datetime:
    """Make this kind of digest come then; when it comes next."""
    row = await digests.get_schedule(session, team_id, kind, subject, is_locked=True)
    if row is not None and is_elsewhere(row, schedule):
        next_run_at = next_elsewhere(row, schedule, now=now)
    else:
        next_run_at = next_slot(schedule, after=now, besides=row.last_slot if row else None)
    await digests.save_schedule(
        session,
        team_id=team_id,
        kind=kind,
        subject=subject,
        next_run_at=next_run_at,
        **vars(schedule),
    )
    return next_run_at


async def comes_monthly(session: AsyncSession, *, team_id: str, kind: str, user_id: str) -> bool:
    row = await digests.get_schedule(session, team_id, kind, user_id)
    return row is not None and row.paused_at is None


async def plan_monthly(
    session: AsyncSession, *, team_id: str, kind: str, user_id: str, now: datetime
) -> None:
    """Let it come each month, on the first Monday where this person is, unless they said no."""
    if await digests.get_schedule(session, team_id, kind, user_id) is None:
        timezone = await get_timezone(session, team_id, user_id)
        schedule = Schedule(FIRST_MONDAY, MORNING, 0, timezone, MONTHLY)
        await save_schedule(session, team_id, kind, user_id, schedule, now=now)


async def switch_monthly(
    session: AsyncSession, *, team_id: str, kind: str, user_id: str, is_wanted: bool, now: datetime
) -> bool:
    """Send it to this person each month, or no more; False when nothing changed."""
    row = await digests.get_schedule(session, team_id, kind, user_id, is_locked=True)
    if (row is not None and row.paused_at is None) == is_wanted:
        return False
    if row is None:
        await plan_monthly(session, team_id=team_id, kind=kind, user_id=user_id, now=now)
    elif is_wanted:
        resume(row, now=now)
    else:
        pause(row, now=now)
    return True


def is_elsewhere(row: DigestSchedule, schedule: Schedule) -> bool:
    """The same hour in another zone."""
    was = schedule_of(row)
    return was != schedule and was == replace(schedule, timezone=was.timezone)


def next_elsewhere(row: DigestSchedule, schedule: Schedule, *, now: datetime) -> datetime:
    """When it comes in the new zone. The hour may have passed there that was still to come in
    the old one: then it comes now, and no week is lost."""
    before = schedule_of(row)
    last = row.last_slot or slot_name(before, row.next_run_at - usual_period(before)[0])
    at = next_slot(schedule, after=now - BETWEEN_ZONES, besides=last)
    is_this_week = slot_name(schedule, at) == slot_name(schedule, now)
    return max(at, now) if is_this_week else at


def schedule_of(row: DigestSchedule) -> Schedule:
    return Schedule(row.weekday, row.hour, row.minute, row.timezone, row.cadence)


def within(schedule: Schedule) -> timedelta:
    """How late its digests may come."""
    return CATCH_UP_WITHIN if schedule.cadence == WEEKLY else CATCH_UP_MONTHLY_WITHIN


def usual_period(schedule: Schedule) -> tuple[timedelta, timedelta]:
    if schedule.cadence == WEEKLY:
        return WEEKLY_PERIOD, LONGEST_WEEKLY_PERIOD
    return MONTHLY_PERIOD, LONGEST_MONTHLY_PERIOD


async def set_digest_time(
    session: AsyncSession, *, team_id: str, user_id: str, written: str, now: datetime
) -> Planned:
    """Post the weekly digest at this weekday and time from now on."""
    await check_is_admin(session, team_id, user_id)
    row = await digests.get_schedule(session, team_id, WEEKLY_DIGEST, "", is_locked=True)
    timezone = row.timezone if row else await get_timezone(session, team_id, user_id)
    schedule = read_schedule(written, timezone=timezone)
    if row is not None and row.paused_at is None:
        await run_schedule(session, row, now=now)  # what is due already still comes
        await session.flush()
    before = said_of(row) if row is not None else audit.OFF
    await save_schedule(session, team_id, WEEKLY_DIGEST, "", schedule, now=now)
    return await note_weekly(session, team_id, by=user_id, before=before, now=now)


async def pause_digest(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> Planned:
    """No weekly digest until somebody resumes it."""
    await check_is_admin(session, team_id, user_id)
    row = await get_weekly_schedule(session, team_id)
    before = said_of(row)
    pause(row, now=now)
    return await note_weekly(session, team_id, by=user_id, before=before, now=now)


async def resume_digest(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> Planned:
    """The weekly digest comes again, also the one that was to be skipped. What fell due while it
    was paused does not come late; the next one tells of it."""
    await check_is_admin(session, team_id, user_id)
    row = await get_weekly_schedule(session, team_id)
    before = said_of(row)
    resume(row, now=now)
    return await note_weekly(session, team_id, by=user_id, before=before, now=now)


async def skip_digest(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> Planned:
    """The next weekly digest does not come; the one after it tells of both weeks."""
    await check_is_admin(session, team_id, user_id)
    row = await get_weekly_schedule(session, team_id)
    before = said_of(row)
    skip(row)
    return await note_weekly(session, team_id, by=user_id, before=before, now=now)


async def note_weekly(
    session: AsyncSession, team_id: str, *, by: str, before: str, now: datetime
) -> Planned:
    row = await get_weekly_schedule(session, team_id)
    how = {"before": before, "after": said_of(row)}
    await audit.note(session, audit.DIGEST, team_id=team_id, by=by, **how, now=now)
    return planned_of(row)


def said_of(row: DigestSchedule) -> str:
    """`0 09:00 Europe/Rome`: the day of the week, Monday is 0; and `paused` or `skips` behind."""
    states = [" paused" if row.paused_at else "", " skips" if row.skips_next else ""]
    return f"{row.weekday} {row.hour:02}:{row.minute:02} {row.timezone}" + "".join(states)


def pause(row: DigestSchedule, *, now: datetime) -> Planned:
    row.paused_at = row.paused_at or now
    return planned_of(row)


def resume(row: DigestSchedule, *, now: datetime) -> Planned:
    if row.paused_at is not None:
        row.next_run_at = next_slot(schedule_of(row), after=now, besides=row.last_slot)
    row.paused_at, row.skips_next = None, False
    return planned_of(row)


def skip(row: DigestSchedule) -> Planned:
    row.skips_next = True
    return planned_of(row)


async def get_weekly_schedule(
    session: AsyncSession, team_id: str, *, is_locked: bool = True
) -> DigestSchedule:
    row = await digests.get_schedule(session, team_id, WEEKLY_DIGEST, "", is_locked=is_locked)
    if row is None:
        raise NoDigestYet()
    return row


async def get_digest_time(session: AsyncSession, *, team_id: str) -> Planned:
    return planned_of(await get_weekly_schedule(session, team_id, is_locked=False))


def planned_of(row: DigestSchedule) -> Planned:
    schedule, next_at = schedule_of(row), row.next_run_at
    if not row.skips_next:
        return Planned(schedule, next_at, paused_at=row.paused_at)
    after = next_slot(schedule, after=next_at, besides=slot_name(schedule, next_at))
    return Planned(schedule, after, skipped_at=next_at, paused_at=row.paused_at)


async def has_due_digests(session: AsyncSession, *, now: datetime) -> bool:
    """Whether there is anything to do: a digest is due, or somebody is in another zone. What was
    said while the bot was away is taken in first."""
    if await catch_up.has_open_absence(session, since=now - WAITS_FOR_THE_MISSED):
        return False
    return await digests.has_due(session, now) or await digests.has_moved(session, OF_A_PERSON)


async def run_due_digests(session: AsyncSession, *, now: datetime) -> int:
    """Owe the digests whose time has come, each slot once, whoever ticks; how many."""
    await follow_zones(session, now=now)
    due = await digests.list_due(session, now, limit=SCHEDULES_AT_ONCE)
    return sum([await run_schedule(session, row, now=now) for row in due])


async def run_schedule(session: AsyncSession, row: DigestSchedule, *, now: datetime) -> int:
    """Owe what is due of one schedule; how many digests."""
    owed = 0
    while row.next_run_at <= now:
        owed += await run_slot(session, row, now=now)
        schedule = schedule_of(row)
        row.last_slot, row.skips_next = slot_name(schedule, row.next_run_at), False
        row.next_run_at = next_slot(schedule, after=row.next_run_at, besides=row.last_slot)
    return owed


async def follow_zones(session: AsyncSession, *, now: datetime) -> None:
    """A person's digest comes by the clock of wherever they are now."""
    for row in await digests.list_moved(session, OF_A_PERSON):
        timezone = await get_timezone(session, row.team_id, row.subject)
        if timezone != row.timezone:
            schedule = replace(schedule_of(row), timezone=timezone)
            await save_schedule(session, row.team_id, row.kind, row.subject, schedule, now=now)


async def run_slot(session: AsyncSession, row: DigestSchedule, *, now: datetime) -> int:
    """Owe the digests of one slot, unless they are made, unwanted, or too late to make."""
    schedule, slot_at = schedule_of(row), row.next_run_at
    is_skipped = row.skips_next or now - slot_at > within(schedule)
    owed = 0
    for subject in await list_subjects(session, row):
        since = await start_of_period(session, row, subject, slot_at)
        if not await has_news(session, row, since, slot_at):
            continue
        run = DigestRun(
            team_id=row.team_id,
            kind=row.kind,
            subject=subject,
            slot=slot_name(schedule, slot_at),
            since=since,
            until=slot_at,
            skipped_at=now if is_skipped else None,
        )
        if await add_if_first(session, run) and not is_skipped:
            await owe_digest(session, run, now=now)
            owed += 1
    return owed


async def has_news(
    session: AsyncSession, row: DigestSchedule, since: datetime, until: datetime
) -> bool:
    """Whether to make it at all. Of a channel that is known when it is made; of thousands of
    people, most weeks have nothing to tell, and leave no trace."""
    if row.kind == MANAGER:
        about = {"team_id": row.team_id, "manager_id": row.subject}
        return await tellers.has_any(session, **about, since=since, until=until)
    if row.kind != PERSONAL:
        return True
    span = personal.Span(row.team_id, row.subject, since, until)
    if await personal.has_any(session, span):
        return True
    return await personal.has_again(
        session, team_id=row.team_id, user_id=row.subject, kind=AGAIN, at=until
    )


async def list_subjects(session: AsyncSession, row: DigestSchedule) -> Sequence[str]:
    if row.subject:
        return [row.subject]
    return [
        channel.channel_id for channel in await channels.list_help_channels(session, row.team_id)
    ]


async def start_of_period(
    session: AsyncSession, row: DigestSchedule, subject: str, slot_at: datetime
) -> datetime:
    """Where the last digest ended, so that help in a skipped week is still told."""
    usual, longest = usual_period(schedule_of(row))
    last = await digests.get_last_made(session, team_id=row.team_id, kind=row.kind, subject=subject)
    if row.kind == PERSONAL:  # weeks without news leave no trace: the last may be long ago
        return max(slot_at - longest, min(last.until, slot_at) if last else slot_at - longest)
    if last is None or last.until < slot_at - longest:
        return slot_at - usual
    return min(last.until, slot_at)


async def owe_digest(session: AsyncSession, run: DigestRun, *, now: datetime) -> None:
    """Owe a digest, or what has changed in it."""
    await outbox.owe(
        session,
        KIND_OF[run.kind],
        Slot(run.subject, run.slot),
        team_id=run.team_id,
        lane=run.channel_id or run.subject,
        now=now,
    )


async def owe_digests_naming(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> None:
    """Owe the digests of late that name this person, in their newest state; those that are on
    their way too."""
    for run in await digests.list_made(session, team_id=team_id, since=now - EDITED_FOR):
        if is_on_its_way(run, now=now) or user_id in run.named:
            await owe_digest(session, run, now=now)


async def owe_digests_about(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    question_id: int,
    asked_at: datetime,
    now: datetime,
) -> None:
    """Words of this question are no more: owe the digests that tell of it, however old they
    are: its channel's, and those to people."""
    made = await digests.list_made(session, team_id=team_id, since=asked_at, about=question_id)
    for run in made:
        may_tell = run.kind in OF_A_PERSON or run.subject == channel_id
        if question_id in run.told or (may_tell and is_on_its_way(run, now=now)):
            await owe_digest(session, run, now=now)


def is_on_its_way(run: DigestRun, *, now: datetime) -> bool:
    """What it says may be found already, and not posted yet."""
    return run.posted_at is None and run.until > now - ON_ITS_WAY_FOR


async def note_quiet(
    session: AsyncSession, *, team_id: str, kind: str, subject: str, slot: str, now: datetime
) -> None:
    run = await digests.get_run(session, team_id=team_id, kind=kind, subject=subject, slot=slot)
    if run is not None:
        run.quiet_at = now


async def note_posted(
    session: AsyncSession,
    *,
    team_id: str,
    kind: str,
    subject: str,
    slot: str,
    channel_id: str,
    message_ts: str,
    named: Sequence[str] = (),
    told: Sequence[int] = (),
    now: datetime,
) -> None:
    """It is posted, or edited, and now it names these people and tells of these questions."""
    run = await digests.get_run(session, team_id=team_id, kind=kind, subject=subject, slot=slot)
    if run is not None:
        run.posted_at = run.posted_at or now
        run.channel_id, run.message_ts = channel_id, message_ts
        run.named, run.told = list(named), list(told)

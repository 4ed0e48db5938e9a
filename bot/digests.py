"""The weekly digest: when it is due, and what there is to say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.people import check_is_admin, get_timezone
from bot.schedules import Weekly, next_slot, read_weekly, slot_name
from storage import channels, digests, kudos, outbox, questions
from storage.saving import add_if_first
from storage.tables import Channel, DigestRun, DigestSchedule, Kudos

DEFAULT_WEEKDAY, DEFAULT_HOUR, DEFAULT_MINUTE = 0, 9, 0  # Monday at 9:00
CATCH_UP_WITHIN = timedelta(hours=12)  # later than that, a digest is yesterday's paper
LONGEST_PERIOD = timedelta(weeks=4)
WEEK = timedelta(weeks=1)
WAITING_SHOWN = 5


@dataclass(frozen=True)
class Helped:
    """One question that somebody's answer solved."""

    question_id: int
    asker_id: str
    text: str
    message_ts: str
    is_deleted: bool


@dataclass(frozen=True)
class Credit:
    """What one person's help did in the week."""

    user_id: str
    solved: tuple[Helped, ...]
    people: int  # how many different askers
    helped_too: int  # how many others said that it helped them, then or later
    is_first_time: bool


@dataclass(frozen=True)
class Waiting:
    question_id: int
    asker_id: str
    text: str
    message_ts: str
    asked_at: datetime
    claimed_by: str | None


@dataclass(frozen=True)
class WeeklyDigest:
    team_id: str
    channel_id: str
    since: datetime
    until: datetime
    asked: int
    asked_and_solved: int
    credits: tuple[Credit, ...]
    waiting: tuple[Waiting, ...]
    message_ts: str | None  # where it is posted already

    @property
    def has_news(self) -> bool:
        return bool(self.credits or self.waiting)


async def plan_first_digest(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> None:
    """With the first help channel comes a digest, Monday morning where its admin is."""
    if await digests.get_schedule(session, team_id) is None:
        timezone = await get_timezone(session, team_id, user_id)
        weekly = Weekly(DEFAULT_WEEKDAY, DEFAULT_HOUR, DEFAULT_MINUTE, timezone)
        await save_weekly(session, team_id, weekly, now=now)


async def set_digest_time(
    session: AsyncSession, *, team_id: str, user_id: str, written: str, now: datetime
) -> tuple[Weekly, datetime]:
    """Post the digest at this weekday and time from now on; also says when next."""
    await check_is_admin(session, team_id, user_id)
    schedule = await digests.get_schedule(session, team_id)
    timezone = schedule.timezone if schedule else await get_timezone(session, team_id, user_id)
    weekly = read_weekly(written, timezone=timezone)
    return weekly, await save_weekly(session, team_id, weekly, now=now)


async def save_weekly(
    session: AsyncSession, team_id: str, weekly: Weekly, *, now: datetime
) -> datetime:
    next_run_at = next_slot(weekly, after=now)
    await digests.save_schedule(session, team_id=team_id, next_run_at=next_run_at, **vars(weekly))
    return next_run_at


async def get_digest_time(session: AsyncSession, *, team_id: str) -> tuple[Weekly, datetime] | None:
    schedule = await digests.get_schedule(session, team_id)
    return None if schedule is None else (weekly_of(schedule), schedule.next_run_at)


async def run_due_digests(session: AsyncSession, *, now: datetime) -> int:
    """Owe the digests whose time has come, each week once, whoever ticks; how many."""
    owed = 0
    for schedule in await digests.list_due(session, now):
        weekly = weekly_of(schedule)
        while schedule.next_run_at <= now:
            for channel in await channels.list_help_channels(session, schedule.team_id):
                owed += await run_slot(session, channel, weekly, schedule.next_run_at, now=now)
            schedule.next_run_at = next_slot(weekly, after=schedule.next_run_at)
    return owed


async def run_slot(
    session: AsyncSession, channel: Channel, weekly: Weekly, slot_at: datetime, *, now: datetime
) -> bool:
    """Owe one channel's digest of one week; False when it is made, or too late to make."""
    is_too_late = now - slot_at > CATCH_UP_WITHIN
    run = DigestRun(
        team_id=channel.team_id,
        channel_id=channel.channel_id,
        slot=slot_name(weekly, slot_at),
        since=await start_of_period(session, channel, slot_at),
        until=slot_at,
        skipped_at=now if is_too_late else None,
    )
    if not await add_if_first(session, run) or is_too_late:
        return False
    await outbox.owe(
        session,
        "weekly_digest",
        f"{channel.channel_id}:{run.slot}",
        team_id=channel.team_id,
        lane=channel.channel_id,
        now=now,
    )
    return True


async def start_of_period(session: AsyncSession, channel: Channel, slot_at: datetime) -> datetime:
    """Where the last digest ended, so that help in a skipped week is still told."""
    last = await digests.get_last_made(
        session, team_id=channel.team_id, channel_id=channel.channel_id
    )
    if last is None or last.until < slot_at - LONGEST_PERIOD:
        return slot_at - WEEK
    return min(last.until, slot_at)


def weekly_of(schedule: DigestSchedule) -> Weekly:
    return Weekly(schedule.weekday, schedule.hour, schedule.minute, schedule.timezone)


async def get_weekly_digest(
    session: AsyncSession, *, team_id: str, channel_id: str, slot: str
) -> WeeklyDigest | None:
    """What the digest of that week has to say, from the facts as they stand now."""
    run = await digests.get_run(session, team_id=team_id, channel_id=channel_id, slot=slot)
    if run is None or run.skipped_at is not None:
        return None
    facts = await kudos.list_in_channel(
        session, team_id=team_id, channel_id=channel_id, since=run.since, until=run.until
    )
    waiting = await questions.list_open_in_channel(
        session, team_id=team_id, channel_id=channel_id, since=run.since, limit=WAITING_SHOWN
    )
    asked, solved = await questions.count_asked(
        session, team_id=team_id, channel_id=channel_id, since=run.since, until=run.until
    )
    return WeeklyDigest(
        team_id=team_id,
        channel_id=channel_id,
        since=run.since,
        until=run.until,
        asked=asked,
        asked_and_solved=solved,
        credits=await list_credits(session, team_id, facts, since=run.since),
        waiting=tuple(
            Waiting(
                question.id,
                question.asker_id,
                question.text,
                question.message_ts or "",
                question.asked_at,
                question.claimed_by,
            )
            for question in waiting
        ),
        message_ts=run.message_ts,
    )


async def list_credits(
    session: AsyncSession, team_id: str, facts: Sequence[Kudos], *, since: datetime
) -> tuple[Credit, ...]:
    """Who helped, newcomers to helping first, then by how many questions they solved."""
    receivers = list(dict.fromkeys(fact.receiver_id for fact in facts if fact.kind != "thanked"))
    first_timers = await kudos.list_first_timers(
        session, team_id=team_id, receiver_ids=receivers, since=since
    )
    earned = [
        await credit_of(session, team_id, user_id, facts, user_id in first_timers)
        for user_id in receivers
    ]
    return tuple(sorted(earned, key=lambda each: (not each.is_first_time, -len(each.solved))))


async def credit_of(
    session: AsyncSession,
    team_id: str,
    user_id: str,
    facts: Sequence[Kudos],
    is_first_time: bool,
) -> Credit:
    theirs = [fact for fact in facts if fact.receiver_id == user_id]
    question_ids = dict.fromkeys(
        fact.question_id for fact in theirs if fact.kind == "solved" and fact.question_id
    )
    solved = [await questions.get(session, team_id, each) for each in question_ids]
    helped = tuple(
        Helped(
            question.id,
            question.asker_id,
            question.text,
            question.message_ts or "",
            question.withdrawn_at is not None,
        )
        for question in solved
        if question is not None
    )
    return Credit(
        user_id=user_id,
        solved=helped,
        people=len({each.asker_id for each in helped}),
        helped_too=sum(fact.kind in ("helped", "reused") for fact in theirs),
        is_first_time=is_first_time and bool(helped),
    )


async def note_quiet(
    session: AsyncSession, *, team_id: str, channel_id: str, slot: str, now: datetime
) -> None:
    run = await digests.get_run(session, team_id=team_id, channel_id=channel_id, slot=slot)
    if run is not None:
        run.quiet_at = now


async def note_posted(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    slot: str,
    message_ts: str,
    now: datetime,
) -> None:
    run = await digests.get_run(session, team_id=team_id, channel_id=channel_id, slot=slot)
    if run is not None:
        run.posted_at, run.message_ts = now, message_ts

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NoDigestHere, NoDigestYet, NotATime, OnlyAdmins
from bot.experts.claims import claim
from bot.finding.reuse import note_helped
from bot.questions.messages import hear
from bot.recognition.channel_digest import Week, WeeklyDigest, get_weekly_digest, preview_digest
from bot.recognition.digests import (
    CATCH_UP_WITHIN,
    WEEKLY_DIGEST,
    get_digest_time,
    note_posted,
    note_quiet,
    pause_digest,
    resume_digest,
    run_due_digests,
    save_schedule,
    set_digest_time,
    skip_digest,
)
from bot.schedules import MONTHLY, Schedule
from storage import channels
from storage.database import Sessions
from storage.tables import DigestRun
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    ask,
    count,
    learn,
    learn_help_channel,
    owed,
    said,
    settle_in,
    tick,
    ts,
)
from tests.bot.recognition.conftest import Ticks

# Ada lives in Rome, so the digest comes at 9:00 there.
MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
SLOT = "2026-W49"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ADMIN = {"team_id": TEAM, "user_id": ADA}
RUN = {"team_id": TEAM, "kind": WEEKLY_DIGEST, "subject": HELP, "slot": SLOT}


async def digest_of(session: AsyncSession, slot: str = SLOT) -> WeeklyDigest:
    digest = await get_weekly_digest(session, team_id=TEAM, channel_id=HELP, slot=slot)
    assert digest is not None
    return digest


async def help_out(session: AsyncSession, *, by: str, seconds: float, asker: str = ANA) -> None:
    """A question that this person solves, that many seconds after now."""
    await ask(session, f"How do I paint pallet {seconds}?", by=asker, seconds=seconds)
    reply = said("So.", by=by, seconds=seconds + 1, thread_ts=ts(seconds))
    await hear(session, reply, now=reply.sent_at)
    await tick(session, reply.message_ts, by=asker, seconds=seconds + 2)


async def test_the_first_help_channel_plans_a_digest_for_monday_morning_there(
    session: AsyncSession, help_channel
):
    planned = await get_digest_time(session, team_id=TEAM)

    assert (planned.schedule, planned.next_at) == (Schedule(0, 9, 0, "Europe/Rome"), MONDAY)


async def test_another_help_channel_does_not_move_the_digest(session: AsyncSession, help_channel):
    await set_digest_time(
        session, team_id=TEAM, user_id=ADA, written="friday 17:30", now=MONDAY - WEEK
    )
    await learn_help_channel(session, "C_SECOND")

    planned = await get_digest_time(session, team_id=TEAM)
    assert planned.schedule == Schedule(4, 17, 30, "Europe/Rome")


async def test_only_admins_move_the_digest(session: AsyncSession, help_channel):
    for team_id, user_id in ((TEAM, BEN), (OTHER_TEAM, ADA)):
        with pytest.raises(OnlyAdmins):
            await set_digest_time(
                session, team_id=team_id, user_id=user_id, written="friday 9", now=MONDAY
            )


async def test_a_digest_time_that_is_none_changes_nothing(session: AsyncSession, help_channel):
    with pytest.raises(NotATime):
        await set_digest_time(session, team_id=TEAM, user_id=ADA, written="soon", now=MONDAY)

    assert (await get_digest_time(session, team_id=TEAM)).next_at == MONDAY


async def test_a_digest_is_owed_when_its_time_comes_and_not_before(
    session: AsyncSession, help_channel
):
    assert await run_due_digests(session, now=MONDAY - timedelta(seconds=1)) == 0
    assert await run_due_digests(session, now=MONDAY) == 1

    assert ("weekly_digest", f"{HELP}:{SLOT}") in await owed(session)
    assert (await get_digest_time(session, team_id=TEAM)).next_at == MONDAY + WEEK


async def test_each_help_channel_gets_its_own(session: AsyncSession, help_channel):
    await learn_help_channel(session, "C_SECOND")
    await learn_help_channel(session, "C_LEFT")
    await channels.leave(session, team_id=TEAM, channel_id="C_LEFT", now=MONDAY)

    assert await run_due_digests(session, now=MONDAY) == 2


async def test_many_who_tick_at_the_same_time_make_one_digest(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)

    async def one_tick() -> int:
        async with sessions.begin() as session:
            return await run_due_digests(session, now=MONDAY)

    made = await asyncio.gather(*(one_tick() for _ in range(6)))

    assert sum(made) == 1
    async with sessions.begin() as session:
        assert await count(session, DigestRun) == 1


@pytest.mark.parametrize(("late", "made"), [(timedelta(0), 1), (timedelta(seconds=1), 0)])
async def test_a_late_digest_is_made_within_the_window_and_else_skipped(
    session: AsyncSession, help_channel, late: timedelta, made: int
):
    assert await run_due_digests(session, now=MONDAY + CATCH_UP_WITHIN + late) == made

    run = (await session.scalars(select(DigestRun))).one()
    assert (run.skipped_at is None) == bool(made)
    digest = await get_weekly_digest(session, team_id=TEAM, channel_id=HELP, slot=SLOT)
    assert (digest is not None) == bool(made)


async def test_after_a_skipped_week_the_next_digest_tells_of_both(
    session: AsyncSession, help_channel
):
    await run_due_digests(session, now=MONDAY)
    await run_due_digests(session, now=MONDAY + WEEK + timedelta(days=1))
    await run_due_digests(session, now=MONDAY + 2 * WEEK)

    digest = await digest_of(session, "2026-W51")
    assert (digest.since, digest.until) == (MONDAY, MONDAY + 2 * WEEK)


async def test_weeks_that_passed_while_the_bot_was_off_are_skipped_but_the_last(
    session: AsyncSession, help_channel
):
    assert await run_due_digests(session, now=MONDAY + 9 * WEEK) == 1

    runs = (await session.scalars(select(DigestRun).order_by(DigestRun.until))).all()
    assert [run.skipped_at is None for run in runs] == [False] * 9 + [True]
    assert runs[-1].since == MONDAY + 8 * WEEK


async def test_a_week_in_which_nothing_happened_has_no_news(session: AsyncSession, help_channel):
    await run_due_digests(session, now=MONDAY)
    assert not (await digest_of(session)).has_news

    await note_quiet(session, **RUN, now=MONDAY)
    await run_due_digests(session, now=MONDAY + WEEK)

    assert (await digest_of(session, "2026-W50")).since == MONDAY


async def test_a_digest_tells_who_helped_whom_with_what(session: AsyncSession, help_channel):
    await help_out(session, by=BEN, seconds=10)
    await help_out(session, by=BEN, seconds=1010, asker=PIA)
    await help_out(session, by=EVA, seconds=2010)
    await tick(session, ts(2011), by=PIA, seconds=2100)
    await run_due_digests(session, now=MONDAY)

    digest = await digest_of(session)

    ben, eva = digest.first_timers
    assert (ben.user_id, ben.solved, ben.people, ben.helped_too) == (BEN, 2, 2, 0)
    assert (eva.user_id, eva.solved, eva.people, eva.helped_too) == (EVA, 1, 1, 1)
    assert (digest.asked, digest.waiting) == (Week(3, 3), ())


async def test_first_time_helpers_are_told_first_and_once(session: AsyncSession, help_channel):
    await help_out(session, by=BEN, seconds=10)
    await run_due_digests(session, now=MONDAY)
    week = WEEK.total_seconds()
    for n in range(2):
        await help_out(session, by=BEN, seconds=week + 1000 * n)
    await help_out(session, by=EVA, seconds=week + 5000)
    await run_due_digests(session, now=MONDAY + WEEK)

    first, second = [await digest_of(session, slot) for slot in (SLOT, "2026-W50")]

    assert [each.user_id for each in first.first_timers] == [BEN]
    assert [each.user_id for each in second.first_timers] == [EVA]
    assert [each.user_id for each in second.credits] == [BEN]


async def test_questions_that_wait_are_told_the_oldest_first(session: AsyncSession, help_channel):
    newer = await ask(session, seconds=1000, by=PIA)
    older = await ask(session)
    await claim(session, team_id=TEAM, question_id=older, user_id=BEN, now=MONDAY)
    await run_due_digests(session, now=MONDAY)

    waiting = (await digest_of(session)).waiting

    assert [(each.question_id, each.claimed_by) for each in waiting] == [
        (older, BEN),
        (newer, None),
    ]


async def test_help_that_was_taken_back_or_given_elsewhere_is_not_told(
    session: AsyncSession, help_channel
):
    await help_out(session, by=BEN, seconds=10)
    await tick(session, ts(11), on=False, seconds=60)
    await learn_help_channel(session, "C_SECOND")
    await run_due_digests(session, now=MONDAY)

    assert (await digest_of(session)).helpers == 0
    elsewhere = await get_weekly_digest(session, team_id=TEAM, channel_id="C_SECOND", slot=SLOT)
    assert elsewhere is not None and not elsewhere.has_news
    place = {"team_id": OTHER_TEAM, "channel_id": HELP, "slot": SLOT}
    assert await get_weekly_digest(session, **place) is None


async def test_a_posted_digest_is_edited_and_not_posted_again(session: AsyncSession, help_channel):
    await run_due_digests(session, now=MONDAY)
    await note_posted(session, **RUN, channel_id=HELP, message_ts="1.5", now=MONDAY)

    assert (await digest_of(session)).message_ts == "1.5"


async def test_what_helped_somebody_later_is_told_in_the_week_it_helped(
    session: AsyncSession, help_channel
):
    await help_out(session, by=BEN, seconds=0)
    await run_due_digests(session, now=MONDAY)
    helped_at = MONDAY + timedelta(days=2)
    await note_helped(session, team_id=TEAM, question_id=1, user_id=PIA, now=helped_at)
    await run_due_digests(session, now=MONDAY + WEEK)

    digest = await digest_of(session, "2026-W50")

    [reused] = digest.reused
    assert (reused.question.question_id, reused.people, reused.authors) == (1, 1, (BEN,))
    assert (digest.helpers, digest.solved, digest.helped_too) == (1, 0, 1)
    assert (digest.credits, digest.first_timers) == ((), ())  # told already, with the answer


async def test_an_admin_pauses_the_digest_and_lets_it_come_again(
    session: AsyncSession, help_channel
):
    await pause_digest(session, **ADMIN, now=NOW)
    assert await run_due_digests(session, now=MONDAY) == 0

    planned = await resume_digest(session, **ADMIN, now=MONDAY + timedelta(hours=1))

    assert (planned.next_at, planned.paused_at) == (MONDAY + WEEK, None)
    assert await run_due_digests(session, now=MONDAY + timedelta(hours=1)) == 0
    assert await run_due_digests(session, now=MONDAY + WEEK) == 1


async def test_a_digest_is_skipped_once_and_the_next_tells_of_both_weeks(
    session: AsyncSession, help_channel
):
    await run_due_digests(session, now=MONDAY)
    for _ in range(2):
        planned = await skip_digest(session, **ADMIN, now=MONDAY)
    assert (planned.skipped_at, planned.next_at) == (MONDAY + WEEK, MONDAY + 2 * WEEK)

    made = [await run_due_digests(session, now=MONDAY + n * WEEK) for n in (1, 2)]

    assert made == [0, 1]
    assert (await digest_of(session, "2026-W51")).since == MONDAY


async def test_a_skip_is_taken_back(session: AsyncSession, help_channel):
    await skip_digest(session, **ADMIN, now=MONDAY)
    await resume_digest(session, **ADMIN, now=NOW)

    assert await run_due_digests(session, now=MONDAY) == 1


async def test_only_admins_pause_resume_skip_and_preview(session: AsyncSession, help_channel):
    for team_id, user_id in ((TEAM, BEN), (OTHER_TEAM, ADA)):
        who = {"team_id": team_id, "user_id": user_id}
        for change in (
            pause_digest(session, **who, now=MONDAY),
            resume_digest(session, **who, now=MONDAY),
            skip_digest(session, **who, now=MONDAY),
            preview_digest(session, **who, channel_id=HELP, now=MONDAY),
        ):
            with pytest.raises(OnlyAdmins):
                await change


async def test_without_a_help_channel_there_is_no_digest_to_change(session: AsyncSession):
    await learn(session, ADA, is_admin=True)

    for change in (
        get_digest_time(session, team_id=TEAM),
        pause_digest(session, **ADMIN, now=MONDAY),
        skip_digest(session, **ADMIN, now=MONDAY),
    ):
        with pytest.raises(NoDigestYet):
            await change


async def test_a_digest_that_is_moved_does_not_come_twice_in_a_week(
    session: AsyncSession, help_channel
):
    await run_due_digests(session, now=MONDAY)

    planned = await set_digest_time(session, **ADMIN, written="friday 9:00", now=MONDAY + DAY)

    assert planned.next_at == MONDAY + WEEK + 4 * DAY


async def test_what_is_due_when_the_digest_is_moved_still_comes(
    session: AsyncSession, help_channel
):
    await set_digest_time(session, **ADMIN, written="friday 9:00", now=MONDAY + MINUTE)

    assert ("weekly_digest", f"{HELP}:{SLOT}") in await owed(session)


@pytest.mark.parametrize(
    ("zone", "changed_at", "comes_at"),
    [
        # It was to come at 8:00 UTC; in Tokyo that hour has passed, in New York it comes later.
        ("Asia/Tokyo", MONDAY - timedelta(hours=1), MONDAY - timedelta(hours=1)),
        ("America/New_York", MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=6)),
        # The week's has come already.
        ("Asia/Tokyo", MONDAY + timedelta(hours=1), MONDAY + WEEK - timedelta(hours=8)),
        ("America/New_York", MONDAY + timedelta(hours=1), MONDAY + WEEK + timedelta(hours=6)),
        ("Pacific/Kiritimati", MONDAY - timedelta(days=3), MONDAY - timedelta(hours=13)),
    ],
)
async def test_in_another_zone_no_week_is_lost_and_none_is_told_twice(
    session: AsyncSession, help_channel, zone: str, changed_at: datetime, comes_at: datetime
):
    await run_due_digests(session, now=changed_at)

    planned = await set_digest_time(session, **ADMIN, written=f"monday 9 {zone}", now=changed_at)

    assert planned.next_at == comes_at
    await run_due_digests(session, now=MONDAY + 2 * WEEK + 7 * HOUR)
    assert await slots_of(session) == ["2026-W49", "2026-W50", "2026-W51"]


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "Pacific/Kiritimati"])
async def test_a_personal_digest_follows_its_person_and_comes_once_a_week(
    session: AsyncSession, help_channel, zone: str
):
    """Ben leaves Rome an hour before it comes there."""
    monday = Schedule(0, 9, 0, "Europe/Rome")
    await save_schedule(session, TEAM, "personal", BEN, monday, now=NOW)
    await help_out(session, by=BEN, seconds=0)
    ticks = Ticks(session)
    for hours in range(-30, 15 * 24):
        if hours == 0:
            await learn(session, BEN, timezone=zone)
        if hours % 24 == 0:  # there is something to tell each week
            at = MONDAY + hours * HOUR - NOW
            await help_out(session, by=BEN, seconds=at.total_seconds() + 10)
        now = MONDAY + (hours - 1) * HOUR
        if ticks.matters(now) or hours == 0:
            await ticks.tick(now)

    runs = await runs_of(session, BEN)
    assert [run.slot for run in runs] == ["2026-W49", "2026-W50", "2026-W51"]
    assert all(run.skipped_at is None for run in runs)


@pytest.mark.parametrize(
    ("schedule", "around"),
    [
        (Schedule(4, 0, 0, "Africa/Cairo"), "2026-04-24"),  # midnight does not exist
        (Schedule(3, 23, 30, "Africa/Cairo"), "2026-10-29"),  # and comes twice
        (Schedule(6, 0, 0, "America/Santiago"), "2026-09-06"),
        (Schedule(5, 23, 30, "America/Santiago"), "2026-04-04"),
        (Schedule(6, 2, 30, "Europe/Berlin"), "2026-03-29"),
        (Schedule(6, 2, 30, "Europe/Berlin"), "2026-10-25"),
        (Schedule(0, 9, 0, "Asia/Kolkata"), "2026-12-14"),
        (Schedule(0, 9, 0, "Pacific/Kiritimati"), "2026-12-14"),
    ],
)
async def test_every_local_week_has_its_digest_whatever_the_clock_does(
    session: AsyncSession, help_channel, schedule: Schedule, around: str
):
    day = datetime.fromisoformat(around).replace(tzinfo=UTC)
    await save_schedule(session, TEAM, WEEKLY_DIGEST, "", schedule, now=day - 9 * DAY)

    now, ticks = day - 9 * DAY, Ticks(session)
    while now < day + 9 * DAY:
        now += timedelta(minutes=50)
        if ticks.matters(now):
            await ticks.tick(now)

    runs = await runs_of(session, HELP)
    days = [run.until.astimezone(ZoneInfo(schedule.timezone)).date() for run in runs]
    assert [str(each) for each in days] == [str((day + n * WEEK).date()) for n in (-1, 0, 1)]
    assert all(run.skipped_at is None for run in runs)
    assert [run.since for run in runs[1:]] == [run.until for run in runs[:-1]]


async def test_a_monthly_digest_comes_on_the_first_such_day_of_the_month(
    session: AsyncSession, help_channel
):
    first_friday = Schedule(4, 9, 0, "Europe/Rome", MONTHLY)
    await save_schedule(session, TEAM, "health", ADA, first_friday, now=NOW)

    for days in range(1, 100):
        await run_due_digests(session, now=NOW + days * DAY)

    runs = await runs_of(session, ADA)
    assert [run.slot for run in runs] == ["2026-12", "2027-01", "2027-02"]
    assert [run.until.day for run in runs] == [4, 1, 5]
    assert ("health_digest", f"{ADA}:2026-12") in await owed(session)
    assert await slots_of(session) != []  # and the weekly ones meanwhile


async def test_a_monthly_digest_is_worth_making_days_later(session: AsyncSession, help_channel):
    first_friday = Schedule(4, 9, 0, "Europe/Rome", MONTHLY)
    await save_schedule(session, TEAM, "health", ADA, first_friday, now=NOW)

    await run_due_digests(session, now=datetime(2026, 12, 7, 7, tzinfo=UTC))
    await run_due_digests(session, now=datetime(2027, 1, 5, 7, tzinfo=UTC))

    assert [bool(run.skipped_at) for run in await runs_of(session, ADA)] == [False, True]


async def runs_of(session: AsyncSession, subject: str) -> list[DigestRun]:
    rows = await session.scalars(
        select(DigestRun).where(DigestRun.subject == subject).order_by(DigestRun.until)
    )
    return list(rows)


async def slots_of(session: AsyncSession) -> list[str]:
    return [run.slot for run in await runs_of(session, HELP)]


async def test_a_preview_tells_what_would_be_posted_now(session: AsyncSession, help_channel):
    await help_out(session, by=BEN, seconds=10)

    digest = await preview_digest(session, **ADMIN, channel_id=HELP, now=NOW + DAY)

    assert (digest.solved, digest.since, digest.until) == (1, NOW + DAY - WEEK, NOW + DAY)
    assert await count(session, DigestRun) == 0


async def test_a_preview_begins_where_the_last_digest_ended(session: AsyncSession, help_channel):
    await run_due_digests(session, now=MONDAY)

    digest = await preview_digest(session, **ADMIN, channel_id=HELP, now=MONDAY + DAY)

    assert digest.since == MONDAY


async def test_there_is_no_preview_where_no_digest_comes(session: AsyncSession, help_channel):
    await learn_help_channel(session, "C_SECRET", is_private=True, user_ids=[BEN])
    await learn_help_channel(session, "C_LEFT")
    await channels.leave(session, team_id=TEAM, channel_id="C_LEFT", now=NOW)

    for channel_id in ("C_SECRET", "C_LEFT", "C_UNKNOWN"):
        with pytest.raises(NoDigestHere):
            await preview_digest(session, **ADMIN, channel_id=channel_id, now=MONDAY)


async def test_who_has_waited_longest_comes_first_each_week_until_it_ends(
    session: AsyncSession, help_channel
):
    asked = [
        await ask(session, by=asker, seconds=seconds)
        for seconds, asker in ((0, ANA), (1000, ANA), (2000, PIA))
    ]
    await run_due_digests(session, now=MONDAY)
    waiting = (await digest_of(session)).waiting
    assert [each.question_id for each in waiting] == asked

    reply = said("In the drawer.", by=BEN, seconds=60, thread_ts=ts())
    await hear(session, reply, now=reply.sent_at)
    await run_due_digests(session, now=MONDAY + WEEK)

    digest = await digest_of(session, "2026-W50")
    assert digest.has_news
    assert [each.question_id for each in digest.waiting] == asked[1:]

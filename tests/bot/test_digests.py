import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.digests import (
    CATCH_UP_WITHIN,
    WeeklyDigest,
    get_digest_time,
    get_weekly_digest,
    note_posted,
    note_quiet,
    run_due_digests,
    set_digest_time,
)
from bot.errors import NotATime, OnlyAdmins
from bot.messages import hear
from bot.offers import claim
from bot.reuse import note_helped
from bot.schedules import Weekly
from storage import channels
from storage.database import Sessions
from storage.tables import DigestRun
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    ask,
    count,
    learn_help_channel,
    owed,
    said,
    settle_in,
    tick,
    ts,
)

# Ada lives in Rome, so the digest comes at 9:00 there.
MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
SLOT = "2026-W49"


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

    assert planned == (Weekly(0, 9, 0, "Europe/Rome"), MONDAY)


async def test_another_help_channel_does_not_move_the_digest(session: AsyncSession, help_channel):
    await set_digest_time(
        session, team_id=TEAM, user_id=ADA, written="friday 17:30", now=MONDAY - WEEK
    )
    await learn_help_channel(session, "C_SECOND")

    planned = await get_digest_time(session, team_id=TEAM)
    assert planned is not None and planned[0] == Weekly(4, 17, 30, "Europe/Rome")


async def test_only_admins_move_the_digest(session: AsyncSession, help_channel):
    for team_id, user_id in ((TEAM, BEN), (OTHER_TEAM, ADA)):
        with pytest.raises(OnlyAdmins):
            await set_digest_time(
                session, team_id=team_id, user_id=user_id, written="friday 9", now=MONDAY
            )


async def test_a_digest_time_that_is_none_changes_nothing(session: AsyncSession, help_channel):
    with pytest.raises(NotATime):
        await set_digest_time(session, team_id=TEAM, user_id=ADA, written="soon", now=MONDAY)

    assert (await get_digest_time(session, team_id=TEAM) or [None, None])[1] == MONDAY


async def test_a_digest_is_owed_when_its_time_comes_and_not_before(
    session: AsyncSession, help_channel
):
    assert await run_due_digests(session, now=MONDAY - timedelta(seconds=1)) == 0
    assert await run_due_digests(session, now=MONDAY) == 1

    assert ("weekly_digest", f"{HELP}:{SLOT}") in await owed(session)
    planned = await get_digest_time(session, team_id=TEAM)
    assert planned is not None and planned[1] == MONDAY + WEEK


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

    await note_quiet(session, team_id=TEAM, channel_id=HELP, slot=SLOT, now=MONDAY)
    await run_due_digests(session, now=MONDAY + WEEK)

    assert (await digest_of(session, "2026-W50")).since == MONDAY


async def test_a_digest_tells_who_helped_whom_with_what(session: AsyncSession, help_channel):
    await help_out(session, by=BEN, seconds=10)
    await help_out(session, by=BEN, seconds=1010, asker=PIA)
    await help_out(session, by=EVA, seconds=2010)
    await tick(session, ts(2011), by=PIA, seconds=2100)
    await run_due_digests(session, now=MONDAY)

    digest = await digest_of(session)

    ben, eva = digest.credits
    assert (ben.user_id, len(ben.solved), ben.people, ben.helped_too) == (BEN, 2, 2, 0)
    assert (eva.user_id, len(eva.solved), eva.people, eva.helped_too) == (EVA, 1, 1, 1)
    assert (digest.asked, digest.asked_and_solved, digest.waiting) == (3, 3, ())


async def test_first_time_helpers_are_told_first_and_once(session: AsyncSession, help_channel):
    await help_out(session, by=BEN, seconds=10)
    await run_due_digests(session, now=MONDAY)
    week = WEEK.total_seconds()
    for n in range(2):
        await help_out(session, by=BEN, seconds=week + 1000 * n)
    await help_out(session, by=EVA, seconds=week + 5000)
    await run_due_digests(session, now=MONDAY + WEEK)

    first, second = [await digest_of(session, slot) for slot in (SLOT, "2026-W50")]

    assert [(each.user_id, each.is_first_time) for each in first.credits] == [(BEN, True)]
    told = [(each.user_id, each.is_first_time) for each in second.credits]
    assert told == [(EVA, True), (BEN, False)]


async def test_questions_that_wait_are_told_the_oldest_first(session: AsyncSession, help_channel):
    await ask(session, seconds=1000, by=PIA)
    older = await ask(session)
    await claim(session, team_id=TEAM, question_id=older, user_id=BEN, now=MONDAY)
    await run_due_digests(session, now=MONDAY)

    waiting = (await digest_of(session)).waiting

    assert [(each.asker_id, each.claimed_by) for each in waiting] == [(ANA, BEN), (PIA, None)]


async def test_help_that_was_taken_back_or_given_elsewhere_is_not_told(
    session: AsyncSession, help_channel
):
    await help_out(session, by=BEN, seconds=10)
    await tick(session, ts(11), on=False, seconds=60)
    await learn_help_channel(session, "C_SECOND")
    await run_due_digests(session, now=MONDAY)

    assert (await digest_of(session)).credits == ()
    elsewhere = await get_weekly_digest(session, team_id=TEAM, channel_id="C_SECOND", slot=SLOT)
    assert elsewhere is not None and not elsewhere.has_news
    place = {"team_id": OTHER_TEAM, "channel_id": HELP, "slot": SLOT}
    assert await get_weekly_digest(session, **place) is None


async def test_a_posted_digest_is_edited_and_not_posted_again(session: AsyncSession, help_channel):
    await run_due_digests(session, now=MONDAY)
    place = {"team_id": TEAM, "channel_id": HELP, "slot": SLOT}
    await note_posted(session, **place, message_ts="1.5", now=MONDAY)

    assert (await digest_of(session)).message_ts == "1.5"


async def test_what_helped_somebody_later_is_told_in_the_week_it_helped(
    session: AsyncSession, help_channel
):
    await help_out(session, by=BEN, seconds=0)
    await run_due_digests(session, now=MONDAY)
    helped_at = MONDAY + timedelta(days=2)
    await note_helped(session, team_id=TEAM, question_id=1, user_id=PIA, now=helped_at)
    await run_due_digests(session, now=MONDAY + WEEK)

    [credit] = (await digest_of(session, "2026-W50")).credits

    assert (credit.user_id, credit.solved, credit.helped_too) == (BEN, (), 1)
    assert not credit.is_first_time


async def test_a_newcomers_first_question_waits_before_others(session: AsyncSession, help_channel):
    for seconds, asker in ((0, ANA), (1000, ANA), (2000, PIA)):
        await ask(session, by=asker, seconds=seconds)
    await run_due_digests(session, now=MONDAY)

    waiting = (await digest_of(session)).waiting

    assert [each.asker_id for each in waiting] == [ANA, PIA, ANA]

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.claims import claim, pass_on
from bot.experts.nudges import mute
from bot.experts.steps import take_due_steps
from bot.finding.reuse import note_helped
from bot.questions.capture import call_not_a_question
from bot.questions.messages import hear
from bot.recognition.digests import (
    CATCH_UP_WITHIN,
    PERSONAL,
    note_posted,
    run_due_digests,
    save_schedule,
)
from bot.recognition.kudos import thank
from bot.recognition.naming import choose_digests
from bot.recognition.personal import (
    PersonalDigest,
    add_up,
    get_personal_digest,
    plan_personal_digest,
)
from bot.schedules import Schedule
from handlers.blocks.recognition.personal import personal_digest
from storage import channels
from storage.database import Sessions
from storage.questions import questions
from storage.recognition.personal import Helped, Span
from storage.tables import DigestRun, DigestSchedule, Kudos, Outbox, Question
from tests.bot.conftest import (
    ANA,
    BEN,
    EVA,
    HELP,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    answer,
    ask,
    count,
    learn,
    learn_help_channel,
    leave_help_channel,
    owed,
    said,
    settle_in,
    solve,
    tick,
    ts,
)
from tests.bot.recognition.conftest import Ticks

# Ben lives in Rome, so his digest comes at 16:00 there.
FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
SLOT = "2026-W48"
WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
URL = "https://acme.slack.com/"


async def thanked_at(session: AsyncSession, at: datetime, *, user_id: str = BEN) -> None:
    """A fact about this person, given then."""
    session.add(
        Kudos(
            team_id=TEAM,
            kind="thanked",
            giver_id=ANA,
            receiver_id=user_id,
            reason="for the map",
            given_at=at,
        )
    )
    await session.flush()
    await plan_personal_digest(session, team_id=TEAM, user_id=user_id, now=at)


async def digest_of(session: AsyncSession, slot: str = SLOT, **who: str) -> PersonalDigest | None:
    asked = {"team_id": TEAM, "user_id": BEN, **who}
    return await get_personal_digest(session, **asked, slot=slot)


async def told_to(session: AsyncSession, slot: str = SLOT, **who: str) -> PersonalDigest:
    digest = await digest_of(session, slot, **who)
    assert digest is not None
    return digest


async def runs_of(session: AsyncSession, user_id: str = BEN) -> list[DigestRun]:
    rows = await session.scalars(
        select(DigestRun).where(DigestRun.subject == user_id).order_by(DigestRun.until)
    )
    return list(rows)


async def test_the_first_help_plans_a_digest_for_friday_where_the_person_is(
    session: AsyncSession, help_channel
):
    await solve(session)
    await thanked_at(session, NOW + DAY)

    [row] = await session.scalars(select(DigestSchedule).where(DigestSchedule.kind == PERSONAL))
    assert (row.subject, row.weekday, row.hour, row.timezone) == (BEN, 4, 16, "Europe/Rome")
    assert row.next_run_at == FRIDAY


async def test_somebody_we_do_not_know_is_looked_up_when_they_first_helped(
    session: AsyncSession, help_channel
):
    await thanked_at(session, NOW, user_id="U_NEW")

    assert ("read_person", "U_NEW") in await owed(session)


async def test_what_helped_in_the_week_is_told_on_friday(session: AsyncSession, help_channel):
    question_id = await solve(session)
    await note_helped(session, team_id=TEAM, question_id=question_id, user_id=PIA, now=NOW + DAY)
    thanks = {"team_id": TEAM, "giver_id": EVA, "receiver_id": BEN, "reason": "for the map"}
    await thank(session, **thanks, now=NOW + DAY)

    assert await run_due_digests(session, now=FRIDAY) == 1
    assert ("personal_digest", f"{BEN}:{SLOT}") in await owed(session)
    told = (await told_to(session)).help
    assert (told.solved, told.people, told.helped_too, told.reused) == (1, 1, 0, 1)
    assert [(each.question_id, each.people) for each in told.reused_told] == [(question_id, 1)]
    assert [(each.giver_id, each.reason) for each in told.thanks] == [(EVA, "for the map")]


async def test_it_says_what_happened_in_sentences(session: AsyncSession, help_channel):
    await solve(session, "How do I paint?")
    await thanked_at(session, NOW + DAY)
    await run_due_digests(session, now=FRIDAY)

    words = personal_digest(await told_to(session), URL)

    assert words["text"] == (
        "Your help this week: you solved 1 question for 1 person.\n"
        f"• <{URL}archives/{HELP}/p{ts().replace('.', '')}|How do I paint?>\n"
        f"<@{ANA}> thanked you: for the map\n"
        "Thank you for taking the time."
    )


async def test_a_week_in_which_nothing_happened_leaves_no_trace(
    session: AsyncSession, help_channel
):
    await thanked_at(session, NOW)
    await run_due_digests(session, now=FRIDAY)

    await run_due_digests(session, now=FRIDAY + WEEK)

    assert [run.slot for run in await runs_of(session)] == [SLOT]


async def test_after_quiet_weeks_it_is_still_of_this_week(session: AsyncSession, help_channel):
    await thanked_at(session, NOW)
    await run_due_digests(session, now=FRIDAY)
    await thanked_at(session, FRIDAY + 2 * WEEK + DAY)
    await run_due_digests(session, now=FRIDAY + 3 * WEEK)

    words = personal_digest(await told_to(session, "2026-W51"), URL)
    assert words["text"].startswith(f"Your help this week: <@{ANA}> thanked you.")


async def test_what_was_taken_back_is_not_told(session: AsyncSession, help_channel):
    await ask(session)
    reply = await answer(session)
    await tick(session, reply)
    await tick(session, reply, on=False, seconds=130)

    assert ("personal_digest", f"{BEN}:{SLOT}") not in await owed(session)
    await run_due_digests(session, now=FRIDAY)
    assert await runs_of(session) == []


async def test_many_who_tick_at_the_same_time_make_one(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        await thanked_at(session, FRIDAY - HOUR)

    async def one_tick() -> None:
        async with sessions.begin() as session:
            await run_due_digests(session, now=FRIDAY)

    await asyncio.gather(*(one_tick() for _ in range(6)))

    async with sessions.begin() as session:
        assert len(await runs_of(session)) == 1


async def test_the_first_help_of_two_at_the_same_time_plans_one(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)

    async def one_fact() -> None:
        async with sessions.begin() as session:
            await thanked_at(session, NOW)

    await asyncio.gather(*(one_fact() for _ in range(4)))

    async with sessions.begin() as session:
        rows = await session.scalars(select(DigestSchedule).where(DigestSchedule.kind == PERSONAL))
        assert len(rows.all()) == 1


@pytest.mark.parametrize(("late", "is_made"), [(0, True), (1, False)])
async def test_down_over_the_hour_it_comes_late_or_the_next_tells_of_both_weeks(
    session: AsyncSession, help_channel, late: int, is_made: bool
):
    await thanked_at(session, NOW)
    await thanked_at(session, FRIDAY + DAY)

    await run_due_digests(session, now=FRIDAY + CATCH_UP_WITHIN + timedelta(seconds=late))
    await run_due_digests(session, now=FRIDAY + WEEK)

    assert (await digest_of(session) is not None) == is_made
    assert len((await told_to(session, "2026-W49")).help.thanks) == (1 if is_made else 2)


@pytest.mark.parametrize(
    ("zone", "around"),
    [
        ("Africa/Cairo", "2026-04-24"),
        ("Africa/Cairo", "2026-10-30"),
        ("America/Santiago", "2026-04-03"),
        ("America/Santiago", "2026-09-04"),
        ("Europe/Berlin", "2026-03-27"),
        ("Europe/Berlin", "2026-10-23"),
        ("Asia/Kolkata", "2026-12-04"),
        ("Pacific/Kiritimati", "2026-12-04"),
    ],
)
async def test_it_comes_each_friday_at_16_by_the_clock_there(
    session: AsyncSession, help_channel, zone: str, around: str
):
    await learn(session, BEN, timezone=zone)
    friday = datetime.fromisoformat(f"{around}T16:00").replace(tzinfo=ZoneInfo(zone))
    now, ticks = friday.astimezone(UTC) - 9 * DAY, Ticks(session)

    while now < friday + 9 * DAY:
        now += timedelta(minutes=50)
        if ticks.matters(now):
            await thanked_at(session, now - timedelta(minutes=1))
            await ticks.tick(now)

    runs = await runs_of(session)
    came = [run.until.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for run in runs]
    first = friday.replace(tzinfo=None) - WEEK
    assert came == [first + n * WEEK for n in range(3)]
    assert [run.since for run in runs[1:]] == [run.until for run in runs[:-1]]


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "Pacific/Kiritimati"])
@pytest.mark.parametrize("moved", [-30, -1, 1, 30])
async def test_who_moves_gets_one_a_week_and_loses_none(
    session: AsyncSession, help_channel, zone: str, moved: int
):
    await thanked_at(session, FRIDAY - 2 * DAY)
    ticks = Ticks(session)
    for hours in range(-40, 8 * 24):
        if hours == moved:
            await learn(session, BEN, timezone=zone)
        now = FRIDAY + hours * HOUR
        if ticks.matters(now) or hours == moved:
            await thanked_at(session, now - timedelta(minutes=1))
            await ticks.tick(now)

    runs = await runs_of(session)
    assert [run.slot for run in runs] == [SLOT, "2026-W49"]
    assert all(run.skipped_at is None for run in runs)
    assert runs[1].since == runs[0].until


async def test_who_wants_no_digests_gets_none(session: AsyncSession, help_channel):
    await thanked_at(session, NOW)
    await run_due_digests(session, now=FRIDAY)
    who = {"team_id": TEAM, "user_id": BEN}

    await choose_digests(session, **who, wants_digests=False, now=FRIDAY)
    assert await digest_of(session) is None
    await choose_digests(session, **who, wants_digests=True, now=FRIDAY)
    assert await digest_of(session) is not None


async def test_nobody_is_told_whose_account_is_closed_or_unknown(
    session: AsyncSession, help_channel
):
    await thanked_at(session, NOW)
    await thanked_at(session, NOW, user_id="U_UNKNOWN")
    await learn(session, BEN, is_deactivated=True)
    await run_due_digests(session, now=FRIDAY)

    assert await digest_of(session) is None
    assert await digest_of(session, user_id="U_UNKNOWN") is None


async def test_another_workspace_has_none_of_it(session: AsyncSession, help_channel):
    await thanked_at(session, NOW)
    await run_due_digests(session, now=FRIDAY)

    assert await digest_of(session, team_id=OTHER_TEAM) is None


async def test_of_a_channel_they_left_it_tells_no_words(session: AsyncSession, help_channel):
    question_id = await solve(session, "Where is the secret vault?")
    await note_helped(session, team_id=TEAM, question_id=question_id, user_id=PIA, now=NOW + DAY)
    await learn_help_channel(session, is_private=True, user_ids=[ANA, BEN])
    await leave_help_channel(session, BEN)
    await run_due_digests(session, now=FRIDAY)

    words = personal_digest(await told_to(session), URL)

    assert "vault" not in str(words)
    assert "you solved 1 question for 1 person" in words["text"]
    assert "• 1 question that I can no longer show you" in words["text"]
    assert "Answers that I can no longer show you helped 1 more person." in words["text"]


async def test_when_the_question_is_withdrawn_its_words_leave_what_was_told(
    session: AsyncSession, help_channel
):
    question_id = await solve(session, "Where is the secret vault?")
    await run_due_digests(session, now=FRIDAY)
    await posted(session, told=[question_id])
    await session.execute(delete(Outbox))

    await call_not_a_question(
        session, team_id=TEAM, question_id=question_id, user_id=ANA, now=FRIDAY + DAY
    )

    digest = await told_to(session)
    assert digest.message_ts == "1.5"  # edited, not posted again
    assert "vault" not in str(personal_digest(digest, URL))
    assert ("personal_digest", f"{BEN}:{SLOT}") in await owed(session)


async def posted(session: AsyncSession, *, told: list[int]) -> None:
    await note_posted(
        session,
        team_id=TEAM,
        kind=PERSONAL,
        subject=BEN,
        slot=SLOT,
        channel_id="D_BEN",
        message_ts="1.5",
        told=told,
        now=FRIDAY,
    )


async def test_a_question_solved_by_two_replies_and_helped_again_is_one(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)
    await tick(session, await answer(session, "And resend.", seconds=61))
    for user_id in (PIA, EVA):
        await note_helped(
            session, team_id=TEAM, question_id=question_id, user_id=user_id, now=NOW + DAY
        )
    await run_due_digests(session, now=FRIDAY)

    told = (await told_to(session)).help
    assert (told.solved, told.people, told.reused) == (1, 1, 2)
    assert [each.people for each in told.reused_told] == [2]


async def test_hundreds_of_facts_are_told_in_a_few_lines(session: AsyncSession, help_channel):
    for n in range(8):
        await ask(session, f"How do I paint pallet {n}?", seconds=1000 * n)
        reply = said("So.", by=BEN, seconds=1000 * n + 60, thread_ts=ts(1000 * n))
        await hear(session, reply, now=reply.sent_at)
        await tick(session, reply.message_ts, seconds=1000 * n + 70)
    await run_due_digests(session, now=FRIDAY)

    text = personal_digest(await told_to(session), URL)["text"]
    assert "you solved 8 questions for 1 person" in text
    assert text.count("archives") == 5
    assert "• and 3 more questions" in text


def test_an_old_answer_is_told_with_its_month():
    march = datetime(2026, 3, 3, tzinfo=UTC)
    question = Question(
        id=7,
        team_id=TEAM,
        channel_id=HELP,
        message_ts="1.0",
        asker_id=ANA,
        text="How do I paint?",
        asked_at=march,
        solved_at=march,
    )
    facts = [Helped(n, "reused", f"U{n}", 7, ANA, None, NOW) for n in range(3)]

    told = add_up(Span(TEAM, BEN, NOW, FRIDAY), facts, [question])

    text = personal_digest(PersonalDigest(told), URL)["text"]
    assert "Your help this week: your earlier answers helped 3 more people." in text
    assert "Your answer of March helped 3 more people: <" in text


async def test_people_without_news_cost_a_look_and_nothing_is_written(session: AsyncSession):
    schedule = Schedule(4, 16, 0, "UTC")
    for n in range(20):
        await save_schedule(session, TEAM, PERSONAL, f"U{n}", schedule, now=NOW)

    assert await run_due_digests(session, now=FRIDAY + HOUR) == 0
    assert await count(session, DigestRun) == 0


# What still waits


async def rest(session: AsyncSession, number: int = 0) -> int:
    """A question that Ben and Eva were asked to take, and nobody did."""
    question_id = await ask(session, f"Which tariff is form {number}?", seconds=1000 * number)
    while due := await questions.list_due(session, now=FRIDAY - DAY, limit=1):
        await take_due_steps(session, now=due[0].step_at or FRIDAY)
    return question_id


async def test_what_nobody_could_take_comes_again_to_the_few_who_may_know(
    session: AsyncSession, help_channel
):
    await add_topic(session, experts=[BEN, EVA], keywords="tariff")
    waiting = [await rest(session, number) for number in range(5)]

    await run_due_digests(session, now=FRIDAY)

    told = await told_to(session)
    assert [each.question_id for each in told.again] == waiting[:3]
    words = personal_digest(told, URL)
    assert words["text"].startswith("Three questions that you may know the answer to:")
    assert await digest_of(session, user_id=PIA) is None  # was never asked


async def test_what_comes_again_stops_where_it_is_taken_passed_or_not_wanted(
    session: AsyncSession, help_channel
):
    await add_topic(session, experts=[BEN, EVA], keywords="tariff")
    first, second, third = [await rest(session, number) for number in range(3)]
    await run_due_digests(session, now=FRIDAY)
    who = {"team_id": TEAM, "now": FRIDAY}

    await claim(session, **who, question_id=first, user_id=EVA)
    await pass_on(session, **who, question_id=second, user_id=BEN)
    assert [each.question_id for each in (await told_to(session)).again] == [third]
    assert [each.question_id for each in (await told_to(session, user_id=EVA)).again] == [
        second,
        third,
    ]
    await mute(session, team_id=TEAM, user_id=BEN, kind="again")
    assert (await told_to(session)).again == ()
    await leave_help_channel(session, EVA)
    channel = await channels.get(session, TEAM, HELP)
    assert channel is not None
    channel.is_private = True
    assert (await told_to(session, user_id=EVA)).again == ()


async def test_a_posted_digest_gets_nothing_new_that_waits(session: AsyncSession, help_channel):
    await add_topic(session, experts=[BEN, EVA], keywords="tariff")
    first = await rest(session)
    await run_due_digests(session, now=FRIDAY)
    about = {"team_id": TEAM, "kind": PERSONAL, "subject": BEN, "slot": SLOT}
    posted = {"channel_id": "D1", "message_ts": "1.1", "told": [first], "now": FRIDAY}
    await note_posted(session, **about, **posted)

    await rest(session, 1)

    assert [each.question_id for each in (await told_to(session)).again] == [first]

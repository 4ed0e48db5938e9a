import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    AlreadyThanked,
    EnoughThanksForToday,
    NotASponsor,
    NothingToThankFor,
    OnlyAdmins,
    ThanksNeedReason,
)
from bot.finding.reuse import note_helped
from bot.finding.reviews import ask_due_reviews, doubt
from bot.questions.messages import hear
from bot.questions.solutions import accept_solution, withdraw_solution
from bot.recognition.digests import (
    CATCH_UP_WITHIN,
    SPONSOR,
    note_posted,
    owe_digests_about,
    owe_digests_naming,
    run_due_digests,
)
from bot.recognition.kudos import THANKS_A_DAY
from bot.recognition.naming import choose_digests
from bot.recognition.own_digests import get_own_plan, set_own_plan
from bot.recognition.sponsor_digests import (
    SponsorDigest,
    get_sponsor_digest,
    get_sponsor_home,
    preview_sponsor_digest,
)
from bot.recognition.sponsors import (
    Sponsoring,
    get_sponsoring,
    list_sponsoring,
    settle_all_sponsors,
)
from bot.recognition.thanking import draft_thanks, get_said_thanks, thank_from_digest
from bot.schedules import Schedule
from bot.workspaces import join_workspace
from storage import channels
from storage.database import Sessions
from storage.recognition import digests, naming
from storage.tables import DigestRun, Kudos, SponsorThanks, Topic
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
    add_topic,
    ask,
    at,
    count,
    learn,
    learn_help_channel,
    owed,
    said,
    settle_in,
    ts,
)

SUE, SECRET = "U_SUE", "C_SECRET"
# Sue lives in Rome, so her digest comes at 9:30 there.
MONDAY = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)
WEEK, SLOT = timedelta(weeks=1), "2026-W49"
WHO = {"team_id": TEAM, "user_id": SUE}
RUN = {"team_id": TEAM, "kind": SPONSOR, "subject": SUE, "slot": SLOT}


@pytest.fixture
async def sponsored(session: AsyncSession) -> int:
    """Sue sponsors Customs, which the help channel is about; the topic's id."""
    return await settle_in_sponsored(session)


async def settle_in_sponsored(session: AsyncSession) -> int:
    await settle_in(session)
    await learn(session, SUE)
    return await sponsor(session, "Customs", experts=[BEN])


async def sponsor(session: AsyncSession, name: str, **changes: Any) -> int:
    """The help channel is about this topic, which Sue sponsors unless somebody else does."""
    settings = {"sponsor_id": SUE, "channel_id": HELP, "is_channel_topic": True, **changes}
    return (await add_topic(session, name, **settings)).topic_id


async def help_out(
    session: AsyncSession, *, by: str, seconds: float, asker: str = ANA, channel_id: str = HELP
) -> None:
    """A question that this person solves, that many seconds after now."""
    asked = said(f"How do I clear pallet {seconds}?", by=asker, seconds=seconds)
    reply = said("So.", by=by, seconds=seconds + 1, thread_ts=ts(seconds))
    for message in (asked, reply):
        there = replace(message, channel_id=channel_id)
        await hear(session, there, now=message.sent_at)
    await mark(session, seconds, asker=asker, channel_id=channel_id)


async def mark(
    session: AsyncSession,
    seconds: float,
    *,
    asker: str = ANA,
    channel_id: str = HELP,
    on: bool = True,
) -> None:
    """The asker puts ✅ on the reply to what was asked then, or takes it off."""
    change = accept_solution if on else withdraw_solution
    await change(
        session,
        team_id=TEAM,
        channel_id=channel_id,
        message_ts=ts(seconds + 1),
        user_id=asker,
        now=at(seconds + (2 if on else 3)),
    )


async def learn_secret(session: AsyncSession, topic_id: int) -> None:
    """A private help channel about the topic, in which Sue is not."""
    await learn_help_channel(session, SECRET, user_ids=(ANA, BEN, ADA), is_private=True)
    channel = await channels.get(session, TEAM, SECRET)
    assert channel is not None
    channel.topic_id = topic_id
    await session.flush()


async def digest_of(session: AsyncSession, slot: str = SLOT) -> SponsorDigest:
    digest = await get_sponsor_digest(session, team_id=TEAM, sponsor_id=SUE, slot=slot)
    assert digest is not None
    return digest


async def monday(session: AsyncSession) -> SponsorDigest:
    """Monday comes, with what the digest has to say."""
    assert await run_due_digests(session, now=MONDAY) >= 1
    return await digest_of(session)


async def next_at(session: AsyncSession) -> datetime | None:
    sponsoring = await get_sponsoring(session, **WHO)
    return sponsoring.planned.next_at if sponsoring else None


async def thank_first(session: AsyncSession, **changes: Any) -> None:
    """Sue thanks the first person of her digest."""
    digest = await digest_of(session)
    about = {"slot": SLOT, "fact_id": digest.help[0].fact_id, "reason": "Well done."}
    settings = {"team_id": TEAM, "sponsor_id": SUE, "is_public": True, "now": MONDAY}
    await thank_from_digest(session, **{**about, **settings, **changes})


async def said_to(session: AsyncSession) -> Any:
    """How the only thanks are delivered now."""
    fact = (await session.scalars(select(Kudos).where(Kudos.kind == "thanked"))).one()
    return await get_said_thanks(session, TEAM, fact.id)


async def test_who_becomes_a_sponsor_gets_a_digest_on_monday_where_they_are(
    session: AsyncSession, sponsored: int
):
    sponsoring = await get_sponsoring(session, **WHO)

    assert sponsoring is not None
    assert sponsoring.topics == ("Customs",)
    assert sponsoring.planned.schedule == Schedule(0, 9, 30, "Europe/Rome")
    assert sponsoring.planned.next_at == MONDAY


async def test_who_sponsors_nothing_any_more_gets_none(session: AsyncSession, sponsored: int):
    await sponsor(session, "Customs", topic_id=sponsored, sponsor_id=ADA)

    assert await digests.get_schedule(session, TEAM, SPONSOR, SUE) is None
    assert await digests.get_schedule(session, TEAM, SPONSOR, ADA) is not None
    assert await get_sponsoring(session, **WHO) is None


async def test_one_of_two_topics_given_away_keeps_the_digest_and_its_pause(
    session: AsyncSession, sponsored: int
):
    printing = await sponsor(session, "Printing")
    await plan(session, comes=False)
    await sponsor(session, "Printing", topic_id=printing, sponsor_id=None)

    sponsoring = await get_sponsoring(session, **WHO)

    assert sponsoring is not None and sponsoring.planned.paused_at == NOW


def old_topic(team_id: str = TEAM) -> Topic:
    """One whose sponsor, `U_NEW`, has no schedule yet."""
    return Topic(
        team_id=team_id,
        name="Old",
        key="old",
        keywords=[],
        sponsor_id="U_NEW",
        created_by=ADA,
        created_at=NOW,
    )


async def test_a_sponsor_of_before_gets_a_schedule_with_the_next_look(
    session: AsyncSession, help_channel
):
    await join_workspace(session, team_id=TEAM, name="A", url="", bot_user_id="U", now=NOW)
    session.add(old_topic())
    await settle_all_sponsors(session, now=NOW)

    assert await digests.get_schedule(session, TEAM, SPONSOR, "U_NEW") is not None
    assert ("read_person", "U_NEW") in await owed(session)


async def test_saving_a_topic_settles_the_sponsors_of_its_workspace_alone(
    session: AsyncSession, help_channel
):
    session.add_all([old_topic(), old_topic(OTHER_TEAM)])
    await add_topic(session)

    assert await digests.get_schedule(session, TEAM, SPONSOR, "U_NEW") is not None
    assert await digests.get_schedule(session, OTHER_TEAM, SPONSOR, "U_NEW") is None


async def test_a_digest_tells_who_helped_whom_with_what(session: AsyncSession, sponsored: int):
    await help_out(session, by=BEN, seconds=10)
    await help_out(session, by=BEN, seconds=1010, asker=PIA)
    await help_out(session, by=EVA, seconds=2010)
    await note_helped(session, team_id=TEAM, question_id=3, user_id=PIA, now=at(3000))

    digest = await monday(session)

    ben, eva = digest.help
    assert (ben.user_id, ben.solved, ben.people, ben.helped_too, ben.is_first) == (
        BEN, 2, 2, 0, True,
    )  # fmt: skip
    assert (eva.user_id, eva.solved, eva.people, eva.helped_too) == (EVA, 1, 1, 1)
    assert [(d.question.text, d.asker_id) for d in ben.deeds] == [
        ("How do I clear pallet 10?", ANA),
        ("How do I clear pallet 1010?", PIA),
    ]
    assert (digest.asked, digest.solved, digest.helpers) == (3, 3, 2)


async def test_help_with_other_topics_and_other_weeks_is_not_told(
    session: AsyncSession, sponsored: int
):
    await sponsor(session, "Printing", sponsor_id=ADA)
    await help_out(session, by=BEN, seconds=10)

    digest = await monday(session)

    assert not digest.has_news
    assert (digest.helpers, digest.asked) == (0, 0)


async def test_all_topics_of_a_sponsor_are_one_digest(session: AsyncSession, sponsored: int):
    await help_out(session, by=BEN, seconds=10)
    await sponsor(session, "Printing", experts=[EVA])
    await help_out(session, by=EVA, seconds=1010)

    digest = await monday(session)

    assert digest.topics == ("Customs", "Printing")
    assert {each.user_id for each in digest.help} == {BEN, EVA}
    hers = await session.scalars(select(DigestRun).where(DigestRun.kind == SPONSOR))
    assert len(hers.all()) == 1


async def test_two_who_live_off_each_other_come_last(session: AsyncSession, sponsored: int):
    for number in range(3):
        await help_out(session, by=BEN, asker=EVA, seconds=10 + number * 2000)
        await help_out(session, by=EVA, asker=BEN, seconds=1010 + number * 2000)
    await help_out(session, by=PIA, seconds=9010)

    digest = await monday(session)

    assert digest.help[0].user_id == PIA


async def test_help_in_a_channel_the_sponsor_cannot_read_is_counted_without_words(
    session: AsyncSession, sponsored: int
):
    await learn_secret(session, sponsored)
    await help_out(session, by=BEN, seconds=10, channel_id=SECRET)
    asked = said("Where is the secret seal?", seconds=5000)
    await hear(session, replace(asked, channel_id=SECRET), now=asked.sent_at)

    digest = await monday(session)

    [ben] = digest.help
    assert (ben.solved, ben.deeds, ben.unreadable) == (1, (), 1)
    assert (digest.unanswered, digest.unanswered_in_all) == ((), 1)
    assert "secret" not in repr(digest) and "pallet" not in repr(digest)
    assert digest.told == ()


async def test_what_the_sponsor_could_read_once_is_gone_when_they_leave(
    session: AsyncSession, sponsored: int
):
    await learn_secret(session, sponsored)
    await channels.add_member(session, team_id=TEAM, channel_id=SECRET, user_id=SUE)
    await help_out(session, by=BEN, seconds=10, channel_id=SECRET)
    assert (await monday(session)).help[0].deeds

    await channels.remove_member(session, team_id=TEAM, channel_id=SECRET, user_id=SUE)

    assert (await digest_of(session)).help[0].deeds == ()


@pytest.mark.parametrize("flag", ["is_guest", "is_external", "is_deactivated", "is_bot"])
async def test_only_full_members_get_a_digest(session: AsyncSession, sponsored: int, flag: str):
    await help_out(session, by=BEN, seconds=10)
    assert (await monday(session)).has_news

    await learn(session, SUE, **{flag: True})

    assert not (await digest_of(session)).has_news
    with pytest.raises(NotASponsor):
        await preview_sponsor_digest(session, **WHO, now=MONDAY)
    with pytest.raises(NotASponsor):
        await draft_thanks(session, team_id=TEAM, sponsor_id=SUE, slot=SLOT, fact_id=1)


async def test_who_is_no_sponsor_when_it_is_sent_gets_nothing(
    session: AsyncSession, sponsored: int
):
    await help_out(session, by=BEN, seconds=10)
    await monday(session)

    await sponsor(session, "Customs", topic_id=sponsored, sponsor_id=ADA)

    assert not (await digest_of(session)).has_news


async def test_who_wants_no_digests_gets_none_and_what_they_have_stays_right(
    session: AsyncSession, sponsored: int
):
    await help_out(session, by=BEN, seconds=10)
    await monday(session)
    await choose_digests(session, **WHO, wants_digests=False, now=MONDAY)

    assert not (await digest_of(session)).has_news
    sponsoring = await get_sponsoring(session, **WHO)
    assert sponsoring is not None and not sponsoring.is_wanted
    await note_posted(session, **RUN, channel_id="D1", message_ts="1.5", now=MONDAY)
    assert (await digest_of(session)).has_news


async def test_another_workspace_sees_and_thanks_nobody(session: AsyncSession, sponsored: int):
    await help_out(session, by=BEN, seconds=10)
    await monday(session)
    await learn(session, SUE, team_id=OTHER_TEAM)
    theirs = {"team_id": OTHER_TEAM, "sponsor_id": SUE, "slot": SLOT}

    assert await get_sponsor_digest(session, **theirs) is None
    with pytest.raises(NotASponsor):
        await thank_first(session, team_id=OTHER_TEAM)


async def test_who_does_not_want_to_be_named_is_a_colleague(session: AsyncSession, sponsored: int):
    await help_out(session, by=BEN, seconds=10)
    await naming.save(session, team_id=TEAM, user_id=BEN, unnamed_at=NOW)
    await naming.save(session, team_id=TEAM, user_id=ANA, unnamed_at=NOW)

    digest = await monday(session)

    [help] = digest.help
    assert (help.user_id, help.deeds[0].asker_id, digest.named) == (None, None, ())
    assert BEN not in repr(digest) and ANA not in repr(digest)


async def test_a_posted_digest_is_owed_again_when_somebody_opts_out_or_a_question_goes(
    session: AsyncSession, sponsored: int
):
    await help_out(session, by=BEN, seconds=10)
    digest = await monday(session)
    await owed(session)
    posted = {"channel_id": "D1", "message_ts": "1.5", "now": MONDAY}
    await note_posted(session, **RUN, **posted, named=digest.named, told=digest.told)

    for change in (
        owe_digests_naming(session, team_id=TEAM, user_id=BEN, now=MONDAY),
        owe_digests_about(
            session, team_id=TEAM, channel_id=HELP, question_id=1, asked_at=NOW, now=MONDAY
        ),
    ):
        await change
        assert ("sponsor_digest", f"{SUE}:{SLOT}") in await owed(session)


async def test_where_people_are_stuck_is_told(session: AsyncSession, sponsored: int):
    old = await ask(session, "How do I seal a reefer?", seconds=10)
    await ask(session, "How do I weigh a reefer?", by=PIA, seconds=1010)
    await hear(session, said("Drive on.", by=BEN, seconds=1011, thread_ts=ts(1010)), now=at(1011))
    await help_out(session, by=BEN, seconds=2010)
    await doubt(session, team_id=TEAM, question_id=3, user_id=PIA, now=at(3000))

    digest = await monday(session)

    assert [each.question_id for each in digest.unanswered] == [old]
    assert digest.unanswered_in_all == 1
    [stale] = digest.stale
    assert (stale.question.question_id, stale.is_doubted, digest.newly_stale) == (3, True, 1)
    assert digest.without_experts == ()


async def test_what_is_due_for_review_is_told_while_it_waits_and_is_no_news_later(
    session: AsyncSession, sponsored: int
):
    await help_out(session, by=BEN, seconds=10)
    monday_of_review = MONDAY + 27 * WEEK
    await ask_due_reviews(session, now=monday_of_review - timedelta(days=1))
    for now in (monday_of_review, monday_of_review + WEEK):
        await run_due_digests(session, now=now)

    first, second = [await digest_of(session, slot) for slot in ("2027-W23", "2027-W24")]

    assert [each.question.question_id for each in (*first.stale, *second.stale)] == [1, 1]
    assert (first.has_news, second.has_news) == (True, False)


async def test_a_topic_in_demand_without_experts_is_told(session: AsyncSession, sponsored: int):
    await sponsor(session, "Printing")
    await ask(session, "How do I print?", seconds=10)

    assert (await monday(session)).without_experts == (("Printing", 1),)


@pytest.mark.parametrize(("askers", "words"), [(4, None), (5, ("labels",))])
async def test_words_of_fewer_than_five_askers_are_not_told(
    session: AsyncSession, sponsored: int, askers: int, words: Any
):
    channel = await channels.get(session, TEAM, HELP)
    assert channel is not None
    channel.topic_id = None
    await session.flush()
    for number in range(askers):
        text = f"Where are labels of kind{number}?"
        await ask(session, text, by=f"U_{number}", seconds=number * 1000)
    await ask(session, "Where are labels?", by="U_0", seconds=9000)  # again the same person

    demand = (await monday(session)).demand

    assert (demand.words if demand else None) == words


async def test_words_from_a_channel_the_sponsor_cannot_read_are_not_told(
    session: AsyncSession, sponsored: int
):
    await learn_secret(session, sponsored)
    channel = await channels.get(session, TEAM, SECRET)
    assert channel is not None
    channel.topic_id = None
    await session.flush()
    for number in range(6):
        asked = said("Where are labels?", by=f"U_{number}", seconds=number * 1000)
        await hear(session, replace(asked, channel_id=SECRET), now=asked.sent_at)

    assert (await monday(session)).demand is None


@pytest.mark.parametrize(("people", "told"), [(2, 0), (3, 1)])
async def test_what_is_found_again_by_several_is_told(
    session: AsyncSession, sponsored: int, people: int, told: int
):
    await help_out(session, by=BEN, seconds=10)
    for number in range(people):
        await learn(session, f"U_{number}")
        await note_helped(session, team_id=TEAM, question_id=1, user_id=f"U_{number}", now=at(60))

    found = (await monday(session)).found_again

    assert [(each.people, each.has_faq) for each in found] == [(people, False)] * told


async def test_a_week_in_which_nothing_happened_has_no_news(session: AsyncSession, sponsored: int):
    assert not (await monday(session)).has_news


async def test_thanks_are_recorded_once_and_said_where_the_help_was(
    session: AsyncSession, sponsored: int
):
    await help_out(session, by=BEN, seconds=10)
    await monday(session)

    await thank_first(session, reason="You *saved* the ferry.")

    thanks = await said_to(session)
    assert (thanks.giver_id, thanks.receiver_id, thanks.channel_id) == (SUE, BEN, HELP)
    assert (thanks.reason, thanks.question.question_id) == ("You *saved* the ferry.", 1)
    assert (await digest_of(session)).help[0].is_thanked
    kinds = {kind for kind, _ in await owed(session)}
    assert "sponsor_thanks" in kinds and "thanks" not in kinds


async def test_the_same_thanks_sent_twice_count_once(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in_sponsored(session)
        await help_out(session, by=BEN, seconds=10)
        await monday(session)

    async def send() -> bool:
        try:
            async with sessions.begin() as session:
                await thank_first(session)
        except AlreadyThanked:
            return False
        return True

    sent = await asyncio.gather(*(send() for _ in range(4)))

    assert sum(sent) == 1
    async with sessions.begin() as session:
        assert (await said_to(session)).receiver_id == BEN
        assert await count(session, SponsorThanks) == 1


async def test_thanks_can_be_private_and_are_for_who_does_not_want_to_be_named(
    session: AsyncSession, sponsored: int
):
    await help_out(session, by=BEN, seconds=10)
    await monday(session)
    await naming.save(session, team_id=TEAM, user_id=BEN, unnamed_at=NOW)

    await thank_first(session, is_public=True)

    thanks = await said_to(session)
    assert (thanks.receiver_id, thanks.channel_id) == (BEN, None)


async def test_thanks_on_their_way_turn_private_when_they_opt_out_or_the_sponsor_leaves(
    session: AsyncSession, sponsored: int
):
    await learn_secret(session, sponsored)
    await channels.add_member(session, team_id=TEAM, channel_id=SECRET, user_id=SUE)
    await help_out(session, by=BEN, seconds=10, channel_id=SECRET)
    await monday(session)
    await thank_first(session)
    assert (await said_to(session)).channel_id == SECRET

    await channels.remove_member(session, team_id=TEAM, channel_id=SECRET, user_id=SUE)
    assert (await said_to(session)).channel_id is None

    await channels.add_member(session, team_id=TEAM, channel_id=SECRET, user_id=SUE)
    await naming.save(session, team_id=TEAM, user_id=BEN, unnamed_at=NOW)
    assert (await said_to(session)).channel_id is None


async def test_help_the_sponsor_cannot_read_is_thanked_privately_without_words(
    session: AsyncSession, sponsored: int
):
    await learn_secret(session, sponsored)
    await help_out(session, by=BEN, seconds=10, channel_id=SECRET)
    await monday(session)

    await thank_first(session)

    thanks = await said_to(session)
    assert (thanks.channel_id, thanks.question) == (None, None)


async def test_thanks_need_a_reason_and_help_that_stands(session: AsyncSession, sponsored: int):
    await help_out(session, by=BEN, seconds=10)
    fact_id = (await monday(session)).help[0].fact_id
    with pytest.raises(ThanksNeedReason):
        await thank_first(session, reason=" ")
    with pytest.raises(NothingToThankFor):
        await thank_first(session, fact_id=fact_id + 1)

    await mark(session, 10, on=False)

    with pytest.raises(NothingToThankFor):
        await draft_thanks(session, team_id=TEAM, sponsor_id=SUE, slot=SLOT, fact_id=fact_id)


async def test_somebody_elses_button_thanks_nobody(session: AsyncSession, sponsored: int):
    await help_out(session, by=BEN, seconds=10)
    await monday(session)

    with pytest.raises(NotASponsor):
        await thank_first(session, sponsor_id=PIA)


async def test_the_daily_limit_holds_for_sponsors_too(session: AsyncSession, sponsored: int):
    for number in range(THANKS_A_DAY + 1):
        await learn(session, f"U_{number}")
        await help_out(session, by=f"U_{number}", seconds=10 + 1000 * number)
    digest = await monday(session)

    for each in digest.help[:THANKS_A_DAY]:
        await thank_first(session, fact_id=each.fact_id)
    with pytest.raises(EnoughThanksForToday):
        await thank_first(session, fact_id=digest.help[-1].fact_id)


async def test_many_who_tick_at_the_same_time_make_one_digest(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in_sponsored(session)

    async def one_tick() -> None:
        async with sessions.begin() as session:
            await run_due_digests(session, now=MONDAY)

    await asyncio.gather(*(one_tick() for _ in range(6)))

    async with sessions.begin() as session:
        runs = (await session.scalars(select(DigestRun).where(DigestRun.kind == SPONSOR))).all()
        assert [(run.subject, run.slot) for run in runs] == [(SUE, SLOT)]


@pytest.mark.parametrize(("late", "is_made"), [(timedelta(0), True), (timedelta(minutes=1), False)])
async def test_a_late_digest_is_made_within_the_window_and_else_skipped(
    session: AsyncSession, sponsored: int, late: timedelta, is_made: bool
):
    await run_due_digests(session, now=MONDAY + CATCH_UP_WITHIN + late)

    digest = await get_sponsor_digest(session, team_id=TEAM, sponsor_id=SUE, slot=SLOT)
    assert (digest is not None) == is_made


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", "2027-03-29"),  # the Monday after a gap
        ("America/Santiago", "2027-09-06"),
        ("Africa/Cairo", "2027-05-03"),
        ("Pacific/Kiritimati", "2026-12-07"),
    ],
)
async def test_it_comes_at_half_past_nine_of_the_sponsors_clock_all_year(
    session: AsyncSession, sponsored: int, zone: str, day: str
):
    await learn(session, SUE, timezone=zone)
    local = datetime.fromisoformat(f"{day}T09:30").replace(tzinfo=ZoneInfo(zone))
    moment = local.astimezone(UTC)
    await run_due_digests(session, now=moment - timedelta(days=1))

    assert await next_at(session) == moment


async def test_the_digest_follows_who_travels_and_no_week_is_lost(
    session: AsyncSession, sponsored: int
):
    await learn(session, SUE, timezone="America/New_York")
    await run_due_digests(session, now=NOW)

    assert await next_at(session) == MONDAY + timedelta(hours=6)


async def plan(session: AsyncSession, **changes: Any) -> Sponsoring:
    """Change when their digest comes, as in its window."""
    asked = {"written": "monday 9:30", "comes": True, "skips": False, "now": NOW, **WHO}
    await set_own_plan(session, kind=SPONSOR, **{**asked, **changes})
    sponsoring = await get_sponsoring(session, **WHO)
    assert sponsoring is not None
    return sponsoring


async def test_a_sponsor_pauses_resumes_and_skips(session: AsyncSession, sponsored: int):
    await plan(session, comes=False)
    await run_due_digests(session, now=MONDAY)
    assert await get_sponsor_digest(session, team_id=TEAM, sponsor_id=SUE, slot=SLOT) is None

    later = MONDAY + timedelta(hours=1)
    planned = (await plan(session, now=later)).planned
    assert planned.next_at == MONDAY + WEEK
    planned = (await plan(session, skips=True, now=later)).planned
    assert (planned.skipped_at, planned.next_at) == (MONDAY + WEEK, MONDAY + 2 * WEEK)

    await run_due_digests(session, now=MONDAY + WEEK)
    assert await get_sponsor_digest(session, team_id=TEAM, sponsor_id=SUE, slot="2026-W50") is None


async def test_a_sponsor_chooses_the_hour_and_it_stays_theirs_where_they_travel(
    session: AsyncSession, sponsored: int
):
    planned = (await plan(session, written="thursday 16:15")).planned
    assert (planned.schedule.weekday, planned.schedule.hour) == (3, 16)
    assert planned.schedule.timezone == "Europe/Rome"

    await learn(session, SUE, timezone="America/New_York")
    await run_due_digests(session, now=NOW)

    sponsoring = await get_sponsoring(session, **WHO)
    assert sponsoring is not None
    planned = sponsoring.planned
    assert (planned.schedule.weekday, planned.schedule.hour) == (3, 16)
    assert planned.schedule.timezone == "America/New_York"


async def test_home_says_how_it_stands_since_the_last_digest(session: AsyncSession, sponsored: int):
    await help_out(session, by=BEN, seconds=10)
    await ask(session, "Which form is for Turkey?", seconds=4000)

    stands = await get_sponsor_home(session, **WHO, now=MONDAY)

    assert stands is not None
    digest = await preview_sponsor_digest(session, **WHO, now=MONDAY)
    assert (stands.helpers, stands.unanswered) == (digest.helpers, digest.unanswered_in_all)
    assert stands.helpers == 1
    assert await get_sponsor_home(session, team_id=TEAM, user_id=BEN, now=MONDAY) is None


async def test_a_preview_is_what_would_come_now_and_changes_nothing(
    session: AsyncSession, sponsored: int
):
    await help_out(session, by=BEN, seconds=10)

    preview = await preview_sponsor_digest(session, **WHO, now=MONDAY)

    digest = await monday(session)
    assert replace(preview, slot=SLOT) == digest


async def test_only_a_sponsor_previews_and_pauses(session: AsyncSession, sponsored: int):
    for team_id, user_id in ((TEAM, BEN), (TEAM, ADA), (OTHER_TEAM, SUE)):
        who = {"team_id": team_id, "user_id": user_id}
        for change in (
            preview_sponsor_digest(session, **who, now=NOW),
            get_own_plan(session, **who, kind=SPONSOR),
            set_own_plan(
                session, **who, kind=SPONSOR, written="", comes=True, skips=False, now=NOW
            ),
        ):
            with pytest.raises(NotASponsor):
                await change


async def test_an_admin_sees_when_the_sponsors_digests_come(session: AsyncSession, sponsored: int):
    [plan] = await list_sponsoring(session, team_id=TEAM, user_id=ADA)

    assert (plan.sponsor_id, plan.topics, plan.planned.next_at) == (SUE, ("Customs",), MONDAY)
    with pytest.raises(OnlyAdmins):
        await list_sponsoring(session, team_id=TEAM, user_id=SUE)

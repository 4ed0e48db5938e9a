"""Who does not want to be named is not, at once and in what is posted already."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.claims import claim
from bot.questions.capture import call_not_a_question
from bot.questions.messages import erase, hear
from bot.recognition.channel_digest import WeeklyDigest, get_weekly_digest
from bot.recognition.digests import WEEKLY_DIGEST, note_posted, note_quiet, run_due_digests
from bot.recognition.kudos import get_effect
from bot.recognition.naming import choose_digests, choose_to_be_named, is_unnamed, wants_digests
from storage import outbox
from tests.bot.conftest import (
    ADA,
    BEN,
    EVA,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    ask,
    at,
    owed,
    said,
    tick,
    ts,
)
from tests.bot.recognition.test_digests import MONDAY, SLOT, WEEK, help_out

RUN = {"team_id": TEAM, "kind": WEEKLY_DIGEST, "subject": HELP, "slot": SLOT}
DIGEST = ("weekly_digest", f"{HELP}:{SLOT}")


async def digest(session: AsyncSession) -> WeeklyDigest:
    told = await get_weekly_digest(session, team_id=TEAM, channel_id=HELP, slot=SLOT)
    assert told is not None
    return told


async def post(session: AsyncSession) -> None:
    """The week's digest is posted, and nothing is owed any more."""
    await run_due_digests(session, now=MONDAY)
    told = await digest(session)
    await note_posted(
        session,
        **RUN,
        channel_id=HELP,
        message_ts="1.5",
        named=told.named,
        told=told.told,
        now=MONDAY,
    )
    await session.flush()
    for row in await outbox.claim_due(session, now=MONDAY, seconds=0, limit=1000, claim="test"):
        await session.delete(row)
    await session.flush()


async def unname(
    session: AsyncSession, user_id: str, *, is_named: bool = False, now=MONDAY
) -> None:
    await choose_to_be_named(session, team_id=TEAM, user_id=user_id, is_named=is_named, now=now)


async def test_who_is_not_named_still_counts_as_a_colleague(session: AsyncSession, help_channel):
    await help_out(session, by=BEN, seconds=10)
    await help_out(session, by=EVA, seconds=30_000, asker=PIA)
    await post(session)

    await unname(session, BEN)

    told = await digest(session)
    assert (told.solvers, told.solved, told.helpers) == (2, 2, 2)
    assert BEN not in told.named and EVA in told.named
    assert BEN not in str(told)


async def test_nobody_unnamed_is_named_for_asking_or_taking_either(
    session: AsyncSession, help_channel
):
    waiting = await ask(session, by=PIA)
    await claim(session, team_id=TEAM, question_id=waiting, user_id=BEN, now=at(60))
    for user_id in (PIA, BEN):
        await unname(session, user_id)
    await post(session)

    told = await digest(session)
    assert (told.newcomers, told.newcomers_in_all, told.named) == ((), 1, ())
    assert told.waiting[0].is_claimed and told.waiting[0].claimed_by is None


async def test_digests_of_the_last_weeks_that_named_them_are_edited(
    session: AsyncSession, help_channel
):
    await help_out(session, by=BEN, seconds=10)
    await post(session)

    await unname(session, EVA)
    assert DIGEST not in await owed(session)
    await unname(session, BEN, now=MONDAY + 5 * WEEK)
    assert DIGEST not in await owed(session)
    await unname(session, BEN, now=MONDAY + 3 * WEEK)
    assert DIGEST in await owed(session)


async def test_a_digest_on_its_way_is_owed_again_and_a_quiet_one_is_not(
    session: AsyncSession, help_channel
):
    await run_due_digests(session, now=MONDAY)
    [row] = [each for each in await all_owed(session) if (each.kind, each.subject) == DIGEST]
    await unname(session, BEN)
    await session.refresh(row)
    assert row.version == 2  # what is being sent now is not its last word

    await session.delete(row)
    await note_quiet(session, **RUN, now=MONDAY)
    await session.flush()
    await unname(session, BEN)
    assert DIGEST not in await owed(session)


async def all_owed(session: AsyncSession):
    return await outbox.claim_due(session, now=MONDAY, seconds=0, limit=1000, claim="test")


async def test_others_read_that_somebody_is_not_named_and_they_see_all_of_theirs(
    session: AsyncSession, help_channel
):
    await help_out(session, by=BEN, seconds=10)
    await unname(session, BEN)

    others, own = [
        await get_effect(session, team_id=TEAM, user_id=BEN, viewer_id=viewer_id)
        for viewer_id in (ADA, BEN)
    ]

    assert (others.is_private, others.solved, others.evidence) == (True, 0, ())
    assert (own.is_private, own.solved, len(own.evidence)) == (False, 1, 1)


async def test_a_choice_is_taken_back_and_holds_for_one_workspace(
    session: AsyncSession, help_channel
):
    for _ in range(2):
        await unname(session, BEN)
    assert await is_unnamed(session, TEAM, BEN)
    assert not await is_unnamed(session, OTHER_TEAM, BEN)

    await unname(session, BEN, is_named=True)
    assert not await is_unnamed(session, TEAM, BEN)


async def test_digests_are_wanted_until_somebody_says_otherwise(
    session: AsyncSession, help_channel
):
    who = {"team_id": TEAM, "user_id": BEN}
    await unname(session, BEN)
    assert await wants_digests(session, TEAM, BEN)

    await choose_digests(session, **who, wants_digests=False, now=MONDAY)
    assert not await wants_digests(session, TEAM, BEN)
    assert await is_unnamed(session, TEAM, BEN)  # the other choice stands

    await choose_digests(session, **who, wants_digests=True, now=MONDAY)
    assert await wants_digests(session, TEAM, BEN)


@pytest.mark.parametrize("weeks", [0, 30])
async def test_a_deleted_question_leaves_the_digest_however_old_it_is(
    session: AsyncSession, help_channel, weeks: int
):
    await help_out(session, by=BEN, seconds=10)
    await post(session)

    place = {"team_id": TEAM, "channel_id": HELP, "message_ts": ts(10)}
    await erase(session, **place, now=MONDAY + weeks * WEEK)

    assert DIGEST in await owed(session)
    told = await digest(session)
    assert (told.solved, told.told) == (1, ())  # the help was given all the same
    assert "pallet" not in str(told)


async def test_what_is_called_no_question_leaves_it_too(session: AsyncSession, help_channel):
    question_id = await ask(session, by=PIA)
    await post(session)

    about = {"team_id": TEAM, "question_id": question_id, "user_id": PIA}
    await call_not_a_question(session, **about, now=MONDAY)

    assert DIGEST in await owed(session)
    assert not (await digest(session)).has_news


async def test_a_question_that_no_digest_told_of_changes_none(session: AsyncSession, help_channel):
    await post(session)
    question_id = await ask(session, by=PIA, seconds=(MONDAY - at()).total_seconds() + 60)

    about = {"team_id": TEAM, "question_id": question_id, "user_id": PIA}
    await call_not_a_question(session, **about, now=MONDAY + WEEK)

    assert DIGEST not in await owed(session)


async def test_the_hardest_question_and_what_was_found_again_are_told(
    session: AsyncSession, help_channel
):
    await help_out(session, by=BEN, seconds=10)
    await ask(session, "How do I paint a long pallet?", by=PIA, seconds=30_000)
    reply = said("So.", by=EVA, seconds=90_000, thread_ts=ts(30_000))
    await hear(session, reply, now=reply.sent_at)
    await tick(session, reply.message_ts, by=PIA, seconds=120_000)
    await post(session)

    hardest = (await digest(session)).hardest

    assert hardest is not None
    assert (hardest.was_open.total_seconds(), hardest.authors) == (90_000, (EVA,))
    await unname(session, EVA)
    hardest = (await digest(session)).hardest
    assert hardest is not None and hardest.authors == (None,)

from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.claims import claim
from bot.experts.newcomers import PATIENCE, NewcomerNote, get_newcomer_note, note_told
from bot.experts.nudges import NEWCOMER, mute
from bot.experts.steps import take_due_steps
from bot.questions.capture import call_not_a_question
from bot.questions.messages import hear
from storage import outbox
from storage.tables import Nudge
from tests.bot.conftest import (
    ADA,
    ANA,
    ASKED,
    BEN,
    EVA,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    answer,
    ask,
    at,
    count,
    learn,
    learn_help_channel,
    said,
    tick,
    ts,
)

DAYS = 3 * 86_400


async def told(session: AsyncSession) -> dict[str, datetime]:
    """Who is owed a note about the question, and when it is due."""
    later = at(30 * DAYS)
    rows = await outbox.claim_due(session, now=later, seconds=0, limit=1000, claim="test")
    return {
        row.subject.partition(":")[2]: row.due_at for row in rows if row.kind == "newcomer_note"
    }


async def note_of(
    session: AsyncSession, question_id: int, user_id: str = ADA, team_id: str = TEAM
) -> NewcomerNote | None:
    return await get_newcomer_note(session, team_id, question_id, user_id)


async def test_without_a_topic_admins_who_can_read_it_are_told(session: AsyncSession, help_channel):
    for user_id in ("U_ADB", "U_ADC", "U_ADX"):
        await learn(session, user_id, is_admin=True, is_external=user_id == "U_ADX")
    question_id = await ask(session)

    due = await told(session)

    assert due == dict.fromkeys((ADA, "U_ADB"), at() + PATIENCE)
    assert await note_of(session, question_id) == NewcomerNote(
        question_id, ADA, ANA, HELP, ts(), ASKED
    )


async def test_of_a_private_channel_only_its_members_are_told(session: AsyncSession, help_channel):
    await learn_help_channel(session, is_private=True, user_ids=[ANA, BEN])
    question_id = await ask(session)

    assert await told(session) == {}
    assert await note_of(session, question_id) is None


@pytest.mark.parametrize(("sponsor", "receiver"), [(PIA, PIA), (None, ADA)])
async def test_who_runs_the_topic_is_told_once_nobody_is_left_to_ask(
    session: AsyncSession, help_channel, sponsor: str | None, receiver: str
):
    await add_topic(session, keywords="tariff", experts=[BEN], sponsor_id=sponsor)
    question_id = await ask(session)
    assert await told(session) == {}

    for _ in range(20):
        await take_due_steps(session, now=at(DAYS))

    assert list(await told(session)) == [receiver]
    assert await note_of(session, question_id, receiver) is not None


async def test_they_are_told_in_their_own_hours(session: AsyncSession, help_channel):
    await learn(session, ADA, is_admin=True, timezone="America/Chicago")
    await ask(session)

    assert await told(session) == {ADA: at() + timedelta(hours=6)}  # nine in Chicago


async def test_a_later_question_is_told_to_nobody(session: AsyncSession, help_channel):
    await ask(session)
    await told(session)
    await hear(session, said("Right", by=BEN, seconds=290), now=at(290))
    await ask(session, seconds=300)

    assert list(await told(session)) == [ADA]  # of the first, still


async def test_where_the_helpdesk_has_it_nobody_is_told(session: AsyncSession, help_channel):
    await learn_help_channel(session, "C_DESK", user_ids=[BEN])
    await add_topic(session, keywords="tariff", hand_off_channel_id="C_DESK")
    await ask(session)

    assert await told(session) == {}


async def test_an_answer_or_an_end_leaves_nothing_to_tell(session: AsyncSession, help_channel):
    question_id = await ask(session)
    reply = await answer(session)
    assert await note_of(session, question_id) is None

    await tick(session, reply)
    assert await note_of(session, question_id) is None


async def test_a_withdrawn_question_is_not_told_of(session: AsyncSession, help_channel):
    question_id = await ask(session)
    await call_not_a_question(
        session, team_id=TEAM, question_id=question_id, user_id=ANA, now=at(60)
    )

    assert await note_of(session, question_id) is None


async def test_who_took_it_without_a_word_does_not_end_the_wait(
    session: AsyncSession, help_channel
):
    question_id = await ask(session)
    await claim(session, team_id=TEAM, question_id=question_id, user_id=EVA, now=at(60))

    assert await note_of(session, question_id) is not None


async def test_a_question_that_finds_its_topic_is_asked_first(session: AsyncSession, help_channel):
    await add_topic(session, "Seals", keywords="seal", experts=[BEN])
    question_id = await ask(session)
    await hear(session, said("It has a seal.", seconds=20), now=at(20))

    assert await note_of(session, question_id) is None


async def test_they_are_told_once(session: AsyncSession, help_channel):
    question_id = await ask(session)
    for _ in range(2):
        await note_told(session, team_id=TEAM, question_id=question_id, user_id=ADA, now=at(9))

    assert await note_of(session, question_id) is None
    assert await count(session, Nudge) == 1


async def test_another_workspace_is_told_nothing(session: AsyncSession, help_channel):
    question_id = await ask(session)
    await note_told(session, team_id=OTHER_TEAM, question_id=question_id, user_id=ADA, now=at(9))

    assert await note_of(session, question_id, team_id=OTHER_TEAM) is None
    assert await count(session, Nudge) == 0


async def test_who_asked_or_does_not_want_it_is_not_told(session: AsyncSession, help_channel):
    question_id = await ask(session, by=ADA)
    assert await note_of(session, question_id) is None

    other = await ask(session, by=PIA, seconds=300)
    assert await note_of(session, other) is not None
    await mute(session, team_id=TEAM, user_id=ADA, kind=NEWCOMER)
    assert await note_of(session, other) is None

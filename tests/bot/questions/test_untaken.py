"""What an asker hears when nobody took their question."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts import steps
from bot.experts.claims import claim
from bot.experts.nudges import UNTAKEN, mute
from bot.questions.untaken import UntakenNote, get_untaken_note, note_told
from storage.questions import questions
from tests.bot.conftest import (
    ANA,
    BEN,
    HELP,
    OTHER_TEAM,
    TEAM,
    add_topic,
    answer,
    ask,
    at,
    owed,
)

DAY = 24 * 3600


async def pass_time(session: AsyncSession, question_id: int) -> None:
    """Until nobody is left to ask."""
    question = await questions.get(session, TEAM, question_id)
    assert question is not None
    while question.stage in (steps.FEW, steps.ALL):
        assert question.step_at is not None
        await steps.take_due_steps(session, now=question.step_at)


@pytest.fixture
async def untaken(session: AsyncSession, help_channel) -> int:
    await add_topic(session, experts=[BEN], keywords="tariff")
    question_id = await ask(session)
    await pass_time(session, question_id)
    return question_id


async def note_of(
    session: AsyncSession, question_id: int, team_id: str = TEAM
) -> UntakenNote | None:
    return await get_untaken_note(session, team_id, question_id)


async def test_its_asker_hears_once(session: AsyncSession, untaken: int):
    assert ("untaken_note", str(untaken)) in await owed(session, now=at(30 * DAY))
    note = await note_of(session, untaken)
    assert note is not None and note.was_anybody_asked
    assert note.card.stage == steps.REST
    assert await note_of(session, untaken, OTHER_TEAM) is None

    await note_told(session, TEAM, untaken, now=at(DAY))

    assert await note_of(session, untaken) is None


async def test_where_it_went_is_told(session: AsyncSession, help_channel):
    await add_topic(session, experts=[BEN], keywords="tariff", hand_off_channel_id=HELP)
    question_id = await ask(session)
    await pass_time(session, question_id)

    note = await note_of(session, question_id)

    assert note is not None
    assert (note.card.stage, note.card.hand_off_channel_id) == (steps.HAND_OFF, HELP)


async def test_taken_or_answered_meanwhile_or_unwanted_it_is_not_told(
    session: AsyncSession, untaken: int
):
    await mute(session, team_id=TEAM, user_id=ANA, kind="none of these")
    assert await note_of(session, untaken) is not None
    await claim(session, team_id=TEAM, question_id=untaken, user_id=BEN, now=at(5 * DAY))
    assert await note_of(session, untaken) is None


async def test_an_answer_says_more(session: AsyncSession, untaken: int):
    await answer(session)

    assert await note_of(session, untaken) is None


async def test_who_wants_none_is_told_none(session: AsyncSession, untaken: int):
    await mute(session, team_id=TEAM, user_id=ANA, kind=UNTAKEN)

    assert await note_of(session, untaken) is None


async def test_where_nobody_could_be_asked_the_card_has_said_it(
    session: AsyncSession, help_channel
):
    question_id = await ask(session)

    assert await note_of(session, question_id) is None

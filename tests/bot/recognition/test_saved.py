from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OpenItAgain, QuestionIsGone
from bot.experts.nudges import NUDGES, mute
from bot.recognition.saved import (
    ASKED_AGAIN_AFTER,
    SAVED,
    ask_saved,
    get_saved_question,
    range_of,
    say_saved,
)
from bot.recognition.worked import get_worked_note, note_told
from storage.experts import nudges
from storage.recognition import saved
from storage.tables import SavedTime
from tests.bot.conftest import ANA, BEN, EVA, NOW, OTHER_TEAM, TEAM, answer, ask, owed, solve, tick

LATER = NOW + timedelta(hours=1)
ASKER = {"team_id": TEAM, "user_id": ANA}


async def asked_about(session: AsyncSession) -> list[int]:
    rows = await session.scalars(select(SavedTime.question_id).order_by(SavedTime.asked_at))
    return [*rows.all()]


async def test_an_asker_is_asked_once_what_solved_it_was_told_to_who_helped(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)

    note = await get_worked_note(session, TEAM, BEN, now=LATER)
    assert note is not None
    await note_told(session, team_id=TEAM, user_id=BEN, told=note.listed, now=LATER)

    assert ("saved_time", str(question_id)) in await owed(session)
    asked = await get_saved_question(session, TEAM, question_id)
    assert asked is not None and asked.user_id == ANA
    await say_saved(session, **ASKER, question_id=question_id, said="hour", now=LATER)
    assert await get_saved_question(session, TEAM, question_id) is None
    assert await saved.count_said(session, TEAM, NOW, LATER + LATER.resolution) == {"hour": 1}
    assert await saved.count_said(session, OTHER_TEAM, NOW, LATER + LATER.resolution) == {}


async def test_nobody_is_asked_often_nor_who_wants_none_nor_a_mask(
    session: AsyncSession, help_channel
):
    first = await solve(session)
    second = await ask(session, "How do I print labels?", seconds=4000)
    await ask_saved(session, **ASKER, question_id=first, now=NOW)
    await ask_saved(session, **ASKER, question_id=first, now=NOW)
    await ask_saved(session, **ASKER, question_id=second, now=NOW + ASKED_AGAIN_AFTER / 2)
    assert await asked_about(session) == [first]

    who = {"team_id": TEAM, "question_id": second}
    await ask_saved(session, **who, user_id="asker-1234", now=NOW)
    await mute(session, **ASKER, kind=SAVED)
    await nudges.set_muted(session, **ASKER, kinds=(), among=NUDGES)  # in the window of the others
    await ask_saved(session, **ASKER, question_id=second, now=NOW + 2 * ASKED_AGAIN_AFTER)
    assert await asked_about(session) == [first]

    await ask_saved(session, **who, user_id=EVA, now=NOW)
    assert await asked_about(session) == [first, second]


async def test_another_persons_mark_asks_nobody(session: AsyncSession, help_channel):
    await ask(session)
    reply = await answer(session)
    await tick(session, reply, by=EVA)
    note = await get_worked_note(session, TEAM, BEN, now=LATER)
    if note is not None:
        await note_told(session, team_id=TEAM, user_id=BEN, told=note.listed, now=LATER)

    assert await asked_about(session) == []


async def test_only_who_was_asked_says_and_only_what_was_offered(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)
    about = {"question_id": question_id, "said": "day", "now": LATER}
    with pytest.raises(QuestionIsGone):
        await say_saved(session, **ASKER, **about)
    await ask_saved(session, **ASKER, question_id=question_id, now=NOW)

    for who in ({"team_id": TEAM, "user_id": BEN}, {"team_id": OTHER_TEAM, "user_id": ANA}):
        with pytest.raises(QuestionIsGone):
            await say_saved(session, **who, **about)
    with pytest.raises(OpenItAgain):
        await say_saved(session, **ASKER, **{**about, "said": "years"})


def test_it_is_a_range_of_five_people_and_more():
    assert range_of({"hour": 4}, 5) is None
    found = range_of({"minutes": 2, "hour": 2, "day": 1}, 5)

    assert found is not None
    assert (found.people, round(found.least, 1), found.most) == (5, 5.2, 13.0)

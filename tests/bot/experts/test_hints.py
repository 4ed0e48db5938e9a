from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.hints import PATIENCE, Hint, get_hint, note_hinted
from bot.experts.nudges import CLAIM, HINT, mute
from bot.questions.capture import ask_by_command, call_not_a_question, note_posted
from bot.questions.messages import erase, hear, reword
from bot.text import FileFacts
from storage import outbox
from storage.questions import suggestions
from storage.tables import Nudge
from tests.bot.conftest import (
    ADA,
    ANA,
    ASKED,
    BEN,
    HELP,
    OTHER_TEAM,
    TEAM,
    add_topic,
    answer,
    ask,
    at,
    count,
    question_of,
    said,
    solve,
    tick,
    ts,
)

PICTURE = FileFacts("F1", "label_dock7.png", is_picture=True)
THIN = "The scanner doesn't work today :cry:"


async def hint_of(session: AsyncSession, question_id: int, team_id: str = TEAM) -> Hint | None:
    return await get_hint(session, team_id, question_id)


async def owed_at(session: AsyncSession) -> list[datetime]:
    """When the hints that are owed are due."""
    later = at(3600)
    rows = await outbox.claim_due(session, now=later, seconds=0, limit=100, claim="test")
    return [row.due_at for row in rows if row.kind == "thin_hint"]


async def test_a_thin_question_is_looked_at_again_in_a_minute(session: AsyncSession, help_channel):
    question_id = await ask(session, THIN)

    assert await owed_at(session) == [at() + PATIENCE]
    assert await hint_of(session, question_id) == Hint(question_id, HELP, ANA, None, "")


async def test_a_question_that_says_enough_gets_no_hint(session: AsyncSession, help_channel):
    question_id = await ask(session)

    assert await owed_at(session) == []
    assert await hint_of(session, question_id) is None


async def test_the_topic_says_what_its_experts_will_ask(session: AsyncSession, help_channel):
    await add_topic(session, keywords="scanner", hint="  Which\ndock, which model ")
    question_id = await ask(session, THIN)

    assert await hint_of(session, question_id) == Hint(
        question_id, HELP, ANA, "Customs", "Which dock, which model"
    )


async def test_the_same_message_delivered_twice_owes_one_hint(session: AsyncSession, help_channel):
    await ask(session, THIN)
    await hear(session, said(THIN), now=at())

    assert len(await owed_at(session)) == 1


async def test_the_hint_comes_once(session: AsyncSession, help_channel):
    question_id = await ask(session, THIN)
    for _ in range(2):
        await note_hinted(session, team_id=TEAM, question_id=question_id, now=at(60))

    assert await hint_of(session, question_id) is None
    assert await count(session, Nudge) == 1


async def test_another_workspace_sees_and_notes_nothing(session: AsyncSession, help_channel):
    question_id = await ask(session, THIN)
    await note_hinted(session, team_id=OTHER_TEAM, question_id=question_id, now=at(60))

    assert await hint_of(session, question_id, OTHER_TEAM) is None
    assert await hint_of(session, question_id) is not None


async def test_who_says_more_in_time_gets_no_hint(session: AsyncSession, help_channel):
    question_id = await ask(session, THIN)
    await hear(session, said("It beeps three times.", seconds=20), now=at(20))

    assert await hint_of(session, question_id) is None


async def test_who_edits_in_time_gets_no_hint(session: AsyncSession, help_channel):
    question_id = await ask(session, THIN)
    await reword(session, said("The scanner says E-4711"), now=at(20))

    assert await hint_of(session, question_id) is None


async def test_a_file_says_more_than_words(session: AsyncSession, help_channel):
    await hear(session, said(THIN, files=(PICTURE,)), now=at())

    assert await owed_at(session) == []


async def test_a_file_that_follows_says_more_too(session: AsyncSession, help_channel):
    question_id = await ask(session, THIN)
    await hear(session, said("Here", seconds=20, files=(PICTURE,)), now=at(20))

    assert await hint_of(session, question_id) is None


async def test_an_answer_comes_before_the_hint(session: AsyncSession, help_channel):
    question_id = await ask(session, THIN)
    reply = await answer(session, "Hold the button.", seconds=30)
    assert await hint_of(session, question_id) is None

    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=reply, now=at(40))
    assert await hint_of(session, question_id) is not None


async def test_a_solved_or_withdrawn_question_needs_no_hint(session: AsyncSession, help_channel):
    solved = await ask(session, THIN)
    await tick(session, await answer(session))
    await hear(session, said("Right", by=BEN, seconds=290), now=at(290))
    gone = await ask(session, THIN, seconds=300)
    await call_not_a_question(session, team_id=TEAM, question_id=gone, user_id=ANA, now=at(310))

    assert await hint_of(session, solved) is None
    assert await hint_of(session, gone) is None


async def test_who_is_shown_solved_questions_gets_no_hint(session: AsyncSession, help_channel):
    like = await solve(session, ASKED)
    await hear(session, said("Right", by=BEN, seconds=290), now=at(290))
    question_id = await ask(session, THIN, seconds=300)
    question = await question_of(session, ts(300))
    await suggestions.add(session, question, {like: 0.9}, now=at(300))

    assert await hint_of(session, question_id) is None


async def test_in_a_thread_the_rest_of_it_is_known(session: AsyncSession, help_channel):
    asked = replace(said(THIN, seconds=60), thread_ts=ts())
    await hear(session, asked, mentions_bot=True, now=at(60))

    assert await owed_at(session) == []


async def test_from_the_modal_comes_no_hint_because_it_has_one(session: AsyncSession, help_channel):
    question_id = await ask_by_command(
        session,
        team_id=TEAM,
        channel_id=HELP,
        asker_id=ANA,
        text=THIN,
        topic_id=None,
        now=at(),
    )
    await note_posted(session, team_id=TEAM, question_id=question_id, message_ts=ts(1), now=at(1))

    assert await owed_at(session) == []


@pytest.mark.parametrize(
    ("user_id", "kind", "is_shown"),
    [(ANA, HINT, False), (ANA, CLAIM, True), (ADA, HINT, True), (ANA, "hint ", True)],
)
async def test_who_wants_no_hints_gets_none(
    session: AsyncSession, help_channel, user_id: str, kind: str, is_shown: bool
):
    question_id = await ask(session, THIN)
    await mute(session, team_id=TEAM, user_id=user_id, kind=kind)

    assert (await hint_of(session, question_id) is not None) == is_shown

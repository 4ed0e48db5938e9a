"""What the bot posted for somebody, they can edit and delete."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NothingAsked, NotPostedForYou, OnlyAskerMaySay, QuestionIsGone
from bot.experts.cards import get_asked_by_command
from bot.questions.capture import ask_by_command, note_posted
from bot.questions.posted import get_words, reword, take_back
from storage.questions import questions
from tests.bot.conftest import ANA, ASKED, BEN, HELP, OTHER_TEAM, TEAM, ask, at, card_of, owed, ts


@pytest.fixture
async def posted(session: AsyncSession, help_channel) -> int:
    about = {"team_id": TEAM, "channel_id": HELP, "asker_id": ANA, "topic_id": None}
    question_id = await ask_by_command(session, **about, text=ASKED, now=at())
    post = {"question_id": question_id, "message_ts": ts(1)}
    await note_posted(session, team_id=TEAM, **post, now=at(1))
    return question_id


def about(question_id: int, *, by: str = ANA, team_id: str = TEAM, seconds: float = 60) -> dict:
    who = {"team_id": team_id, "user_id": by}
    return {**who, "question_id": question_id, "now": at(seconds)}


async def test_its_asker_puts_it_in_other_words(session: AsyncSession, posted: int):
    assert await get_words(session, **about(posted)) == ASKED
    await owed(session)

    await reword(session, **about(posted), text="Which form is it for Spain?")

    assert (await card_of(session, posted)).text == "Which form is it for Spain?"
    shown = await get_asked_by_command(session, TEAM, posted)
    assert shown is not None and shown.text == "Which form is it for Spain?"
    assert {("question_post", str(posted)), ("question_card", str(posted))} <= await owed(session)


async def test_its_asker_deletes_it_with_its_words(session: AsyncSession, posted: int):
    await take_back(session, **about(posted))

    question = await questions.get(session, TEAM, posted)
    assert question is not None and (question.text, question.withdrawn_at) == ("", at(60))
    assert ("question_post", str(posted)) in await owed(session)
    with pytest.raises(QuestionIsGone):
        await take_back(session, **about(posted, seconds=70))


async def test_nobody_else_may_and_no_other_workspace(session: AsyncSession, posted: int):
    for change in (get_words, take_back):
        with pytest.raises(OnlyAskerMaySay):
            await change(session, **about(posted, by=BEN))
        with pytest.raises(QuestionIsGone):
            await change(session, **about(posted, team_id=OTHER_TEAM))
    assert (await card_of(session, posted)).text == ASKED


async def test_what_somebody_posted_themselves_they_edit_in_slack(
    session: AsyncSession, help_channel
):
    question_id = await ask(session)

    with pytest.raises(NotPostedForYou):
        await take_back(session, **about(question_id))


async def test_a_question_needs_words(session: AsyncSession, posted: int):
    with pytest.raises(NothingAsked):
        await reword(session, **about(posted), text=" \u200b")

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import FaqExists, FaqNeedsWords, NotASponsor, QuestionIsGone
from bot.finding.faqs import draft_faq, get_faq_entry, get_gone, note_posted, write_faq
from bot.questions.capture import call_not_a_question
from bot.questions.messages import erase
from storage import channels
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    HELP,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    ask,
    learn,
    owed,
    settle_in,
    solve,
    ts,
)

SUE = "U_SUE"
WORDS = {"written_question": "How to amend?", "written_answer": "Press Amend."}


@pytest.fixture
async def question_id(session: AsyncSession) -> int:
    """A solved question of a topic that Sue sponsors."""
    await settle_in(session)
    await learn(session, SUE)
    await add_topic(session, sponsor_id=SUE, channel_id=HELP, is_channel_topic=True)
    return await solve(session)


async def write(session: AsyncSession, question_id: int, **changes: str) -> None:
    settings = {"team_id": TEAM, "user_id": SUE, **WORDS, **changes}
    await write_faq(session, question_id=question_id, **settings, now=NOW)


async def test_a_draft_holds_question_and_answer(session: AsyncSession, question_id: int):
    draft = await draft_faq(session, team_id=TEAM, user_id=SUE, question_id=question_id)

    assert draft.question == "How do I correct the tariff code of a rejected form?"
    assert draft.answer == "Press Amend."


async def test_an_entry_is_owed_to_the_channel_once(session: AsyncSession, question_id: int):
    await write(session, question_id)

    assert ("faq", str(question_id)) in await owed(session)
    entry = await get_faq_entry(session, TEAM, question_id)
    assert entry is not None and (entry.written_by, entry.channel_id) == (SUE, HELP)
    with pytest.raises(FaqExists):
        await write(session, question_id)


async def test_only_the_topics_sponsor_writes_one(session: AsyncSession, question_id: int):
    for user_id in (ANA, BEN, PIA, ADA):
        with pytest.raises(NotASponsor):
            await write(session, question_id, user_id=user_id)
    with pytest.raises(QuestionIsGone):
        await write(session, question_id, team_id=OTHER_TEAM)


async def test_a_sponsor_who_cannot_read_it_learns_nothing(session: AsyncSession, question_id: int):
    channel = await channels.get(session, TEAM, HELP)
    assert channel is not None
    channel.is_private = True
    await session.flush()

    with pytest.raises(QuestionIsGone):
        await draft_faq(session, team_id=TEAM, user_id=SUE, question_id=question_id)


async def test_an_entry_needs_words_and_a_solved_question(session: AsyncSession, question_id: int):
    for field in WORDS:
        with pytest.raises(FaqNeedsWords):
            await write(session, question_id, **{field: " "})
    unsolved = await ask(session, "Where is the seal?", by=PIA, seconds=5000)
    with pytest.raises(QuestionIsGone):
        await write(session, unsolved)


async def test_of_what_was_withdrawn_nothing_is_posted(session: AsyncSession, question_id: int):
    await write(session, question_id)
    await call_not_a_question(session, team_id=TEAM, question_id=question_id, user_id=ANA, now=NOW)

    assert await get_faq_entry(session, TEAM, question_id) is None


async def erase_at(session: AsyncSession, message_ts: str) -> None:
    place = {"team_id": TEAM, "channel_id": HELP, "message_ts": message_ts}
    await erase(session, **place, now=NOW)


@pytest.mark.parametrize("seconds", [0, 60], ids=["the question", "its answer"])
async def test_an_entry_goes_with_what_it_was_made_from(
    session: AsyncSession, question_id: int, seconds: int
):
    await write(session, question_id)
    posted = {"team_id": TEAM, "question_id": question_id, "message_ts": "9.0"}
    await note_posted(session, **posted, now=NOW)
    assert await get_gone(session, TEAM, question_id) is None

    await erase_at(session, ts(seconds))

    assert ("faq_gone", str(question_id)) in await owed(session)
    assert await get_gone(session, TEAM, question_id) == (HELP, "9.0")


async def test_an_entry_whose_source_was_deleted_meanwhile_is_not_posted_or_taken_away(
    session: AsyncSession, question_id: int
):
    await write(session, question_id)
    await erase_at(session, ts(60))
    assert await get_faq_entry(session, TEAM, question_id) is None

    posted = {"team_id": TEAM, "question_id": question_id, "message_ts": "9.0"}
    await note_posted(session, **posted, now=NOW)

    assert ("faq_gone", str(question_id)) in await owed(session)

"""The asker's word against somebody else's ✅, and marks that people put on their own replies."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OnlyAskerMaySay, QuestionIsGone
from bot.experts.stuck import call_stuck
from bot.questions.closing import get_open_offer
from bot.questions.judging import get_judged_note, note_told
from bot.questions.messages import hear
from bot.questions.refusals import has_vouched, refuse, settle_vouched
from storage.questions import questions
from storage.tables import Kudos
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    answer,
    ask,
    at,
    card_of,
    count,
    find,
    learn,
    owed,
    replied,
    tick,
    ts,
)

HOUR, DAY = 3600, 24 * 3600


@pytest.fixture
async def asked(session: AsyncSession, help_channel: str) -> int:
    """A question that Ben answered."""
    await add_topic(session, experts=[BEN, EVA], keywords="tariff")
    question_id = await ask(session)
    await answer(session)
    return question_id


async def not_it(session: AsyncSession, question_id: int, by: str = ANA, **changes) -> bool:
    about = {"team_id": TEAM, "question_id": question_id, "user_id": by, "now": at(HOUR)}
    return await refuse(session, **{**about, **changes})


async def vouched(session: AsyncSession, question_id: int) -> bool:
    question = await questions.get(session, TEAM, question_id)
    assert question is not None
    return question.vouched_at is not None


# An expert's mark


async def test_the_asker_hears_once_of_an_experts_mark(session: AsyncSession, asked: int):
    await tick(session, ts(60), by=EVA)
    assert ("judged_note", str(asked)) in await owed(session)

    note = await get_judged_note(session, TEAM, asked)
    assert note is not None
    assert (note.asker_id, note.author, note.marked_by) == (ANA, "U_Ben", "U_Eva")
    assert note.counts_at is None
    assert await get_judged_note(session, OTHER_TEAM, asked) is None
    await note_told(session, team_id=TEAM, question_id=asked, now=at(200))
    assert await get_judged_note(session, TEAM, asked) is None


async def test_of_their_own_mark_the_asker_hears_nothing(session: AsyncSession, asked: int):
    await tick(session, ts(60), by=EVA)
    await tick(session, ts(60), by=ANA, seconds=130)

    assert await get_judged_note(session, TEAM, asked) is None


async def test_an_asker_who_left_hears_nothing(session: AsyncSession, asked: int):
    await tick(session, ts(60), by=EVA)
    await learn(session, ANA, is_deactivated=True)

    assert await get_judged_note(session, TEAM, asked) is None


async def test_that_was_not_it_takes_the_credit_back_and_asks_on(session: AsyncSession, asked: int):
    await tick(session, ts(60), by=EVA)
    assert (await find(session)).total == 1
    assert await count(session, Kudos) == 1

    assert await not_it(session, asked)

    card = await card_of(session, asked)
    assert card.solutions == () and card.is_stuck and card.next_step is not None
    assert (await find(session)).total == 0
    assert await count(session, Kudos) == 2  # and what takes it back
    for number, marker in enumerate((EVA, ADA, BEN)):  # whoever marks it now
        await tick(session, ts(60), by=marker, seconds=2 * HOUR + number, on=False)
        await tick(session, ts(60), by=marker, seconds=3 * HOUR + number)
    await settle_vouched(session, now=at(3 * DAY))
    assert (await card_of(session, asked)).solutions == ()


async def test_the_asker_can_say_otherwise_later(session: AsyncSession, asked: int):
    await tick(session, ts(60), by=EVA)
    await not_it(session, asked)

    await tick(session, ts(60), by=ANA, seconds=2 * HOUR)

    assert [each.author_id for each in (await card_of(session, asked)).solutions] == [BEN]


async def test_another_reply_can_be_marked_after_one_was_refused(session: AsyncSession, asked: int):
    await tick(session, ts(60), by=EVA)
    await note_told(session, team_id=TEAM, question_id=asked, now=at(200))
    await not_it(session, asked)

    await answer(session, "Ask the broker.", by=PIA, seconds=2 * HOUR)
    await tick(session, ts(2 * HOUR), by=EVA, seconds=3 * HOUR)

    note = await get_judged_note(session, TEAM, asked)
    assert note is not None and note.reply == "Ask the broker."


async def test_only_the_asker_refuses_and_only_what_others_said(session: AsyncSession, asked: int):
    with pytest.raises(OnlyAskerMaySay):
        await not_it(session, asked, BEN)
    with pytest.raises(QuestionIsGone):
        await not_it(session, asked, team_id=OTHER_TEAM)
    assert not await not_it(session, asked)
    await tick(session, ts(60), by=ANA, seconds=HOUR)
    assert not await not_it(session, asked)
    assert (await card_of(session, asked)).solutions != ()


@pytest.mark.parametrize(("marked_by", "is_others"), [(EVA, True), (ANA, False)])
async def test_an_asker_back_in_the_thread_is_offered_to_refuse(
    session: AsyncSession, asked: int, marked_by: str, is_others: bool
):
    await tick(session, ts(60), by=marked_by)

    words = replied("It does not work at all", by=ANA, seconds=HOUR)
    await hear(session, words, now=at(HOUR))

    assert ("open_offer", str(asked)) in await owed(session)
    offer = await get_open_offer(session, TEAM, asked)
    assert offer is not None and offer.is_others_word is is_others


# One's own reply


async def test_a_mark_on_ones_own_reply_waits_for_a_day(session: AsyncSession, asked: int):
    await tick(session, ts(60), by=BEN)

    card = await card_of(session, asked)
    assert card.solutions == () and card.counts_at == at(120 + DAY)
    note = await get_judged_note(session, TEAM, asked)
    assert note is not None and note.counts_at == at(120 + DAY)
    assert not await has_vouched(session, now=at(120 + DAY - 1))
    await settle_vouched(session, now=at(120 + DAY - 1))
    assert (await card_of(session, asked)).solutions == ()

    assert await has_vouched(session, now=at(120 + DAY))
    await settle_vouched(session, now=at(120 + DAY))

    assert [each.author_id for each in (await card_of(session, asked)).solutions] == [BEN]
    assert not await has_vouched(session, now=at(9 * DAY))
    await tick(session, ts(60), by=PIA, seconds=300)  # told late
    assert (await card_of(session, asked)).solutions != ()


@pytest.mark.parametrize("word", ["yes", "no", "stuck", "off", "another"])
async def test_before_that_a_word_of_somebody_else_counts(
    session: AsyncSession, asked: int, word: str
):
    await tick(session, ts(60), by=BEN)
    about = {"team_id": TEAM, "question_id": asked, "user_id": ANA, "now": at(HOUR)}

    if word == "yes":
        await tick(session, ts(60), by=ANA, seconds=HOUR)
    elif word == "no":
        assert await refuse(session, **about)
    elif word == "stuck":
        assert await call_stuck(session, **about)
    elif word == "another":
        await tick(session, ts(60), by=EVA, seconds=HOUR)
    else:
        await tick(session, ts(60), by=BEN, seconds=HOUR, on=False)

    assert not await vouched(session, asked)
    await settle_vouched(session, now=at(3 * DAY))
    solutions = (await card_of(session, asked)).solutions
    assert bool(solutions) is (word in ("yes", "another"))


async def test_a_passer_by_who_marks_their_own_reply_says_nothing(
    session: AsyncSession, help_channel
):
    question_id = await ask(session)
    await tick(session, await answer(session, by=PIA), by=PIA)

    assert not await vouched(session, question_id)
    assert ("judged_note", str(question_id)) not in await owed(session)

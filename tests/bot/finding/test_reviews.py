from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import AlreadyOutdated, OnlyWhoKnowsMayConfirm, QuestionIsGone
from bot.experts.cards import get_card
from bot.finding.reviews import (
    NEXT_DOUBT_AFTER,
    NEXT_NOTE_AFTER,
    REVIEW_AFTER,
    ReviewNote,
    ask_due_reviews,
    call_outdated,
    confirm,
    doubt,
    get_review_note,
    note_posted,
)
from storage.questions import questions
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    PIA,
    TEAM,
    add_topic,
    ask,
    at,
    find,
    learn,
    learn_help_channel,
    owed,
    said,
    settle_in,
    solve,
    tick,
    ts,
)
from tests.bot.recognition.test_kudos import hear_and_mark

LATER = at(120) + REVIEW_AFTER


@pytest.fixture
async def solved_id(session: AsyncSession) -> int:
    """A question about tariff codes, solved by Ben."""
    await settle_in(session)
    return await solve(session)


def by(user_id: str, question_id: int, seconds: float = 500) -> dict:
    return {
        "team_id": TEAM,
        "question_id": question_id,
        "user_id": user_id,
        "now": at(seconds),
    }


async def note_for(session: AsyncSession, user_id: str = BEN, now=None) -> ReviewNote | None:
    return await get_review_note(session, TEAM, user_id, now=now or at(600))


async def asked_about(session: AsyncSession, user_id: str = BEN) -> list[int]:
    note = await note_for(session, user_id)
    return [item.result.question_id for item in note.items] if note else []


async def post(session: AsyncSession, now, user_id: str = BEN) -> None:
    await note_posted(
        session, team_id=TEAM, reviewer_id=user_id, channel_id="D1", message_ts="9.0", now=now
    )


async def test_a_doubt_goes_to_who_answered_and_marks_the_result(
    session: AsyncSession, solved_id: int
):
    assert await doubt(session, **by(PIA, solved_id)) == [BEN]

    assert await asked_about(session) == [solved_id]
    assert ("review_note", BEN) in await owed(session)
    assert (await find(session)).results[0].is_doubted
    card = await get_card(session, TEAM, solved_id)
    assert card is not None and card.is_doubted


async def test_a_second_doubt_asks_nobody_again(session: AsyncSession, solved_id: int):
    await doubt(session, **by(PIA, solved_id))

    assert await doubt(session, **by(ANA, solved_id, 600)) == [BEN]
    assert len(await asked_about(session)) == 1


async def test_when_the_author_is_gone_the_topics_experts_are_asked(
    session: AsyncSession, solved_id: int
):
    topic = await add_topic(session, experts=[EVA, ADA, ANA])
    question = await questions.get(session, TEAM, solved_id)
    assert question is not None
    question.topic_id = topic.topic_id
    await learn(session, BEN, is_deactivated=True)

    assert await doubt(session, **by(PIA, solved_id)) == sorted([EVA, ADA])


async def test_without_author_and_experts_admins_are_asked(session: AsyncSession, solved_id: int):
    await learn(session, BEN, is_deactivated=True)

    assert await doubt(session, **by(PIA, solved_id)) == [ADA]


async def test_when_nobody_is_left_the_warning_stays(session: AsyncSession, solved_id: int):
    for user_id in (BEN, ADA):
        await learn(session, user_id, is_deactivated=True)

    assert await doubt(session, **by(PIA, solved_id)) == []
    assert (await find(session)).results[0].is_doubted


@pytest.mark.parametrize("user_id", [BEN, ADA])
async def test_who_knows_needs_nobody_to_ask(session: AsyncSession, solved_id: int, user_id: str):
    assert await doubt(session, **by(user_id, solved_id)) is None

    assert (await find(session)).results[0].is_outdated
    with pytest.raises(AlreadyOutdated):
        await doubt(session, **by(PIA, solved_id))


async def test_confirmed_with_one_click_it_is_true_again(session: AsyncSession, solved_id: int):
    await doubt(session, **by(PIA, solved_id))

    await confirm(session, **by(BEN, solved_id, 700))

    [result] = (await find(session)).results
    assert (result.is_doubted, result.confirmed_at) == (False, at(700))
    assert await asked_about(session) == []


async def test_what_is_outdated_can_be_confirmed_after_all(session: AsyncSession, solved_id: int):
    await call_outdated(session, **by(BEN, solved_id))

    await confirm(session, **by(BEN, solved_id, 700))

    assert not (await find(session)).results[0].is_outdated


@pytest.mark.parametrize("change", [confirm, call_outdated])
async def test_only_who_knows_may_say_so(session: AsyncSession, solved_id: int, change):
    with pytest.raises(OnlyWhoKnowsMayConfirm):
        await change(session, **by(PIA, solved_id))


@pytest.mark.parametrize("change", [doubt, confirm, call_outdated])
async def test_who_cannot_read_it_learns_nothing(session: AsyncSession, solved_id: int, change):
    await learn_help_channel(session, is_private=True, user_ids=[ANA])

    with pytest.raises(QuestionIsGone):
        await change(session, **by(PIA, solved_id))


async def test_a_new_solution_ends_all_doubt(session: AsyncSession, solved_id: int):
    await call_outdated(session, **by(BEN, solved_id))
    reply = said("Now it is F7.", by=EVA, seconds=800, thread_ts=ts())
    await hear_and_mark(session, reply, by=ANA)

    assert not (await find(session)).results[0].is_outdated


async def test_what_is_outdated_comes_after_what_is_true(session: AsyncSession, help_channel):
    ids = []
    for n in range(2):
        ids.append(await ask(session, f"How do I paint pallet {n}?", seconds=1000 * n))
        reply = said("So.", by=BEN, seconds=1000 * n + 60, thread_ts=ts(1000 * n))
        await hear_and_mark(session, reply, by=ANA)

    await call_outdated(session, **by(BEN, ids[1], 3000))

    assert [each.question_id for each in (await find(session, "paint pallet")).results] == ids


async def solve_several(session: AsyncSession, number: int = 3) -> list[int]:
    ids = []
    for n in range(number):
        ids.append(await ask(session, f"How do I paint pallet {n}?", seconds=1000 * n))
        reply = said("So.", by=BEN, seconds=1000 * n + 60, thread_ts=ts(1000 * n))
        await hear_and_mark(session, reply, by=ANA)
    return ids


async def test_what_grew_old_is_asked_about_in_one_message(session: AsyncSession, help_channel):
    ids = await solve_several(session)

    assert await ask_due_reviews(session, now=LATER - timedelta(days=1)) == 0
    assert await ask_due_reviews(session, now=LATER + timedelta(days=1)) == 3

    assert await asked_about(session) == ids
    assert sum(kind == "review_note" for kind, _ in await owed(session)) == 1
    assert await ask_due_reviews(session, now=LATER + timedelta(days=2)) == 0


async def test_who_had_a_note_lately_is_asked_later(session: AsyncSession, help_channel):
    ids = await solve_several(session)
    now = LATER + timedelta(days=1)
    await post(session, now - timedelta(days=1))

    assert await ask_due_reviews(session, now=now) == 0
    assert await asked_about(session) == []
    assert await ask_due_reviews(session, now=now + NEXT_NOTE_AFTER) == 3
    assert await asked_about(session) == ids


async def test_the_message_is_edited_until_there_is_something_new(
    session: AsyncSession, solved_id: int
):
    await doubt(session, **by(PIA, solved_id))
    await post(session, at(510))

    same = await note_for(session, now=at(520) + NEXT_DOUBT_AFTER)
    assert same is not None and same.message_ts == "9.0"

    other = await ask(session, "How do I paint pallet 1?", seconds=5000)
    reply = said("So.", by=BEN, seconds=5060, thread_ts=ts(5000))
    await hear_and_mark(session, reply, by=ANA)
    await doubt(session, **by(PIA, other, 6000))
    soon = await note_for(session, now=at(6000))
    assert soon is not None and soon.message_ts == "9.0"
    later = await note_for(session, now=at(520) + NEXT_DOUBT_AFTER)
    assert later is not None and later.message_ts is None and len(later.items) == 2


async def test_what_is_solved_no_more_is_not_asked_about(session: AsyncSession, solved_id: int):
    await doubt(session, **by(PIA, solved_id))
    await tick(session, ts(60), on=False, seconds=700)

    assert await asked_about(session) == []


async def test_what_the_reviewer_cannot_read_is_not_shown(session: AsyncSession, solved_id: int):
    await doubt(session, **by(PIA, solved_id))
    await learn_help_channel(session, is_private=True, user_ids=[ANA])

    assert await asked_about(session) == []

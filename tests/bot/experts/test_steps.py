"""What the bot does next about a question: nobody waits without an end."""

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserError
from bot.experts import steps
from bot.experts.availability import come_back, go_away, set_limit
from bot.experts.claims import claim, keep, refer
from bot.experts.closing import NO_ANSWER, UNMARKED
from bot.experts.nudges import get_claim_note, mute
from bot.experts.offer_notes import get_offer_note
from bot.experts.steps import take_due_steps
from bot.experts.stuck import call_stuck
from bot.questions.capture import call_not_a_question
from bot.questions.closing import get_unanswered, open_again, solve_elsewhere
from bot.questions.marking import get_unmarked, mark
from bot.questions.messages import hear
from storage.experts import topics
from storage.questions import questions
from storage.tables import Kudos, Outbox
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    NOW,
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
    learn_help_channel,
    owed,
    replied,
    said,
    tick,
    ts,
)

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
EXPERTS = [BEN, EVA, PIA, ADA]


@pytest.fixture
async def customs(session: AsyncSession, help_channel) -> int:
    """A topic with four experts, and an asker who asked before."""
    earlier = await ask(session, "How do I print a seal?", seconds=-HOUR)
    await press(session, call_not_a_question, earlier, ANA, -HOUR + 1)
    return (await add_topic(session, experts=EXPERTS, keywords="tariff")).topic_id


async def ask_later(session: AsyncSession, seconds: float = 300) -> int:
    return await ask(session, seconds=seconds)


async def steps_until(session: AsyncSession, seconds: float) -> None:
    """The clock ticks each minute until then."""
    question = await questions.list_due(session, now=at(seconds), limit=50)
    while question:
        due = min(each.step_at for each in question)
        await take_due_steps(session, now=max(due, NOW))
        question = await questions.list_due(session, now=at(seconds), limit=50)


async def press(session: AsyncSession, act, question_id: int, user_id: str, seconds: float):
    return await act(
        session, team_id=TEAM, question_id=question_id, user_id=user_id, now=at(seconds)
    )


async def test_the_next_few_are_asked_when_nobody_took_it(session: AsyncSession, customs):
    question_id = await ask_later(session)
    first = set((await card_of(session, question_id)).asked_ids)
    assert len(first) == 2

    await steps_until(session, 300 + 10 * MINUTE - 1)
    assert set((await card_of(session, question_id)).asked_ids) == first

    await steps_until(session, 300 + 10 * MINUTE)
    assert set((await card_of(session, question_id)).asked_ids) == set(EXPERTS)


async def test_the_card_says_what_comes_next_and_when(session: AsyncSession, customs):
    question_id = await ask_later(session)

    card = await card_of(session, question_id)
    assert (card.next_step, card.next_at) == (steps.ASK, at(300 + 10 * MINUTE))

    await steps_until(session, 300 + 10 * MINUTE)
    card = await card_of(session, question_id)
    assert card.next_step == steps.REST  # all are asked; there is no helpdesk


async def test_a_newcomers_first_question_waits_half_as_long(session: AsyncSession, customs):
    await learn(session, "U_NEW")
    question_id = await ask(session, by="U_NEW", seconds=300)

    assert (await card_of(session, question_id)).next_at == at(300 + 5 * MINUTE)


async def test_at_last_it_goes_to_the_helpdesk(session: AsyncSession, customs):
    await learn_help_channel(session, "C_DESK", user_ids=EXPERTS)
    topic = await topics.get(session, TEAM, customs)
    assert topic is not None
    topic.hand_off_channel_id = "C_DESK"
    question_id = await ask_later(session)

    await steps_until(session, 8 * HOUR)

    card = await card_of(session, question_id)
    assert card.next_step == steps.HAND_OFF and card.next_at is not None
    await steps_until(session, (card.next_at - NOW).total_seconds())
    assert (await card_of(session, question_id)).stage == steps.HAND_OFF
    assert ("hand_off", str(question_id)) in await owed(session)


async def test_time_stands_still_while_nobody_works(session: AsyncSession, customs):
    evening = 7 * HOUR + 55 * MINUTE  # five minutes before the experts go home
    question_id = await ask_later(session, evening)

    next_at = (await card_of(session, question_id)).next_at
    assert next_at == NOW.replace(day=24, hour=8, minute=5)


async def test_a_topic_without_anybody_rests_at_once(session: AsyncSession, help_channel):
    await add_topic(session, keywords="tariff")
    question_id = await ask(session)

    card = await card_of(session, question_id)
    assert (card.stage, card.next_step) == (steps.REST, steps.GIVE_UP)


async def test_a_claim_without_a_reply_is_asked_about_once_and_then_given_back(
    session: AsyncSession, customs
):
    question_id = await ask_later(session)
    await press(session, claim, question_id, BEN, 600)
    card = await card_of(session, question_id)
    assert (card.next_step, card.next_at) == (steps.RELEASE, at(600 + 4 * HOUR))

    await steps_until(session, 600 + 2 * HOUR)
    assert ("claim_nudge", f"{question_id}:{BEN}") in await owed(session)
    note = await get_claim_note(session, TEAM, question_id, BEN)
    assert note is not None and note.released_at == at(600 + 4 * HOUR)

    await steps_until(session, 600 + 4 * HOUR)
    card = await card_of(session, question_id)
    assert card.claimed_by is None and BEN not in card.asked_ids
    assert ("released_note", f"{question_id}:{BEN}") in await owed(session)


async def test_still_on_it_gives_a_claim_its_time_again(session: AsyncSession, customs):
    question_id = await ask_later(session)
    await press(session, claim, question_id, BEN, 600)

    assert await press(session, keep, question_id, BEN, 3 * HOUR)
    assert not await press(session, keep, question_id, EVA, 3 * HOUR)
    await steps_until(session, 5 * HOUR)

    assert (await card_of(session, question_id)).claimed_by == BEN


async def test_an_answer_ends_the_asking(session: AsyncSession, customs):
    question_id = await ask(session)
    await answer(session)

    await steps_until(session, 20 * HOUR)

    assert len((await card_of(session, question_id)).asked_ids) == 2


async def test_the_asker_is_reminded_once_and_of_all_together(session: AsyncSession, customs):
    first = await ask(session)
    await answer(session)
    second = await ask(session, "Where is the tariff list?", seconds=HOUR)
    late = replied("In the drawer.", by=EVA, seconds=2 * HOUR)
    reply = said(
        late.text, by=EVA, seconds=2 * HOUR, thread_ts=ts(HOUR), message_ts=late.message_ts
    )
    assert await hear(session, reply, now=at(2 * HOUR))

    await steps_until(session, 25 * HOUR)
    nudges = {subject for kind, subject in await owed(session) if kind == "mark_nudge"}
    assert nudges == {str(first)}
    asker, unmarked = await get_unmarked(session, TEAM, [first, second])
    assert asker == ANA and [each.question_id for each in unmarked] == [first, second]

    await steps_until(session, 300 * HOUR)
    assert {kind for kind, subject in await owed(session) if subject == str(second)} <= {
        "question_card",
        "question_marker",
        "same_elsewhere",
    }


async def test_who_turned_reminders_off_gets_none(session: AsyncSession, customs):
    question_id = await ask(session)
    await answer(session)
    await mute(session, team_id=TEAM, user_id=ANA, kind="mark")

    await steps_until(session, 48 * HOUR)

    assert ("mark_nudge", str(question_id)) not in await owed(session)


@pytest.mark.parametrize(
    ("words", "is_asked", "is_reminded"),
    [
        ("Thanks, that worked", True, True),  # thanks may be early: the day's reminder comes too
        ("works now", True, True),
        ("vielen Dank, hat geklappt", True, True),
        ("Thanks, will try tomorrow", False, True),
        ("Thanks, but it still fails", False, False),  # others are asked on
        ("That didn't work", False, False),
        ("Thank you. Does it also work on dock 4?", False, True),
        ("I am on dock 4", False, True),
    ],
)
async def test_thanks_in_the_thread_ask_at_once_which_reply_worked(
    session: AsyncSession, customs, words: str, is_asked: bool, is_reminded: bool
):
    question_id = await ask(session)
    await answer(session)

    await hear(session, replied(words, by=ANA, seconds=120), now=at(120))

    assert (("mark_hint", str(question_id)) in await owed(session)) is is_asked
    await steps_until(session, 48 * HOUR)
    assert (("mark_nudge", str(question_id)) in await owed(session)) is is_reminded


async def test_the_button_of_a_reply_marks_it_for_the_asker_alone(session: AsyncSession, customs):
    question_id = await ask(session)
    await answer(session)
    _, unmarked = await get_unmarked(session, TEAM, [question_id])
    reply = unmarked[0].replies[0]
    about = {"team_id": TEAM, "question_id": question_id, "answer_id": reply.answer_id}

    with pytest.raises(UserError, match="Only the person who asked"):
        await mark(session, **about, user_id=BEN, now=at(200))
    done = await mark(session, **about, user_id=ANA, now=at(200))
    assert (done.solved_by, done.marked_id) == ("U_Ben", reply.answer_id)

    undone = await mark(session, **about, user_id=ANA, is_on=False, now=at(300))
    assert undone.solved_by is None


async def test_who_is_asked_after_the_card_was_posted_gets_a_message(
    session: AsyncSession, customs
):
    question_id = await ask_later(session)
    await questions.note_card(session, TEAM, question_id, ts(301))
    first = set((await card_of(session, question_id)).asked_ids)

    await steps_until(session, 300 + 10 * MINUTE)

    told = {subject for kind, subject in await owed(session) if kind == "offer_note"}
    assert told == set(EXPERTS) - first
    note = await get_offer_note(session, TEAM, min(told))
    assert note is not None and [item.question_id for item in note.items] == [question_id]

    await press(session, claim, question_id, max(first), 2000)
    note = await get_offer_note(session, TEAM, min(told))
    assert note is None  # another is on it: nothing is left to tell


async def test_a_message_that_is_just_posted_follows_too(session: AsyncSession, customs):
    """Its sender read the question before it was taken, and notes the message afterwards."""
    question_id = await ask_later(session)
    await questions.note_card(session, TEAM, question_id, ts(301))
    await steps_until(session, 300 + 10 * MINUTE)
    told = {subject for kind, subject in await owed(session) if kind == "offer_note"}
    await session.execute(delete(Outbox))

    await press(session, claim, question_id, min(told), 2000)

    assert {("offer_note", each) for each in told} <= await owed(session)


async def test_ask_them_instead_asks_them_and_is_remembered(session: AsyncSession, customs):
    question_id = await ask_later(session)
    asked = (await card_of(session, question_id)).asked_ids
    unasked = next(each for each in EXPERTS if each not in asked)

    await refer(
        session,
        team_id=TEAM,
        question_id=question_id,
        user_id=asked[0],
        to_id=unasked,
        now=at(400),
    )

    card = await card_of(session, question_id)
    assert asked[0] not in card.asked_ids
    assert {each.user_id: each.referred_by for each in card.asked}[unasked] == asked[0]


@pytest.mark.parametrize("to_id", [ANA, "self", "U_GUEST"])
async def test_who_cannot_be_asked_is_not_asked_instead(session: AsyncSession, customs, to_id: str):
    await learn(session, "U_GUEST", is_guest=True)
    question_id = await ask_later(session)
    asked = (await card_of(session, question_id)).asked_ids

    with pytest.raises(UserError, match="I cannot ask"):
        await refer(
            session,
            team_id=TEAM,
            question_id=question_id,
            user_id=asked[0],
            to_id=asked[0] if to_id == "self" else to_id,
            now=at(400),
        )


async def test_who_runs_the_bot_can_find_out_why_nobody_was_asked(
    session: AsyncSession, customs, caplog: pytest.LogCaptureFixture
):
    for user_id in EXPERTS[:3]:
        await go_away(session, team_id=TEAM, user_id=user_id, written="", now=NOW)
    await set_limit(session, team_id=TEAM, user_id=EXPERTS[3], written="0")

    with caplog.at_level("DEBUG", "askaround.asking"):
        question_id = await ask_later(session)

    assert caplog.messages[0] == f"Question {question_id}: nobody asked: 3 away, 1 at their limit"


async def test_who_runs_the_bot_can_find_out_that_it_was_handed_off(
    session: AsyncSession, customs, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level("DEBUG", "askaround.asking"):
        question_id = await ask_later(session)
        await steps_until(session, 48 * HOUR)

    end = f"Question {question_id}: nobody took it in time, rests: its topic has no helpdesk"
    assert caplog.messages[-1] == end


async def test_the_claimer_is_reminded_before_others_are_asked(session: AsyncSession, customs):
    question_id = await ask_later(session)
    await press(session, claim, question_id, EXPERTS[0], 600)
    question = await questions.get(session, TEAM, question_id)
    assert question is not None

    step = await steps.next_step(session, question, now=at(600))

    assert step is not None and (step.kind, step.at) == (steps.REMIND_CLAIM, at(600 + 2 * HOUR))
    assert step.shown == steps.Step(steps.RELEASE, at(600 + 4 * HOUR))
    # A row says what people see coming, as it always did.
    assert (question.next_step, question.step_at) == (steps.RELEASE, step.at)


# Pauses and ends


async def test_an_answer_pauses_as_long_as_the_topic_says(session: AsyncSession, help_channel):
    await add_topic(session, experts=EXPERTS, keywords="tariff", waits="10, 60, 480, 90")
    question_id = await ask(session)
    await answer(session)

    question = await questions.get(session, TEAM, question_id)
    assert question is not None
    assert (question.next_step, question.step_at) == (steps.REMIND, at(60 + 90 * MINUTE))


async def test_what_was_asked_back_and_answered_goes_on_by_itself(session: AsyncSession, customs):
    question_id = await ask(session)
    first = set((await card_of(session, question_id)).asked_ids)
    await answer(session, "Which form is it?")
    await hear(session, replied("Form 4711", by=ANA, seconds=120), now=at(120))
    assert (await card_of(session, question_id)).next_step == steps.GO_ON

    await steps_until(session, 120 + DAY)

    card = await card_of(session, question_id)
    assert set(card.asked_ids) == set(EXPERTS) and card.is_stuck
    assert ("mark_nudge", str(question_id)) not in await owed(session)
    told = (set(EXPERTS) - first).pop()
    note = await get_offer_note(session, TEAM, told)
    assert note is None or note.items[0].tried == ("Which form is it?",)


@pytest.mark.parametrize(("reply", "words"), [("Press Amend.", "ok"), ("Which form?", "thanks")])
async def test_other_words_of_the_asker_leave_the_pause(
    session: AsyncSession, customs, reply: str, words: str
):
    question_id = await ask(session)
    await answer(session, reply)
    await hear(session, replied(words, by=ANA, seconds=120), now=at(120))

    assert (await card_of(session, question_id)).next_step == steps.REMIND


async def test_what_was_answered_and_never_marked_is_closed_in_the_end(
    session: AsyncSession, customs
):
    question_id = await ask(session)
    reply = await answer(session)
    await steps_until(session, DAY + HOUR)
    assert (await card_of(session, question_id)).next_step == steps.SETTLE

    await steps_until(session, 9 * DAY)

    assert (await card_of(session, question_id)).closed_why == UNMARKED
    await tick(session, reply, seconds=10 * DAY)  # a mark still counts
    card = await card_of(session, question_id)
    assert card.solutions != () and card.closed_why == ""


async def test_what_nobody_could_answer_is_closed_after_four_weeks_and_opens_again(
    session: AsyncSession, customs
):
    question_id = await ask_later(session)
    await steps_until(session, 27 * DAY)
    card = await card_of(session, question_id)
    assert (card.stage, card.next_step) == (steps.REST, steps.GIVE_UP)

    await steps_until(session, 34 * DAY)

    assert (await card_of(session, question_id)).closed_why == NO_ANSWER
    assert ("unanswered_note", str(question_id)) in await owed(session)
    told = await get_unanswered(session, TEAM, question_id)
    assert told is not None and told.asker_id == ANA
    assert await press(session, open_again, question_id, ANA, 35 * DAY)
    card = await card_of(session, question_id)
    assert card.closed_why == "" and card.next_step == steps.ASK and len(card.asked) == 2
    assert await get_unanswered(session, TEAM, question_id) is None


async def test_a_helpdesk_ends_it_and_its_asker_can_open_it_again(session: AsyncSession, customs):
    await learn_help_channel(session, "C_DESK", user_ids=EXPERTS)
    topic = await topics.get(session, TEAM, customs)
    assert topic is not None
    topic.hand_off_channel_id = "C_DESK"
    question_id = await ask_later(session)
    assert not await press(session, open_again, question_id, ANA, 400)
    await steps_until(session, 4 * DAY)
    assert (await card_of(session, question_id)).next_step is None

    assert await press(session, open_again, question_id, ANA, 5 * DAY)

    card = await card_of(session, question_id)
    assert card.stage == steps.FEW and card.next_step == steps.ASK
    await steps_until(session, 9 * DAY)
    assert (await card_of(session, question_id)).stage == steps.HAND_OFF


async def test_still_stuck_asks_who_can_be_asked_by_now(session: AsyncSession, customs):
    for user_id in (EVA, PIA, ADA):
        await go_away(session, team_id=TEAM, user_id=user_id, written="", now=NOW)
    question_id = await ask_later(session)
    await steps_until(session, 4 * DAY)
    assert (await card_of(session, question_id)).asked_ids == (BEN,)
    await come_back(session, team_id=TEAM, user_id=EVA, now=at(4 * DAY))

    assert await press(session, call_stuck, question_id, ANA, 5 * DAY)

    assert EVA in (await card_of(session, question_id)).asked_ids


@pytest.mark.parametrize("word", ["Eva", "asker"])
async def test_solved_elsewhere_counts_as_solved_and_credits_nobody(
    session: AsyncSession, customs, word: str
):
    question_id = await ask_later(session)
    if word == "Eva":
        with pytest.raises(UserError, match="who asked, can say that"):
            await press(session, solve_elsewhere, question_id, EVA, 600)
        return

    await press(session, solve_elsewhere, question_id, ANA, 600)

    question = await questions.get(session, TEAM, question_id)
    assert question is not None and question.solved_at == at(600) and question.step_at is None
    assert (await card_of(session, question_id)).is_solved_elsewhere
    assert await count(session, Kudos) == 0 and (await find(session)).total == 0
    assert await press(session, open_again, question_id, ANA, 700)
    card = await card_of(session, question_id)
    assert not card.is_solved_elsewhere and card.next_step is not None

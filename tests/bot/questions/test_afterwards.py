"""What is said once a question is asked."""

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OnlyAskerMaySay, OnlyAskerOrExpertMayOpen, QuestionIsGone
from bot.experts.claims import claim
from bot.experts.closing import LEFT, OVER
from bot.experts.steps import take_due_steps
from bot.experts.stuck import call_stuck
from bot.people import learn_person
from bot.questions.closing import (
    close_it,
    get_close_offer,
    keep_asking,
    open_again,
    say_what_it_was,
)
from bot.questions.me_too import get_solved_note
from bot.questions.messages import hear, reword
from bot.text import FileFacts
from storage.database import Sessions
from storage.experts import nudges
from storage.questions import answers, questions
from storage.questions.answers import ANSWER, ME_TOO, NO_ANSWER
from storage.tables import Answer, Question
from tests.bot.conftest import (
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
    card_of,
    count,
    find,
    learn,
    owed,
    profile,
    replied,
    said,
    settle_in,
    tick,
    ts,
)

DAY = 24 * 3600
ZOE = "U_ZOE"  # a passer-by
PICTURE = FileFacts("F1", "label_dock7.png", is_picture=True)


@pytest.fixture
async def customs(session: AsyncSession, help_channel: str) -> None:
    await add_topic(session, experts=[BEN, EVA, PIA], keywords="tariff")


async def get(session: AsyncSession, question_id: int) -> Question:
    question = await questions.get(session, TEAM, question_id)
    assert question is not None
    return question


async def says(session: AsyncSession, words: str, *, seconds: float = 300) -> None:
    """The asker, in the thread."""
    await hear(session, replied(words, by=ANA, seconds=seconds), now=at(seconds))


async def kind_of(session: AsyncSession, message_ts: str) -> str:
    found = await answers.get_by_message(
        session, team_id=TEAM, channel_id=HELP, message_ts=message_ts
    )
    assert found is not None
    return found.kind


def by(user_id: str, question_id: int, *, team_id: str = TEAM, seconds: float = 600) -> dict:
    return {
        "team_id": team_id,
        "question_id": question_id,
        "user_id": user_id,
        "now": at(seconds),
    }


# Others


async def test_replies_are_told_apart_and_judged_anew_where_they_are_reworded(
    session: AsyncSession, customs
):
    await ask(session)
    me_too = await answer(session, "me too", by=PIA)
    nothing = await answer(session, "following", by=EVA, seconds=70)
    picture = said("", by=BEN, seconds=80, thread_ts=ts(), files=(PICTURE,))

    await hear(session, picture, now=at(80))
    await reword(session, replied("Press Amend first.", by=EVA, seconds=70), now=at(90))

    assert await kind_of(session, me_too) == ME_TOO
    assert await kind_of(session, nothing) == ANSWER
    assert await kind_of(session, picture.message_ts) == ANSWER
    await reword(session, replied("lol", by=EVA, seconds=70), now=at(95))
    assert await kind_of(session, nothing) == NO_ANSWER


async def test_a_me_too_told_twice_is_one(session: AsyncSession, customs):
    question_id = await ask(session)

    for _ in range(2):
        await hear(session, replied("me too", by=PIA), now=at(60))
    await hear(session, replied("same here", by=PIA, seconds=90), now=at(90))

    assert (await card_of(session, question_id)).have_it_too == 1
    assert (await card_of(session, question_id)).answers == 0


async def test_a_note_to_who_has_it_too_comes_while_it_is_solved_and_readable(
    session: AsyncSession, customs
):
    question_id = await ask(session)
    await answer(session, "me too", by=PIA)
    reply = await answer(session, by=BEN, seconds=90)
    assert await get_solved_note(session, TEAM, question_id, PIA) is None

    await tick(session, reply)

    assert ("solved_note", f"{question_id}:{PIA}") in await owed(session)
    note = await get_solved_note(session, TEAM, question_id, PIA)
    assert note is not None and note.result.solution == "Press Amend."
    assert await get_solved_note(session, TEAM, question_id, BEN) is None  # they solved it
    assert await get_solved_note(session, OTHER_TEAM, question_id, PIA) is None
    assert await get_solved_note(session, TEAM, question_id, "U_STRANGER") is None
    await nudges.mute(session, team_id=TEAM, user_id=PIA, kind="me_too")
    assert await get_solved_note(session, TEAM, question_id, PIA) is None


# Still stuck


async def test_still_stuck_lets_the_time_of_rest_pass(session: AsyncSession, customs):
    question_id = await ask(session)
    began = (await get(session, question_id)).routed_at
    assert began is not None
    await answer(session, seconds=120)
    assert (await get(session, question_id)).next_step == "remind"

    await says(session, "Still stuck, none of this worked", seconds=120 + DAY)

    question = await get(session, question_id)
    assert question.routed_at == began + (at(120 + DAY) - at(120))
    assert question.next_step != "remind"
    assert (await card_of(session, question_id)).is_stuck
    await answer(session, "Then resend it.", by=EVA, seconds=200 + DAY)
    assert (await get(session, question_id)).next_step == "remind"
    assert not (await card_of(session, question_id)).is_stuck


async def test_still_stuck_is_the_askers_word_and_counts_once(session: AsyncSession, customs):
    question_id = await ask(session)
    assert await call_stuck(session, **by(ANA, question_id)) is False  # it is asked about
    await answer(session)

    with pytest.raises(OnlyAskerMaySay):
        await call_stuck(session, **by(BEN, question_id))
    with pytest.raises(QuestionIsGone):
        await call_stuck(session, **by(ANA, question_id, team_id=OTHER_TEAM))
    assert await call_stuck(session, **by(ANA, question_id)) is True
    assert await call_stuck(session, **by(ANA, question_id, seconds=601)) is False


async def test_a_claimer_has_their_time_anew(session: AsyncSession, customs):
    question_id = await ask(session)
    await claim(session, **by(BEN, question_id, seconds=30))
    await answer(session)

    await says(session, "thanks, now it says access denied", seconds=5 * 3600)

    question = await get(session, question_id)
    assert (question.claimed_by, question.claimed_at) == (BEN, at(5 * 3600))
    assert question.next_step == "release"


# Over


async def test_what_is_over_is_closed_after_a_day_unless_they_say_otherwise(
    session: AsyncSession, customs
):
    question_id = await ask(session)

    await says(session, "Never mind, found it")

    assert ("close_offer", str(question_id)) in await owed(session)
    question = await get(session, question_id)
    assert (question.next_step, question.step_at) == ("close", at(300 + DAY))
    await take_due_steps(session, now=at(300 + DAY))
    assert (question.closed_why, question.next_step) == (OVER, None)
    assert await get_close_offer(session, TEAM, question_id) is None


async def test_keep_asking_goes_on_where_it_stopped(session: AsyncSession, customs):
    question_id = await ask(session)
    before = await get(session, question_id)
    began, step = before.routed_at, before.next_step
    assert began is not None
    await says(session, "Never mind, found it", seconds=60)

    with pytest.raises(OnlyAskerMaySay):
        await keep_asking(session, **by(BEN, question_id))
    await keep_asking(session, **by(ANA, question_id, seconds=3660))

    after = await get(session, question_id)
    assert after.over_at is None and after.routed_at == began + (at(3660) - at(60))
    assert after.next_step == step


async def test_thanks_without_any_reply_close_nothing_by_themselves(session: AsyncSession, customs):
    question_id = await ask(session)

    await says(session, "it works now, no idea why")

    assert ("close_offer", str(question_id)) in await owed(session)
    assert (await get(session, question_id)).over_at is None


async def test_never_mind_in_the_channel_is_no_follow_up_and_thanks_there_are_nothing(
    session: AsyncSession, customs
):
    question_id = await ask(session)

    await hear(session, said("Thanks!", seconds=20), now=at(20))
    assert (await get(session, question_id)).over_at is None
    await hear(session, said("never mind, solved it", seconds=30), now=at(30))

    question = await get(session, question_id)
    assert question.over_at == at(30)
    assert "never mind" not in question.text
    again = said("Where is the key of gate 4?", seconds=60)
    assert await hear(session, again, now=at(60))  # what follows is another question
    assert await count(session, Question) == 2


async def test_words_that_an_edit_took_back_are_gone_once_it_is_closed(
    session: AsyncSession, customs
):
    question_id = await ask(session)
    await reword(session, said("-"), now=at(60))
    assert (await get(session, question_id)).text == ASKED  # so that the offer says which one

    with pytest.raises(OnlyAskerMaySay):
        await close_it(session, **by(PIA, question_id))
    await close_it(session, **by(ANA, question_id))
    await close_it(session, **by(ANA, question_id))

    question = await get(session, question_id)
    assert (question.text, question.closed_why) == ("-", OVER)


async def test_the_same_edit_told_twice_offers_once(session: AsyncSession, customs):
    question_id = await ask(session)
    await reword(session, said("Please ignore"), now=at(60))
    await keep_asking(session, **by(ANA, question_id))

    await reword(session, said("Please ignore"), now=at(700))  # read again after an absence

    assert (await get(session, question_id)).over_at is None


async def test_an_edit_of_a_solved_question_is_an_edit(session: AsyncSession, customs):
    question_id = await ask(session)
    await tick(session, await answer(session))

    await reword(session, said(f"{ASKED}\nEDIT: solved, thanks Ben"), now=at(300))

    question = await get(session, question_id)
    assert question.over_at is None and "thanks Ben" in question.text


async def test_who_closes_it_can_say_what_it_was_and_open_it_again(session: AsyncSession, customs):
    question_id = await ask(session)
    (await get(session, question_id)).card_ts = ts(5)
    await close_it(session, **by(ANA, question_id))

    await say_what_it_was(session, **by(ANA, question_id), words="Another tab was open.")

    await learn(session, ZOE)
    assert (await find(session)).results[0].solution == "Another tab was open."
    with pytest.raises(OnlyAskerOrExpertMayOpen):
        await open_again(session, **by(ZOE, question_id))
    assert await open_again(session, **by(ANA, question_id, seconds=900)) is True
    assert await open_again(session, **by(ANA, question_id, seconds=901)) is False
    assert (await find(session)).results == ()
    question = await get(session, question_id)
    assert question.next_step is not None and question.closed_at is None


async def test_a_mark_after_it_was_opened_again_counts(session: AsyncSession, customs):
    question_id = await ask(session)
    reply = await answer(session)
    await tick(session, reply)
    await open_again(session, **by(ANA, question_id))
    assert (await get(session, question_id)).solved_at is None

    await tick(session, reply, seconds=700, on=False)
    await tick(session, reply, seconds=800)

    assert (await get(session, question_id)).solved_at == at(800)


async def test_a_mark_solves_what_was_closed(session: AsyncSession, customs):
    question_id = await ask(session)
    reply = await answer(session)
    await close_it(session, **by(ANA, question_id))

    await tick(session, reply, seconds=700)

    question = await get(session, question_id)
    assert question.solved_at is not None and question.closed_at is None


async def test_an_asker_who_left_is_waited_for_no_more(session: AsyncSession, customs):
    question_id = await ask(session)

    await learn_person(session, team_id=TEAM, profile=profile(ANA, is_deactivated=True), now=at(60))
    await take_due_steps(session, now=at(60))

    question = await get(session, question_id)
    assert (question.closed_why, question.step_at) == (LEFT, None)


async def test_two_presses_at_the_same_time_ask_on_once(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        await add_topic(session, experts=[BEN, EVA, PIA], keywords="tariff")
        question_id = await ask(session)
        await answer(session)

    async def press(seconds: float) -> bool:
        async with sessions.begin() as session:
            return await call_stuck(session, **by(ANA, question_id, seconds=seconds))

    assert sorted(await asyncio.gather(press(600), press(600.5))) == [False, True]


async def test_replies_under_a_follow_up_are_the_questions_in_its_workspace_alone(
    session: AsyncSession, customs
):
    question_id = await ask(session)
    await hear(session, said("It is form 4711.", seconds=30), now=at(30))

    reply = said("Press Amend.", by=BEN, seconds=60, thread_ts=ts(30))
    assert await hear(session, reply, now=at(60))
    elsewhere = said("Press it.", by=BEN, seconds=61, thread_ts=ts(30), team_id=OTHER_TEAM)
    assert not await hear(session, elsewhere, now=at(61))

    assert await count(session, Answer) == 1
    assert (await card_of(session, question_id)).answers == 1

import random

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import AlreadySolved, QuestionIsGone
from bot.experts.cards import ReusedView, get_card
from bot.finding.reviews import call_outdated
from bot.questions.messages import hear
from bot.questions.solutions import accept_solution
from bot.questions.suggestions import (
    HIGHEST,
    LOWEST,
    PATIENCE,
    START,
    Suggestions,
    accept_suggestion,
    decline_suggestions,
    get_suggestions,
    likeness_needed,
    suggest_to_newcomer,
)
from bot.recognition.kudos import get_effect
from storage.tables import Outbox
from tests.bot.conftest import (
    ANA,
    ASKED,
    BEN,
    EVA,
    HELP,
    PIA,
    TEAM,
    answer,
    ask,
    at,
    find,
    learn,
    learn_help_channel,
    said,
    settle_in,
    solve,
    tick,
    ts,
)
from tests.bot.recognition.test_kudos import hear_and_mark

AGAIN = "How can I correct the tariff code of a form that was rejected?"


@pytest.fixture
async def solved_id(session: AsyncSession) -> int:
    """A question about tariff codes, solved by Ben."""
    await settle_in(session)
    return await solve(session)


async def ask_again(session: AsyncSession, text: str = AGAIN, by: str = PIA) -> int:
    return await ask(session, text, by=by, seconds=5000)


async def shown_of(session: AsyncSession, question_id: int) -> Suggestions:
    shown = await get_suggestions(session, TEAM, question_id)
    assert shown is not None
    return shown


async def due(session: AsyncSession, kind: str, question_id: int) -> Outbox | None:
    return await session.scalar(
        select(Outbox)
        .where(Outbox.kind == kind, Outbox.subject == str(question_id))
        .execution_options(populate_existing=True)
    )


async def accept(session: AsyncSession, question_id: int, solved_id: int, by: str = PIA):
    return await accept_suggestion(
        session,
        team_id=TEAM,
        question_id=question_id,
        solved_id=solved_id,
        user_id=by,
        now=at(5010),
    )


async def decline(session: AsyncSession, question_id: int, by: str = PIA) -> None:
    await decline_suggestions(
        session, team_id=TEAM, question_id=question_id, user_id=by, now=at(5020)
    )


async def test_what_was_solved_is_suggested_before_anybody_is_asked(
    session: AsyncSession, solved_id: int
):
    question_id = await ask_again(session)

    shown = await shown_of(session, question_id)
    assert (shown.asker_id, [each.question_id for each in shown.results]) == (PIA, [solved_id])
    card = await due(session, "question_card", question_id)
    assert card is not None and card.due_at == at(5000) + PATIENCE


@pytest.mark.parametrize("text", ["How do I repair the coffee machine?", "How do I do a form?"])
async def test_where_nothing_is_likely_right_nothing_is_shown(
    session: AsyncSession, solved_id: int, text: str
):
    question_id = await ask_again(session, text)

    assert await due(session, "suggestion", question_id) is None
    card = await due(session, "question_card", question_id)
    assert card is not None and card.due_at < at()


async def test_who_a_newcomer_is_is_found_out_first(session: AsyncSession, solved_id: int):
    question_id = await ask_again(session, by="U_NEW")
    card = await due(session, "question_card", question_id)
    assert card is not None and card.due_at == at(5000) + PATIENCE
    assert await due(session, "newcomer", question_id) is not None
    assert await get_suggestions(session, TEAM, question_id) is None

    await learn(session, "U_NEW")
    who = {"team_id": TEAM, "question_id": question_id}
    await suggest_to_newcomer(session, **who, now=at(5001))

    assert (await shown_of(session, question_id)).asker_id == "U_NEW"


async def test_a_newcomer_who_may_see_nothing_waits_for_nothing(
    session: AsyncSession, solved_id: int
):
    question_id = await ask_again(session, by="U_NEW")
    await learn(session, "U_NEW", is_guest=True)
    who = {"team_id": TEAM, "question_id": question_id}
    await suggest_to_newcomer(session, **who, now=at(5001))

    card = await due(session, "question_card", question_id)
    assert card is not None and card.due_at < at()


async def test_where_nothing_is_solved_nobody_is_looked_up(session: AsyncSession, help_channel):
    question_id = await ask_again(session, by="U_NEW")

    assert await due(session, "newcomer", question_id) is None


async def test_what_the_asker_cannot_read_is_not_suggested(session: AsyncSession, solved_id: int):
    await learn_help_channel(session, is_private=True, user_ids=[ANA, BEN])
    question_id = await ask_again(session)

    assert await get_suggestions(session, TEAM, question_id) is None


async def test_what_the_asker_can_read_no_more_is_not_shown(session: AsyncSession, solved_id: int):
    question_id = await ask_again(session)
    await learn_help_channel(session, is_private=True, user_ids=[ANA, BEN])

    assert await get_suggestions(session, TEAM, question_id) is None


async def test_what_is_outdated_is_not_suggested(session: AsyncSession, solved_id: int):
    await call_outdated(session, team_id=TEAM, question_id=solved_id, user_id=BEN, now=at(4000))

    assert await get_suggestions(session, TEAM, await ask_again(session)) is None


async def test_this_solved_it_closes_the_question_and_credits_the_author(
    session: AsyncSession, solved_id: int
):
    question_id = await ask_again(session)

    assert await accept(session, question_id, solved_id) == [BEN]

    card = await get_card(session, TEAM, question_id)
    assert card is not None and card.reused is not None
    assert (card.reused.channel_id, card.reused.author) == (HELP, "U_Ben")
    waiting = await due(session, "question_card", question_id)
    assert waiting is not None and waiting.due_at < at()
    effect = await get_effect(session, team_id=TEAM, user_id=BEN, viewer_id=ANA)
    assert (effect.solved, effect.reused) == (1, 1)
    assert (await find(session)).total == 1  # it has no answer of its own to be found by


async def test_the_card_names_nothing_that_others_cannot_read(session: AsyncSession):
    await settle_in(session)
    await learn_help_channel(session, "C_SECRET", is_private=True, user_ids=[PIA, BEN])
    asked = said(ASKED, by=BEN, channel_id="C_SECRET", seconds=900)
    assert await hear(session, asked, now=asked.sent_at)
    place = {"channel_id": "C_SECRET", "thread_ts": ts(900)}
    reply = said("The third seal.", by=PIA, seconds=960, **place)
    await hear(session, reply, now=reply.sent_at)
    await accept_solution(session, **reply.place, user_id=BEN, now=at(1000))
    question_id = await ask_again(session, by=BEN)
    [shown] = (await shown_of(session, question_id)).results

    await accept(session, question_id, shown.question_id, by=BEN)

    card = await get_card(session, TEAM, question_id)
    assert card is not None and card.reused == ReusedView()


async def test_it_can_still_be_open_after_all(session: AsyncSession, solved_id: int):
    question_id = await ask_again(session)
    await accept(session, question_id, solved_id)

    await decline(session, question_id)

    card = await get_card(session, TEAM, question_id)
    assert card is not None and card.reused is None
    effect = await get_effect(session, team_id=TEAM, user_id=BEN, viewer_id=ANA)
    assert effect.reused == 0


async def test_not_it_asks_the_experts_at_once(session: AsyncSession, solved_id: int):
    question_id = await ask_again(session)

    await decline(session, question_id)

    card = await due(session, "question_card", question_id)
    assert card is not None and card.due_at < at()


async def test_only_the_asker_is_asked(session: AsyncSession, solved_id: int):
    question_id = await ask_again(session)

    with pytest.raises(QuestionIsGone):
        await accept(session, question_id, solved_id, by=EVA)
    with pytest.raises(QuestionIsGone):
        await decline(session, question_id, by=EVA)


async def test_only_what_was_suggested_can_be_accepted(session: AsyncSession, solved_id: int):
    question_id = await ask_again(session)

    with pytest.raises(QuestionIsGone):
        await accept(session, question_id, question_id)


async def test_what_is_solved_meanwhile_is_solved(session: AsyncSession, solved_id: int):
    question_id = await ask_again(session)
    reply = said("Ask Eva.", by=EVA, seconds=5030, thread_ts=ts(5000))
    await hear_and_mark(session, reply, by=PIA)

    with pytest.raises(AlreadySolved):
        await accept(session, question_id, solved_id)
    assert await get_suggestions(session, TEAM, question_id) is None


async def test_an_answer_of_its_own_comes_before_the_reused_one(
    session: AsyncSession, solved_id: int
):
    question_id = await ask_again(session)
    await accept(session, question_id, solved_id)
    marked = said("Better: do this.", by=EVA, seconds=5030, thread_ts=ts(5000))
    await hear_and_mark(session, marked, by=PIA)
    await tick(session, marked.message_ts, by=PIA, seconds=6000, on=False)

    card = await get_card(session, TEAM, question_id)
    assert card is not None and card.solutions == () and card.reused is not None


async def test_the_same_answer_does_not_count_twice(session: AsyncSession, solved_id: int):
    await answer(session, "And save it.", seconds=80)
    question_id = await ask_again(session)
    await accept(session, question_id, solved_id)

    with pytest.raises(AlreadySolved):
        await accept(session, question_id, solved_id)


def judged(chance_of, number: int = 400, seed: int = 1) -> list[tuple[float, bool]]:
    """What askers would say where the chance to be right depends on the likeness, newest last."""
    random_ = random.Random(seed)
    likes = [random_.random() for _ in range(number)]
    return [(like, random_.random() < chance_of(like)) for like in likes]


def test_without_any_word_of_askers_the_start_is_careful():
    assert likeness_needed([]) == START


def test_where_all_is_right_more_is_shown():
    assert likeness_needed(judged(lambda like: 0.95)) == pytest.approx(LOWEST)


def test_where_nothing_is_right_hardly_anything_is_shown():
    assert likeness_needed(judged(lambda like: 0.1)) >= HIGHEST


def test_it_settles_where_what_is_shown_is_right_often_enough():
    needed = likeness_needed(judged(lambda like: 1.0 if like > 0.7 else 0.2, 400))

    assert 0.55 <= needed <= 0.75


def test_two_wrong_ones_at_the_start_raise_it():
    assert likeness_needed([(0.52, False), (0.51, False)]) > START


def test_it_does_not_fall_below_what_nobody_judged():
    assert likeness_needed([(0.9, True)] * 50) == START

import math
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.claims import pass_on
from bot.experts.learning import (
    DOUBT,
    LEARNED,
    LEARNED_AFTER,
    LEAST_DOUBT,
    REACH,
    START,
    STARTS_LEARNED,
    Outcome,
    get_weights,
    learn,
    learn_due,
)
from bot.experts.routing import STARTS
from bot.questions.messages import hear
from storage.tables import Figures, Weight
from tests.bot.conftest import (
    ANA,
    BEN,
    EVA,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    ask,
    at,
    learn_help_channel,
    said,
    solve,
    ts,
)
from tests.bot.conftest import count as count_rows
from tests.bot.conftest import learn as learn_of

AFTER = LEARNED_AFTER / timedelta(seconds=1) + 60


def outcome(helped: float = 0.0, *, passed: bool = False, **figures: float) -> Outcome:
    return Outcome([figures.get(name, 0.0) for name in LEARNED], helped, passed)


def test_what_foretold_who_answered_counts_more():
    after = learn(START, [outcome(1, hour=1.0), outcome(hour=-1.0), outcome(week=1.0)])

    assert after["hour"].value > START["hour"].value
    assert after["week"].value < START["week"].value
    assert after["nearest"] == START["nearest"]


def test_the_more_was_learned_the_less_a_question_moves():
    helped = [outcome(1, hour=1.0), outcome(hour=-1.0)]
    once = learn(START, helped)
    weights = once
    for _ in range(20):
        weights = learn(weights, helped)
    last = learn(weights, helped)

    assert 0 < last["hour"].value - weights["hour"].value < once["hour"].value - START["hour"].value
    assert last["hour"].doubt < once["hour"].doubt < START["hour"].doubt


def test_who_passed_tells_more_than_who_said_nothing():
    silent = learn(START, [outcome(1), outcome(hour=1.0)])
    passed = learn(START, [outcome(1), outcome(hour=1.0, passed=True)])

    assert passed["hour"].value < silent["hour"].value < START["hour"].value


def test_of_a_question_that_nobody_answered_nothing_is_learned():
    assert learn(START, [outcome(hour=1.0), outcome(passed=True)]) == START
    assert learn(START, [outcome(1, hour=1.0)]) == START


FIGURES_OF_SOMEBODY = st.lists(
    st.floats(-20, 20, allow_nan=False), min_size=len(LEARNED), max_size=len(LEARNED)
)
OUTCOMES = st.lists(
    st.builds(Outcome, FIGURES_OF_SOMEBODY, st.sampled_from([0.0, 1.0, 2.0]), st.booleans()),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(OUTCOMES, max_size=12))
def test_whatever_happens_weights_stay_within_reach(questions: list[list[Outcome]]):
    weights = START
    for outcomes in questions:
        weights = learn(weights, outcomes)

    for name, weight in weights.items():
        assert math.isfinite(weight.value)
        assert abs(weight.value - STARTS_LEARNED[name]) <= REACH + 1e-9
        assert LEAST_DOUBT <= weight.doubt <= DOUBT


@pytest.fixture
async def topic(session: AsyncSession, help_channel: str) -> None:
    await add_topic(session, experts=(BEN, EVA, PIA), is_channel_topic=True, channel_id=HELP)


async def test_a_workspace_learns_from_who_answered_once(session: AsyncSession, topic: None):
    await solve(session)
    await ask(session, "How do I amend a rejected form?", seconds=600)
    reply = said("Press Amend.", by=BEN, seconds=660, thread_ts=ts(600))
    await hear(session, reply, now=reply.sent_at)

    assert await learn_due(session, now=at(AFTER + 600)) is False
    learned = await get_weights(session, TEAM)
    await learn_due(session, now=at(AFTER + 700))

    assert learned["month"].value > STARTS["month"]  # Ben alone had answered before
    assert await get_weights(session, TEAM) == learned
    assert await count_rows(session, Figures) == 0
    rows = (await session.scalars(select(Weight))).all()
    assert {row.figure: row.questions for row in rows} == dict.fromkeys(LEARNED, 2)


async def test_nothing_is_learned_before_people_had_time(session: AsyncSession, topic: None):
    await solve(session)

    await learn_due(session, now=at(AFTER - 120))

    assert await get_weights(session, TEAM) == START
    assert await count_rows(session, Figures) == 1


async def test_an_open_question_teaches_nothing_and_is_forgotten(
    session: AsyncSession, topic: None
):
    question_id = await ask(session)
    await pass_on(session, team_id=TEAM, question_id=question_id, user_id=BEN, now=at(60))

    await learn_due(session, now=at(AFTER))

    assert await get_weights(session, TEAM) == START
    assert await count_rows(session, Figures) == 0


async def test_each_workspace_learns_its_own(session: AsyncSession, topic: None):
    for user_id in (ANA, BEN, EVA, PIA):
        await learn_of(session, user_id, team_id=OTHER_TEAM)
    await learn_of(session, "U_ADA", team_id=OTHER_TEAM, is_admin=True)
    await learn_help_channel(session, "C_OTHER", user_ids=(ANA, BEN, EVA), team_id=OTHER_TEAM)
    await solve(session)

    await learn_due(session, now=at(AFTER))

    assert await get_weights(session, OTHER_TEAM) == START

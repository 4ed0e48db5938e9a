"""After a training, what went with it is told of five and more, and honestly where it cannot be."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.gaps import Went
from bot.community.measures import FEWEST
from bot.community.trainings import AfterTraining, Side, Why, look_after, rounded, told
from bot.errors import CannotBeTaughtYet, NotInChannel, OnlyGapReaders, TooFewToTell
from handlers.blocks.community.trainings import after_modal, compared_modal
from sandbox.block_kit import check_view
from storage import channels
from storage.community.gaps import Facts
from storage.tables import Answer, Question
from tests.bot.conftest import ADA, EVA, HELP, TEAM, learn, learn_help_channel
from tests.examples import some

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = date(2026, 9, 7)
TRAINED_AT = datetime(2026, 9, 7, tzinfo=UTC)


async def look(session: AsyncSession, user_id: str = ADA, **changes: Any) -> AfterTraining:
    about = {"channel_id": HELP, "taught_on": DAY, "now": NOW, **changes}
    return await look_after(session, team_id=TEAM, user_id=user_id, **about)


async def ask_and_help(
    session: AsyncSession, at: datetime, askers: range, channel: str = HELP
) -> None:
    for number in askers:
        ts = f"{(at + timedelta(minutes=number)).timestamp():.6f}"
        place = {"team_id": TEAM, "channel_id": channel}
        question = Question(
            **place,
            message_ts=ts,
            thread_ts=ts,
            asker_id=f"U_M{number}",
            text="How?",
            asked_at=at,
        )
        session.add(question)
        await session.flush()
        reply = {"message_ts": f"{ts}1", "author_id": f"U_M{number + 1}", "text": "So."}
        moments = dict.fromkeys(("answered_at", "said_at"), at)
        session.add(Answer(**place, question_id=question.id, **reply, **moments))
    await session.flush()


async def members(session: AsyncSession, number: int) -> None:
    for each in range(number):
        user_id = f"U_M{each}"
        await learn(session, user_id)
        await channels.add_member(session, team_id=TEAM, channel_id=HELP, user_id=user_id)


async def test_the_weeks_before_and_after_stand_side_by_side(session: AsyncSession, help_channel):
    await members(session, 40)
    await ask_and_help(session, TRAINED_AT - timedelta(days=10), range(31))
    await ask_and_help(session, TRAINED_AT + timedelta(days=10), range(7))
    await ask_and_help(session, TRAINED_AT + timedelta(days=60), range(30))  # too late to count

    seen = await look(session)

    assert seen.weeks == 8
    assert (seen.before, seen.after) == (Side(30, 30), Side(5, 5))
    assert (seen.asking, seen.helping) == (Went.FEWER, Went.FEWER)


async def test_what_others_ask_and_what_the_reader_cannot_read_is_not_counted(
    session: AsyncSession, help_channel
):
    await members(session, 6)
    await learn_help_channel(session, "C_SECRET", is_private=True)
    await ask_and_help(session, TRAINED_AT - timedelta(days=10), range(100, 120))
    await ask_and_help(session, TRAINED_AT - timedelta(days=9), range(5), "C_SECRET")

    seen = await look(session)

    assert (seen.before, seen.why) == (Side(None, None), Why.TOO_FEW)


async def test_who_may_look(session: AsyncSession, help_channel):
    await members(session, 6)
    await learn_help_channel(session, "C_SECRET", is_private=True)

    with pytest.raises(OnlyGapReaders):
        await look(session, EVA)
    with pytest.raises(NotInChannel):
        await look(session, channel_id="C_SECRET")
    with pytest.raises(CannotBeTaughtYet):
        await look(session, taught_on=date(2026, 12, 1))
    assert (await look(session, taught_on=date(2026, 11, 10))).why is Why.TOO_EARLY


async def test_of_a_channel_of_four_nothing_is_told(session: AsyncSession):
    await learn(session, ADA, is_admin=True)
    await learn_help_channel(session, "C_FOUR")

    with pytest.raises(TooFewToTell):
        await look(session, channel_id="C_FOUR")


facts = st.builds(Facts, st.integers(0, 200), st.integers(0, 60), st.integers(0, 60))


@settings(max_examples=some(100), deadline=None)
@given(facts, facts, st.integers(0, 8))
def test_nothing_that_is_told_is_of_fewer_than_five_by_any_two_days(
    before: Facts, after: Facts, weeks: int
):
    seen = told(HELP, DAY, weeks, before, after)

    for side in (seen.before, seen.after):
        for people in (side.asked, side.helped):
            assert people is None or people % FEWEST == 0  # two differ by nothing, or by five
    assert check_view(compared_modal(seen)) == []
    if before.asked < FEWEST and after.asked < FEWEST:
        assert seen.asking is Went.UNKNOWN


def test_numbers_are_told_to_the_nearest_five():
    assert [rounded(people) for people in (0, 4, 5, 7, 8, 12, 13)] == [None, None, 5, 5, 10, 10, 15]


def test_it_is_told_to_the_word():
    seen = told("C1", DAY, 8, Facts(60, 31, 12), Facts(9, 8, 3))

    shown = str(compared_modal(seen)["blocks"])

    assert "*Members of <#C1>, 8 weeks before and after 7 September 2026*" in shown
    assert "People who asked: about 30 before, about 10 after" in shown
    assert "People who helped: about 10 before, fewer than five after" in shown
    assert "Clearly fewer of them ask. Clearly fewer of them help." in shown
    assert check_view(after_modal()) == []

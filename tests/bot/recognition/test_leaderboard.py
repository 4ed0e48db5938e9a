from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import LeaderboardIsOff, LeaderboardNeedsTopic, OnlyAdmins, UnknownTopic
from bot.recognition.leaderboard import (
    Leaderboard,
    get_leaderboard,
    read_written,
    switch_leaderboard,
)
from bot.recognition.naming import choose_to_be_named
from bot.workspaces import join_workspace
from handlers.blocks.recognition.leaderboard import leaderboard_page
from storage.tables import Kudos, Question
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
    learn_help_channel,
)

DAY = timedelta(days=1)
HELPERS = [BEN, "U_1", "U_2", "U_3", "U_4"]


@pytest.fixture
async def board(session: AsyncSession, help_channel) -> int:
    """The leaderboard is on, and five people helped on Customs this month; the topic's id."""
    for team_id in (TEAM, OTHER_TEAM):
        await join_workspace(
            session, team_id=team_id, name="Acme", url="", bot_user_id="U_BOT", now=NOW
        )
    await switch(session)
    topic_id = (await add_topic(session)).topic_id
    for user_id in HELPERS:
        await helped(session, user_id, topic_id=topic_id)
    return topic_id


async def switch(session: AsyncSession, **changes) -> None:
    asked = {"team_id": TEAM, "user_id": ADA, "is_on": True, "now": NOW}
    await switch_leaderboard(session, **{**asked, **changes})


async def helped(session: AsyncSession, user_id: str, *, topic_id: int, **changes) -> None:
    """This person solved a question of somebody's on the topic."""
    given = {"giver_id": ANA, "channel_id": HELP, "at": NOW, "team_id": TEAM, **changes}
    place = {"team_id": given["team_id"], "channel_id": given["channel_id"]}
    question = Question(
        **place, asker_id=given["giver_id"], text="How?", topic_id=topic_id, asked_at=NOW
    )
    session.add(question)
    await session.flush()
    session.add(
        Kudos(
            **place,
            kind="solved",
            giver_id=given["giver_id"],
            receiver_id=user_id,
            question_id=question.id,
            given_at=given["at"],
        )
    )
    await session.flush()


async def shown(session: AsyncSession, written: str = "customs", **changes) -> Leaderboard:
    asked = {"team_id": TEAM, "viewer_id": PIA, "now": NOW + DAY}
    return await get_leaderboard(session, written=written, **{**asked, **changes})


async def test_it_is_off_until_an_admin_turns_it_on(session: AsyncSession, board):
    await switch(session, is_on=False)
    with pytest.raises(LeaderboardIsOff):
        await shown(session)
    with pytest.raises(OnlyAdmins):
        await switch(session, user_id=BEN)
    with pytest.raises(OnlyAdmins):
        await switch(session, team_id=OTHER_TEAM)


async def test_another_workspace_has_its_own(session: AsyncSession, board):
    with pytest.raises(LeaderboardIsOff):
        await shown(session, team_id=OTHER_TEAM)


async def test_who_helped_more_people_comes_first_and_ties_share_a_place(
    session: AsyncSession, board
):
    await helped(session, "U_3", topic_id=board, giver_id=PIA)

    places = [(each.number, each.user_id) for each in (await shown(session)).places]

    assert places == [(1, "U_3"), (2, "U_1"), (2, "U_2"), (2, "U_4"), (2, BEN)]


async def test_what_two_give_one_another_puts_nobody_first(session: AsyncSession, board):
    for _ in range(20):
        await helped(session, "U_X", topic_id=board, giver_id="U_Y")
        await helped(session, "U_Y", topic_id=board, giver_id="U_X")

    named = {each.user_id for each in (await shown(session)).places}

    assert named == set(HELPERS)


async def test_a_topic_with_fewer_than_five_who_helped_names_nobody_and_says_why(
    session: AsyncSession, board
):
    other = (await add_topic(session, "Billing")).topic_id
    for user_id in HELPERS[:4]:
        await helped(session, user_id, topic_id=other)

    page = leaderboard_page(await shown(session, "billing"))

    assert page["text"] == (
        "In November 2026, fewer than 5 people helped on *Billing*. "
        "I name nobody then: it would be about persons, not about help."
    )


async def test_who_does_not_want_to_be_named_is_not_in_it(session: AsyncSession, board):
    await choose_to_be_named(session, team_id=TEAM, user_id=BEN, is_named=False, now=NOW)

    assert BEN not in {each.user_id for each in (await shown(session)).places}


async def test_what_the_viewer_cannot_read_does_not_count(session: AsyncSession, board):
    await learn_help_channel(session, "C_SECRET", is_private=True, user_ids=[ANA, BEN])
    await helped(session, BEN, topic_id=board, channel_id="C_SECRET", giver_id="U_9")

    first = [(await shown(session, viewer_id=each)).places[0] for each in (PIA, ANA)]

    assert [each.user_id for each in first] == ["U_1", BEN]


async def test_at_most_ten_are_named(session: AsyncSession, board):
    for number in range(20):
        await helped(session, f"U_{number:03}", topic_id=board)

    assert len((await shown(session)).places) == 10


async def test_it_is_of_one_month(session: AsyncSession, board):
    now = NOW + 30 * DAY

    assert not (await shown(session, now=now)).has_enough
    assert len((await shown(session, "customs last month", now=now)).places) == 5
    assert not (await shown(session, "customs last month", now=now + 30 * DAY)).has_enough


async def test_it_needs_a_topic_that_there_is(session: AsyncSession, board):
    with pytest.raises(LeaderboardNeedsTopic):
        await shown(session, " last month")
    with pytest.raises(UnknownTopic):
        await shown(session, "gardening")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Customs", ("Customs", False)),
        ("month end  LAST month", ("month end", True)),
        ("customs this month", ("customs", False)),
        ("", ("", False)),
        ("last month", ("", True)),
        ("blast month", ("blast month", False)),
    ],
)
def test_a_topic_and_a_month_are_read(written: str, read: tuple[str, bool]):
    assert read_written(written) == read


async def test_what_was_taken_back_does_not_count(session: AsyncSession, board):
    await helped(session, "U_1", topic_id=board, giver_id=PIA)
    fact = Kudos(
        team_id=TEAM,
        kind="reversal",
        giver_id=PIA,
        receiver_id="U_1",
        channel_id=HELP,
        given_at=NOW,
        reverses_id=6,
    )
    session.add(fact)
    await session.flush()

    assert {each.number for each in (await shown(session)).places} == {1}

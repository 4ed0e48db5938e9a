import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.undelivered import get_undelivered, try_again
from bot.errors import OnlyAdmins
from bot.outbox import GIVEN_UP_STAYS, claim_owed, forget_given_up, give_up
from storage import outbox
from tests.bot.conftest import ADA, ANA, OTHER_TEAM, TEAM, at, learn

CARD = outbox.Kind("question_card", int)


@pytest.fixture(autouse=True)
async def people(session: AsyncSession) -> None:
    await learn(session, ANA)
    await learn(session, ADA, is_admin=True)
    await learn(session, ADA, is_admin=True, team_id=OTHER_TEAM)


async def lose(session: AsyncSession, number: int, *, team_id: str = TEAM) -> None:
    await outbox.owe(session, CARD, number, team_id=team_id, lane="C1", now=at(number))
    [owed] = await claim_owed(session, now=at(number), limit=10)
    await give_up(
        session,
        owed,
        error="chat.postMessage: msg_too_long",
        is_uncertain=False,
        now=at(number),
    )


async def test_admins_see_the_newest_of_what_was_given_up_and_why(session: AsyncSession):
    for number in range(7):
        await lose(session, number)

    seen = await get_undelivered(session, team_id=TEAM, viewer_id=ADA)

    assert seen is not None and seen.count == 7
    assert [each.gave_up_at for each in seen.newest] == [at(6), at(5), at(4), at(3), at(2)]
    assert {each.reason for each in seen.newest} == {"chat.postMessage: msg_too_long"}


async def test_where_all_was_said_nothing_is_shown(session: AsyncSession):
    assert await get_undelivered(session, team_id=TEAM, viewer_id=ADA) is None


async def test_nobody_else_sees_it(session: AsyncSession):
    await lose(session, 1)

    assert await get_undelivered(session, team_id=TEAM, viewer_id=ANA) is None
    assert await get_undelivered(session, team_id=OTHER_TEAM, viewer_id=ADA) is None


async def test_an_admin_has_it_tried_again_in_their_workspace(session: AsyncSession):
    await lose(session, 1)
    await lose(session, 2, team_id=OTHER_TEAM)

    for _ in range(2):  # pressed twice
        await try_again(session, team_id=TEAM, user_id=ADA, now=at(9))

    claimed = await claim_owed(session, now=at(9), limit=10)
    assert [(each.team_id, each.subject) for each in claimed if each.kind == CARD.name] == [
        (TEAM, "1")
    ]


async def test_only_admins_have_it_tried_again(session: AsyncSession):
    await lose(session, 1)

    with pytest.raises(OnlyAdmins):
        await try_again(session, team_id=TEAM, user_id=ANA, now=at(9))


async def test_it_is_forgotten_after_a_month(session: AsyncSession):
    await lose(session, 1)

    await forget_given_up(session, now=at(1) + GIVEN_UP_STAYS)
    assert await get_undelivered(session, team_id=TEAM, viewer_id=ADA)
    await forget_given_up(session, now=at(2) + GIVEN_UP_STAYS)

    assert await get_undelivered(session, team_id=TEAM, viewer_id=ADA) is None

"""What Slack says of whether people can be reached, and that asking never waits for it."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.presence import learn_active, learn_quiet, owe_look, owe_stale
from bot.kinds import READ_ACTIVE, READ_QUIET
from storage import outbox
from storage.experts import presence as presence_rows
from storage.tables import Presence
from tests.bot.conftest import (
    BEN,
    EVA,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    ask,
    at,
    card_of,
    learn,
    owed,
)

HOUR = 3600


@pytest.fixture
async def customs(session: AsyncSession, help_channel):
    return await add_topic(session, experts=[BEN, EVA, PIA], keywords="tariff")


async def asked(session: AsyncSession, seconds: float = 0) -> tuple[str, ...]:
    return (await card_of(session, await ask(session, seconds=seconds))).asked_ids


async def quiet(session: AsyncSession, user_id: str, *, until: float, now: float = 0) -> None:
    await learn_quiet(
        session, team_id=TEAM, user_id=user_id, starts_at=at(-60), ends_at=at(until), now=at(now)
    )


async def active(session: AsyncSession, user_id: str, is_active: bool, team_id: str = TEAM) -> None:
    await learn_active(session, team_id=team_id, user_id=user_id, is_active=is_active, now=NOW)


async def test_who_is_not_at_their_screen_comes_after_who_is_as_likely_to_know(
    session: AsyncSession, customs
):
    await active(session, BEN, False)

    assert set(await asked(session)) == {EVA, PIA}


async def test_another_workspaces_presence_says_nothing_here(session: AsyncSession, customs):
    await active(session, BEN, False, OTHER_TEAM)

    assert BEN in await asked(session)


async def test_what_was_heard_long_ago_does_not_count(session: AsyncSession, customs):
    await active(session, BEN, False)

    assert BEN in await asked(session, 2 * HOUR)


async def test_who_is_at_their_screen_is_at_work_whatever_their_hours(
    session: AsyncSession, customs
):
    await learn(session, PIA, timezone="America/Los_Angeles")  # it is one at night there
    await learn(session, EVA, timezone="America/Los_Angeles")
    await active(session, PIA, True)

    assert set(await asked(session)) == {BEN, PIA}


async def test_an_older_word_that_comes_late_changes_nothing(session: AsyncSession, customs):
    await quiet(session, BEN, until=HOUR, now=100)
    await learn_quiet(session, team_id=TEAM, user_id=BEN, starts_at=None, ends_at=None, now=at(50))

    assert BEN not in await asked(session, 200)


async def test_where_all_are_quiet_the_question_waits_for_the_first_of_them(
    session: AsyncSession, customs
):
    for number, user_id in enumerate((BEN, EVA, PIA), 1):
        await quiet(session, user_id, until=number * HOUR)

    card = await card_of(session, await ask(session))

    assert card.asked == () and (card.next_step, card.next_at) == ("opens", at(HOUR))


async def known(session: AsyncSession) -> dict[str, Presence | None]:
    """What is known of Ben and Eva."""
    found = await presence_rows.list_of(session, TEAM, (BEN, EVA))
    return {BEN: found.get(BEN), EVA: found.get(EVA)}


async def test_who_may_be_asked_next_is_looked_at_once_in_a_while(session: AsyncSession, customs):
    await owe_look(session, TEAM, await known(session), now=NOW)
    assert {(READ_ACTIVE.name, BEN), (READ_QUIET.name, BEN)} <= await owed(session)

    for user_id in (BEN, EVA):
        await active(session, user_id, True)
        await quiet(session, user_id, until=-30)
    await forget_owed(session)
    await owe_look(session, TEAM, await known(session), now=at(60))

    assert await owed(session) == set()


async def test_the_quiet_times_of_experts_are_read_again_by_fifties(
    session: AsyncSession, help_channel
):
    crowd = [f"U_{number:03}" for number in range(120)]
    await add_topic(session, experts=[*crowd, BEN], keywords="tariff")
    await quiet(session, BEN, until=HOUR)
    await forget_owed(session)

    await owe_stale(session, now=at(60))

    rows = await outbox.claim_due(session, now=NOW, seconds=0, limit=10, claim="test")
    assert {row.kind for row in rows} == {READ_QUIET.name}
    looked_at = [user_id for row in rows for user_id in row.payload["user_ids"]]
    assert sorted(looked_at) == crowd and max(len(r.payload["user_ids"]) for r in rows) == 50
    stale = await presence_rows.list_experts_unread_since(session, NOW + timedelta(1), 500)
    assert (TEAM, BEN) in stale


async def forget_owed(session: AsyncSession) -> None:
    for row in await outbox.claim_due(session, now=NOW, seconds=0, limit=1000, claim="test"):
        await outbox.finish(session, row, claim="test")

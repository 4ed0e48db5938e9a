from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotADay, NotALimit
from bot.experts.availability import (
    DAILY_LIMIT,
    come_back,
    go_away,
    set_hours,
    set_limit,
)
from bot.experts.claims import pass_on, pause_topic
from bot.experts.presence import learn_quiet
from bot.experts.readiness import MOST_OPEN, list_ready
from storage.experts import offers
from tests.bot.conftest import ANA, BEN, EVA, NOW, PIA, TEAM, add_topic, ask, at, card_of, learn

WHO = {"team_id": TEAM, "user_id": BEN}


async def asked(session: AsyncSession, *, now=NOW, **changes) -> set[str]:
    """Whom a question on a topic of Ben, Eva and Pia is asked of."""
    question_id = await ask(session, seconds=(now - NOW).total_seconds(), **changes)
    return set((await card_of(session, question_id)).asked_ids)


@pytest.fixture
async def customs(session: AsyncSession, help_channel):
    return await add_topic(session, experts=[BEN, EVA], keywords="tariff")


async def test_two_experts_are_asked(session: AsyncSession, customs):
    assert await asked(session) == {BEN, EVA}


async def test_who_is_away_is_not_asked_until_that_day(session: AsyncSession, customs):
    until = await go_away(session, **WHO, written="until wednesday", now=NOW)

    assert until is not None and until.isoformat() == "2026-11-24T23:00:00+00:00"
    assert await asked(session) == {EVA}
    assert BEN in await asked(session, now=until)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("until 24 Dec", "2026-12-24"),
        ("Until 24th of December.", "2026-12-24"),
        ("till Dec 24th", "2026-12-24"),
        ("December 24, 2027", "2027-12-24"),
        ("24.12.", "2026-12-24"),
        ("24.12.2026", "2026-12-24"),
        ("until 2026‑12‑24", "2026-12-24"),
        ("5 Jan", "2027-01-05"),  # the next one
        ("29 feb", "2028-02-29"),
        ("until\u00a0next week", "2026-11-30"),
        ("until next Friday", "2026-11-27"),
        ("for a week", "2026-11-30"),
    ],
)
async def test_a_day_is_read_as_people_write_it(
    session: AsyncSession, help_channel, written: str, day: str
):
    until = await go_away(session, **WHO, written=written, now=NOW)

    assert until is not None
    assert until.astimezone(ZoneInfo("Europe/Rome")).date().isoformat() == day


async def test_who_is_away_without_an_end_comes_back_when_they_say_so(
    session: AsyncSession, customs
):
    await go_away(session, **WHO, written="", now=NOW)
    assert await asked(session) == {EVA}

    await come_back(session, **WHO, now=NOW)
    assert await asked(session, now=at(9000)) == {BEN, EVA}


@pytest.mark.parametrize(
    "written",
    ["yesterday", "2020-01-01", "2026-11-23", "for 0 days", "x", "5/6", "31 nov", "1 jan 2020"],
)
async def test_a_day_that_is_none_or_past_is_answered_with_an_example(
    session: AsyncSession, customs, written: str
):
    with pytest.raises(NotADay, match="For example"):
        await go_away(session, **WHO, written=written, now=NOW)


async def test_who_named_their_hours_is_asked_in_these_only(session: AsyncSession, customs):
    await set_hours(session, **WHO, written="mon-fri 12:00-17:00")

    assert await asked(session) == {EVA}
    assert BEN in await asked(session, now=at(3 * 3600))


async def test_who_is_at_work_is_asked_before_those_who_are_not(
    session: AsyncSession, help_channel
):
    await learn(session, BEN, timezone="America/Los_Angeles")  # it is one at night there
    await add_topic(session, experts=[BEN, EVA, PIA], keywords="tariff")

    assert await asked(session) == {EVA, PIA}


async def test_do_not_disturb_is_respected(session: AsyncSession, customs):
    quiet = {"starts_at": at(-60), "ends_at": at(3600), "now": NOW}
    await learn_quiet(session, **WHO, **quiet)

    assert await asked(session) == {EVA}
    assert BEN in await asked(session, now=at(3600))


async def test_nobody_is_asked_more_than_their_daily_limit(session: AsyncSession, customs):
    assert await set_limit(session, **WHO, written="1") == 1

    assert BEN in await asked(session)
    assert BEN not in await asked(session, now=at(3600))
    assert BEN in await asked(session, now=NOW + timedelta(days=1, hours=1))


async def test_the_usual_limits_hold_for_who_said_nothing(session: AsyncSession, customs):
    counts = [BEN in await asked(session, now=at(each * 700)) for each in range(12)]

    assert sum(counts) == MOST_OPEN < DAILY_LIMIT


@pytest.mark.parametrize("written", ["", "-1", "many", "51", "9" * 30, "٣"])
async def test_a_limit_that_is_none_is_answered_with_an_example(
    session: AsyncSession, customs, written: str
):
    with pytest.raises(NotALimit, match="For example"):
        await set_limit(session, **WHO, written=written)


async def test_a_paused_topic_is_not_asked_about(session: AsyncSession, customs):
    question_id = await ask(session)
    pressed = {"team_id": TEAM, "question_id": question_id, "user_id": BEN, "now": NOW}
    await pass_on(session, **pressed)
    assert await pause_topic(session, **pressed) == "Customs"

    assert BEN not in await asked(session, now=at(7200))


@pytest.mark.parametrize(
    "change", [{"is_bot": True}, {"is_deactivated": True}, {"is_guest": True}], ids=str
)
async def test_who_cannot_read_the_channel_is_never_asked(
    session: AsyncSession, help_channel, change
):
    await add_topic(session, experts=["U_ODD", BEN], keywords="tariff")
    await learn(session, "U_ODD", **change)

    assert await asked(session) == {BEN}


async def test_nobody_is_asked_their_own_question(session: AsyncSession, help_channel):
    await add_topic(session, experts=[ANA, BEN], keywords="tariff")
    question_id = await ask(session)

    assert [each.user_id for each in await offers.list_of(session, question_id)] == [BEN]


async def test_somebody_unknown_is_ready_because_an_admin_named_them(
    session: AsyncSession, help_channel
):
    ready = await list_ready(
        session, team_id=TEAM, channel_id=help_channel, topic_id=None, user_ids=["U_NEW"], now=NOW
    )

    assert ready["U_NEW"].can_be_asked

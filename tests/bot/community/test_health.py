"""Who is told of the community's health, when it is counted, and the message of each month."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.health import (
    HealthPage,
    count_up,
    get_health,
    get_health_digest,
    get_part,
    has_uncounted,
    last_midnight,
    list_all,
    list_by_topic,
    owe_counts,
    read_community,
    save_reading,
    set_monthly,
)
from bot.community.home import get_home
from bot.community.verdict import TOO_FEW, TOO_YOUNG
from bot.community.weeks import WHOLE, monday_of
from bot.errors import NotCountedYet, OnlyAdminsAndSponsors
from bot.questions.messages import hear
from bot.recognition.digests import HEALTH, note_posted, run_due_digests
from bot.workspaces import join_workspace
from storage.database import Sessions
from storage.recognition import naming
from storage.tables import DigestRun, HealthReading
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    ask,
    learn,
    owed,
    said,
    tick,
    ts,
)

DAY = timedelta(days=1)
TOMORROW = NOW + DAY
FIRST_MONDAY = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)  # 9:00 in Rome
SLOT = "2026-12"


async def join(session: AsyncSession, team_id: str = TEAM) -> None:
    await join_workspace(session, team_id=team_id, name="Acme", url="", bot_user_id="U1", now=NOW)


async def take(session: AsyncSession, *, now: datetime = TOMORROW) -> dict[str, Any]:
    """Count, as the sender does; the figures."""
    until = last_midnight(now)
    figures = count_up(await read_community(session, team_id=TEAM, until=until))
    await save_reading(session, team_id=TEAM, until=until, figures=figures)
    return figures


async def page_of(session: AsyncSession, user_id: str) -> HealthPage:
    page = await get_health(session, team_id=TEAM, user_id=user_id)
    assert page is not None
    return page


async def ask_as_many(
    session: AsyncSession, people: int, word: str = "customs", *, start: int = 0
) -> None:
    """So many people ask, and so many answer, about a topic."""
    for number in range(people):
        asker, author, seconds = f"U_ASK{number}", f"U_HELP{number}", start + 10 * number
        await learn(session, asker)
        await ask(session, f"How does {word} form {number} work?", by=asker, seconds=seconds)
        reply = said("So.", by=author, seconds=seconds + 1, thread_ts=ts(seconds))
        await hear(session, reply, now=reply.sent_at)
        await tick(session, reply.message_ts, by=asker, seconds=seconds + 2)


# Who


async def test_admins_see_the_workspace_sponsors_their_topics_and_others_nothing(
    session: AsyncSession, help_channel
):
    customs = await add_topic(session, "Customs", sponsor_id=EVA)
    await add_topic(session, "Pallets", sponsor_id=PIA)
    await take(session)

    assert [part.subject for part in (await page_of(session, ADA)).parts] == [WHOLE]
    assert [part.topic for part in (await page_of(session, EVA)).parts] == ["Customs"]
    assert (await page_of(session, EVA)).topics == 1
    assert await get_health(session, team_id=TEAM, user_id=BEN) is None
    assert await get_health(session, team_id=OTHER_TEAM, user_id=ADA) is None
    assert await get_health(session, team_id=OTHER_TEAM, user_id=EVA) is None
    assert [part.topic for part in await seen(session, ADA)] == ["Customs", "Pallets", HELP.lower()]
    assert [part.subject for part in await seen(session, EVA)] == [str(customs.topic_id)]


async def seen(session: AsyncSession, user_id: str) -> list[Any]:
    return await list_by_topic(session, team_id=TEAM, user_id=user_id)


@pytest.mark.parametrize("flag", ["is_guest", "is_external", "is_deactivated"])
async def test_a_sponsor_who_is_no_full_member_is_told_nothing(
    session: AsyncSession, help_channel, flag: str
):
    await add_topic(session, sponsor_id=EVA)
    await learn(session, EVA, **{flag: True})

    assert await get_health(session, team_id=TEAM, user_id=EVA) is None


async def test_home_shows_it_to_those_alone(session: AsyncSession, help_channel):
    homes = [
        await get_home(session, team_id=TEAM, user_id=user_id, now=NOW) for user_id in (ADA, ANA)
    ]

    assert [home.health is None for home in homes] == [False, True]


async def test_nobody_exports_or_lists_what_they_may_not_see(session: AsyncSession, help_channel):
    mine = await add_topic(session, "Customs", sponsor_id=EVA)
    other = await add_topic(session, "Pallets")
    await ask_as_many(session, 5)
    await ask_as_many(session, 5, "pallets", start=100)
    await take(session)

    assert (await get_part(session, **about(EVA, mine.topic_id))).topic == "Customs"
    assert (await get_part(session, **about(ADA, other.topic_id))).topic == "Pallets"
    for user_id, subject in ((EVA, other.topic_id), (EVA, WHOLE), (BEN, WHOLE), (ADA, "x'; --")):
        with pytest.raises(OnlyAdminsAndSponsors):
            await get_part(session, **about(user_id, subject))
    with pytest.raises(OnlyAdminsAndSponsors):
        await list_by_topic(session, team_id=TEAM, user_id=BEN)
    with pytest.raises(OnlyAdminsAndSponsors):
        await get_part(session, **{**about(ADA, WHOLE), "team_id": OTHER_TEAM})


def about(user_id: str, subject: object) -> dict[str, Any]:
    return {"team_id": TEAM, "user_id": user_id, "subject": str(subject)}


async def test_who_sponsors_no_more_sees_no_more(session: AsyncSession, help_channel):
    topic = await add_topic(session, sponsor_id=EVA)
    await take(session)

    await add_topic(session, sponsor_id=PIA, topic_id=topic.topic_id)

    assert await get_health(session, team_id=TEAM, user_id=EVA) is None
    assert len((await page_of(session, PIA)).parts) == 1


# What


async def test_a_topic_is_told_of_from_five_askers_and_five_who_answer(
    session: AsyncSession, help_channel
):
    large = await add_topic(session, "Customs", sponsor_id=EVA)
    small = await add_topic(session, "Pallets", sponsor_id=EVA)
    await ask_as_many(session, 5)
    await ask_as_many(session, 4, "pallets", start=100)

    figures = await take(session)

    assert figures[str(large.topic_id)]["now"]["asked"] == 5
    assert figures[str(small.topic_id)]["now"] is None  # it is kept nowhere
    kinds = {part.topic: part.verdict.kind for part in (await page_of(session, EVA)).parts}
    assert kinds == {"Customs": TOO_YOUNG, "Pallets": TOO_FEW}


async def test_what_is_not_counted_yet_is_said_to_be_so(session: AsyncSession, help_channel):
    await take(session)
    topic = await add_topic(session, sponsor_id=EVA)

    assert [part.reading for part in (await page_of(session, EVA)).parts] == [None]
    with pytest.raises(NotCountedYet):
        await get_part(session, **about(EVA, topic.topic_id))


async def test_a_part_of_home_shows_three_topics_those_with_most_questions(
    session: AsyncSession, help_channel
):
    for name in ("Customs", "Pallets", "Roads", "Ships"):
        await add_topic(session, name, sponsor_id=EVA)
    await ask_as_many(session, 5, "ships")
    await take(session)

    page = await page_of(session, EVA)

    assert [part.topic for part in page.parts] == ["Ships", "Customs", "Pallets"]
    assert page.topics == 4


async def test_members_are_the_people_of_the_help_channels(session: AsyncSession, help_channel):
    await learn(session, BEN, is_bot=True)
    await learn(session, EVA, is_deactivated=True)

    assert (await take(session))[WHOLE]["members"] == 3  # Ana, Pia and Ada


async def test_the_operator_gets_all_of_it(session: AsyncSession, help_channel):
    await join(session)
    await add_topic(session)
    await take(session)

    assert [part.topic for part in await list_all(session)] == [None, HELP.lower(), "Customs"]


# When


async def test_a_workspace_is_counted_at_once_and_then_each_week(
    session: AsyncSession, help_channel
):
    await join(session)
    await join(session, OTHER_TEAM)
    assert await has_uncounted(session, now=NOW)

    await owe_counts(session, now=NOW)

    assert ("health_reading", "2026-11-23") in await owed(session)
    monday = monday_of(NOW) + timedelta(weeks=1)
    assert not await has_uncounted(session, now=monday - timedelta(seconds=1))
    assert await has_uncounted(session, now=monday)
    await owe_counts(session, now=monday)
    assert not await has_uncounted(session, now=monday + timedelta(days=6))


async def test_many_who_tick_at_the_same_time_owe_one_count(sessions: Sessions):
    async with sessions.begin() as session:
        await join(session)

    async def one_tick() -> None:
        async with sessions.begin() as session:
            await owe_counts(session, now=NOW)

    await asyncio.gather(*(one_tick() for _ in range(5)))

    async with sessions.begin() as session:
        assert [kind for kind, _ in await owed(session)] == ["health_reading"]


async def test_a_reading_takes_the_place_of_the_one_before_and_never_of_a_newer(
    session: AsyncSession, help_channel
):
    for now in (NOW, TOMORROW, TOMORROW, NOW - DAY):
        await take(session, now=now)

    rows = (await session.scalars(select(HealthReading))).all()
    assert [(row.subject, row.until) for row in rows] == [(WHOLE, last_midnight(TOMORROW))]


async def test_figures_of_another_version_are_read_as_far_as_they_are_known(
    session: AsyncSession, help_channel
):
    figures = await take(session)
    del figures[WHOLE]["now"]["askers"]
    figures[WHOLE]["now"]["gone"] = 1
    await save_reading(session, team_id=TEAM, until=last_midnight(TOMORROW), figures=figures)

    reading = (await page_of(session, ADA)).parts[0].reading
    assert reading is not None
    assert reading.now is not None
    assert reading.now.askers == 0


# Each month


async def monthly(session: AsyncSession, user_id: str = ADA, *, on: bool = True) -> bool:
    return await set_monthly(session, team_id=TEAM, user_id=user_id, is_wanted=on, now=NOW)


async def due(session: AsyncSession, user_id: str = ADA) -> HealthPage | None:
    await run_due_digests(session, now=FIRST_MONDAY)
    return await get_health_digest(session, team_id=TEAM, user_id=user_id, slot=SLOT)


async def test_it_comes_each_month_to_who_wants_it(session: AsyncSession, help_channel):
    await take(session)
    assert not (await page_of(session, ADA)).is_monthly

    assert await monthly(session)
    assert not await monthly(session)  # the button was pressed twice

    assert (await page_of(session, ADA)).is_monthly
    assert await due(session) is not None
    assert ("health_digest", f"{ADA}:{SLOT}") in await owed(session)


async def test_it_comes_once_a_month(session: AsyncSession, help_channel):
    await take(session)
    await monthly(session)
    assert await due(session) is not None

    await note_posted(
        session,
        team_id=TEAM,
        kind=HEALTH,
        subject=ADA,
        slot=SLOT,
        channel_id="D1",
        message_ts="1.0",
        now=FIRST_MONDAY,
    )

    assert await due(session) is None
    await run_due_digests(session, now=FIRST_MONDAY + 27 * DAY)
    runs = (await session.scalars(select(DigestRun).where(DigestRun.kind == HEALTH))).all()
    assert [run.slot for run in runs] == [SLOT]


async def test_it_stops_when_somebody_stops_it_and_comes_again_after(
    session: AsyncSession, help_channel
):
    await take(session)
    await monthly(session)

    assert await monthly(session, on=False)
    assert not await monthly(session, on=False)
    assert not (await page_of(session, ADA)).is_monthly
    assert await due(session) is None

    assert await monthly(session)
    assert await due(session) is not None


async def test_only_admins_and_sponsors_can_want_it(session: AsyncSession, help_channel):
    with pytest.raises(OnlyAdminsAndSponsors):
        await monthly(session, BEN)

    assert not await monthly(session, BEN, on=False)


async def test_it_does_not_come_to_who_is_no_sponsor_any_more_or_wants_no_digests(
    session: AsyncSession, help_channel
):
    topic = await add_topic(session, sponsor_id=EVA)
    await take(session)
    await monthly(session)
    await monthly(session, EVA)

    await add_topic(session, topic_id=topic.topic_id)
    await naming.save(session, team_id=TEAM, user_id=ADA, undigested_at=NOW)

    assert await due(session) is None
    assert await due(session, EVA) is None


async def test_it_does_not_come_before_anything_is_counted(session: AsyncSession, help_channel):
    await monthly(session)

    assert await due(session) is None


async def test_it_comes_by_the_clock_of_where_somebody_is(session: AsyncSession, help_channel):
    await take(session)
    await monthly(session)
    await learn(session, ADA, is_admin=True, timezone="Asia/Tokyo")

    await run_due_digests(session, now=datetime(2026, 12, 7, 0, 0, tzinfo=UTC))  # 9:00 there

    run = (await session.scalars(select(DigestRun).where(DigestRun.kind == HEALTH))).one()
    assert run.slot == SLOT

import asyncio
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox import claim_owed
from bot.people import (
    READ_PEOPLE_EVERY,
    get_timezone,
    is_admin,
    is_known,
    learn_group,
    learn_page,
    learn_person,
    learn_profile,
    list_unavailable,
    owe_group,
    owe_stale_people,
)
from bot.workspaces import join_workspace
from storage import outbox
from storage.database import Sessions
from storage.experts import topics
from storage.tables import GroupMember
from tests.bot.conftest import (
    BEN,
    EVA,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    at,
    count,
    learn,
    owed,
    profile,
)


async def test_what_slack_says_last_of_a_person_counts(session: AsyncSession):
    await learn(session, BEN, is_admin=True)
    assert await is_admin(session, TEAM, BEN)

    await learn(session, BEN, timezone="Asia/Tokyo")

    assert not await is_admin(session, TEAM, BEN)
    assert await get_timezone(session, TEAM, BEN) == "Asia/Tokyo"


async def test_admins_are_people_of_the_workspace(session: AsyncSession):
    for flag in ("is_external", "is_deactivated", "is_bot"):
        await learn(session, flag, is_admin=True, **{flag: True})

        assert not await is_admin(session, TEAM, flag)


async def test_another_workspaces_admin_is_none_here(session: AsyncSession):
    await learn(session, BEN, is_admin=True)

    assert not await is_admin(session, OTHER_TEAM, BEN)
    assert not await is_known(session, OTHER_TEAM, BEN)


async def test_without_a_time_zone_that_we_know_it_is_utc(session: AsyncSession):
    for n, zone in enumerate((None, "", "Mars/Olympus_Mons", "../etc/passwd")):
        await learn(session, f"U{n}", timezone=zone)
        assert await get_timezone(session, TEAM, f"U{n}") == "UTC"

    assert await get_timezone(session, TEAM, "U_UNKNOWN") == "UTC"


async def test_names_may_be_any_text(session: AsyncSession):
    await learn(session, BEN, name="\x00\ud800" + "x" * 10_000)

    assert await is_known(session, TEAM, BEN)


async def test_who_cannot_help_in_a_channel_is_not_asked(session: AsyncSession, help_channel):
    await learn(session, "U_GUEST", is_guest=True)
    await learn(session, "U_BOT", is_bot=True)
    await learn(session, "U_GONE", is_deactivated=True)
    people = [BEN, "U_GUEST", "U_BOT", "U_GONE", "U_NEW"]

    assert await list_unavailable(session, TEAM, HELP, people) == {"U_GUEST", "U_BOT", "U_GONE"}


async def test_only_groups_that_are_experts_are_read(session: AsyncSession, help_channel):
    await add_topic(session, "Customs", experts=["S_NIGHT"])
    for usergroup_id, team_id in (("S_DAY", TEAM), ("S_NIGHT", OTHER_TEAM)):
        await owe_group(session, team_id=team_id, usergroup_id=usergroup_id, now=at())

    rows = await outbox.claim_due(session, now=at(), seconds=0, limit=100, claim="test")
    read = [(row.team_id, row.subject) for row in rows if row.kind == "read_group"]
    assert read == [(TEAM, "S_NIGHT")]


async def test_an_emptied_group_has_no_members(session: AsyncSession, help_channel):
    topic = await add_topic(session, "Customs", experts=["S_NIGHT"])
    for members in ([PIA, EVA, PIA], []):
        await learn_group(session, team_id=TEAM, usergroup_id="S_NIGHT", user_ids=members, now=at())

    assert await topics.list_expert_ids(session, TEAM, topic.topic_id) == []


async def test_a_group_learnt_by_two_at_the_same_time_is_learnt(sessions: Sessions):
    async def learn_it() -> None:
        async with sessions.begin() as session:
            await learn_group(
                session, team_id=TEAM, usergroup_id="S_NIGHT", user_ids=[BEN, EVA], now=at()
            )
            await asyncio.sleep(0.05)

    await asyncio.gather(*(learn_it() for _ in range(3)))

    async with sessions.read() as session:
        assert await count(session, GroupMember) == 2


async def hear(session: AsyncSession, seconds: float, **changes: Any) -> None:
    """What Slack told of Ben so many seconds after now."""
    await learn_person(session, team_id=TEAM, profile=profile(BEN, **changes), now=at(seconds))


async def test_a_late_copy_of_what_slack_said_makes_nobody_an_admin_again(session: AsyncSession):
    await hear(session, 20, is_admin=False)

    await hear(session, 10, is_admin=True)

    assert not await is_admin(session, TEAM, BEN)
    assert ("read_person", BEN) in await owed(session)


async def test_what_was_told_while_we_read_stands(session: AsyncSession):
    await hear(session, 0, is_admin=True)
    await hear(session, 10, is_admin=False)

    for known_at in (None, at()):
        await learn_profile(
            session,
            team_id=TEAM,
            profile=profile(BEN, is_admin=True),
            known_at=known_at,
            now=at(20),
        )
    assert not await is_admin(session, TEAM, BEN)

    # Our clock may be behind Slack's.
    await learn_profile(
        session, team_id=TEAM, profile=profile(BEN, is_admin=True), known_at=at(10), now=at(5)
    )
    assert await is_admin(session, TEAM, BEN)


async def read_page(session: AsyncSession, number: int, next_page: str, **changes: Any) -> None:
    await learn_page(
        session,
        team_id=TEAM,
        number=number,
        profiles=[profile(BEN, **changes), profile("U_NEW")],
        next_page=next_page,
        now=at(60),
    )


async def test_all_whom_we_know_are_known_anew_page_by_page(session: AsyncSession):
    await hear(session, 0, is_admin=True)

    await read_page(session, 1, "more")

    assert not await is_admin(session, TEAM, BEN)
    assert not await is_known(session, TEAM, "U_NEW")
    rows = await claim_owed(session, now=at(60), limit=100)
    assert [(row.kind, row.subject, row.payload) for row in rows] == [
        ("read_people", "2", {"cursor": "more"})
    ]


async def test_they_are_read_again_after_some_hours(session: AsyncSession):
    await join_workspace(session, team_id=TEAM, name="Acme", url="", bot_user_id="U", now=at())
    await read_page(session, 1, "")

    await owe_stale_people(session, now=at(60) + READ_PEOPLE_EVERY)
    assert ("read_people", "1") not in await owed(session)
    await owe_stale_people(session, now=at(61) + READ_PEOPLE_EVERY)
    assert ("read_people", "1") in await owed(session)

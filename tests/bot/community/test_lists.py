"""Topics and channels by pages."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.lists import A_PAGE, CHANNELS, JOIN, TOPICS, Page, get_page
from bot.errors import OnlyAdmins
from tests.bot.conftest import ADA, ANA, BEN, PIA, TEAM, add_topic, learn_help_channel


async def page(
    session: AsyncSession, which: str, *, by: str = ADA, number: int = 0, query: str = ""
) -> Page:
    who = {"team_id": TEAM, "user_id": by}
    return await get_page(session, **who, which=which, number=number, query=query)


async def test_topics_come_by_pages_with_how_many_help(session: AsyncSession, help_channel):
    for number in range(A_PAGE + 1):
        await add_topic(session, f"Topic {number:02}", experts=[BEN, "S_NIGHT"][: number % 3])

    first, second = [await page(session, TOPICS, number=number) for number in (0, 1)]

    assert first.count == A_PAGE + 2  # the channel's own too
    assert [each.name for each in second.items] == ["Topic 09", "Topic 10"]
    assert not first.is_last and second.is_last
    (found,) = (await page(session, TOPICS, query="TOPIC 05")).items
    assert (found.name, found.experts) == ("Topic 05", 2)
    assert (await page(session, TOPICS, query="%")).count == 0


async def test_channels_are_those_that_the_admin_reads_too(session: AsyncSession, help_channel):
    await learn_help_channel(session, "C_DOCKS", is_private=True, user_ids=[ADA])
    await learn_help_channel(session, "C_SECRET", is_private=True, user_ids=[BEN])

    shown = await page(session, CHANNELS)

    assert [each.subject for each in shown.items] == ["C_DOCKS", "C_HELP"]
    assert (await page(session, CHANNELS, query="dock")).count == 1


async def test_people_see_what_they_can_join_and_what_is_theirs(
    session: AsyncSession, help_channel
):
    await add_topic(session, "Customs", experts=[PIA])
    await learn_help_channel(session, "C_SECRET", is_private=True, user_ids=[BEN])

    shown = await page(session, JOIN, by=PIA)

    assert [(each.name, each.is_mine) for each in shown.items] == [
        ("c_help", False),
        ("Customs", True),
    ]


@pytest.mark.parametrize("which", [TOPICS, CHANNELS])
async def test_only_admins_run_them(session: AsyncSession, help_channel, which: str):
    with pytest.raises(OnlyAdmins):
        await page(session, which, by=ANA)

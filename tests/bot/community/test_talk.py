"""What is said beside questions is counted by week, and nothing of it is kept."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.health import last_midnight, owe_counts
from bot.community.talk import count_talk, save_talk
from bot.community.weeks import monday_of
from bot.kinds import TALK, WeekOfTalk
from storage.community import health
from storage.tables import ChannelWeek
from tests.bot.community.test_health import TOMORROW, join
from tests.bot.conftest import ANA, BEN, EVA, HELP, NOW, TEAM, owed, said

LAST_MONDAY = monday_of(last_midnight(TOMORROW)) - timedelta(weeks=1)
LAST_WEEK = WeekOfTalk(HELP, LAST_MONDAY.date().isoformat())


def test_posts_that_ask_nothing_are_counted_and_those_that_only_greet():
    told = [
        said("We published the story of our new warehouse in Genoa.", by=ANA),
        said("Our third article on leadership is out, have a read.", by=ANA),
        said("Good morning everybody", by=BEN),
        said("Hello", by=EVA),
        said("How do I correct the tariff code of a rejected form?", by=BEN),
    ]

    assert count_talk(told) == (4, 2, 2)
    assert count_talk([]) == (0, 0, 0)


async def test_each_help_channels_last_week_is_read_once(session: AsyncSession, help_channel):
    await join(session)
    await owe_counts(session, now=TOMORROW)

    told = {subject for kind, subject in await owed(session, now=TOMORROW) if kind == TALK.name}
    assert told == {f"{HELP}:{LAST_WEEK.monday}"}

    await save_talk(session, team_id=TEAM, week=LAST_WEEK, talk=(4, 2, 3))
    assert await health.list_unread_weeks(session, TEAM, LAST_MONDAY) == []
    assert await health.list_talk(session, TEAM) == {LAST_MONDAY: (4, 2, 3)}


async def test_read_again_it_is_counted_once(session: AsyncSession, help_channel):
    for talk in ((4, 2, 3), (5, 2, 3)):
        await save_talk(session, team_id=TEAM, week=LAST_WEEK, talk=talk)

    rows = (await session.scalars(select(ChannelWeek))).all()
    assert [(row.posts, row.hellos, row.by_one) for row in rows] == [(5, 2, 3)]
    assert NOW > LAST_MONDAY

"""Weeks are counted once and kept, and come to the same as a count of all."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.health import (
    count_up,
    get_part,
    go_on_counting,
    last_midnight,
    read_community,
    save_reading,
)
from bot.community.trend import QUARTER, Standing
from bot.community.weeks import WHOLE, monday_of, read_past, read_weeks
from storage.community import health
from storage.community.health import Counted
from storage.tables import Answer, HealthWeek, Question
from tests.bot.community.test_measures import UNTIL, WEEK, invent
from tests.bot.conftest import ADA, HELP, TEAM, add_topic, settle_in

DAY = timedelta(days=1)


async def take(session: AsyncSession, until: datetime) -> dict[str, Any]:
    community = await read_community(session, team_id=TEAM, until=until)
    figures = count_up(community)
    await save_reading(session, team_id=TEAM, until=until, figures=figures, weeks=community.weeks)
    return figures


async def kept(session: AsyncSession) -> list[Counted]:
    return sorted(await health.list_weeks(session, TEAM))


def recount(told: list[dict[str, Any]], began_at: datetime) -> dict[str, int]:
    """The week of the whole workspace, counted another way."""
    asked = [
        each for each in told if each["counts"] and began_at <= each["asked_at"] < began_at + WEEK
    ]
    helping, answered = set(), 0
    for each in asked:
        until = each["asked_at"] + WEEK
        replies = [
            reply["author_id"]
            for reply in each["replies"]
            if reply["answered_at"] < until
            and reply["author_id"] != each["asker_id"]
            and not reply["erased_at"]
        ]
        helping.update(replies)
        answered += bool(replies or (each["reused_at"] and each["reused_at"] < until))
    quarter = [
        each["asker_id"]
        for each in told
        if each["counts"] and began_at - (QUARTER - 1) * WEEK <= each["asked_at"] < began_at + WEEK
    ]
    return {
        "asked": len(asked),
        "answered": answered,
        "askers": len({each["asker_id"] for each in asked}),
        "newcomers": sum(each["is_first"] for each in asked),
        "helping": len(helping),
        "people": len(set(quarter)),
    }


@pytest.mark.parametrize("seed", range(3))
async def test_weeks_equal_a_recount_and_a_reading_a_week_keeps_the_same(
    session: AsyncSession, seed: int
):
    told = await invent(session, random.Random(seed))
    for number in (9, 8, 5, 4, 0):  # days on which it was counted, and others on which it was not
        await take(session, last_midnight(UNTIL - number * WEEK + 2 * DAY))
    by_and_by = await kept(session)

    await session.execute(delete(HealthWeek))
    figures = await take(session, last_midnight(UNTIL + 2 * DAY))

    assert await kept(session) == by_and_by
    for week in by_and_by:
        if week.subject == WHOLE:
            assert recount(told, week.began_at) == {
                name: getattr(week, name) for name in week._fields[2:]
            }
    course = figures[WHOLE]["course"]
    assert course is None or course["age"] == len({week.began_at for week in by_and_by})


async def test_a_long_past_is_counted_step_by_step_to_the_same(session: AsyncSession, help_channel):
    topic = await add_topic(session, "Customs")
    until = last_midnight(monday_of(UNTIL) + 2 * DAY)
    await ask_each_week(session, topic.topic_id, monday_of(until) - 50 * WEEK, 50, people=2)
    about = {"team_id": TEAM, "until": until}
    at_once = [(w.subject, w.began_at, w.asked) for w in await read_weeks(session, **about)]

    steps = 0
    while past := await read_past(session, **about):
        await go_on_counting(session, past, **about, now=until)
        steps += 1
    await take(session, until)

    assert steps == 2
    assert {(each.subject, each.began_at, each.asked) for each in await kept(session)} == set(
        at_once
    )


async def ask_each_week(
    session: AsyncSession, topic_id: int, since: datetime, weeks: int, people: int = 6
) -> None:
    """So many people ask about the topic each week, and so many others answer."""
    for week in range(weeks):
        for number in range(people):
            at = since + week * WEEK + number * DAY
            ts = f"{at.timestamp():.6f}"
            place = {"team_id": TEAM, "channel_id": HELP}
            question = Question(
                **place,
                message_ts=ts,
                thread_ts=ts,
                asker_id=f"U_ASK{number}",
                text="How?",
                topic_id=topic_id,
                asked_at=at,
            )
            session.add(question)
            await session.flush()
            moments = dict.fromkeys(("answered_at", "said_at"), at + timedelta(hours=1))
            reply = {"message_ts": f"{ts}1", "author_id": f"U_HELP{number}", "text": "So."}
            session.add(Answer(**place, question_id=question.id, **reply, **moments))
    await session.flush()


async def test_a_topic_that_fell_silent_is_told_of_long_after(session: AsyncSession, help_channel):
    topic = await add_topic(session, "Customs")
    start = monday_of(UNTIL - 60 * WEEK)
    await ask_each_week(session, topic.topic_id, start, 30)

    await take(session, last_midnight(start + 60 * WEEK))

    part = await get_part(session, team_id=TEAM, user_id=ADA, subject=str(topic.topic_id))
    assert part.verdict is not None
    assert part.verdict.kind == "silent"
    assert part.verdict.since == start + 30 * WEEK


async def test_a_topic_of_four_people_is_told_of_never(session: AsyncSession, help_channel):
    topic = await add_topic(session, "Customs")
    start = monday_of(UNTIL - 60 * WEEK)
    await ask_each_week(session, topic.topic_id, start, 30, people=4)

    for week in (20, 31, 34, 60):
        figures = await take(session, last_midnight(start + week * WEEK))

        assert figures[str(topic.topic_id)]["course"] is None


async def test_people_who_go_on_about_another_topic_are_told_to_have_moved(
    session: AsyncSession, help_channel
):
    await settle_in(session)
    old, new = [await add_topic(session, name) for name in ("Customs", "Tariffs")]
    start = monday_of(UNTIL - 60 * WEEK)
    await ask_each_week(session, old.topic_id, start, 30)
    await ask_each_week(session, new.topic_id, start + 30 * WEEK, 12)

    figures = await take(session, last_midnight(start + 36 * WEEK))

    assert figures[str(old.topic_id)]["course"]["standing"] == Standing.SILENT
    assert figures[str(old.topic_id)]["elsewhere"] == 6
    part = await get_part(session, team_id=TEAM, user_id=ADA, subject=str(old.topic_id))
    assert part.verdict is not None
    assert part.verdict.kind == "moved"

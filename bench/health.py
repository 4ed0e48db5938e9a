"""How long a community's health takes: to count it, once a day, and to show it in App Home.

Input: none. Workspaces of 200,000 and of 1,000,000 questions in three years, with 5,000 people,
20 topics and one and a half answers a question; on SQLite and on PostgreSQL.
Figures, for each: seconds to read what a reading is counted from, to count it, and the longest
week of it; milliseconds (median of 20) of App Home's part for an admin and for somebody else.
"""

import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from bench._search_data import CHANNEL, NOW, READER, TEAM, add_reader, database
from bot.community.health import count_up, get_health, last_midnight, read_community, save_reading
from storage import people
from storage.community import health
from storage.database import Sessions
from storage.tables import Answer, Channel, ChannelMember, Question, Topic

SIZES, PEOPLE, TOPICS, YEARS = (200_000, 1_000_000), 5_000, 20, 3
ADMIN = "U0ADMIN"
AT_ONCE, RUNS = 20_000, 20
WEEK = timedelta(weeks=1)
UNTIL = last_midnight(NOW)
Row = dict[str, Any]


async def run(data: Path | None) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for engine in ("sqlite", "postgresql"):
        for size in SIZES:
            async with database(engine) as sessions:
                await fill(sessions, size)
                figures[f"{engine}, {size:,} questions"] = await measure(sessions)
            print(f"{engine} {size}: {figures[f'{engine}, {size:,} questions']}", flush=True)
    return figures


async def measure(sessions: Sessions) -> dict[str, Any]:
    started = time.perf_counter()
    async with sessions.read() as session:
        community = await read_community(session, team_id=TEAM, until=UNTIL)
    read = time.perf_counter()
    counted_up = count_up(community)
    counted = time.perf_counter()
    async with sessions.begin() as session:
        await save_reading(
            session, team_id=TEAM, until=UNTIL, figures=counted_up, weeks=community.weeks
        )
    return {
        "questions looked at": len(community.whole.asked),
        "read, seconds": round(read - started, 2),
        "count, seconds": round(counted - read, 2),
        "one week, seconds": round(await take_week(sessions), 3),
        "home of an admin, ms": await show(sessions, ADMIN),
        "home of another, ms": await show(sessions, READER),
    }


async def take_week(sessions: Sessions) -> float:
    started = time.perf_counter()
    async with sessions.read() as session:
        await health.list_asked(session, TEAM, UNTIL - WEEK, UNTIL)
        await health.list_helped(session, TEAM, UNTIL - WEEK, UNTIL)
    return time.perf_counter() - started


async def show(sessions: Sessions, user_id: str) -> float:
    async def once(session: AsyncSession) -> None:
        await get_health(session, team_id=TEAM, user_id=user_id)

    return round(statistics.median([await timed(sessions, once) for _ in range(RUNS)]), 1)


async def timed(sessions: Sessions, look: Callable[[AsyncSession], Awaitable[None]]) -> float:
    started = time.perf_counter()
    async with sessions.read() as session:
        await look(session)
    return 1000 * (time.perf_counter() - started)


async def fill(sessions: Sessions, size: int) -> None:
    async with sessions.begin() as session:
        await fill_people(session)
        rows = rows_of(random.Random(1), size)
        for _ in range(0, size, AT_ONCE):
            questions, answers = [], []
            for question, replies in (next(rows) for _ in range(AT_ONCE)):
                questions.append(question)
                answers += replies
            await session.execute(insert(Question), questions)
            await session.execute(insert(Answer), answers)
    async with sessions.begin() as session:
        await session.execute(text("ANALYZE"))


async def fill_people(session: AsyncSession) -> None:
    await add_reader(session)
    flags = dict.fromkeys(("is_bot", "is_guest", "is_external", "is_deactivated"), False)
    for user_id in [ADMIN, *(f"U{number}" for number in range(PEOPLE))]:
        known = {"team_id": TEAM, "user_id": user_id, "name": user_id, "timezone": "Asia/Tokyo"}
        is_admin = user_id == ADMIN
        await people.save(session, read_at=NOW, is_admin=is_admin, **known, **flags)
        session.add(ChannelMember(team_id=TEAM, channel_id=CHANNEL, user_id=user_id))
    for number in range(1, TOPICS + 1):
        named = {"name": f"Topic {number}", "key": f"topic {number}", "keywords": []}
        session.add(Topic(id=number, team_id=TEAM, created_by=ADMIN, created_at=NOW, **named))
    (await session.get_one(Channel, (TEAM, CHANNEL))).is_help = True
    await session.flush()


def rows_of(dice: random.Random, size: int) -> Iterator[tuple[Row, list[Row]]]:
    """Questions in the order of time; some people ask and help far more than others."""
    place = {"team_id": TEAM, "channel_id": CHANNEL}
    for number in range(1, size + 1):
        asked_at = NOW - YEARS * 52 * WEEK * (1 - number / (size + 1))
        answered_at = asked_at + dice.expovariate(1) * timedelta(hours=3)
        question = {
            **place,
            "id": number,
            "message_ts": f"{number}.000001",
            "thread_ts": f"{number}.000001",
            "asker_id": somebody(dice),
            "text": f"How do I correct the tariff code of form {number}, which was rejected?" * 3,
            "topic_id": dice.randint(1, TOPICS),
            "asked_at": asked_at,
            "solved_at": answered_at if dice.random() < 0.6 else None,
            "stage": "rest",
            "is_asked_by_command": False,
        }
        replies = [
            {
                **place,
                "message_ts": f"{number}.00001{reply}",
                "question_id": number,
                "author_id": somebody(dice),
                "text": "Press Amend, then choose the new code and send the form again." * 3,
                "answered_at": answered_at,
                "said_at": answered_at,
            }
            for reply in range(dice.choice((0, 1, 2, 3)))
        ]
        yield question, replies


def somebody(dice: random.Random) -> str:
    return f"U{int(PEOPLE * dice.random() ** 3)}"

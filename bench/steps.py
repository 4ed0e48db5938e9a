"""What the clock's steps and the choice of experts cost in a large workspace.

Input: none. A workspace of 50,000 open questions (nobody answered; their next steps lie within
four hours), 2,000 experts in 40 topics, 5,000 solved questions in the index. Figures, in
milliseconds: tick_idle, a look where nothing is due; tick_due, all steps of one tick (due within
five seconds) and their number; step, one step (a tenth of the questions' steps, p50 and p99);
choose, finding and asking the next few for one question (p50, p99) with 50 experts in its topic,
and choose_2000, with all 2,000 in one.
"""

import random
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bench._collections import Document
from bench._search_data import CHANNEL, NOW, TEAM, add_reader, add_solved, database
from bot.experts.choosing import ask_next, look
from bot.experts.routing import FIGURES
from bot.experts.steps import has_due_steps, take_due_steps
from storage.database import Sessions
from storage.search import Words
from storage.tables import (
    Answer,
    ChannelMember,
    Expert,
    Figures,
    Offer,
    Person,
    Question,
    Rhythm,
    Topic,
)

OPEN, EXPERTS, TOPICS, SOLVED = 50_000, 2_000, 40, 5_000
SPREAD, TICK = timedelta(hours=4), timedelta(seconds=5)
ASKED, MEASURED = 2, 300
CROWDED = TOPICS + 1  # the topic of all experts
ZONES = ("Europe/Rome", "America/New_York", "Asia/Tokyo", "Asia/Kolkata")
WORDS = [f"{stem}{end}" for stem in ("form", "port", "ship", "lock", "print") for end in range(200)]


async def run(data: Path | None) -> dict[str, Any]:
    async with database("sqlite") as sessions:
        await fill(sessions)
        figures = {
            "tick_idle_ms": await measure(lambda: is_due(sessions, NOW - TICK), 100),
            **await measure_tick(sessions),
            "choose_ms": await measure_choosing(sessions, topic_id=1),
            "choose_2000_ms": await measure_choosing(sessions, topic_id=CROWDED),
        }
    for name, value in figures.items():
        print(f"{name}: {value}")
    return figures


async def is_due(sessions: Sessions, now: datetime) -> bool:
    async with sessions.read() as session:
        return await has_due_steps(session, now=now)


async def measure_tick(sessions: Sessions) -> dict[str, Any]:
    """Ticks as they come, five seconds apart; the first one finds what was due before, too."""
    ticks, due = list[float](), list[int]()
    for number in range(1, 31):
        now = NOW + number * TICK
        due.append(await count_due(sessions, now))
        started = time.perf_counter()
        more = True
        while more:
            async with sessions.begin() as session:
                more = await take_due_steps(session, now=now)
        ticks.append(1000 * (time.perf_counter() - started))
    outage = NOW + timedelta(minutes=5)
    behind = await count_due(sessions, outage)
    started = time.perf_counter()
    more = True
    while more:
        async with sessions.begin() as session:
            more = await take_due_steps(session, now=outage)
    spent = time.perf_counter() - started
    return {
        "due_in_a_tick": round(statistics.fmean(due), 1),
        "tick_due_ms": spread(ticks),
        "after_minutes_away": {"due": behind, "seconds": round(spent, 2)},
        "steps_a_second": round(behind / spent),
    }


async def count_due(sessions: Sessions, now: datetime) -> int:
    async with sessions.read() as session:
        return len(
            (await session.scalars(select(Question.id).where(Question.step_at <= now))).all()
        )


async def measure_choosing(sessions: Sessions, *, topic_id: int) -> dict[str, float]:
    """Finding who is asked about a new question of that topic, and asking them; each taken
    back."""
    async with sessions.read() as session:
        ids = (
            await session.scalars(select(Question.id).where(Question.topic_id == 1).limit(MEASURED))
        ).all()
    times = []
    for question_id in ids:
        async with sessions.begin() as session:
            question = await session.get_one(Question, question_id)
            question.topic_id = topic_id
            await session.flush()
            started = time.perf_counter()
            asking = await look(session, question, is_new=True, now=NOW)
            await ask_next(session, question, asking, besides=True, now=NOW)
            times.append(1000 * (time.perf_counter() - started))
            await session.rollback()
    return spread(times)


async def measure(act: Callable[[], Awaitable[Any]], runs: int) -> dict[str, float]:
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        await act()
        times.append(1000 * (time.perf_counter() - started))
    return spread(times)


def spread(times: list[float]) -> dict[str, float]:
    in_order = sorted(times)
    return {
        "p50": round(statistics.median(in_order), 1),
        "p99": round(in_order[min(len(in_order) - 1, int(len(in_order) * 0.99))], 1),
    }


# The workspace


async def fill(sessions: Sessions) -> None:
    dice = random.Random(1)
    async with sessions.begin() as session:
        await add_reader(session)
        await add_people(session)
    for start in range(0, SOLVED, 500):
        async with sessions.begin() as session:
            for number in range(start + 1, start + 501):
                await add_help(session, number, dice)
    for start in range(SOLVED, SOLVED + OPEN, 2_000):
        async with sessions.begin() as session:
            await add_open(session, range(start + 1, start + 2_001), dice)


def expert(number: int) -> str:
    return f"U{number % EXPERTS:05}"


async def add_people(session: AsyncSession) -> None:
    no = dict.fromkeys(("is_admin", "is_bot", "is_guest", "is_external", "is_deactivated"), False)
    people = [
        {"team_id": TEAM, "user_id": expert(n), "name": f"Expert {n}", "read_at": NOW, **no}
        | {"timezone": ZONES[n % len(ZONES)]}
        for n in range(EXPERTS)
    ]
    await session.execute(insert(Person), people)
    members = [
        {"team_id": TEAM, "channel_id": CHANNEL, "user_id": expert(n)} for n in range(EXPERTS)
    ]
    await session.execute(insert(ChannelMember), members)
    topics = [
        {"id": n, "team_id": TEAM, "name": f"Topic {n}", "key": f"topic {n}", "keywords": []}
        | {"created_by": "U0ADMIN", "created_at": NOW}
        for n in (*range(1, TOPICS + 1), CROWDED)
    ]
    await session.execute(insert(Topic), topics)
    named = {"added_by": "U0ADMIN", "added_at": NOW}
    experts = [
        {"topic_id": topic_id, "member_id": expert(n), **named}
        for n in range(EXPERTS)
        for topic_id in (n % TOPICS + 1, CROWDED)
    ]
    await session.execute(insert(Expert), experts)
    rhythms = [
        {"team_id": TEAM, "user_id": expert(n), "amount": 1 + n % 7, "last_at": NOW}
        for n in range(0, EXPERTS, 2)
    ]
    await session.execute(insert(Rhythm), rhythms)


def words(dice: random.Random, number: int) -> str:
    return " ".join(dice.choices(WORDS, k=number))


async def add_help(session: AsyncSession, number: int, dice: random.Random) -> None:
    """A solved question, and who answered it."""
    at = NOW - timedelta(days=dice.randint(1, 600))
    text = Words(words(dice, 8), words(dice, 25), solution=words(dice, 20))
    await add_solved(session, number, Document(text, at))
    answer = {
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "message_ts": f"{number}.000001",
        "question_id": number,
        "author_id": expert(dice.randrange(EXPERTS)),
        "text": text.solution,
        "answered_at": at,
        "said_at": at,
    }
    await session.execute(insert(Answer), [answer])


async def add_open(session: AsyncSession, numbers: range, dice: random.Random) -> None:
    """Questions that wait: two experts of the topic were asked, and the next step will come."""
    rows, offers, kept = [], [], []
    for number in numbers:
        topic_id = number % TOPICS + 1
        asked_at = NOW - timedelta(minutes=20) - timedelta(seconds=dice.random())
        step_at = NOW + SPREAD * dice.random()
        text = f"How do I {words(dice, 9)}?"
        rows.append(
            {
                "id": number,
                "team_id": TEAM,
                "channel_id": CHANNEL,
                "message_ts": f"{number}.000000",
                "thread_ts": f"{number}.000000",
                "asker_id": f"U9{number % 5_000:04}",
                "text": text,
                "topic_id": topic_id,
                "asked_at": asked_at,
                "routed_at": asked_at + (step_at - NOW),
                "stage": "few",
                "step_at": step_at,
                "next_step": "ask",
                "next_at": step_at,
            }
        )
        first = dice.randrange(EXPERTS // TOPICS)
        offers += [
            {
                "question_id": number,
                "user_id": expert((first + place) % (EXPERTS // TOPICS) * TOPICS + topic_id - 1),
                "team_id": TEAM,
                # Of a month, and none that still waits for their word: they can be asked.
                "offered_at": NOW - timedelta(days=4 + number % 20),
            }
            for place in range(ASKED)
        ]
        kept.append(
            {
                "question_id": number,
                "team_id": TEAM,
                "checksum": crc32(text.encode()),
                "people": {
                    expert(each): [*(round(dice.random(), 3) for _ in FIGURES), 0]
                    for each in range(topic_id - 1, EXPERTS, TOPICS)
                },
                "kept_at": asked_at,
            }
        )
    await session.execute(insert(Question), rows)
    await session.execute(insert(Offer), offers)
    await session.execute(insert(Figures), kept)

"""How long a digest of a very long week takes, from owed to messages that Slack would take.

Input: none. A channel of 5,000 people with 100,000 kudos in the week (half of them solved
questions, the rest "helped me too" and reuse), as many questions, and the same in the four weeks
before in a tenth of the size; on SQLite and on PostgreSQL.
Figures, for each database: seconds to find what there is to say and to render it (median of 5);
messages, and the characters and blocks of the largest; and, without a database, how much favours
weigh: see `weights`.
"""

import random
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bench._search_data import CHANNEL, NOW, TEAM, add_reader, database
from bot.digests import WEEKLY_DIGEST
from bot.ledger import add_up, weigh
from bot.weekly import get_weekly_digest
from handlers.blocks.digests import weekly_digest
from sandbox.block_kit import blocks_text_length, check_blocks
from storage.database import Sessions
from storage.tables import Answer, DigestRun, Kudos, Question
from storage.weekly import Fact

PEOPLE, KUDOS, RUNS = 5_000, 100_000, 5
WEEK = timedelta(weeks=1)
SLOT = "2026-W01"
URL = "https://acme.slack.com/"
MOST_BLOCKS, MOST_CHARACTERS, MOST_MESSAGES, MOST_SECONDS = 50, 13_200, 3, 2.0
Row = dict[str, Any]


async def run(data: Path | None) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for engine in ("sqlite", "postgresql"):
        async with database(engine) as sessions:
            await fill(sessions)
            figures[engine] = await measure(sessions)
        print(f"{engine}: {figures[engine]}", flush=True)
    figures["weights"] = weights()
    print("\n".join(f"{name}: {figure}" for name, figure in figures["weights"].items()))
    return figures


async def measure(sessions: Sessions) -> dict[str, Any]:
    taken = []
    for _ in range(RUNS):
        started = time.perf_counter()
        async with sessions.read() as session:
            digest = await get_weekly_digest(session, team_id=TEAM, channel_id=CHANNEL, slot=SLOT)
        assert digest is not None
        messages = weekly_digest(digest, URL)
        taken.append(time.perf_counter() - started)
    figures = {
        "seconds": round(statistics.median(taken), 2),
        "messages": len(messages),
        "characters": max(blocks_text_length(each["blocks"]) for each in messages),
        "blocks": max(len(each["blocks"]) for each in messages),
    }
    check(figures, messages)
    return figures


def check(figures: dict[str, Any], messages: list[Row]) -> None:
    assert all(check_blocks(each["blocks"], surface="message") == [] for each in messages)
    assert figures["seconds"] < MOST_SECONDS, figures
    assert figures["messages"] <= MOST_MESSAGES
    assert figures["characters"] <= MOST_CHARACTERS
    assert figures["blocks"] <= MOST_BLOCKS


async def fill(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await add_reader(session)
        session.add(
            DigestRun(
                team_id=TEAM,
                kind=WEEKLY_DIGEST,
                subject=CHANNEL,
                slot=SLOT,
                since=NOW - WEEK,
                until=NOW,
            )
        )
        dice, first = random.Random(1), 1
        for weeks_ago in range(5):
            size = KUDOS if weeks_ago == 0 else KUDOS // 10
            await fill_week(session, dice, first, size, weeks_ago)
            first += size
        await session.flush()
    async with sessions.begin() as session:
        await session.execute(text("ANALYZE"))


async def fill_week(
    session: AsyncSession, dice: random.Random, first: int, size: int, weeks_ago: int
) -> None:
    """A question for each fact; some people are asked and thanked far more than others."""
    tables: tuple[Any, ...] = (Question, Answer, Kudos)
    rows: list[list[Row]] = [[], [], []]
    for question, answer, fact in rows_of(dice, first, size, weeks_ago):
        for kept, row in zip(rows, (question, answer, fact), strict=True):
            kept.append(row)
    for table, kept in zip(tables, rows, strict=True):
        for start in range(0, size, 5_000):
            await session.execute(table.__table__.insert(), kept[start : start + 5_000])


def rows_of(
    dice: random.Random, first: int, size: int, weeks_ago: int
) -> Iterator[tuple[Row, Row, Row]]:
    for number in range(first, first + size):
        asked_at = NOW - (weeks_ago + dice.random()) * WEEK
        asker, author, other = (somebody(dice) for _ in range(3))
        kind = "solved" if number % 2 else dice.choice(["helped", "reused"])
        ts = f"{number}.000001"
        place = {"team_id": TEAM, "channel_id": CHANNEL}
        words = f"How do I correct the tariff code of form {number}, which was rejected twice?"
        given_at = min(asked_at + dice.random() * timedelta(days=2), NOW - timedelta(seconds=1))
        yield (
            {
                **place,
                "id": number,
                "message_ts": ts,
                "thread_ts": ts,
                "asker_id": asker,
                "text": words,
                "asked_at": asked_at,
                "solved_at": given_at if number % 3 else None,
                "stage": "rest",
                "is_asked_by_command": False,
            },
            {
                **place,
                "id": number,
                "message_ts": f"{number}.000002",
                "question_id": number,
                "author_id": author,
                "text": "Press Amend.",
                "answered_at": given_at,
                "said_at": given_at,
            },
            {
                **place,
                "id": number,
                "kind": kind,
                "giver_id": asker if kind == "solved" else other,
                "receiver_id": author,
                "question_id": number,
                "answer_id": number,
                "given_at": given_at,
            },
        )


def somebody(dice: random.Random) -> str:
    return f"U{int(PEOPLE * dice.random() ** 2):05}"


def weights() -> dict[str, dict[str, float]]:
    """What somebody's help weighs, counted and weighed, whom five colleagues thank for one
    solution each; and what it would be with favours."""
    honest = [Fact("solved", f"U{each}", "UA", each) for each in range(5)]
    ways = {
        "five people, one each": honest,
        "one person, five times": [Fact("solved", "U0", "UA", each) for each in range(5)],
        "two who only help one another, 100 times": swapped(100),
        "five people, and a friend with whom 100 are swapped": [*honest, *swapped(100)],
        "five people, and one true question back and forth": [*honest, *swapped(1)],
        "five people, and a friend who says so 100 times": [
            *honest,
            *(Fact("solved", "UB", "UA", 100 + each) for each in range(100)),
        ],
        "one person, one question, marked 100 times": [Fact("solved", "U0", "UA", 1)] * 100,
    }
    return {
        name: {
            "counted": sum(fact.receiver_id == "UA" for fact in facts),
            "weighed": round(weigh(add_up(facts).between)["UA"], 2),
        }
        for name, facts in ways.items()
    }


def swapped(times: int) -> list[Fact]:
    """So many favours each way between A and B."""
    there = [Fact("solved", "UB", "UA", 100 + each) for each in range(times)]
    return [*there, *(Fact("solved", "UA", "UB", 1000 + each) for each in range(times))]

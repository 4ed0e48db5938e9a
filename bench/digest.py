"""How long a digest of a very long week takes, from owed to messages that Slack would take.

Input: none. A channel of 5,000 people with 100,000 kudos in the week: 50,000 solved questions,
each of which helped somebody else too, then or later; and a tenth of that in each of the four
weeks before; on SQLite and on PostgreSQL.
Figures, for each database: seconds to find what there is to say and to render it, and of these
the bot's own processor time (best of 5); messages, and the characters and blocks of the largest;
and how much favours weigh: see `weights`.
"""

import random
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bench._search_data import CHANNEL, NOW, TEAM, add_reader, database
from bot.recognition.channel_digest import get_weekly_digest
from bot.recognition.digests import WEEKLY_DIGEST
from bot.recognition.ledger import add_up, weigh
from handlers.blocks.recognition.channel_digest import weekly_digest
from sandbox.block_kit import blocks_text_length, check_blocks
from storage.database import Sessions
from storage.recognition.channel_digest import Fact
from storage.tables import Answer, DigestRun, Kudos, Question

PEOPLE, KUDOS, RUNS = 5_000, 100_000, 5
WEEK = timedelta(weeks=1)
SLOT = "2026-W01"
URL = "https://acme.slack.com/"
MOST_BLOCKS, MOST_CHARACTERS, MOST_MESSAGES = 50, 13_200, 3
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
    taken, used = [], []
    for _ in range(RUNS):
        started, began = time.perf_counter(), time.process_time()
        async with sessions.read() as session:
            digest = await get_weekly_digest(session, team_id=TEAM, channel_id=CHANNEL, slot=SLOT)
        assert digest is not None
        messages = weekly_digest(digest, URL)
        taken.append(time.perf_counter() - started)
        used.append(time.process_time() - began)
    figures = {
        "seconds": round(min(taken), 2),
        "processor_seconds": round(min(used), 2),
        "messages": len(messages),
        "characters": max(blocks_text_length(each["blocks"]) for each in messages),
        "blocks": max(len(each["blocks"]) for each in messages),
    }
    check(figures, messages)
    return figures


def check(figures: dict[str, Any], messages: list[Row]) -> None:
    """That Slack would take them. The time depends on who else uses the machine."""
    assert all(check_blocks(each["blocks"], surface="message") == [] for each in messages)
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
            size = KUDOS // 2 if weeks_ago == 0 else KUDOS // 20
            await fill_week(session, dice, first, size, weeks_ago)
            first += size
        await session.flush()
    async with sessions.begin() as session:
        await session.execute(text("ANALYZE"))


async def fill_week(
    session: AsyncSession, dice: random.Random, first: int, size: int, weeks_ago: int
) -> None:
    """So many questions; some people are asked and thanked far more than others."""
    made = [rows_of(dice, number, weeks_ago) for number in range(first, first + size)]
    tables: tuple[Any, ...] = (Question, Answer, Kudos)
    for table, kept in zip(tables, zip(*made, strict=True), strict=True):
        rows = [row for each in kept for row in each]
        for start in range(0, len(rows), 5_000):
            await session.execute(table.__table__.insert(), rows[start : start + 5_000])


def rows_of(
    dice: random.Random, number: int, weeks_ago: int
) -> tuple[list[Row], list[Row], list[Row]]:
    """A question, its answer, and whom that helped."""
    asked_at = NOW - (weeks_ago + dice.random()) * WEEK
    given_at = min(asked_at + dice.random() * timedelta(days=2), NOW - timedelta(seconds=1))
    asker, author, other = (somebody(dice) for _ in range(3))
    place = {"team_id": TEAM, "channel_id": CHANNEL}
    ts, words = f"{number}.000001", f"How do I correct the tariff code of form {number}?"
    question = {
        **place,
        "id": number,
        "message_ts": ts,
        "thread_ts": ts,
        "asker_id": asker,
        "text": words,
        "asked_at": asked_at,
        "solved_at": given_at,
        "stage": "rest",
        "is_asked_by_command": False,
    }
    answer = {
        **place,
        "id": number,
        "message_ts": f"{number}.000002",
        "question_id": number,
        "author_id": author,
        "text": "Press Amend.",
        "answered_at": given_at,
        "said_at": given_at,
    }
    said = {
        **place,
        "receiver_id": author,
        "question_id": number,
        "answer_id": number,
        "given_at": given_at,
    }
    later = {**said, "kind": dice.choice(["helped", "reused"]), "giver_id": other}
    return [question], [answer], [{**said, "kind": "solved", "giver_id": asker}, later]


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

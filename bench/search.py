"""How well search finds what is known to be right, on both databases, and with the extra.

Input: a folder, or one file of it: `NAME.jsonl[.gz]`, forum threads `{"id", "title", "posts":
[{"u", "t", "x", "l"}]}` in which `l` are ids of threads that a reply links to (those that others
than the asker linked are right; only older threads may be found); `NAME_documents.json`, `[{"id",
"question", "answer"}]`, with `NAME_questions.csv`, `question,document`; `NAME_train.csv` with
`NAME_test.csv`, `text,category` (all of the same category are right). Without it: the sample
community, and a course's FAQ in four languages, asked in other forms of its words.
Figures, for each engine, collection and way to ask: mrr (at 10), ndcg, recall, n, p50_ms.
"""

import math
import statistics
import time
from pathlib import Path
from typing import Any

from bench._collections import Collection, Query, read_collections
from bench._search_data import NOW, READER, TEAM, database, fill
from bot.finding.find import rank
from storage.database import Sessions
from storage.search import Search
from storage.search.meaning import Meaning, open_meaning

DEPTH = 10


async def run(data: Path | None) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    meaning = open_meaning()
    engines: dict[str, tuple[str, Meaning | None]] = {
        "sqlite": ("sqlite", None),
        "postgres": ("postgres", None),
        **({"sqlite, with meaning": ("sqlite", meaning)} if meaning else {}),
    }
    for collection in read_collections(data):
        for engine, (kind, understands) in engines.items():
            async with database(kind, understands) as sessions:
                await fill(sessions, collection.documents)
                found = await figures_of(sessions, collection)
            for way, figure in found.items():
                print(f"{collection.name}, {way}, {engine}: {figure}", flush=True)
                figures.setdefault(f"{collection.name} {way}", {})[engine] = figure
    return figures


async def figures_of(sessions: Sessions, collection: Collection) -> dict[str, dict[str, float]]:
    ways = {way for query in collection.queries for way in query.texts}
    return {way: await measure(sessions, collection, way) for way in sorted(ways)}


async def measure(sessions: Sessions, collection: Collection, way: str) -> dict[str, float]:
    ranks, times = [], []
    for query in (each for each in collection.queries if way in each.texts):
        wanted = search_for(collection, query, way)
        started = time.perf_counter()
        async with sessions.read() as session:
            hits = await rank(session, team_id=TEAM, user_id=READER, wanted=wanted, now=NOW)
        times.append(1000 * (time.perf_counter() - started))
        right = [hit.question_id - 1 in query.relevant for hit in hits[:DEPTH]]
        ranks.append((right, len(query.relevant)))
    return {
        "mrr": mean([reciprocal_rank(right) for right, _ in ranks]),
        "ndcg": mean([ndcg(right, known) for right, known in ranks]),
        "recall": mean([sum(right) / known for right, known in ranks]),
        "n": len(ranks),
        "p50_ms": round(statistics.median(times), 1),
    }


def search_for(collection: Collection, query: Query, way: str) -> Search:
    if query.older_than is None:
        return Search(query.texts[way])
    limit = collection.documents[query.older_than].solved_at
    return Search(query.texts[way], solved_until=limit)


def reciprocal_rank(right: list[bool]) -> float:
    return 1 / (right.index(True) + 1) if True in right else 0.0


def ndcg(right: list[bool], known: int) -> float:
    gains = [1 / math.log2(at + 2) for at in range(DEPTH)]
    gained = sum(gain for gain, is_right in zip(gains, right, strict=False) if is_right)
    return gained / sum(gains[: min(known, DEPTH)])


def mean(values: list[float]) -> float:
    return round(statistics.fmean(values), 4)

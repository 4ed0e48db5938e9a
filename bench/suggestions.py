"""How often what an asker is privately shown is right, and how often anything is shown.

Input: as `search`. Every known question is asked once, in a shuffled order; whoever is shown
something says whether it is right, as far as the data knows, and the workspace learns from that.
Figures, for each collection: shown, the share of askers who saw a suggestion; right, the share of
those for whom one of up to three was right; of all askers and of the last half; `if_always`, the
share that would be right if everybody saw the best three; the likeness needed in the end.
"""

import random
from pathlib import Path
from typing import Any

from bench._collections import Collection, read_collections
from bench._search_data import NOW, READER, TEAM, database, fill
from bench.search import search_for
from bot.finding.find import rank
from bot.questions.suggestions import JUDGED_LOOKED_AT, MOST, choose, likeness_needed
from storage.database import Sessions
from storage.search.meaning import Meaning, open_meaning

ASKED = 3_000  # questions of a collection, at most
Judged = list[tuple[float, bool]]


async def run(data: Path | None) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    ways: dict[str, Meaning | None] = {"": None}
    if (meaning := open_meaning()) is not None:
        ways[", with meaning"] = meaning
    for collection in read_collections(data):
        for way, understands in ways.items():
            name = f"{collection.name}{way}"
            async with database("sqlite", understands) as sessions:
                await fill(sessions, collection.documents)
                figures[name] = await measure(sessions, collection)
            print(f"{name}: {figures[name]}", flush=True)
    return figures


async def measure(sessions: Sessions, collection: Collection) -> dict[str, float]:
    queries = collection.queries[:]
    random.Random(1).shuffle(queries)
    asked = queries[:ASKED]
    way = sorted(asked[0].texts)[0]  # of a forum, the whole first post
    shown, always = list[bool | None](), list[bool]()
    judged: Judged = []
    for query in asked:
        wanted = search_for(collection, query, way)
        async with sessions.read() as session:
            hits = await rank(session, team_id=TEAM, user_id=READER, wanted=wanted, now=NOW)
        right = [hit.question_id - 1 in query.relevant for hit in hits]
        always.append(any(right[:MOST]))
        likely = choose(hits, likeness_needed(judged[-JUDGED_LOOKED_AT:]))
        if not likely:
            shown.append(None)
            continue
        shown.append(any(hit.question_id - 1 in query.relevant for hit in likely))
        judged.append((likely[0].share, shown[-1] is True))
    half = shown[len(shown) // 2 :]
    return {
        "asked": len(asked),
        **shares(shown),
        **{f"{name}_last_half": value for name, value in shares(half).items()},
        "if_always": round(sum(always) / len(always), 3),
        "needed": round(likeness_needed(judged[-JUDGED_LOOKED_AT:]), 2),
    }


def shares(shown: list[bool | None]) -> dict[str, float]:
    judged = [right for right in shown if right is not None]
    return {
        "shown": round(len(judged) / len(shown), 3),
        "right": round(sum(judged) / max(1, len(judged)), 3),
    }

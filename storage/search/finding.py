"""Finding: by words, and where it is installed, by meaning too."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.search.meaning import MODEL, Meaning
from storage.search.planning import Search
from storage.search.ranking import (
    CANDIDATES,
    Hit,
    find_by_words,
    newest_solved,
    state_of,
)
from storage.tables import Question, SearchVector

MEANING_COUNTS = 1.5  # a likeness in meaning of 1 beside one in words of 1
FEW = 10  # found by words: then the newest are compared by meaning as well
NEWEST_COMPARED = 20_000
LIKE_ENOUGH = 0.45  # cosine, for what has no word of the search
MOST_UNLIKE_WORDS = 20  # such questions


async def find(
    session: AsyncSession, *, team_id: str, user_id: str, search: Search, limit: int
) -> list[Hit]:
    """Solved questions in channels that this person can read, best first."""
    who = {"team_id": team_id, "user_id": user_id}
    meaning: Meaning | None = session.info.get("meaning")
    if meaning is None or not search.words.strip():
        return await find_by_words(session, **who, search=search, limit=limit)
    hits = await find_by_words(session, **who, search=search, limit=CANDIDATES)
    understood = await by_meaning(session, meaning, search.words, hits)
    if len(hits) < FEW and not search.phrases:
        known = {hit.question_id for hit in hits}
        understood += await in_other_words(session, meaning, search, known, **who)
    understood.sort(key=lambda hit: (-hit.score, -hit.question_id))
    return understood[:limit]


async def by_meaning(
    session: AsyncSession, meaning: Meaning, words: str, hits: Sequence[Hit]
) -> list[Hit]:
    """What the words found, each as like as its words and its meaning are together. One whose
    vector is not made yet counts as like in meaning as in words."""
    rows = await session.execute(
        select(SearchVector.question_id, SearchVector.vector).where(
            SearchVector.question_id.in_([hit.question_id for hit in hits]),
            SearchVector.model == MODEL,
        )
    )
    vectors = {row.question_id: row.vector for row in rows}
    likeness = await asyncio.to_thread(meaning.likeness, words, list(vectors.values()))
    like = dict(zip(vectors, likeness, strict=True))
    return [scored(hit, like.get(hit.question_id, hit.share)) for hit in hits]


def scored(hit: Hit, likeness: float) -> Hit:
    share = max(0.0, hit.share + MEANING_COUNTS * likeness) / (1 + MEANING_COUNTS)
    return replace(hit, score=share, share=share)


async def in_other_words(
    session: AsyncSession,
    meaning: Meaning,
    search: Search,
    known: Collection[int],
    *,
    team_id: str,
    user_id: str,
) -> list[Hit]:
    """Of the newest solved questions, those that mean the same in other words."""
    statement = (
        newest_solved(frozenset(search.filters))
        .add_columns(SearchVector.vector)
        .join(SearchVector, SearchVector.question_id == Question.id)
        .where(SearchVector.model == MODEL)
        .limit(NEWEST_COMPARED)
    )
    asked = {"team_id": team_id, "user_id": user_id, **search.filters}
    rows = (await session.execute(statement, asked)).all()
    likeness = await asyncio.to_thread(meaning.likeness, search.words, [row.vector for row in rows])
    like = [
        scored(Hit(row.question_id, 0, 0, 0, *state_of(row)), each)
        for row, each in zip(rows, likeness, strict=True)
        if each >= LIKE_ENOUGH and row.question_id not in known
    ]
    return sorted(like, key=lambda hit: -hit.score)[:MOST_UNLIKE_WORDS]

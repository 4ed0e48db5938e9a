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
from storage.search.tables import SearchVector
from storage.search.words import terms_of
from storage.tables import Question

# How much a likeness in meaning of 1 counts beside the best one in words: of many words, their
# own likeness tells more.
MEANING_COUNTS, MEANING_COUNTS_IN_LONG, LONG = 3.0, 1.5, 40  # terms
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
    weight = MEANING_COUNTS if len(terms_of(search.words)) < LONG else MEANING_COUNTS_IN_LONG
    found = await by_meaning(session, meaning, search.words, hits, weight)
    if len(hits) < FEW and not search.phrases:
        known = {hit.question_id for hit in hits}
        found += await in_other_words(session, meaning, search, known, **who)
    found.sort(key=lambda hit: (-hit.score, -hit.question_id))
    return found[:limit]


async def by_meaning(
    session: AsyncSession, meaning: Meaning, words: str, hits: Sequence[Hit], weight: float
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
    best = max((hit.score for hit in hits), default=1.0) or 1.0
    return [
        understood(hit, hit.score / best, like.get(hit.question_id, hit.share), weight)
        for hit in hits
    ]


def understood(hit: Hit, in_words: float, in_meaning: float, weight: float) -> Hit:
    """The hit by both likenesses; how sure it is, by their mean."""
    share = max(0.0, hit.share + in_meaning) / 2
    return replace(hit, score=in_words + weight * in_meaning, share=share)


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
        understood(Hit(row.question_id, 0, 0, 0, *state_of(row)), 0, each, MEANING_COUNTS)
        for row, each in zip(rows, likeness, strict=True)
        if each >= LIKE_ENOUGH and row.question_id not in known
    ]
    return sorted(like, key=lambda hit: -hit.score)[:MOST_UNLIKE_WORDS]

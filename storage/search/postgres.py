"""The index in PostgreSQL: weighted text vectors, ranked by cover density."""

from collections.abc import Sequence
from functools import reduce

from sqlalchemy import ColumnElement, column, delete, func, literal_column, table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage.search.matching import Matching
from storage.types import clean

INDEX = table("search_index", column("question_id"), column("vector"))
LANGUAGE: ColumnElement[str] = literal_column("'english'::regconfig")
# A text vector holds at most 1 MB; a thread's first words tell enough of it.
FIELD_CHARACTERS = 40_000


async def put(
    session: AsyncSession, question_id: int, question: str, solution: str, thread: str
) -> None:
    vector = weighted(question, "A").concat(weighted(solution, "B")).concat(weighted(thread, "D"))
    new = insert(INDEX).values(question_id=question_id, vector=vector)
    await session.execute(
        new.on_conflict_do_update(index_elements=["question_id"], set_={"vector": vector})
    )


async def remove(session: AsyncSession, question_id: int) -> None:
    await session.execute(delete(INDEX).where(INDEX.c.question_id == question_id))


async def purge(session: AsyncSession) -> None:
    """Nothing to do: a removed row is gone with the next vacuum, which PostgreSQL does itself."""


def matching(words: Sequence[str]) -> Matching:
    queries = [func.plainto_tsquery(LANGUAGE, clean(word)) for word in words]
    query: ColumnElement[str] = reduce(lambda any_of, one: any_of.op("||")(one), queries)
    return Matching(
        table=INDEX,
        question_id=INDEX.c.question_id,
        condition=INDEX.c.vector.op("@@")(query),
        # 1: divide by the logarithm of the length, so that long threads do not always win.
        score=func.ts_rank_cd(INDEX.c.vector, query, 1),
    )


def weighted(words: str, weight: str) -> ColumnElement[str]:
    return func.setweight(
        func.to_tsvector(LANGUAGE, clean(words)[:FIELD_CHARACTERS]), literal_column(f"'{weight}'")
    )

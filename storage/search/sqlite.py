"""The index in SQLite: an FTS5 table, ranked by BM25."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, column, delete, insert, literal_column, table, text
from sqlalchemy.ext.asyncio import AsyncSession

from storage.search.matching import Matching
from storage.types import clean

INDEX = table(
    "search_index", column("rowid"), column("question"), column("solution"), column("thread")
)
# The question is asked again in other words more often than the answer's words are searched.
SCORE: ColumnElement[float] = literal_column("-bm25(search_index, 3.0, 2.0, 1.0)")


async def put(
    session: AsyncSession, question_id: int, question: str, solution: str, thread: str
) -> None:
    await session.execute(delete(INDEX).where(INDEX.c.rowid == question_id))
    await session.execute(
        insert(INDEX).values(
            rowid=question_id,
            question=clean(question),
            solution=clean(solution),
            thread=clean(thread),
        )
    )


async def remove(session: AsyncSession, question_id: int) -> None:
    await session.execute(delete(INDEX).where(INDEX.c.rowid == question_id))


async def purge(session: AsyncSession) -> None:
    """Before SQLite 3.42 a removed word is no longer found, but stays in the file until the
    index is built anew. ('optimize' would do it for less, but after some thousand runs those
    versions report a malformed database.)"""
    value = await session.scalar(text("SELECT v FROM search_index_config WHERE k='secure-delete'"))
    if not value:
        await session.execute(text("INSERT INTO search_index(search_index) VALUES ('rebuild')"))


def matching(words: Sequence[str]) -> Matching:
    # Each word in quotes: people's words are never FTS5's operators or column names.
    any_word = " OR ".join(f'"{clean(word).replace(chr(34), " ")}"' for word in words)
    return Matching(
        table=INDEX,
        question_id=INDEX.c.rowid,
        condition=literal_column("search_index").op("MATCH")(any_word),
        score=SCORE,
    )

"""Likeness in meaning, where the extra `meaning` is installed: what the words of a search leave
in the wrong order, it puts right.

A solved question's vector lies in the database beside its words, and goes with them. It is made
afterwards, in the background, so no event waits for it. A search compares only the vectors of
what its words found: measured, that is as good as comparing all of them, it needs no vector
extension and no memory, and nobody's search touches what they cannot read. Only where the words
find almost nothing, the newest vectors are compared."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import insert
from storage.search.minilm import MiniLm
from storage.search.tables import SearchDocument, SearchVector

MODEL = "all-MiniLM-L6-v2-onnx-int8"  # another model's vectors say nothing to this one
REMEMBERED = 100  # texts: a search looks at one twice, and its second page once more
STEPS = 127  # a number of a vector in one byte


@dataclass(frozen=True)
class Meaning:
    """What turns a text into a vector, and compares vectors."""

    embed: Callable[[str], Any]  # a text's vector of length 1, in tens of milliseconds

    def pack(self, text: str) -> bytes:
        vector = self.embed(text)
        return bytes((vector * (STEPS / abs(vector).max())).round().astype("int8").tobytes())

    def likeness(self, text: str, vectors: Sequence[bytes]) -> list[float]:
        """The cosines, from -1 to 1."""
        import numpy as np

        if not vectors:
            return []
        wanted = self.embed(text)
        rows = np.frombuffer(b"".join(vectors), dtype="int8").reshape(len(vectors), -1)
        floats = rows.astype("float32")
        cosines: list[float] = (floats @ wanted / np.linalg.norm(floats, axis=1)).tolist()
        return cosines


def open_meaning() -> Meaning | None:
    """None where the extra is not installed."""
    try:
        model = MiniLm()
    except ImportError:
        return None
    model.embed("")  # it is loaded now, not at the first search
    return Meaning(lru_cache(REMEMBERED)(model.embed))


async def list_unembedded(session: AsyncSession, *, after: int, limit: int) -> Sequence[int]:
    """Indexed questions without a vector, by their ids after that one."""
    statement = (
        select(SearchDocument.question_id)
        .where(unembedded(), SearchDocument.question_id > after)
        .order_by(SearchDocument.question_id)
        .limit(limit)
    )
    return (await session.scalars(statement)).all()


async def count_unembedded(session: AsyncSession) -> int:
    statement = select(func.count()).select_from(SearchDocument).where(unembedded())
    return await session.scalar(statement) or 0


def unembedded() -> ColumnElement[bool]:
    return ~exists().where(
        SearchVector.question_id == SearchDocument.question_id, SearchVector.model == MODEL
    )


async def save_vectors(session: AsyncSession, vectors: Mapping[int, bytes]) -> None:
    """Keep these questions' vectors."""
    await forget_vectors(session, vectors.keys())
    rows = [
        {"question_id": question_id, "model": MODEL, "vector": vector}
        for question_id, vector in vectors.items()
    ]
    if rows:
        await session.execute(insert(session, SearchVector), rows)


async def forget_vectors(session: AsyncSession, question_ids: Collection[int]) -> None:
    await session.execute(delete(SearchVector).where(SearchVector.question_id.in_(question_ids)))

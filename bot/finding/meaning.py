"""Making the vectors by which solved questions are found in other words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.index import document_of
from storage import search
from storage.questions import questions
from storage.search import Document

AT_ONCE = 20  # questions
CHARACTERS = 700  # of a question with its solution; a model reads no further than that


@dataclass(frozen=True)
class Embedded:
    """The vector of a text."""

    text: str
    vector: bytes


async def list_unembedded(session: AsyncSession, *, after: int) -> Sequence[int]:
    """The next few indexed questions after that one that have no vector."""
    return await search.list_unembedded(session, after=after, limit=AT_ONCE)


async def count_unembedded(session: AsyncSession) -> int:
    return await search.count_unembedded(session)


async def texts_of(session: AsyncSession, question_ids: Sequence[int]) -> dict[int, str]:
    """What is to be understood of each question that is indexed still."""
    texts: dict[int, str] = {}
    for question in await questions.list_locked(session, question_ids):
        document = await document_of(session, question)
        if document is not None:
            texts[question.id] = text_of(document)
    return texts


def text_of(document: Document) -> str:
    words = document.words
    return "\n".join(filter(None, (words.headline, words.question, words.solution)))[:CHARACTERS]


async def keep(session: AsyncSession, embedded: Mapping[int, Embedded]) -> None:
    """Keep the vectors of the questions that say the same still."""
    now = await texts_of(session, list(embedded))
    same = {
        question_id: each.vector
        for question_id, each in embedded.items()
        if now.get(question_id) == each.text
    }
    await search.save_vectors(session, same)

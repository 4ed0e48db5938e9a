"""What of a question goes into the search index, and when it leaves it."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.text import headline, plain
from storage import answers, search, solutions
from storage.search import Document, Words
from storage.tables import Question

THREAD_CHARACTERS = 4_000  # of the other replies; those that come first tell the most


async def refresh(session: AsyncSession, question: Question) -> None:
    """Index the question as it stands, or forget it: only solved ones are found."""
    if question.solved_at is None or question.withdrawn_at is not None:
        await search.remove(session, question.id)
        return
    await search.put(session, question.team_id, [await document_of(session, question)])


async def document_of(session: AsyncSession, question: Question) -> Document:
    accepted = {answer.id: answer for _, answer in await solutions.list_of(session, question.id)}
    rest = [
        answer
        for answer in await answers.list_of(session, question.id)
        if answer.id not in accepted
    ]
    asked = plain(question.text)
    first = headline(asked)
    words = Words(
        headline=first,
        question=asked.replace(first, "\n", 1),
        solution="\n".join(plain(answer.text) for answer in accepted.values()),
        thread="\n".join(plain(answer.text) for answer in rest)[:THREAD_CHARACTERS],
    )
    return Document(question.id, question.channel_id, words)

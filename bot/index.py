"""What of a question goes into the search index, and when it leaves it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.text import plain
from storage import answers, erased_messages, search, solutions
from storage.tables import Question


async def purge_erased(session: AsyncSession, *, now: datetime) -> None:
    """The words of deleted messages leave the files of the index as well."""
    if await erased_messages.is_any(session):
        await search.purge(session)


async def refresh(session: AsyncSession, question: Question) -> None:
    """Index the question as it stands, or forget it: only solved ones are found."""
    if question.solved_at is None or question.withdrawn_at is not None:
        await search.remove(session, question.id)
        return
    accepted = {answer.id: answer for _, answer in await solutions.list_of(session, question.id)}
    rest = [
        answer
        for answer in await answers.list_of(session, question.id)
        if answer.id not in accepted
    ]
    await search.put(
        session,
        question.id,
        question=plain(question.text),
        solution="\n".join(plain(answer.text) for answer in accepted.values()),
        thread="\n".join(plain(answer.text) for answer in rest),
    )

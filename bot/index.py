"""What of a question goes into the search index, and when it leaves it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.text import headline, plain
from storage import search
from storage.questions import answers, questions, solutions
from storage.search import Document, Words
from storage.tables import Answer, Question

AT_ONCE = 50  # questions in one transaction: short enough to keep nobody waiting
THREAD_CHARACTERS = 4_000  # of the other replies; those that come first tell the most


@dataclass(frozen=True)
class Thread:
    """What was said to a question."""

    accepted: Sequence[Answer]  # its solutions, the first accepted first
    answers: Sequence[Answer]  # all that stand, oldest first


async def refresh(session: AsyncSession, question: Question, at_hand: Thread | None = None) -> None:
    """Index the question as it stands, or forget it: only solved ones are found."""
    document = await document_of(session, question, at_hand)
    if document is None:
        await search.remove(session, question.id)
    else:
        await search.put(session, question.team_id, [document])


async def count_missing(session: AsyncSession, *, again: bool) -> int:
    return await search.count_missing(session, again=again)


async def list_missing(session: AsyncSession, *, after: int, again: bool) -> Sequence[int]:
    """The next few solved questions after that one that are not indexed as this program does
    it; of all that are solved, when `again`."""
    return await search.list_missing(session, after=after, limit=AT_ONCE, again=again)


async def index_all(session: AsyncSession, question_ids: Sequence[int], *, again: bool) -> None:
    """Index these questions; `again`: even those that seem to be."""
    if again:
        await search.forget_analysis(session, question_ids)
    documents: dict[str, list[Document]] = {}
    for question in await questions.list_locked(session, question_ids):
        document = await document_of(session, question)
        if document is not None:
            documents.setdefault(question.team_id, []).append(document)
    for team_id, theirs in documents.items():
        await search.put(session, team_id, theirs)


async def read_thread(session: AsyncSession, question: Question) -> Thread:
    accepted = [answer for _, answer in await solutions.list_of(session, question.id)]
    if not accepted:
        return Thread(accepted, [])
    return Thread(accepted, await answers.list_of(session, question.id))


async def document_of(
    session: AsyncSession, question: Question, at_hand: Thread | None = None
) -> Document | None:
    """None when it has no solution of its own that can be found."""
    if question.solved_at is None or question.withdrawn_at is not None:
        return None
    thread = at_hand or await read_thread(session, question)
    if not thread.accepted:
        return None
    ids = {answer.id for answer in thread.accepted}
    rest = [each for each in thread.answers if each.id not in ids]
    asked = plain(question.text)
    first = headline(asked)
    words = Words(
        headline=first,
        question=asked.replace(first, "\n", 1),
        solution="\n".join(plain(answer.text) for answer in thread.accepted),
        thread="\n".join(plain(answer.text) for answer in rest)[:THREAD_CHARACTERS],
    )
    return Document(question.id, question.channel_id, words)

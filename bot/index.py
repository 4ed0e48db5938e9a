"""What of a question goes into the search index, and when it leaves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.text import clip, headline, plain
from storage import search
from storage.questions import answers, files, questions, solutions
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


@dataclass(frozen=True)
class Shown:
    """What is known of the files that came with a question's messages, by their ts."""

    by_message: Mapping[str, Sequence[str]]

    def said(self, answer: Answer) -> list[str]:
        words = plain(answer.text)
        return [words, *self.beside(answer.message_ts, words)]

    def asked(self, thread: Thread, words: str) -> list[str]:
        answered = {each.message_ts for each in (*thread.accepted, *thread.answers)}
        asked = [ts for ts in self.by_message if ts not in answered]
        return [each for ts in asked for each in self.beside(ts, words)]

    def beside(self, message_ts: str, words: str) -> list[str]:
        """What the files add to the words: a message without any has their titles for words."""
        return [each for each in self.by_message.get(message_ts, ()) if each not in words]


async def files_of(session: AsyncSession, question: Question) -> Shown:
    found: dict[str, list[str]] = {}
    if question.has_files:
        for _, _, file in await files.list_of_questions(session, [question.id]):
            kept = found.setdefault(file.message_ts, [])
            kept += [each for each in (file.title, file.words) if each]
    return Shown(found)


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
    shown = await files_of(session, question)
    words = Words(
        headline=first,
        question="\n".join([asked.replace(first, "\n", 1), *shown.asked(thread, asked)]),
        solution="\n".join(said for each in thread.accepted for said in shown.said(each)),
        thread=clip(
            "\n".join(said for each in rest for said in shown.said(each)), THREAD_CHARACTERS
        ),
    )
    return Document(question.id, question.channel_id, words)

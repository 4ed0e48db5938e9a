"""FAQ entries: what people find again and again, written up by the topic's sponsor."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import FaqExists, FaqNeedsWords, NotASponsor, QuestionIsGone
from bot.kinds import FAQ, FAQ_GONE
from bot.recognition.digests import owe_digests_about
from bot.recognition.sponsors import list_sponsored
from bot.rights import get_readable
from bot.text import plain
from storage import outbox
from storage.finding import faqs
from storage.questions import answers, questions, solutions
from storage.saving import add_if_first
from storage.tables import Faq, Question

MAX_QUESTION, MAX_ANSWER = 300, 3000  # characters


@dataclass(frozen=True)
class FaqDraft:
    """What the entry could say."""

    question_id: int
    question: str
    answer: str


@dataclass(frozen=True)
class FaqEntry:
    """Where an entry is posted, and what it is about."""

    written_by: str
    channel_id: str
    thread_ts: str
    message_ts: str | None = None  # None: it is not posted yet


async def draft_faq(
    session: AsyncSession, *, team_id: str, user_id: str, question_id: int
) -> FaqDraft:
    question = await get_of_sponsor(session, team_id, user_id, question_id)
    first = await solutions.first_of(session, [question.id])
    answer = first[question.id][1].text if question.id in first else ""
    return FaqDraft(question.id, plain(question.text)[:MAX_QUESTION], plain(answer)[:MAX_ANSWER])


async def get_of_sponsor(
    session: AsyncSession, team_id: str, user_id: str, question_id: int
) -> Question:
    """The question, locked, if it is solved, of a topic of theirs, and they can read it."""
    question = await get_readable(session, team_id, question_id, user_id)
    if question.solved_at is None:
        raise QuestionIsGone()
    topics = await list_sponsored(session, team_id, user_id)
    if question.topic_id not in {topic.id for topic in topics}:
        raise NotASponsor()
    if await faqs.get(session, team_id, question_id) is not None:
        raise FaqExists()
    return question


async def write_faq(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    question_id: int,
    written_question: str,
    written_answer: str,
    now: datetime,
) -> None:
    """Owe the entry to the channel where it was asked, in the sponsor's words; once a question."""
    question = await get_of_sponsor(session, team_id, user_id, question_id)
    for field, written in (("question", written_question), ("answer", written_answer)):
        if not plain(written):
            raise FaqNeedsWords(field)
    first = await solutions.first_of(session, [question.id])
    entry = Faq(
        question_id=question.id,
        team_id=team_id,
        written_by=user_id,
        written_at=now,
        answer_id=first[question.id][1].id if question.id in first else None,
    )
    if await add_if_first(session, entry) is None:
        raise FaqExists()
    await outbox.owe(
        session,
        FAQ,
        question.id,
        team_id=team_id,
        lane=question.channel_id,
        payload={"question": written_question, "answer": written_answer},
        now=now,
    )
    await owe_digests_about(
        session,
        team_id=team_id,
        channel_id=question.channel_id,
        question_id=question.id,
        asked_at=question.asked_at,
        now=now,
    )


async def get_faq_entry(session: AsyncSession, team_id: str, question_id: int) -> FaqEntry | None:
    """None when the question, or the answer that it was drafted from, is gone."""
    entry = await faqs.get(session, team_id, question_id)
    question = await questions.get(session, team_id, question_id)
    if entry is None or question is None or question.withdrawn_at is not None:
        return None
    answer = await answers.get(session, team_id, entry.answer_id) if entry.answer_id else None
    if answer is not None and answer.erased_at is not None:
        return None
    return FaqEntry(
        entry.written_by, question.channel_id, question.thread_ts or "", entry.message_ts
    )


async def note_posted(
    session: AsyncSession, *, team_id: str, question_id: int, message_ts: str, now: datetime
) -> None:
    entry = await faqs.get(session, team_id, question_id)
    if entry is not None:
        entry.message_ts = message_ts
        await owe_faq(session, team_id, question_id, now=now)  # it may be gone meanwhile


async def owe_faq(session: AsyncSession, team_id: str, question_id: int, *, now: datetime) -> None:
    """Owe that the post goes, once what it was made from is gone."""
    if await get_gone(session, team_id, question_id) is not None:
        await outbox.owe(
            session, FAQ_GONE, question_id, team_id=team_id, lane=str(question_id), now=now
        )


async def get_gone(session: AsyncSession, team_id: str, question_id: int) -> tuple[str, str] | None:
    """Where the post is that is to go: its channel and ts."""
    entry = await faqs.get(session, team_id, question_id)
    question = await questions.get(session, team_id, question_id)
    if entry is None or question is None or entry.message_ts is None:
        return None
    if await get_faq_entry(session, team_id, question_id) is not None:
        return None
    return question.channel_id, entry.message_ts


async def forget_faq(session: AsyncSession, team_id: str, question_id: int) -> None:
    await faqs.remove(session, team_id, question_id)

"""One private hint to the asker of a question that says too little: what experts will ask."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.detection import is_thin
from bot.experts.cards import owe_about
from bot.experts.nudges import HINT, is_wanted, note_reminded, was_reminded
from bot.kinds import THIN_HINT
from storage.experts import topics
from storage.questions import questions, suggestions
from storage.tables import Question

PATIENCE = timedelta(minutes=1)  # for the asker to say more


@dataclass(frozen=True)
class Hint:
    question_id: int
    channel_id: str
    asker_id: str
    topic: str | None
    words: str  # the topic's own; empty where the usual ones do


async def owe_hint(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """In a minute, if it is still thin then. In a thread, what was said before tells more."""
    if question.thread_ts == question.message_ts and is_thin(question.text):
        await owe_about(session, THIN_HINT, question, now=now, due_at=now + PATIENCE)


async def get_hint(session: AsyncSession, team_id: str, question_id: int) -> Hint | None:
    """None where it says enough by now, or has its answer, or the asker wants no hints."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at or question.solved_at:
        return None
    if question.over_at or question.closed_at:
        return None
    if not is_thin(question.text) or await is_helped(session, question):
        return None
    if await was_reminded(session, question, question.asker_id, HINT):
        return None
    if not await is_wanted(session, team_id, question.asker_id, HINT):
        return None
    topic = await topics.get(session, team_id, question.topic_id) if question.topic_id else None
    return Hint(
        question_id=question.id,
        channel_id=question.channel_id,
        asker_id=question.asker_id,
        topic=topic.name if topic and not topic.made_for else None,
        words=(topic.hint if topic else None) or "",
    )


async def is_helped(session: AsyncSession, question: Question) -> bool:
    """Whether there is something for the asker to read: a reply, or solved questions alike."""
    if await questions.count_answers(session, question):
        return True
    return bool(await suggestions.list_of(session, question.id))


async def note_hinted(
    session: AsyncSession, *, team_id: str, question_id: int, now: datetime
) -> None:
    """The asker had their hint, or needs none: a file came with what they said."""
    question = await questions.get(session, team_id, question_id)
    if question is not None:
        await note_reminded(session, question, kind=HINT, now=now)

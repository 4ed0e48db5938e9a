"""A newcomer's first question that came to rest without a reply: who runs its topic is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.nudges import NEWCOMER, is_wanted, note_reminded, was_reminded
from bot.hours import Hours, next_start
from bot.kinds import NEWCOMER_NOTE, QuestionAndPerson
from bot.people import get_timezone, is_known, owe_person
from storage import channels, outbox, people
from storage.experts import topics
from storage.questions import questions
from storage.tables import Question

PATIENCE = timedelta(hours=2)  # for colleagues to reply, where there was nobody to ask
ADMINS_TOLD = 2


@dataclass(frozen=True)
class NewcomerNote:
    question_id: int
    user_id: str
    asker_id: str
    channel_id: str
    thread_ts: str
    text: str


async def owe_newcomer_notes(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Nobody is left to ask. If it went to no helpdesk and is its asker's first, tell whoever
    runs the topic, in their hours."""
    if question.handed_off_at or await questions.has_asked_before(session, question):
        return
    for user_id in await list_in_charge(session, question):
        if not await is_known(session, question.team_id, user_id):
            await owe_person(session, team_id=question.team_id, user_id=user_id, now=now)
        timezone = await get_timezone(session, question.team_id, user_id)
        ready_at = max(question.asked_at + PATIENCE, now)
        await outbox.owe(
            session,
            NEWCOMER_NOTE,
            QuestionAndPerson(question.id, user_id),
            team_id=question.team_id,
            lane=user_id,
            now=now,
            due_at=next_start(Hours(timezone), ready_at) or ready_at,
        )


async def list_in_charge(session: AsyncSession, question: Question) -> Sequence[str]:
    """The topic's sponsor, else who created it; where nobody did, admins who can read it."""
    topic = (
        await topics.get(session, question.team_id, question.topic_id)
        if question.topic_id
        else None
    )
    if topic is not None and (topic.sponsor_id or not topic.made_for):
        return [topic.sponsor_id or topic.created_by]
    return await people.list_admins(
        session, question.team_id, channel_id=question.channel_id, limit=ADMINS_TOLD
    )


async def get_newcomer_note(
    session: AsyncSession, team_id: str, question_id: int, user_id: str
) -> NewcomerNote | None:
    """None where there is nothing to tell any more, or they may or want not be told."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at or question.solved_at:
        return None
    if question.over_at or question.closed_at:
        return None
    if question.claimed_by is None and question.rested_at is None:
        return None  # it found its topic: others are asked
    if user_id == question.asker_id or await questions.count_answers(session, question):
        return None
    if await was_reminded(session, question, user_id, NEWCOMER):
        return None
    if not await is_wanted(session, team_id, user_id, NEWCOMER):
        return None
    if not await channels.can_read(
        session, team_id=team_id, channel_id=question.channel_id, user_id=user_id
    ):
        return None
    return NewcomerNote(
        question_id=question.id,
        user_id=user_id,
        asker_id=question.asker_id,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts or "",
        text=question.text,
    )


async def note_told(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    question = await questions.get(session, team_id, question_id)
    if question is not None:
        await note_reminded(session, question, user_id, NEWCOMER, now=now)

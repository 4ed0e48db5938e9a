"""Handing a question off: what the helpdesk's channel is told when nobody took it in time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rights import may_be_shown_in
from storage import offers, questions, topics


@dataclass(frozen=True)
class HandOff:
    """Without words and asker where not everybody in the helpdesk's channel can read the
    question."""

    question_id: int
    hand_off_channel_id: str
    message_ts: str | None  # of the message there, if it is posted
    channel_id: str
    thread_ts: str
    topic: str
    text: str | None
    asker_id: str | None
    asked_at: datetime
    experts_asked: int
    claimed_by: str | None
    is_solved: bool
    is_withdrawn: bool
    is_merged: bool = False


async def get_hand_off(session: AsyncSession, team_id: str, question_id: int) -> HandOff | None:
    question = await questions.get(session, team_id, question_id)
    if question is None or question.topic_id is None:
        return None
    topic = await topics.get(session, team_id, question.topic_id)
    if topic is None or topic.hand_off_channel_id is None:
        return None
    may_show = await may_be_shown_in(session, question, topic.hand_off_channel_id)
    is_shown = may_show and question.withdrawn_at is None
    return HandOff(
        question_id=question.id,
        hand_off_channel_id=topic.hand_off_channel_id,
        message_ts=question.hand_off_ts,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts or "",
        topic=topic.name,
        text=question.text if is_shown else None,
        asker_id=question.asker_id if is_shown else None,
        asked_at=question.asked_at,
        experts_asked=len(await offers.list_of(session, question.id)),
        claimed_by=question.claimed_by,
        is_solved=question.solved_at is not None,
        is_withdrawn=question.withdrawn_at is not None,
        is_merged=question.merged_into_id is not None,
    )


async def note_posted(
    session: AsyncSession, *, team_id: str, question_id: int, message_ts: str
) -> None:
    question = await questions.get(session, team_id, question_id)
    if question is not None:
        question.hand_off_ts = message_ts

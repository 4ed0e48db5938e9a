"""A follow-up that is a question of its own after all: taken out of the question that it joined,
with what its asker said after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import index
from bot.errors import NothingToPart, OnlyThoseMaySplit
from bot.experts.cards import owe_card_and_marker
from bot.experts.steps import plan
from bot.questions.capture import capture, owe_posts_about
from bot.questions.follow_ups import interrupt, message_of, refresh_text
from bot.questions.solutions import settle
from bot.rights import get_readable, may_decide
from storage.questions import parting, questions
from storage.questions.questions import Held
from storage.tables import Question, QuestionPart

MOST_SHOWN = 30


@dataclass(frozen=True)
class FollowUp:
    message_ts: str
    text: str


async def list_follow_ups(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> Sequence[FollowUp]:
    """What may be parted from the question by this person, newest first."""
    question = await get_decided(session, team_id, question_id, user_id)
    parts = list_parts_after(question, await questions.list_parts(session, question.id))
    if not parts:
        raise NothingToPart()
    return [FollowUp(part.message_ts, part.text) for part in parts[::-1]][:MOST_SHOWN]


async def part_by_choice(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    message_ts: str,
    user_id: str,
    now: datetime,
) -> None:
    question = await get_decided(session, team_id, question_id, user_id)
    if not await part_off(session, question, message_ts, now=now):
        raise NothingToPart()


async def get_decided(session: AsyncSession, team_id: str, question_id: int, user_id: str) -> Held:
    question = await get_readable(session, team_id, question_id, user_id)
    if not await may_decide(session, question, user_id):
        raise OnlyThoseMaySplit(question.asker_id)
    return question


def is_follow_up(question: Question, part: QuestionPart) -> bool:
    """Whether it was said in the channel after the question."""
    return bool(
        part.text
        and question.split_ts is None
        and question.message_ts
        and question.thread_ts == question.message_ts
        and part.message_ts > question.message_ts
    )


def list_parts_after(question: Question, parts: Sequence[QuestionPart]) -> list[QuestionPart]:
    return [part for part in parts if is_follow_up(question, part)]


async def part_off(
    session: AsyncSession, question: Held, message_ts: str, *, now: datetime
) -> bool:
    """Make this follow-up a question, with what was said after it; False where it is none."""
    parts = list_parts_after(question, await questions.list_parts(session, question.id))
    first = next((part for part in parts if part.message_ts == message_ts), None)
    if first is None:
        return False
    later = [part for part in parts if part.message_ts > message_ts]
    message = message_of(question, first)
    await session.delete(first)
    await session.flush()
    await interrupt(session, question, message_ts)  # what follows belongs to the new one
    if not await capture(session, message, has_thread=True, now=now):
        return False
    new = await get_new(session, question, message_ts)
    for part in later:
        part.question_id = new.id
    new.has_files = question.has_files
    await parting.move_answers_below(
        session,
        [first.message_ts, *(part.message_ts for part in later)],
        from_question=question,
        to_question=new,
    )
    for each in (question, new):
        await refresh_text(session, each)
        await settle(session, question.team_id, each.id, now=now)
        await index.refresh(session, each)
    await plan(session, question, now=now)
    await owe_card_and_marker(session, question, now=now)
    await owe_posts_about(session, question, now=now)
    return True


async def get_new(session: AsyncSession, question: Question, message_ts: str) -> Question:
    new = await questions.get_by_thread(
        session,
        team_id=question.team_id,
        channel_id=question.channel_id,
        thread_ts=message_ts,
    )
    assert new is not None  # it was captured just now
    return new

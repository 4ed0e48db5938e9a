"""That was not it: the asker's word against what others say solved their question; and marks that
people put on their own replies, which count after a day without a word of the asker."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import VOUCHED_FOR
from bot.experts.nudges import JUDGED
from bot.experts.stuck import ask_on
from bot.questions.closing import get_own
from bot.questions.judging import list_own_marks
from bot.questions.solutions import settle
from storage.experts import nudges
from storage.questions import questions, solutions
from storage.tables import Answer, Question


async def refuse(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> bool:
    """Others' marks make no solution of these replies any more, and credit nobody: it is asked
    about on. False where nobody else's word solves it."""
    question = await get_own(session, team_id, question_id, user_id)
    refused = await list_judged(session, question)
    for answer in refused:
        answer.refused_at = now
    if not refused:
        return False
    await nudges.forget(session, question.id, JUDGED)  # another may be marked
    await settle(session, team_id, question_id, now=now)
    await ask_on(session, question, now=now)
    return True


async def list_judged(session: AsyncSession, question: Question) -> list[Answer]:
    """The replies that others say solved it."""
    found = await solutions.list_of(session, question.id)
    judged = [answer for row, answer in found if row.accepted_by != question.asker_id]
    if question.vouched_at is None:
        return judged
    return [*judged, *await list_own_marks(session, question)]


async def has_vouched(session: AsyncSession, *, now: datetime) -> bool:
    return await questions.has_vouched(session, until=now - VOUCHED_FOR)


async def settle_vouched(session: AsyncSession, *, now: datetime) -> bool:
    """The asker had a day to say otherwise; True when there may be more. One question at a time:
    with it comes what is merged into it."""
    until = now - VOUCHED_FOR
    question = await questions.get_vouched(session, until=until)
    if question is None:
        return False
    await settle(session, question.team_id, question.id, now=now)
    if question.vouched_at is not None and question.vouched_at <= until:
        question.vouched_at = None  # whoever said so is no expert any more
    return True

"""What was answered did not help: the asking goes on where it stopped."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import AlreadyClosed, AlreadySolved, OnlyAskerMaySay
from bot.experts.cards import owe_card
from bot.experts.lateness import is_unopened
from bot.experts.steps import REST, plan, unpause
from bot.rights import get_readable
from storage.questions import answers
from storage.tables import Question


async def call_stuck(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> bool:
    """Its asker presses that they are still stuck; False where it is asked about anyway."""
    question = await get_readable(session, team_id, question_id, user_id)
    if user_id != question.asker_id:
        raise OnlyAskerMaySay(question.asker_id)
    if question.solved_at is not None:
        raise AlreadySolved()
    if question.closed_at is not None:
        raise AlreadyClosed()
    return await ask_on(session, question, now=now)


async def ask_on(
    session: AsyncSession, question: Question, *, said_at: datetime | None = None, now: datetime
) -> bool:
    """Ask the next few; the time in which it rested does not count. `said_at`: when its asker said
    so, if not just now. False where nothing had stopped. Who calls holds the question."""
    if question.solved_at or question.closed_at or question.merged_into_id or is_unopened(question):
        return False
    answered_at = await answers.first_answered_at(session, question, since=question.stuck_at)
    rested_at = question.rested_at if question.stage == REST else None
    times = (answered_at, question.over_at, question.vouched_at, rested_at)
    stopped = [at for at in times if at is not None]
    if not stopped:
        return False
    is_answered = answered_at is not None or question.vouched_at is not None
    await unpause(
        session,
        question,
        stopped_at=min(stopped),
        said_at=(said_at or now) if is_answered else None,
        now=now,
    )
    await plan(session, question, now=now)
    await owe_card(session, question, now=now)
    return True

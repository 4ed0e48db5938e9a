from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import VOUCHED_FOR
from bot.experts.dues import get_next_due
from storage.tables import DigestSchedule, Outbox, Question
from tests.bot.conftest import BEN, EVA, OTHER_TEAM, TEAM, add_topic, ask, at

LONG_AGO = at(-365 * 86_400)


async def next_due(session: AsyncSession, after: datetime, team_id: str = TEAM) -> datetime | None:
    await session.flush()
    return await get_next_due(session, team_id=team_id, after=after)


async def asked(session: AsyncSession) -> Question:
    """A question with a next step, and nothing owed."""
    await add_topic(session, experts=[BEN, EVA])
    question_id = await ask(session)
    await session.execute(delete(Outbox))
    question = await session.scalar(select(Question).where(Question.id == question_id))
    assert question is not None
    return question


async def test_the_first_of_what_is_planned_comes_next(session: AsyncSession, help_channel):
    question = await asked(session)
    step_at = question.step_at
    digest = await session.scalar(select(DigestSchedule).where(DigestSchedule.team_id == TEAM))
    assert step_at is not None
    assert digest is not None

    digest.next_run_at = step_at + timedelta(hours=1)
    assert await next_due(session, LONG_AGO) == step_at
    assert await next_due(session, step_at) == digest.next_run_at

    digest.next_run_at = step_at - timedelta(minutes=1)
    assert await next_due(session, LONG_AGO) == digest.next_run_at
    digest.paused_at = at()
    assert await next_due(session, LONG_AGO) == step_at


async def test_an_expert_s_own_word_counts_after_its_day(session: AsyncSession, help_channel):
    question = await asked(session)
    question.step_at, question.vouched_at = None, at(60)
    for schedule in await session.scalars(select(DigestSchedule)):
        schedule.paused_at = at()

    assert await next_due(session, LONG_AGO) == at(60) + VOUCHED_FOR
    assert await next_due(session, at(60) + VOUCHED_FOR) is None


async def test_another_workspace_s_plans_are_its_own(session: AsyncSession, help_channel):
    await asked(session)

    assert await next_due(session, LONG_AGO, OTHER_TEAM) is None

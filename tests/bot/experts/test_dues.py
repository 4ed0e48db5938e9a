from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import VOUCHED_FOR
from bot.experts.dues import get_next_due
from bot.experts.invitations import SILENCE
from bot.workspaces import join_workspace
from storage.tables import DigestSchedule, Invitation, Outbox, Question, Workspace
from tests.bot.conftest import BEN, EVA, OTHER_TEAM, PIA, TEAM, add_topic, ask, at

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


async def test_a_review_and_a_silent_invitation_are_among_them(session: AsyncSession, help_channel):
    question = await asked(session)
    for schedule in await session.scalars(select(DigestSchedule)):
        schedule.paused_at = at()
    question.step_at, question.solved_at, question.review_at = None, at(60), at(9_000)
    assert await next_due(session, LONG_AGO) == at(9_000)

    facts = {"name": "Acme", "url": "https://acme.example/", "bot_user_id": "U_BOT"}
    await join_workspace(session, team_id=TEAM, **facts, now=at())
    invited = {"team_id": TEAM, "user_id": PIA, "invited_by": BEN, "invited_at": at(100)}
    invited["message_ts"] = "9.0"
    session.add(Invitation(topic_id=question.topic_id, **invited))
    assert await next_due(session, at(9_000)) is None

    workspace = await session.get(Workspace, TEAM)
    assert workspace is not None
    workspace.silence_is_yes_at = at()
    assert await next_due(session, at(9_000)) == at(100) + SILENCE
    assert await next_due(session, at(100) + SILENCE) is None


async def test_another_workspace_s_plans_are_its_own(session: AsyncSession, help_channel):
    await asked(session)

    assert await next_due(session, LONG_AGO, OTHER_TEAM) is None

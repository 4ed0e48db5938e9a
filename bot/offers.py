"""Asking experts to take a question, and what they say: claimed, or passed on."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards import owe_card
from bot.errors import AlreadyClaimed, AlreadySolved, AskersCannotClaim
from bot.people import list_unavailable
from bot.rights import check_can_see, get_open
from bot.routing import choose_experts
from storage import offers, topics
from storage.tables import Question


async def offer(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Ask the next experts, if there are any."""
    if question.topic_id is None:
        return
    expert_ids = await topics.list_expert_ids(session, question.team_id, question.topic_id)
    asked = await offers.list_of(session, question.id)
    chosen = choose_experts(
        expert_ids,
        asker_id=question.asker_id,
        already_asked=[given.user_id for given in asked],
        passed=[given.user_id for given in asked if given.passed_at],
        unavailable=await list_unavailable(
            session, question.team_id, question.channel_id, expert_ids
        ),
    )
    await offers.add(session, question_id=question.id, user_ids=chosen, now=now)


async def claim(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> bool:
    """Take the question; False when this person has it already. Whoever reads it may."""
    question = await get_open(session, team_id, question_id)
    if question.solved_at is not None:
        raise AlreadySolved()
    if user_id == question.asker_id:
        raise AskersCannotClaim()
    await check_can_see(session, question, user_id)
    if question.claimed_by == user_id:
        return False
    if question.claimed_by is not None:
        raise AlreadyClaimed(question.claimed_by)
    question.claimed_by, question.claimed_at = user_id, now
    await offers.withdraw_pass(session, question_id=question.id, user_id=user_id)
    await owe_card(session, question, now=now)
    return True


async def pass_on(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    """Not this person: a claim is given back, and the next expert is asked."""
    question = await get_open(session, team_id, question_id)
    await check_can_see(session, question, user_id)
    await offers.note_pass(session, question_id=question.id, user_id=user_id, now=now)
    if question.claimed_by == user_id:
        question.claimed_by = question.claimed_at = None
    if question.solved_at is None and question.claimed_by is None:
        await offer(session, question, now=now)
    await owe_card(session, question, now=now)

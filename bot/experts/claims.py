"""What experts say when they are asked: claimed, passed on, or "ask them instead"."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    AlreadyClaimed,
    AlreadyClosed,
    AlreadySolved,
    AskedElsewhere,
    AskersCannotClaim,
    CannotBeAsked,
)
from bot.experts import steps
from bot.experts.assistants import list_spared
from bot.experts.cards import owe_card
from bot.experts.nudges import is_answered
from bot.experts.offer_notes import offer
from bot.experts.own_topics import get_own_topic
from bot.experts.proposals import propose
from bot.experts.steps import HAND_OFF, get_topic, move_on, plan
from bot.people import is_known, is_member, list_unavailable, owe_person
from bot.rights import get_readable
from storage import channels
from storage.experts import availability, offers, proposals, topics
from storage.questions import questions
from storage.tables import Question


@dataclass(frozen=True)
class Passed:
    """What comes of a question that somebody passed on."""

    topic: str | None  # which they may not want to be asked about
    was_theirs: bool  # they had taken it
    what_now: str
    by: str | None = None  # who is on it
    next_at: datetime | None = None


# Others were asked before and can still take it; some are asked now, or at a known time; nobody is
# left, and it is handed off, or waits; or nobody has to take it.
WAITS, ASKED, OPENS, HANDED_OFF, RESTS = "waits", "asked", "opens", "handed_off", "rests"
TAKEN, ANSWERED, OVER = "taken", "answered", "over"


async def claim(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> bool:
    """Take the question; False when this person has it already. Whoever reads it may."""
    question = await get_readable(session, team_id, question_id, user_id)
    if question.solved_at is not None:
        raise AlreadySolved()
    if question.closed_at is not None:
        raise AlreadyClosed()
    check_is_asked_here(question)
    if user_id == question.asker_id:
        raise AskersCannotClaim()
    if question.claimed_by == user_id:
        return False
    if question.claimed_by is not None:
        raise AlreadyClaimed(question.claimed_by)
    question.claimed_by, question.claimed_at = user_id, now
    await offers.withdraw_pass(session, question_id=question.id, user_id=user_id)
    await plan(session, question, now=now)
    await owe_card(session, question, now=now)
    return True


async def keep(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> bool:
    """Still on it: their time starts anew; False when they have it no more."""
    question = await get_readable(session, team_id, question_id, user_id)
    if question.claimed_by != user_id:
        return False
    question.claimed_at = now
    await plan(session, question, now=now)
    await owe_card(session, question, now=now)
    return True


async def pass_on(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> Passed:
    """Not this person: a claim is given back, and the next expert is asked."""
    question = await get_readable(session, team_id, question_id, user_id)
    was_theirs = question.claimed_by == user_id
    before = await list_waiting_on(session, question)
    await offers.note_pass(session, question, user_id, now=now)
    if was_theirs:
        question.claimed_by = question.claimed_at = None
    await ask_others(session, question, now=now)
    topic = await get_topic(session, question)
    return Passed(
        topic.name if topic and topic.made_for is None else None,
        was_theirs,
        await what_now(session, question, before),
        by=question.claimed_by,
        next_at=question.next_at,
    )


async def what_now(session: AsyncSession, question: Question, before: set[str]) -> str:
    """`before`: who could take it until now."""
    if not is_open(question):
        return OVER
    if question.claimed_by is not None:
        return TAKEN
    if await is_answered(session, question):
        return ANSWERED
    waiting = await list_waiting_on(session, question)
    if waiting:
        return ASKED if waiting - before else WAITS
    if question.stage == HAND_OFF:
        return HANDED_OFF
    return OPENS if question.next_step == steps.OPENS else RESTS


async def list_waiting_on(session: AsyncSession, question: Question) -> set[str]:
    """Who was asked and may still take it."""
    asked = await offers.list_of(session, question.id)
    return {each.user_id for each in asked if each.passed_at is None and each.ended_at is None}


async def refer(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    user_id: str,
    to_id: str,
    now: datetime,
) -> bool:
    """Ask that person instead; it counts for later questions of the topic too. Who helps on no
    topic is not pinged: they are asked whether they would, and False is returned."""
    question = await get_readable(session, team_id, question_id, user_id)
    check_is_asked_here(question)
    if not await is_known(session, team_id, to_id):
        await owe_person(session, team_id=team_id, user_id=to_id, now=now)
    unable = await list_unavailable(session, team_id, question.channel_id, [to_id])
    spared = await list_spared(session, question, [to_id], now=now)
    if to_id in (question.asker_id, user_id) or to_id in (*unable, *spared):
        raise CannotBeAsked(to_id)
    await offers.note_pass(session, question, user_id, now=now)
    await offers.add_referral(session, question, from_id=user_id, to_id=to_id, now=now)
    is_expert = bool(await topics.list_helped(session, team_id, to_id))
    if is_expert:
        said = await availability.list_said(session, team_id, [to_id])
        await offer(session, question, {to_id: 0}, said=said, referred_by=user_id, now=now)
    else:
        await ask_first(session, question, to_id, by=user_id, now=now)
    await ask_others(session, question, now=now)
    return is_expert


async def ask_first(
    session: AsyncSession, question: Question, user_id: str, *, by: str, now: datetime
) -> None:
    """Whether they would help, once a topic; for who said no already they cannot be asked."""
    if not await is_member(session, question.team_id, user_id):
        raise CannotBeAsked(user_id)
    channel = await channels.get(session, question.team_id, question.channel_id)
    if question.topic_id is None and channel is not None:
        question.topic_id = (await get_own_topic(session, channel, now=now)).id
    if not await propose(session, question, user_id, named_by=by, now=now):
        proposal = await proposals.get(session, question.team_id, question.topic_id or 0, user_id)
        if proposal is None or proposal.declined_at is not None:
            raise CannotBeAsked(user_id)


async def ask_others(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Nobody else is asked while an answer waits for the asker's word."""
    if (
        is_open(question)
        and question.claimed_by is None
        and not await is_answered(session, question)
    ):
        await move_on(session, question, now=now)
    await owe_card(session, question, now=now)


def is_open(question: Question) -> bool:
    ends = (question.solved_at, question.closed_at, question.over_at, question.merged_into_id)
    return all(end is None for end in ends)


def check_is_asked_here(question: Question) -> None:
    if question.merged_into_id is not None:
        raise AskedElsewhere()


async def pause_topic(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> str | None:
    """Ask this person nothing about the question's topic until they say so; its name, or None
    when it has none."""
    question = await get_readable(session, team_id, question_id, user_id)
    topic = await get_topic(session, question)
    if topic is None:
        return None
    await availability.set_pause(session, topic_id=topic.id, user_id=user_id, paused_at=now)
    await questions.hasten_asked(session, team_id, user_id, now=now)
    return topic.name

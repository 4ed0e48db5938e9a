"""Private reminders: each comes once, and each can be turned off where it is read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import owe_about
from bot.kinds import CLAIM_NUDGE, MARK_HINT, MARK_NUDGE, QuestionAndPerson
from bot.recognition.digests import AGAIN
from bot.recognition.saved import SAVED
from bot.recognition.worked import WORKED
from storage import channels, outbox
from storage.experts import nudges
from storage.outbox import Kind
from storage.questions import questions
from storage.tables import Question

MARK, CLAIM = "mark", "claim"  # which reply worked; what somebody took
HINT, NEWCOMER = "hint", "newcomer"  # what experts will ask; a first question without a reply
UNSURE = "unsure"  # whether what somebody wrote is a question
ME_TOO = "me_too"  # what solved a question that they have too
JUDGED = "judged"  # that somebody else says what solved their question
UNTAKEN = "untaken"  # where their question went, which nobody took
NUDGES = (MARK, CLAIM, HINT, NEWCOMER, UNSURE, ME_TOO, JUDGED, UNTAKEN, WORKED, AGAIN)
TOGETHER_AFTER = timedelta(hours=12)  # what was answered that long ago joins another's reminder
MOST_TOGETHER = 5


@dataclass(frozen=True)
class ClaimNote:
    """What the one who took a question is told about it."""

    question_id: int
    user_id: str
    channel_id: str
    thread_ts: str
    text: str
    claimed_at: datetime | None  # None where they have it no more
    released_at: datetime | None  # when others are asked
    is_stuck: bool = False  # it has replies, which did not help


async def remind_to_mark(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Ask the asker which reply worked, here and in their other questions, in one message."""
    others = await nudges.list_unmarked(
        session,
        team_id=question.team_id,
        user_id=question.asker_id,
        answered_before=now - TOGETHER_AFTER,
        limit=MOST_TOGETHER,
    )
    about = [question, *(other for other in others if other.id != question.id)][:MOST_TOGETHER]
    for each in about:
        await note_reminded(session, each, now=now)
    if await is_wanted(session, question.team_id, question.asker_id, MARK):
        await outbox.owe(
            session,
            MARK_NUDGE,
            question.id,
            team_id=question.team_id,
            lane=question.asker_id,
            payload={"question_ids": [each.id for each in about]},
            now=now,
        )


async def offer_to_mark(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """The asker says that it works: ask them at once, in the thread, which reply it was. Thanks
    may be early, so the day's reminder is still to come."""
    if question.solved_at is not None or not await questions.count_answers(session, question):
        return
    if await is_wanted(session, question.team_id, question.asker_id, MARK):
        await owe_about(session, MARK_HINT, question, now=now)


async def remind_of_claim(session: AsyncSession, question: Question, *, now: datetime) -> None:
    claimer = question.claimed_by or ""
    if await note_reminded(session, question, claimer, CLAIM, now=now):
        await owe_claim_note(session, question, CLAIM_NUDGE, claimer, now=now)


async def owe_claim_note(
    session: AsyncSession,
    question: Question,
    kind: Kind[QuestionAndPerson],
    claimer: str,
    *,
    now: datetime,
) -> None:
    if await is_wanted(session, question.team_id, claimer, CLAIM):
        await outbox.owe(
            session,
            kind,
            QuestionAndPerson(question.id, claimer),
            team_id=question.team_id,
            lane=claimer,
            now=now,
        )


async def is_answered(session: AsyncSession, question: Question) -> bool:
    """Whether somebody answered since its asker last said that nothing helped."""
    at = await questions.last_answered_at(session, question)
    return at is not None and (question.stuck_at is None or at > question.stuck_at)


async def note_reminded(
    session: AsyncSession,
    question: Question,
    user_id: str | None = None,
    kind: str = MARK,
    *,
    now: datetime,
) -> bool:
    """That this person, else the asker, is reminded; False when they were before."""
    return await nudges.add_if_first_time(
        session, question_id=question.id, user_id=user_id or question.asker_id, kind=kind, now=now
    )


async def was_reminded(
    session: AsyncSession, question: Question, user_id: str, kind: str = MARK
) -> bool:
    return await nudges.has_any(session, question_id=question.id, user_id=user_id, kind=kind)


async def is_wanted(session: AsyncSession, team_id: str, user_id: str, kind: str) -> bool:
    return not await nudges.is_muted(session, team_id=team_id, user_id=user_id, kind=kind)


async def mute(session: AsyncSession, *, team_id: str, user_id: str, kind: str) -> None:
    """No more reminders of this kind for this person."""
    if kind in (*NUDGES, SAVED):  # that one is turned off only where it is read
        await nudges.mute(session, team_id=team_id, user_id=user_id, kind=kind)


async def get_claim_note(
    session: AsyncSession, team_id: str, question_id: int, user_id: str
) -> ClaimNote | None:
    """None where there is nothing left to say: it was answered, solved, merged or withdrawn."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at or question.solved_at or question.merged_into_id:
        return None
    if question.over_at or question.closed_at:
        return None
    if await is_answered(session, question):
        return None
    if not await channels.can_read(
        session, team_id=team_id, channel_id=question.channel_id, user_id=user_id
    ):
        return None
    is_theirs = question.claimed_by == user_id
    return ClaimNote(
        question_id=question.id,
        user_id=user_id,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts or "",
        text=question.text,
        claimed_at=question.claimed_at if is_theirs else None,
        released_at=question.next_at if is_theirs else None,
        is_stuck=question.stuck_at is not None,
    )

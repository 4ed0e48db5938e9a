"""What the bot does next about a question, and when.

A few are asked, then the next few, then everybody who helps on the topic; then it is handed
off, or rests where the weekly digest shows it. Times count while somebody of those asked is at
work. Once there is an answer, the asker is reminded, once, to mark what worked. Every change to
a question plans its next step anew from the facts (`plan`); the clock takes the steps that are
due (`take_due_steps`)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.availability import working_hours
from bot.cards import owe_about, owe_card
from bot.experts import MOST_ASKED, Asking, ask_next, look
from bot.hours import Hours, after_work, next_start
from bot.people import get_timezone
from storage import offers, outbox, questions, topics
from storage.tables import Question, Topic

FEW, ALL, HANDED_OFF, REST = "few", "all", "handed_off", "rest"  # how far the asking went
NEXT_AFTER, EVERYBODY_AFTER, HAND_OFF_AFTER = 20, 120, 480  # minutes of work
CLAIM_AFTER = timedelta(hours=4)  # of the claimer's work, without a reply
REMIND_AFTER = timedelta(days=1)
TRY_AGAIN_AFTER = timedelta(hours=1)
FIRST_QUESTION_SOONER = 0.5  # a newcomer's first question waits half as long
STEPS_AT_ONCE = 50


@dataclass(frozen=True)
class Times:
    """How long a topic's questions wait, in minutes of work."""

    next_few: timedelta
    everybody: timedelta
    hand_off: timedelta


async def start(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Begin to ask."""
    question.stage, question.routed_at = FEW, now
    question.handed_off_at = None
    await move_on(session, question, now=now)


async def plan(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Set when the next step is due, from how things stand; None where nothing is left to do."""
    question.step_at = await next_step_at(session, question, now=now)


async def next_step_at(
    session: AsyncSession, question: Question, *, now: datetime
) -> datetime | None:
    if question.solved_at or question.withdrawn_at or question.message_ts is None:
        return None
    answered_at = await questions.last_answered_at(session, question)
    if answered_at is not None:
        return await remind_at(session, question, answered_at)
    if question.claimed_by is not None:
        asking = await look(session, question, now=now)
        hours = working_hours(asking.ready, [question.claimed_by])
        return after_work(hours, question.claimed_at or now, CLAIM_AFTER)
    if question.stage not in (FEW, ALL):
        return None
    return step_of_asking(
        question,
        await look(session, question, now=now),
        await times_of(session, question),
        now=now,
    )


def step_of_asking(
    question: Question, asking: Asking, times: Times, *, now: datetime
) -> datetime | None:
    hours = hours_of_asked(asking)
    began = question.routed_at or question.asked_at
    if question.stage == ALL:
        return after_work(hours, began, times.hand_off)
    if asking.waiting:
        latest = max(each.offered_at for each in asking.waiting)
        return after_work(hours, latest, times.next_few)
    return max(asking.next_ready_at or now, now)


def hours_of_asked(asking: Asking) -> list[Hours]:
    """Of those asked; while nobody was, of all."""
    asked = [each.user_id for each in asking.asked]
    return working_hours(asking.ready, asked or list(asking.ready))


async def remind_at(
    session: AsyncSession, question: Question, answered_at: datetime
) -> datetime | None:
    """In the asker's usual hours, a day after the last answer; never twice."""
    if question.nudged_at is not None:
        return None
    timezone = await get_timezone(session, question.team_id, question.asker_id)
    return next_start(Hours(timezone), answered_at + REMIND_AFTER)


async def times_of(session: AsyncSession, question: Question) -> Times:
    topic = (
        await topics.get(session, question.team_id, question.topic_id)
        if question.topic_id
        else None
    )
    is_first = not await questions.has_asked_before(session, question)
    return times_for(topic, sooner=FIRST_QUESTION_SOONER if is_first else 1.0)


def times_for(topic: Topic | None, *, sooner: float = 1.0) -> Times:
    chosen = (
        (topic.next_after if topic else None) or NEXT_AFTER,
        (topic.everybody_after if topic else None) or EVERYBODY_AFTER,
        (topic.hand_off_after if topic else None) or HAND_OFF_AFTER,
    )
    return Times(*(timedelta(minutes=minutes) * sooner for minutes in chosen))


async def move_on(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Ask whoever is to be asked next, and plan what comes after."""
    if question.stage == FEW:
        await ask_few(session, question, now=now)
    if question.stage == ALL:
        await ask_everybody(session, question, now=now)
    await plan(session, question, now=now)


async def ask_few(session: AsyncSession, question: Question, *, now: datetime) -> None:
    asking = await ask_next(session, question, now=now)
    if asking.waiting or (asking.next_ready_at and asking.next_ready_at > now):
        return
    question.stage = ALL


async def ask_everybody(session: AsyncSession, question: Question, *, now: datetime) -> None:
    asking = await ask_next(session, question, most=MOST_ASKED, besides=True, now=now)
    times = await times_of(session, question)
    began = question.routed_at or question.asked_at
    is_over = after_work(hours_of_asked(asking), began, times.hand_off) <= now
    if not asking.waiting or is_over:
        await hand_off(session, question, now=now)


async def hand_off(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Nobody took it: tell the topic's helpdesk, where there is one."""
    topic = (
        await topics.get(session, question.team_id, question.topic_id)
        if question.topic_id
        else None
    )
    if topic is None or topic.hand_off_channel_id is None:
        question.stage = REST
        return
    question.stage, question.handed_off_at = HANDED_OFF, now
    await outbox.owe(
        session,
        "hand_off",
        question.id,
        team_id=question.team_id,
        lane=topic.hand_off_channel_id,
        now=now,
    )


async def take_due_steps(session: AsyncSession, *, now: datetime) -> int:
    """Take the steps that are due, each once, whoever ticks; how many."""
    due = await questions.list_due(session, now=now, limit=STEPS_AT_ONCE)
    for question in due:
        await take_step(session, question, now=now)
    return len(due)


async def take_step(session: AsyncSession, question: Question, *, now: datetime) -> None:
    at = await next_step_at(session, question, now=now)
    if at is None or at > now:  # something happened meanwhile
        question.step_at = at
        return
    if await questions.last_answered_at(session, question) is not None:
        question.nudged_at, question.step_at = now, None
        await owe_about(session, "mark_note", question, now=now)
        return
    if question.claimed_by is not None:
        await release(session, question, now=now)
    await escalate(session, question, now=now)
    await owe_card(session, question, now=now)


async def release(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Who took it did not get to it: it goes back, and they hear of it, kindly and once."""
    claimer = question.claimed_by or ""
    await offers.note_pass(session, question, claimer, now=now)
    question.claimed_by = question.claimed_at = None
    await outbox.owe(
        session,
        "released_note",
        f"{question.id}:{claimer}",
        team_id=question.team_id,
        lane=claimer,
        now=now,
    )


async def escalate(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """One step further: the few who were asked have had their time."""
    asking = await look(session, question, now=now)
    times = await times_of(session, question)
    began = question.routed_at or question.asked_at
    if question.stage == FEW and after_work(hours_of_asked(asking), began, times.everybody) <= now:
        question.stage = ALL
    if question.stage == FEW:
        before = len(asking.asked)
        asking = await ask_next(session, question, besides=True, now=now)
        if len(asking.asked) == before and not waits_for_somebody(asking, now):
            question.stage = ALL
    if question.stage == ALL:
        await ask_everybody(session, question, now=now)
    await plan(session, question, now=now)
    if question.step_at is not None and question.step_at <= now:
        question.step_at = now + TRY_AGAIN_AFTER


def waits_for_somebody(asking: Asking, now: datetime) -> bool:
    return asking.next_ready_at is not None and asking.next_ready_at > now

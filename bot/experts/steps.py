"""What the bot does next about a question, and when.

A few are asked, then the next few, then everybody who helps on the topic; then it is handed
off, or rests where the weekly digest shows it. Times count while somebody of those asked is at
work. Once there is an answer, the asker is reminded, once, to mark what worked; until they say
that it did not help (`bot/experts/stuck`), nobody else is asked. Every change to a question plans
its next step anew from the facts (`plan`); the clock takes the steps that are due
(`take_due_steps`)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import owe_about, owe_card
from bot.experts.choosing import MOST_ASKED, Asking, ask_next, look
from bot.experts.closing import CLOSE_AFTER, LEFT, OVER, close, is_waited_for
from bot.experts.hand_offs import tell_helpdesk
from bot.experts.lateness import is_unopened, waits_until
from bot.experts.newcomers import owe_newcomer_notes
from bot.experts.nudges import (
    CLAIM,
    owe_claim_note,
    remind_of_claim,
    remind_to_mark,
    was_reminded,
)
from bot.experts.readiness import Roll, working_hours
from bot.hours import Hours, after_work, next_start
from bot.kinds import QUESTION_CARD, RELEASED_NOTE
from bot.people import known_timezone
from storage.experts import offers
from storage.experts.steps import Facts, get_facts, list_facts
from storage.questions import questions
from storage.search import Hit
from storage.tables import Question, Topic

FEW, ALL, HAND_OFF, REST = "few", "all", "hand_off", "rest"  # how far the asking went
# What comes next: others are asked, somebody can be asked again, a claim ends, the claimer or the
# asker is reminded, privately; or one of the two ends above.
ASK, OPENS, RELEASE, REMIND_CLAIM, REMIND = "ask", "opens", "release", "remind_claim", "remind"
CLOSE, LEAVE = "close", "leave"  # it ends: its asker says that it is over, or is gone
# Minutes of work. Of those who look at all, half do within 7 minutes (`bench community`).
NEXT_AFTER, EVERYBODY_AFTER, HAND_OFF_AFTER = 10, 60, 480
REMIND_CLAIM_AFTER = timedelta(hours=2)  # of the claimer's work, without a reply
CLAIM_AFTER = timedelta(hours=4)
REMIND_AFTER = timedelta(days=1)
TRY_AGAIN_AFTER = timedelta(hours=1)
FIRST_QUESTION_SOONER = 0.5  # a newcomer's first question waits half as long
STEPS_AT_ONCE = 200  # about as many as a second does
PUNCTUAL = timedelta(minutes=10)  # a step that is taken later than that is late

logger = logging.getLogger("askaround.asking")


@dataclass(frozen=True)
class Step:
    kind: str
    at: datetime
    shown: "Step | None" = None  # what people see coming, where something small comes before


@dataclass(frozen=True)
class Times:
    """How much working time passes before each; what a topic does not say is the usual."""

    next_few: timedelta
    everybody: timedelta
    hand_off: timedelta


@dataclass(frozen=True)
class Standing:
    """How it stands with a question that nobody answered."""

    asking: Asking
    topic: Topic | None
    times: Times
    facts: Facts

    @property
    def hours(self) -> list[Hours]:
        """Of those asked; while nobody was, of all who can be."""
        asked = [each.user_id for each in self.asking.asked]
        return working_hours(self.asking.ready, asked or list(self.asking.ready))

    def ends_at(self, question: Question) -> datetime:
        return after_work(self.hours, began_at(question), self.times.hand_off)

    def is_worth_waiting(self, question: Question, *, now: datetime) -> bool:
        """Whether somebody can be asked later, before it would be handed off."""
        ready_at = self.asking.next_ready_at
        return ready_at is not None and now < ready_at <= self.ends_at(question)


async def start(
    session: AsyncSession,
    question: Question,
    *,
    is_new: bool = False,
    roll: Roll | None = None,
    alike: Sequence[Hit] | None = None,
    now: datetime,
) -> None:
    """Begin to ask. Who calls holds the question. `alike`: what was found like it already."""
    question.stage, question.routed_at = FEW, now
    question.handed_off_at = None
    if await is_asked_later(session, question, now=now):
        await plan(session, question, now=now)
    else:
        await move_on(session, question, is_new=is_new, roll=roll, alike=alike, now=now)


async def is_asked_later(session: AsyncSession, question: Question, *, now: datetime) -> bool:
    """The bot was away when it was asked, and it was answered meanwhile, is over, or is old."""
    if question.caught_up_at is None:
        return False
    if question.over_at is not None:
        return True
    if await questions.count_answers(session, question):
        return True
    waits = waits_until(question)
    return waits is not None and now < waits


async def resume(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """The bot was away and is back. What fell due meanwhile is no reason to hurry; the next step
    is planned once the question's thread is read."""
    if question.step_at is not None and question.step_at <= now and not is_unopened(question):
        question.caught_up_at = question.routed_at = now
    question.step_at = None


async def stand(
    session: AsyncSession,
    question: Question,
    *,
    is_new: bool = False,
    facts: Facts | None = None,
    roll: Roll | None = None,
    now: datetime,
) -> Standing:
    roll = roll or Roll()
    asking = await look(session, question, is_new=is_new, roll=roll, now=now)
    topic = await get_topic(session, question, roll)
    facts = facts or await get_facts(session, question)
    times = times_for(topic, sooner=1.0 if facts.has_asked_before else FIRST_QUESTION_SOONER)
    return Standing(asking, topic, times, facts)


async def plan(
    session: AsyncSession,
    question: Question,
    *,
    facts: Facts | None = None,
    standing: Standing | None = None,
    now: datetime,
) -> None:
    """Set the next step, from how things stand; none where nothing is left to do. Who calls holds
    the question."""
    step = await next_step(session, question, facts=facts, standing=standing, now=now)
    shown = (step.shown or step) if step else None
    question.step_at = step.at if step else None
    question.next_step = shown.kind if shown else None
    question.next_at = shown.at if shown else None


async def next_step(
    session: AsyncSession,
    question: Question,
    *,
    facts: Facts | None = None,
    standing: Standing | None = None,
    now: datetime,
) -> Step | None:
    if question.solved_at or question.withdrawn_at or question.message_ts is None:
        return None
    if question.closed_at is not None or question.merged_into_id is not None:
        return None
    facts = facts or (standing.facts if standing else await get_facts(session, question))
    if facts.has_asker_left and not await is_waited_for(session, question):
        return Step(LEAVE, now)
    if question.over_at is not None:
        return Step(CLOSE, question.over_at + CLOSE_AFTER)
    if is_answered(question, facts):
        return step_of_answered(facts, facts.last_answered_at or now, now=now)
    if question.claimed_by is None and question.stage not in (FEW, ALL):
        return None
    standing = standing or await stand(session, question, facts=facts, now=now)
    if question.claimed_by is not None:
        return await step_of_claim(session, question, standing.asking, now=now)
    return step_of_asking(question, standing, now=now)


def is_answered(question: Question, facts: Facts) -> bool:
    """Whether somebody answered since its asker last said that nothing helped."""
    if facts.last_answered_at is None:
        return False
    return question.stuck_at is None or facts.last_answered_at > question.stuck_at


def step_of_answered(facts: Facts, answered_at: datetime, *, now: datetime) -> Step | None:
    """In the asker's usual hours, a day after the last answer; never twice."""
    if facts.is_reminded:
        return None
    hours = Hours(known_timezone(facts.timezone))
    at = next_start(hours, answered_at + REMIND_AFTER)
    return Step(REMIND, in_their_hours([hours], at, now=now)) if at else None


def in_their_hours(hours: Sequence[Hours], at: datetime, *, now: datetime) -> datetime:
    """What is late, because the bot was away, waits until they work again."""
    if now - at <= PUNCTUAL:
        return at
    starts = [next_start(each, now) for each in hours]
    return min((each for each in starts if each is not None), default=at)


async def step_of_claim(
    session: AsyncSession, question: Question, asking: Asking, *, now: datetime
) -> Step:
    claimer, since = question.claimed_by or "", question.claimed_at or now
    hours = working_hours(asking.ready, [claimer])
    released_at = after_work(hours, since, CLAIM_AFTER)
    release = Step(RELEASE, in_their_hours(hours, released_at, now=now))
    if released_at <= now or await was_reminded(session, question, claimer, CLAIM):
        return release
    reminded_at = after_work(hours, since, REMIND_CLAIM_AFTER)
    return Step(REMIND_CLAIM, in_their_hours(hours, reminded_at, now=now), shown=release)


def step_of_asking(question: Question, standing: Standing, *, now: datetime) -> Step:
    asking, hours, began = standing.asking, standing.hours, began_at(question)
    ends_at = standing.ends_at(question)
    ready_at = asking.next_ready_at
    if question.stage == ALL or ready_at is None:
        end = Step(end_of(standing.topic), ends_at)
        is_later = ready_at is not None and now < ready_at < ends_at
        return replace(end, at=ready_at, shown=end) if is_later and ready_at else end
    ready_at = max(ready_at, waits_until(question) or ready_at)
    if not asking.waiting:
        return Step(OPENS, max(ready_at, now))
    latest = max(each.offered_at for each in asking.waiting)
    next_at = max(after_work(hours, latest, standing.times.next_few), ready_at)
    everybody_at = after_work(hours, began, standing.times.everybody)
    return Step(ASK, min(next_at, max(everybody_at, now)))


def began_at(question: Question) -> datetime:
    return question.routed_at or question.asked_at


async def get_topic(
    session: AsyncSession, question: Question, roll: Roll | None = None
) -> Topic | None:
    if question.topic_id is None:
        return None
    return await (roll or Roll()).get_topic(session, question.team_id, question.topic_id)


def end_of(topic: Topic | None) -> str:
    """What happens when nobody of those asked takes it."""
    return HAND_OFF if topic and (topic.hand_off_channel_id or topic.hand_off_url) else REST


def times_for(topic: Topic | None, *, sooner: float = 1.0) -> Times:
    chosen = (
        (topic.next_after if topic else None) or NEXT_AFTER,
        (topic.everybody_after if topic else None) or EVERYBODY_AFTER,
        (topic.hand_off_after if topic else None) or HAND_OFF_AFTER,
    )
    return Times(*(timedelta(minutes=minutes) * sooner for minutes in chosen))


async def move_on(
    session: AsyncSession,
    question: Question,
    *,
    is_new: bool = False,
    roll: Roll | None = None,
    alike: Sequence[Hit] | None = None,
    now: datetime,
) -> None:
    """Ask whoever is to be asked next, and plan what comes after. Who calls holds the question."""
    standing = await stand(session, question, is_new=is_new, roll=roll, now=now)
    if question.stage == FEW:
        standing = await ask_few(session, question, standing, alike=alike, now=now)
    if question.stage == ALL:
        standing = await ask_everybody(session, question, standing, now=now)
    await plan(session, question, standing=standing, now=now)


async def ask_few(
    session: AsyncSession,
    question: Question,
    standing: Standing,
    *,
    alike: Sequence[Hit] | None = None,
    now: datetime,
) -> Standing:
    asking = await ask_next(session, question, standing.asking, alike=alike, now=now)
    standing = replace(standing, asking=asking)
    if not asking.waiting and not standing.is_worth_waiting(question, now=now):
        question.stage = ALL
    return standing


async def ask_everybody(
    session: AsyncSession, question: Question, standing: Standing, *, now: datetime
) -> Standing:
    asking = await ask_next(
        session, question, standing.asking, most=MOST_ASKED, besides=True, now=now
    )
    standing = replace(standing, asking=asking)
    if not asking.waiting or standing.ends_at(question) <= now:
        await hand_off(session, question, standing.topic, now=now)
    return standing


async def hand_off(
    session: AsyncSession, question: Question, topic: Topic | None, *, now: datetime
) -> None:
    """Nobody took it: tell the topic's helpdesk, where there is one. Who calls holds the
    question."""
    question.stage = end_of(topic)
    how = "handed off" if question.stage == HAND_OFF else "rests: its topic has no helpdesk"
    logger.debug("Question %d: nobody took it in time, %s", question.id, how)
    if topic is not None and question.stage == HAND_OFF:
        await tell_helpdesk(session, question, topic, now=now)
    await owe_newcomer_notes(session, question, now=now)


async def has_due_steps(session: AsyncSession, *, now: datetime) -> bool:
    return await questions.has_due(session, now=now)


async def take_due_steps(session: AsyncSession, *, now: datetime) -> bool:
    """Take steps that are due, each once, whoever ticks; True when there may be more."""
    due = await questions.list_due(session, now=now, limit=STEPS_AT_ONCE)
    roll = Roll()
    facts = await list_facts(session, [question.id for question in due])
    await roll.read_ahead(session, due, now=now)
    for question in due:
        await take_step(session, question, facts[question.id], roll=roll, now=now)
    return len(due) == STEPS_AT_ONCE


async def take_step(
    session: AsyncSession, question: Question, facts: Facts, *, roll: Roll, now: datetime
) -> None:
    shown, claimer = shown_step(question), question.claimed_by
    standing: Standing | None = None
    if question.next_step != REMIND:
        standing = await stand(session, question, facts=facts, roll=roll, now=now)
    step = await next_step(session, question, facts=facts, standing=standing, now=now)
    if step is not None and step.at <= now:  # else something happened meanwhile
        standing = await act(session, question, step, standing, roll=roll, now=now)
        facts = replace(facts, is_reminded=facts.is_reminded or step.kind == REMIND)
    await plan(session, question, facts=facts, standing=standing, now=now)
    if question.step_at is not None and question.step_at <= now:
        question.step_at = now + TRY_AGAIN_AFTER
    if claimer != question.claimed_by:
        await owe_card(session, question, now=now)
    elif shown != shown_step(question):  # only the card tells what comes next
        await owe_about(session, QUESTION_CARD, question, now=now)


async def act(
    session: AsyncSession,
    question: Question,
    step: Step,
    standing: Standing | None,
    *,
    roll: Roll,
    now: datetime,
) -> Standing | None:
    """Do what is due; how it stands then, as far as known."""
    if step.kind == REMIND:
        await remind_to_mark(session, question, now=now)
        return standing
    if step.kind == REMIND_CLAIM:
        await remind_of_claim(session, question, now=now)
        return standing
    if step.kind in (CLOSE, LEAVE):
        await close(session, question, OVER if step.kind == CLOSE else LEFT, now=now)
        return standing
    if step.kind == RELEASE:
        await release(session, question, now=now)
        roll.forget_people()
        standing = None
    standing = standing or await stand(session, question, roll=roll, now=now)
    return await escalate(session, question, standing, now=now)


def shown_step(question: Question) -> tuple[str, datetime | None] | None:
    """What the card says comes next; reminders are private."""
    if question.next_step is None or question.next_step == REMIND:
        return None
    return question.next_step, question.next_at


async def release(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Who took it did not get to it: it goes back, and they hear of it, kindly and once. Who calls
    holds the question."""
    claimer = question.claimed_by or ""
    await offers.note_pass(session, question, claimer, now=now)
    question.claimed_by = question.claimed_at = None
    await owe_claim_note(session, question, RELEASED_NOTE, claimer, now=now)


async def escalate(
    session: AsyncSession, question: Question, standing: Standing, *, now: datetime
) -> Standing:
    """One step further: the few who were asked have had their time."""
    if question.stage == FEW:
        standing = await ask_more(session, question, standing, now=now)
    if question.stage == ALL:
        standing = await ask_everybody(session, question, standing, now=now)
    return standing


async def ask_more(
    session: AsyncSession, question: Question, standing: Standing, *, now: datetime
) -> Standing:
    """Ask the next few; everybody, where their time has come or nobody is left."""
    if after_work(standing.hours, began_at(question), standing.times.everybody) <= now:
        question.stage = ALL
        return standing
    before = len(standing.asking.asked)
    asking = await ask_next(session, question, standing.asking, besides=True, now=now)
    standing = replace(standing, asking=asking)
    if len(asking.asked) == before and not standing.is_worth_waiting(question, now=now):
        question.stage = ALL
    return standing

"""What the bot does next about a question, and when.

A few are asked, then the next few, then everybody who helps on the topic; then it is handed
off, or rests where the weekly digest shows it. Times count while somebody of those asked is at
work. An answer pauses the asking: its asker is asked, once, whether it worked. Where they say
that it did not (`bot/experts/stuck`), or answered what they were asked back, it goes on; where they
say nothing, it is closed in the end, and so is what nobody could answer for weeks. Every change to
a question plans its next step anew from the facts (`plan`); the clock takes the steps that are due
(`take_due_steps`)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import owe_about, owe_card
from bot.experts.choosing import MOST_ASKED, Asking, ask_next, look
from bot.experts.closing import (
    CLOSE_AFTER,
    LEFT,
    OVER,
    UNMARKED,
    close,
    give_up,
    is_waited_for,
)
from bot.experts.hand_offs import is_lost, tell_helpdesk
from bot.experts.lateness import is_archived, is_unopened, waits_until
from bot.experts.newcomers import owe_newcomer_notes
from bot.experts.nudges import (
    CLAIM,
    MARK,
    owe_claim_note,
    remind_of_claim,
    remind_to_mark,
    was_reminded,
)
from bot.experts.offer_notes import owe_note
from bot.experts.readiness import Roll, working_hours
from bot.hours import Hours, after_work, next_start
from bot.kinds import QUESTION_CARD, RELEASED_NOTE, UNTAKEN_NOTE
from bot.people import known_timezone
from bot.recognition.personal import plan_telling_again
from storage import outbox
from storage.experts import nudges, offers
from storage.experts.steps import Facts, get_facts, list_facts
from storage.questions import questions
from storage.search import Hit
from storage.tables import Question, Topic

FEW, ALL, HAND_OFF, REST = "few", "all", "hand_off", "rest"  # how far the asking went
# What comes next: others are asked, somebody can be asked again, a claim ends, the claimer or the
# asker is reminded, privately; or one of the two ends above.
ASK, OPENS, RELEASE, REMIND_CLAIM, REMIND = "ask", "opens", "release", "remind_claim", "remind"
GO_ON = "go_on"  # its asker answered what they were asked back, and nobody came back to that
CLOSE, LEAVE = "close", "leave"  # it ends: its asker says that it is over, or is gone
GIVE_UP, SETTLE = "give_up", "settle"  # or nobody could answer it, or says what worked
# Minutes of work. Of those who look at all, half do within 7 minutes (`bench community`).
NEXT_AFTER, EVERYBODY_AFTER, HAND_OFF_AFTER = 10, 60, 480
REMIND_CLAIM_AFTER = timedelta(hours=2)  # of the claimer's work, without a reply
CLAIM_AFTER = timedelta(hours=4)
PAUSE_AFTER = 540  # minutes of the asker's work: the same hour of the next working day
SETTLE_AFTER = timedelta(weeks=1)  # an asker was asked whether it worked, and says nothing
GIVE_UP_AFTER = timedelta(weeks=4)  # of being told again
TRY_AGAIN_AFTER = timedelta(hours=1)
ASKED_AGAIN_AFTER = timedelta(days=1)
FIRST_QUESTION_SOONER = 0.5  # a newcomer's first question waits half as long
HELPDESK_HEARS_WITHIN = timedelta(minutes=1)
STEPS_AT_ONCE = 200  # about as many as a second does
ENDS = {CLOSE: OVER, LEAVE: LEFT, SETTLE: UNMARKED}
ALONE = (REMIND, GO_ON, *ENDS, GIVE_UP)  # steps that need not know how it stands with experts
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
    question.handed_off_at = question.rested_at = None
    if not is_new:  # who was asked long ago and said nothing can be asked again
        await offers.forget_before(session, question.id, now - ASKED_AGAIN_AFTER)
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
    alike: Sequence[Hit] | None = None,
    now: datetime,
) -> Standing:
    roll = roll or Roll()
    asking = await look(session, question, is_new=is_new, roll=roll, alike=alike, now=now)
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
    if question.closed_at is not None or question.merged_into_id or is_archived(question):
        return None
    facts = facts or (standing.facts if standing else await get_facts(session, question))
    if facts.has_asker_left and not await is_waited_for(session, question):
        return Step(LEAVE, now)
    if question.over_at is not None:
        return Step(CLOSE, question.over_at + CLOSE_AFTER)
    if is_answered(question, facts):
        return step_of_answered(question, facts, facts.last_answered_at or now, now=now)
    if question.claimed_by is None and question.stage not in (FEW, ALL):
        return step_of_rest(question, facts, now=now)
    standing = standing or await stand(session, question, facts=facts, now=now)
    if question.claimed_by is not None:
        if facts.has_claimer_left:
            return Step(RELEASE, now)
        return await step_of_claim(session, question, standing.asking, now=now)
    if standing.asking.gone:
        return Step(ASK, now)  # others, instead of them
    step = step_of_asking(question, standing, now=now)
    return no_later_than(step, standing.asking.next_leaves_at)


def no_later_than(step: Step, at: datetime | None) -> Step:
    """Somebody of those asked is gone then, says Slack or their calendar: others are asked."""
    return step if at is None or at >= step.at else replace(step, at=at, shown=step.shown or step)


def is_answered(question: Question, facts: Facts) -> bool:
    """Whether somebody answered since its asker last said that nothing helped."""
    if facts.last_answered_at is None:
        return False
    return question.stuck_at is None or facts.last_answered_at > question.stuck_at


def step_of_answered(
    question: Question, facts: Facts, answered_at: datetime, *, now: datetime
) -> Step:
    """The asking rests for a while. Then its asker is asked, once, whether that worked, in their
    usual hours; where they had answered what they were asked back, it goes on."""
    hours = [Hours(known_timezone(facts.timezone))]
    pause = timedelta(minutes=facts.pause_after or PAUSE_AFTER)
    if question.answered_back_at is not None and question.answered_back_at >= answered_at:
        at = after_work(hours, question.answered_back_at, pause)
        return Step(GO_ON, in_their_hours(hours, at, now=now))
    if facts.reminded_at is not None or facts.has_asker_left:
        return Step(SETTLE, max(answered_at, facts.reminded_at or answered_at) + SETTLE_AFTER)
    at = after_work(hours, answered_at, pause)
    return Step(REMIND, in_their_hours(hours, at, now=now))


def step_of_rest(question: Question, facts: Facts, *, now: datetime) -> Step | None:
    """Nobody is left to ask: it is told again for some weeks; a helpdesk that has it goes on."""
    if question.stage == HAND_OFF and not is_lost(question):
        return None
    rested_at = max(question.rested_at or question.asked_at, question.stuck_at or question.asked_at)
    at, hours = rested_at + GIVE_UP_AFTER, [Hours(known_timezone(facts.timezone))]
    return Step(GIVE_UP, in_their_hours(hours, next_start(hours[0], at) or at, now=now))


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
    standing = await stand(session, question, is_new=is_new, roll=roll, alike=alike, now=now)
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
    is_over = not asking.waiting and not standing.is_worth_waiting(question, now=now)
    if is_over or standing.ends_at(question) <= now:
        await hand_off(session, question, standing.topic, now=now)
    return standing


async def hand_off(
    session: AsyncSession, question: Question, topic: Topic | None, *, now: datetime
) -> None:
    """Nobody took it: tell the topic's helpdesk, where there is one. Who calls holds the
    question."""
    question.stage, question.rested_at = end_of(topic), now
    how = "handed off" if question.stage == HAND_OFF else "rests: its topic has no helpdesk"
    logger.debug("Question %d: nobody took it in time, %s", question.id, how)
    if topic is not None and question.stage == HAND_OFF:
        await tell_helpdesk(session, question, topic, now=now)
    else:
        await plan_telling_again(session, question, now=now)
    await owe_newcomer_notes(session, question, now=now)
    await owe_untaken_note(session, question, now=now)


async def owe_untaken_note(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Its asker hears where it went, once its helpdesk may have it."""
    await outbox.owe(
        session,
        UNTAKEN_NOTE,
        question.id,
        team_id=question.team_id,
        lane=question.asker_id,
        now=now,
        due_at=now + HELPDESK_HEARS_WITHIN,
    )


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
    if question.next_step not in ALONE:
        standing = await stand(session, question, facts=facts, roll=roll, now=now)
        standing = await ask_instead(session, question, standing, now=now)
    step = await next_step(session, question, facts=facts, standing=standing, now=now)
    if step is not None and step.at <= now:  # else something happened meanwhile
        standing = await act(session, question, step, standing, roll=roll, now=now)
        if step.kind in (REMIND, GO_ON):
            facts = await get_facts(session, question)
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
    if step.kind in ENDS:
        await close(session, question, ENDS[step.kind], now=now)
        return standing
    if step.kind == GIVE_UP:
        await give_up(session, question, now=now)
        return standing
    if step.kind == GO_ON:
        stopped_at, said_at = question.answered_back_at or now, question.answered_back_at or now
        await unpause(session, question, stopped_at=stopped_at, said_at=said_at, roll=roll, now=now)
        return None
    if step.kind == RELEASE:
        has_left = standing.facts.has_claimer_left if standing else None
        await release(session, question, has_left=has_left, now=now)
        roll.forget_people()
        standing = None
    standing = standing or await stand(session, question, roll=roll, now=now)
    return await escalate(session, question, standing, now=now)


async def ask_instead(
    session: AsyncSession, question: Question, standing: Standing, *, now: datetime
) -> Standing:
    """Who was asked and is not there any more is waited for no longer, and the next is asked. They
    can be asked again once they are back. Who calls holds the question."""
    asking, gone = standing.asking, standing.asking.gone
    if not gone:
        return standing
    await end_offers(session, question, gone, now=now)
    asked = [each for each in asking.asked if each.user_id not in gone]
    left = [*asking.left, *(each for each in gone if each in asking.experts)]
    standing = replace(standing, asking=replace(asking, asked=asked, left=left))
    if question.stage == FEW and is_asked_about(question, standing.facts):
        standing = await ask_few(session, question, standing, now=now)
    await owe_card(session, question, now=now)
    return standing


async def end_offers(
    session: AsyncSession, question: Question, user_ids: Sequence[str], *, now: datetime
) -> None:
    await offers.end(session, question.id, user_ids, now=now)
    for user_id in user_ids:
        await owe_note(session, question.team_id, user_id, now=now)  # it lists this no more


async def end_offers_of_gone(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Its topic is another: who was asked as an expert of the one it had is asked no more. Who
    calls holds the question."""
    asking = await look(session, question, now=now)
    if asking.gone:
        await end_offers(session, question, asking.gone, now=now)


def is_asked_about(question: Question, facts: Facts) -> bool:
    """Whether others are asked: it is open, nobody has it, and nobody answered."""
    ends = (question.solved_at, question.withdrawn_at, question.closed_at, question.over_at)
    if any(ends) or question.merged_into_id is not None or question.claimed_by is not None:
        return False
    has_asker = not facts.has_asker_left
    return has_asker and question.step_at is not None and not is_answered(question, facts)


def shown_step(question: Question) -> tuple[str, datetime | None] | None:
    """What the card says comes next; reminders are private."""
    if question.next_step is None or question.next_step == REMIND:
        return None
    return question.next_step, question.next_at


async def unpause(
    session: AsyncSession,
    question: Question,
    *,
    stopped_at: datetime,
    said_at: datetime | None,
    roll: Roll | None = None,
    now: datetime,
) -> None:
    """Ask on where it stopped; the time since then does not count. `said_at`: what was answered
    until then did not help, or None where nothing was. Who calls holds the question, and plans
    its next step."""
    question.over_at = question.vouched_at = None
    question.routed_at = began_at(question) + max(now - stopped_at, timedelta(0))
    if said_at is not None:
        question.stuck_at = said_at
        await nudges.forget(session, question.id, MARK)  # the next answer is another
    if question.claimed_by is not None:
        question.claimed_at = now
        await nudges.forget(session, question.id, CLAIM)
        return
    if question.stage == REST or (said_at is not None and question.stage == HAND_OFF):
        question.stage = ALL  # somebody may be able by now, and the helpdesk hears again
    if question.stage == ALL or (said_at is not None and question.stage == FEW):
        standing = await stand(session, question, roll=roll, now=now)
        await escalate(session, question, standing, now=now)


async def release(
    session: AsyncSession, question: Question, *, has_left: bool | None, now: datetime
) -> None:
    """Who took it did not get to it, or has left: it goes back, and they hear of it, kindly and
    once. Who calls holds the question."""
    claimer = question.claimed_by or ""
    await offers.note_pass(session, question, claimer, now=now)
    question.claimed_by = question.claimed_at = None
    if not has_left:
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

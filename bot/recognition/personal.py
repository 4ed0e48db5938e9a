"""What one person's help did in a period, and the digest that tells them each week."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.people import get_timezone, is_known, owe_person
from bot.recognition.digests import (
    AGAIN,
    PERSONAL,
    is_on_its_way,
    owe_digest,
    start_of_period,
)
from bot.recognition.naming import wants_digests
from bot.schedules import Schedule, next_slot
from storage import people
from storage.recognition import digests, personal
from storage.recognition.personal import Helped, Span
from storage.saving import add_if_first
from storage.tables import DigestRun, DigestSchedule, Question

WEEKDAY, HOUR, MINUTE = 4, 16, 0  # Friday at 16:00, where the person is
WEEK = timedelta(weeks=1)
AGAIN_TOLD = 3  # questions that still wait


@dataclass(frozen=True)
class HelpedQuestion:
    """A question that the person helped with, as it is linked to."""

    question_id: int
    text: str
    asker_id: str
    channel_id: str
    message_ts: str
    solved_at: datetime
    people: int  # how many others said in the period that it helped them too


@dataclass(frozen=True)
class Thanked:
    kudos_id: int
    giver_id: str
    reason: str  # empty where its words are no more


@dataclass(frozen=True)
class OwnHelp:
    """What one person's help did; of the questions, those that the readers can read."""

    user_id: str
    since: datetime  # when the first of it was said
    until: datetime
    solved: int = 0  # questions
    people: int = 0  # how many different askers
    helped_too: int = 0  # how many others said so then
    reused: int = 0  # how many found an answer of theirs later, and said so
    solved_told: tuple[HelpedQuestion, ...] = ()  # what helped most others first, then the latest
    reused_told: tuple[HelpedQuestion, ...] = ()
    reused_elsewhere: int = 0  # how many found one that is not told of
    thanks: tuple[Thanked, ...] = ()

    @property
    def is_any(self) -> bool:
        return bool(self.solved or self.helped_too or self.reused or self.thanks)

    @property
    def solved_elsewhere(self) -> int:
        """Questions solved that are not told of."""
        return self.solved - len(self.solved_told)

    @property
    def told(self) -> tuple[HelpedQuestion, ...]:
        """The questions in it."""
        told = {each.question_id: each for each in (*self.reused_told, *self.solved_told)}
        return tuple(told.values())


@dataclass(frozen=True)
class Again:
    """A question that still waits, and that the person may be able to answer."""

    question_id: int
    text: str
    channel_id: str
    message_ts: str
    asked_at: datetime


@dataclass(frozen=True)
class PersonalDigest:
    help: OwnHelp
    again: tuple[Again, ...] = ()  # since longest first
    channel_id: str | None = None  # where it is posted already
    message_ts: str | None = None

    @property
    def has_news(self) -> bool:
        return self.help.is_any or bool(self.again)

    @property
    def told(self) -> tuple[int, ...]:
        """The questions in it."""
        return (
            *(each.question_id for each in self.help.told),
            *(each.question_id for each in self.again),
        )


async def get_help(session: AsyncSession, span: Span, *, reader_ids: Collection[str]) -> OwnHelp:
    """What the facts of the period come to. `reader_ids`: who must be able to read a question
    for it to be told of."""
    facts = await personal.list_facts(session, span)
    found = await personal.list_readable(session, span, reader_ids)
    return add_up(span, facts, found)


def add_up(span: Span, facts: Sequence[Helped], found: Iterable[Question]) -> OwnHelp:
    solved = {fact.question_id: fact for fact in facts if fact.kind == "solved"}
    helped = givers_of(facts, "helped", "reused")
    reused = givers_of(facts, "reused")
    readable = [told_of(each, len(helped.get(each.id, ()))) for each in found]
    told = sorted(readable, key=lambda each: (-each.people, -each.solved_at.timestamp()))
    reused_told = tuple(
        replace(each, people=len(reused[each.question_id]))
        for each in told
        if each.question_id in reused
    )
    linked = {each.question_id for each in reused_told}
    return OwnHelp(
        span.user_id,
        since=facts[0].given_at if facts else span.until,
        until=span.until,
        solved=len(solved),
        people=len({fact.asker_id for fact in solved.values()}),
        helped_too=len(everybody(givers_of(facts, "helped"))),
        reused=len(everybody(reused)),
        solved_told=tuple(each for each in told if each.question_id in solved),
        reused_told=reused_told,
        reused_elsewhere=len(everybody({q: ids for q, ids in reused.items() if q not in linked})),
        thanks=tuple(
            Thanked(fact.kudos_id, fact.giver_id, fact.reason or "")
            for fact in facts
            if fact.kind == "thanked"
        ),
    )


def givers_of(facts: Iterable[Helped], *kinds: str) -> dict[int, set[str]]:
    """By each question, who said so."""
    givers: dict[int, set[str]] = {}
    for fact in facts:
        if fact.kind in kinds and fact.question_id is not None:
            givers.setdefault(fact.question_id, set()).add(fact.giver_id)
    return givers


def everybody(givers: dict[int, set[str]]) -> set[str]:
    return set().union(*givers.values())


def told_of(question: Question, people: int) -> HelpedQuestion:
    return HelpedQuestion(
        question.id,
        question.text,
        question.asker_id,
        question.channel_id,
        question.message_ts or "",
        question.solved_at or question.asked_at,
        people,
    )


async def start_of_year(
    session: AsyncSession, team_id: str, user_id: str, *, now: datetime
) -> datetime:
    """Of the one that it is where this person is."""
    local = now.astimezone(ZoneInfo(await get_timezone(session, team_id, user_id)))
    return local.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


async def plan_personal_digest(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> None:
    """With the first fact about a person comes a digest for them, Fridays where they are."""
    if await digests.get_schedule(session, team_id, PERSONAL, user_id) is not None:
        return
    if not await is_known(session, team_id, user_id):
        await owe_person(session, team_id=team_id, user_id=user_id, now=now)
    timezone = await get_timezone(session, team_id, user_id)
    schedule = Schedule(WEEKDAY, HOUR, MINUTE, timezone)
    row = DigestSchedule(
        team_id=team_id,
        kind=PERSONAL,
        subject=user_id,
        next_run_at=next_slot(schedule, after=now),
        skips_next=False,
        **vars(schedule),
    )
    await add_if_first(session, row)


async def get_personal_digest(
    session: AsyncSession, *, team_id: str, user_id: str, slot: str
) -> PersonalDigest | None:
    """What the digest of that week has to say, from the facts as they stand now; None when they
    are not to get it."""
    run = await digests.get_run(session, team_id=team_id, kind=PERSONAL, subject=user_id, slot=slot)
    if run is None or run.skipped_at is not None or run.quiet_at is not None:
        return None
    if run.message_ts is None and not await gets_digests(session, team_id, user_id):
        return None
    span = Span(team_id, user_id, run.since, run.until)
    told = await get_help(session, span, reader_ids=[user_id])
    again = await list_again(session, run)
    return PersonalDigest(told, again, run.channel_id, run.message_ts)


async def preview_personal_digest(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> PersonalDigest:
    """What would come now."""
    row = await digests.get_schedule(session, team_id, PERSONAL, user_id)
    since = await start_of_period(session, row, user_id, now) if row else now - WEEK
    told = await get_help(session, Span(team_id, user_id, since, now), reader_ids=[user_id])
    run = DigestRun(team_id=team_id, kind=PERSONAL, subject=user_id, until=now)
    return PersonalDigest(told, await list_again(session, run))


async def list_again(session: AsyncSession, run: DigestRun) -> tuple[Again, ...]:
    """What waits for them; in a digest that is posted, what it told of and still does."""
    found = await personal.list_again(
        session,
        team_id=run.team_id,
        user_id=run.subject,
        kind=AGAIN,
        at=run.until,
        limit=AGAIN_TOLD,
    )
    return tuple(
        Again(each.id, each.text, each.channel_id, each.message_ts or "", each.asked_at)
        for each in found
        if run.message_ts is None or each.id in run.told
    )


async def plan_telling_again(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Nobody is left to ask: the few most likely to know hear of it again with their digest."""
    for user_id in await personal.list_few(session, question.id):
        await plan_personal_digest(session, team_id=question.team_id, user_id=user_id, now=now)


async def gets_digests(session: AsyncSession, team_id: str, user_id: str) -> bool:
    """Somebody who is here, and did not say that they want none."""
    person = await people.get(session, team_id, user_id)
    if person is None or person.is_bot or person.is_deactivated:
        return False
    return await wants_digests(session, team_id, user_id)


async def owe_digests_telling(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Words of this question are no more: owe the digests of those who helped with it."""
    made = await personal.list_runs(
        session,
        team_id=question.team_id,
        kind=PERSONAL,
        user_ids=await personal.list_receivers(session, question.id),
        since=question.asked_at,
    )
    for run in made:
        if is_on_its_way(run, now=now) or question.id in run.told:
            await owe_digest(session, run, now=now)

"""The weekly digest of a channel: what there is to tell of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.digests import WEEKLY_DIGEST, get_weekly_schedule, start_of_period
from bot.errors import NoDigestHere
from bot.ledger import weigh
from bot.people import check_is_admin
from storage import channels, choices, digests, outbox, questions, weekly
from storage.tables import Question
from storage.weekly import Counts, Period

WEEK = timedelta(weeks=1)
WEEKS_DRAWN = 4
FIRST_TIMERS_TOLD, OTHERS_TOLD = 5, 12  # with what they solved
MORE_TOLD = 80  # in the thread, with how much
QUESTIONS_LINKED = 3  # a person
REUSED_TOLD, NEWCOMERS_NAMED, WAITING_SHOWN = 3, 10, 5
# The hardest question was open for long, and is one of some.
HARD_AFTER, HARDEST_OF = timedelta(hours=4), 2


@dataclass(frozen=True)
class Told:
    """A question, as the digest links to it."""

    question_id: int
    text: str
    message_ts: str


@dataclass(frozen=True)
class Credit:
    """What one person's help did in the week."""

    user_id: str
    solved: int  # questions
    people: int  # how many different askers
    helped_too: int  # how many others said that it helped them, then or later
    questions: tuple[Told, ...] = ()  # some of those solved


@dataclass(frozen=True)
class Hardest:
    """The question that was open longest until somebody solved it."""

    question: Told
    was_open: timedelta
    asked: int  # experts who were asked to take it
    authors: tuple[str | None, ...]  # None: somebody who does not want to be named


@dataclass(frozen=True)
class Reused:
    """An earlier question whose answer was found again."""

    question: Told
    people: int
    authors: tuple[str | None, ...]


@dataclass(frozen=True)
class Waiting:
    question_id: int
    text: str
    message_ts: str
    asked_at: datetime
    is_claimed: bool
    claimed_by: str | None  # None: nobody, or somebody who does not want to be named


@dataclass(frozen=True)
class Week:
    asked: int
    solved: int


@dataclass(frozen=True)
class WeeklyDigest:
    team_id: str
    channel_id: str
    since: datetime
    until: datetime
    asked: Week  # what was asked in the period, and how many of these are solved
    weeks: tuple[Week, ...]  # the latest first
    solved: int  # questions
    solvers: int  # people who solved them
    helped_too: int  # people who said that an answer helped them too, then or later
    helpers: int  # people whose help did any of this, named or not
    first_timers: tuple[Credit, ...] = ()
    first_timers_in_all: int = 0
    hardest: Hardest | None = None
    reused: tuple[Reused, ...] = ()
    credits: tuple[Credit, ...] = ()
    more_credits: tuple[Credit, ...] = ()
    newcomers: tuple[str, ...] = ()
    newcomers_in_all: int = 0
    waiting: tuple[Waiting, ...] = ()
    waiting_in_all: int = 0
    message_ts: str | None = None  # where it is posted already
    more_ts: tuple[str, ...] = ()  # and what did not fit, in its thread

    @property
    def has_news(self) -> bool:
        return bool(self.helpers or self.newcomers_in_all or self.waiting_in_all)

    @property
    def named(self) -> tuple[str, ...]:
        """The people in it."""
        credited = (*self.first_timers, *self.credits, *self.more_credits)
        hardest = self.hardest.authors if self.hardest else ()
        ids = [
            *(each.user_id for each in credited),
            *hardest,
            *(user_id for each in self.reused for user_id in each.authors),
            *self.newcomers,
            *(each.claimed_by for each in self.waiting),
        ]
        return tuple(dict.fromkeys(user_id for user_id in ids if user_id))

    @property
    def told(self) -> tuple[int, ...]:
        """The questions in it."""
        credited = (*self.first_timers, *self.credits)
        ids = [
            *(told.question_id for each in credited for told in each.questions),
            *(each.question.question_id for each in self.reused),
            *([self.hardest.question.question_id] if self.hardest else []),
            *(each.question_id for each in self.waiting),
        ]
        return tuple(dict.fromkeys(ids))


@dataclass(frozen=True)
class Helpers:
    """All whose help counts in the period."""

    counts: Mapping[str, Counts]
    in_order: Sequence[str]  # who is named, those whose help weighs most first
    first_timers: Collection[str]


async def get_weekly_digest(
    session: AsyncSession, *, team_id: str, channel_id: str, slot: str
) -> WeeklyDigest | None:
    """What the digest of that week has to say, from the facts as they stand now."""
    run = await digests.get_run(
        session, team_id=team_id, kind=WEEKLY_DIGEST, subject=channel_id, slot=slot
    )
    if run is None or run.skipped_at is not None or run.quiet_at is not None:
        return None
    period = Period(team_id, channel_id, run.since, run.until)
    return await tell(session, period, message_ts=run.message_ts, more_ts=tuple(run.more_ts))


async def preview_digest(
    session: AsyncSession, *, team_id: str, channel_id: str, user_id: str, now: datetime
) -> WeeklyDigest:
    """What would be posted now in this channel; for an admin who can read it."""
    await check_is_admin(session, team_id, user_id)
    channel = await channels.get(session, team_id, channel_id)
    if channel is None or channel.left_at is not None or not channel.is_help:
        raise NoDigestHere()
    if not await channels.can_read(
        session, team_id=team_id, channel_id=channel_id, user_id=user_id
    ):
        raise NoDigestHere()
    row = await get_weekly_schedule(session, team_id, is_locked=False)
    since = await start_of_period(session, row, channel_id, now)
    return await tell(session, Period(team_id, channel_id, since, now))


async def tell(
    session: AsyncSession,
    period: Period,
    *,
    message_ts: str | None = None,
    more_ts: tuple[str, ...] = (),
) -> WeeklyDigest:
    """All that the period has to tell, in the order in which it is told."""
    unnamed = await choices.list_unnamed(session, period.team_id)
    helpers = await get_helpers(session, period, unnamed)
    solved, helped_too = await weekly.count_whole(session, period)
    reused = await list_reused(session, period, unnamed)
    first = [each for each in helpers.in_order if each in helpers.first_timers]
    others = list_others(helpers, first[:FIRST_TIMERS_TOLD], reused)
    shown = [*first[:FIRST_TIMERS_TOLD], *others[:OTHERS_TOLD]]
    linked = await weekly.list_solved_by(session, period, shown, each=QUESTIONS_LINKED)
    newcomers = await weekly.list_newcomers(session, period)
    waiting, waiting_in_all = await weekly.list_waiting(session, period, limit=WAITING_SHOWN)
    return WeeklyDigest(
        **vars(period),
        asked=await count_asked(session, period),
        weeks=await list_weeks(session, period),
        solved=solved,
        solvers=sum(bool(each.solved) for each in helpers.counts.values()),
        helped_too=helped_too,
        helpers=len(helpers.counts),
        first_timers=credits_of(first[:FIRST_TIMERS_TOLD], helpers, linked),
        first_timers_in_all=len(helpers.first_timers),
        hardest=await get_hardest(session, period, unnamed) if solved >= HARDEST_OF else None,
        reused=reused,
        credits=credits_of(others[:OTHERS_TOLD], helpers, linked),
        more_credits=credits_of(others[OTHERS_TOLD : OTHERS_TOLD + MORE_TOLD], helpers, {}),
        newcomers=tuple(each for each in newcomers if each not in unnamed)[:NEWCOMERS_NAMED],
        newcomers_in_all=len(newcomers),
        waiting=tuple(waiting_of(each, unnamed) for each in waiting),
        waiting_in_all=waiting_in_all,
        message_ts=message_ts,
        more_ts=more_ts,
    )


async def get_helpers(session: AsyncSession, period: Period, unnamed: Collection[str]) -> Helpers:
    counts = {each.receiver_id: each for each in await weekly.list_counts(session, period)}
    weights = weigh(await weekly.list_between(session, period))
    in_order = sorted(
        (user_id for user_id in counts if user_id not in unnamed),
        key=lambda user_id: (-weights.get(user_id, 0.0), -counts[user_id].solved, user_id),
    )
    return Helpers(counts, in_order, await weekly.list_first_timers(session, period))


def list_others(helpers: Helpers, told: Iterable[str], reused: Iterable[Reused]) -> list[str]:
    """Who is not told of yet: whose answer was only found again, is."""
    authors = {user_id for each in reused for user_id in each.authors}
    known = {*told, *(each for each in authors if each and not helpers.counts[each].solved)}
    return [user_id for user_id in helpers.in_order if user_id not in known]


def credits_of(
    user_ids: Iterable[str], helpers: Helpers, linked: Mapping[str, Sequence[Question]]
) -> tuple[Credit, ...]:
    return tuple(
        Credit(
            user_id,
            helpers.counts[user_id].solved,
            helpers.counts[user_id].people,
            helpers.counts[user_id].helped_too,
            tuple(told_of(question) for question in linked.get(user_id, [])),
        )
        for user_id in user_ids
    )


def told_of(question: Question) -> Told:
    return Told(question.id, question.text, question.message_ts or "")


async def get_hardest(
    session: AsyncSession, period: Period, unnamed: Collection[str]
) -> Hardest | None:
    found = await weekly.get_longest_open(session, period)
    if found is None:
        return None
    question, solved_at = found
    was_open = solved_at - question.asked_at
    if was_open < HARD_AFTER:
        return None
    credited = await weekly.list_credited(session, period, [question.id], "solved")
    return Hardest(
        told_of(question),
        was_open,
        await weekly.count_asked_to_take(session, question.id),
        named(credited[question.id], unnamed),
    )


async def list_reused(
    session: AsyncSession, period: Period, unnamed: Collection[str]
) -> tuple[Reused, ...]:
    found = await weekly.list_reused(session, period, limit=REUSED_TOLD)
    ids = [question.id for question, _ in found]
    credited = await weekly.list_credited(session, period, ids, "reused")
    return tuple(
        Reused(told_of(question), people, named(credited[question.id], unnamed))
        for question, people in found
    )


def named(user_ids: Iterable[str], unnamed: Collection[str]) -> tuple[str | None, ...]:
    return tuple(None if user_id in unnamed else user_id for user_id in user_ids)


def waiting_of(question: Question, unnamed: Collection[str]) -> Waiting:
    claimer = question.claimed_by
    return Waiting(
        question.id,
        question.text,
        question.message_ts or "",
        question.asked_at,
        claimer is not None,
        None if claimer in unnamed else claimer,
    )


async def list_weeks(session: AsyncSession, period: Period) -> tuple[Week, ...]:
    return tuple(
        [
            await count_asked(
                session,
                Period(
                    period.team_id,
                    period.channel_id,
                    period.until - (number + 1) * WEEK,
                    period.until - number * WEEK,
                ),
            )
            for number in range(WEEKS_DRAWN)
        ]
    )


async def count_asked(session: AsyncSession, period: Period) -> Week:
    return Week(*await questions.count_asked(session, **vars(period)))


async def owe_more(
    session: AsyncSession, *, team_id: str, channel_id: str, slot: str, number: int, now: datetime
) -> None:
    """Owe the message of it with this number, counted from the first in its thread."""
    await outbox.owe(
        session,
        "more_of_digest",
        f"{channel_id}:{slot}:{number}",
        team_id=team_id,
        lane=channel_id,
        now=now,
    )


async def note_more_posted(
    session: AsyncSession, *, team_id: str, channel_id: str, slot: str, message_ts: str
) -> None:
    """One more message of it is posted, in its thread."""
    run = await digests.get_run(
        session, team_id=team_id, kind=WEEKLY_DIGEST, subject=channel_id, slot=slot
    )
    if run is not None:
        run.more_ts = [*run.more_ts, message_ts]

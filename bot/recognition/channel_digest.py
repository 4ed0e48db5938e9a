"""The weekly digest of a channel: what there is to tell of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.detection import is_thin
from bot.errors import NoDigestHere
from bot.kinds import MORE_OF_DIGEST, MoreOfDigest
from bot.people import check_is_admin
from bot.recognition.digests import WEEKLY_DIGEST, get_weekly_schedule, start_of_period
from bot.recognition.ledger import Sums, add_up, weigh
from bot.text import plain
from storage import channels, outbox, people
from storage.questions import questions
from storage.recognition import channel_digest, digests, naming
from storage.recognition.channel_digest import Period
from storage.tables import Question

WEEK = timedelta(weeks=1)
WEEKS_DRAWN = 4
FIRST_TIMERS_TOLD, OTHERS_TOLD = 5, 12  # with what they solved
MORE_TOLD = 80  # in the thread, with how much
QUESTIONS_LINKED = 3  # a person
REUSED_TOLD, NEWCOMERS_NAMED = 3, 10
WAITING_TOLD = 45  # a few in the digest, the others in its thread
WAITING_LOOKED_AT = 200  # of which some say too little to be told
THANKS_TOLD = 5
HARD_AFTER = timedelta(hours=4)  # so long the hardest question was open at least
HARDEST_LOOKED_AT = 20


@dataclass(frozen=True)
class LinkedQuestion:
    """A question, as the digest links to it."""

    question_id: int
    text: str
    message_ts: str
    asker_id: str | None = None  # None: who does not want to be named
    asker: str = ""  # a name: a digest calls nobody who asked
    helped_too: int = 0  # others who said so in the period


@dataclass(frozen=True)
class Credit:
    """What one person's help did in the week."""

    user_id: str
    solved: int  # questions
    people: int  # how many different askers
    helped_too: int  # how many others said that it helped them, then or later
    questions: tuple[LinkedQuestion, ...] = ()  # some of those solved


@dataclass(frozen=True)
class Hardest:
    """The question that was open longest until somebody solved it."""

    question: LinkedQuestion
    was_open: timedelta
    asked: int  # experts who were asked to take it
    authors: tuple[str | None, ...]  # None: somebody who does not want to be named


@dataclass(frozen=True)
class Reused:
    """An earlier question whose answer was found again."""

    question: LinkedQuestion
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
    """What happened in a period: questions that were asked, and those that were solved, whenever
    they were asked."""

    asked: int
    solved: int


@dataclass(frozen=True)
class Thanked:
    """Somebody was thanked in the channel."""

    giver_id: str | None  # None: who does not want to be named
    giver: str
    receiver_id: str
    receiver: str
    reason: str


@dataclass(frozen=True)
class WeeklyDigest:
    team_id: str
    channel_id: str
    since: datetime
    until: datetime
    weeks: tuple[Week, ...]  # the digest's own first, then those before it, as long as it is
    solved: int  # questions
    solvers: int  # people who solved them
    helped_too: int  # people who said that an answer helped them too, then or later
    helpers: int  # people whose help did any of this, named or not
    first_timers: tuple[Credit, ...] = ()
    hardest: Hardest | None = None
    reused: tuple[Reused, ...] = ()
    credits: tuple[Credit, ...] = ()
    more_credits: tuple[Credit, ...] = ()
    thanks: tuple[Thanked, ...] = ()
    thanks_in_all: int = 0
    newcomers: tuple[str, ...] = ()
    newcomers_in_all: int = 0
    waiting: tuple[Waiting, ...] = ()  # since longest first
    waiting_in_all: int = 0
    message_ts: str | None = None  # where it is posted already
    more_ts: tuple[str, ...] = ()  # and what did not fit, in its thread

    @property
    def has_news(self) -> bool:
        told = (self.helpers, self.thanks_in_all, self.newcomers_in_all, self.waiting_in_all)
        return any(told)

    @property
    def asked(self) -> Week:
        return self.weeks[0]

    @property
    def named(self) -> tuple[str, ...]:
        """The people in it."""
        credited = (*self.first_timers, *self.credits, *self.more_credits)
        hardest = self.hardest.authors if self.hardest else ()
        ids = [
            *(each.user_id for each in credited),
            *hardest,
            *(user_id for each in self.reused for user_id in each.authors),
            *(told.asker_id for each in credited for told in each.questions),
            *(user_id for each in self.thanks for user_id in (each.giver_id, each.receiver_id)),
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
    digest = await tell(session, period)
    return replace(digest, message_ts=run.message_ts, more_ts=tuple(run.more_ts))


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


async def tell(session: AsyncSession, period: Period) -> WeeklyDigest:
    """All that the period has to tell, in the order in which it is told."""
    unnamed = await naming.list_unnamed(session, period.team_id)
    digest = await tell_of_help(session, period, unnamed)
    newcomers = await channel_digest.list_newcomers(session, period)
    thanks = await list_thanks(session, period, unnamed)
    found, waiting_in_all = await channel_digest.list_waiting(
        session, period, limit=WAITING_LOOKED_AT
    )
    waiting = [each for each in found if each.has_files or not is_thin(plain(each.text))]
    return replace(
        digest,
        thanks=tuple(thanks[:THANKS_TOLD]),
        thanks_in_all=len(thanks),
        newcomers=tuple(each for each in newcomers if each not in unnamed)[:NEWCOMERS_NAMED],
        newcomers_in_all=len(newcomers),
        waiting=tuple(waiting_of(each, unnamed) for each in waiting[:WAITING_TOLD]),
        waiting_in_all=waiting_in_all - (len(found) - len(waiting)),
    )


async def tell_of_help(
    session: AsyncSession, period: Period, unnamed: Collection[str]
) -> WeeklyDigest:
    sums = add_up(await channel_digest.list_facts(session, period))
    solved: set[int] = set().union(*sums.solved.values())
    in_order = [each for each in by_weight(sums) if each not in unnamed]
    reused = await list_reused(session, period, sums, unnamed)
    first_timers = await channel_digest.list_first_timers(session, period)
    first = [each for each in in_order if each in first_timers][:FIRST_TIMERS_TOLD]
    others = list_others(sums, in_order, first, reused)
    credited = await credits_of(session, period, sums, [*first, *others], unnamed)
    return WeeklyDigest(
        **vars(period),
        weeks=await list_weeks(session, period),
        solved=len(solved),
        solvers=len(sums.solved),
        helped_too=len(set().union(*sums.helped_too.values())),
        helpers=len(sums.receivers),
        first_timers=credited[: len(first)],
        hardest=await get_hardest(session, period, solved, unnamed),
        reused=reused,
        credits=credited[len(first) : len(first) + OTHERS_TOLD],
        more_credits=credited[len(first) + OTHERS_TOLD :],
    )


def by_weight(sums: Sums) -> list[str]:
    """Whose help weighs most comes first."""
    weights = weigh(sums.between)
    return sorted(
        sums.receivers,
        key=lambda user_id: (-weights[user_id], -len(sums.solved.get(user_id, ())), user_id),
    )


def list_others(
    sums: Sums, in_order: Iterable[str], told: Iterable[str], reused: Iterable[Reused]
) -> list[str]:
    """Who is not told of yet: whose answer was only found again, is."""
    authors = {user_id for each in reused for user_id in each.authors}
    known = {*told, *(each for each in authors if each not in sums.solved)}
    return [each for each in in_order if each not in known][: OTHERS_TOLD + MORE_TOLD]


async def credits_of(
    session: AsyncSession,
    period: Period,
    sums: Sums,
    user_ids: Sequence[str],
    unnamed: Collection[str],
) -> tuple[Credit, ...]:
    """Theirs in that order; the first ones with some of what they solved."""
    linked = await channel_digest.list_solved_by(
        session, period, user_ids[: FIRST_TIMERS_TOLD + OTHERS_TOLD], each=QUESTIONS_LINKED
    )
    shown = [question for solved in linked.values() for question in solved]
    names = await names_of(session, period.team_id, [each.asker_id for each in shown])
    again = await channel_digest.count_helped(session, period, [each.id for each in shown])
    askers = await channel_digest.count_askers(session, period, user_ids)

    def link(question: Question) -> LinkedQuestion:
        asker_id = None if question.asker_id in unnamed else question.asker_id
        asker = names.get(asker_id, "") if asker_id else ""
        helped = again.get(question.id, 0)
        return replace(told_of(question), asker_id=asker_id, asker=asker, helped_too=helped)

    return tuple(
        Credit(
            user_id,
            solved=len(sums.solved.get(user_id, ())),
            people=askers.get(user_id, 0),
            helped_too=len(sums.helped_too.get(user_id, ())),
            questions=tuple(link(question) for question in linked.get(user_id, [])),
        )
        for user_id in user_ids
    )


async def names_of(session: AsyncSession, team_id: str, user_ids: Iterable[str]) -> dict[str, str]:
    known = await people.list_known(session, team_id, set(user_ids))
    return {person.user_id: person.name for person in known}


async def list_thanks(
    session: AsyncSession, period: Period, unnamed: Collection[str]
) -> list[Thanked]:
    """Those said in the channel, the newest first; of who does not want to be named, none."""
    facts = await channel_digest.list_thanks(session, period)
    involved = {user_id for each in facts for user_id in (each.giver_id, each.receiver_id)}
    names = await names_of(session, period.team_id, involved)
    return [
        Thanked(
            None if each.giver_id in unnamed else each.giver_id,
            "" if each.giver_id in unnamed else names.get(each.giver_id, ""),
            each.receiver_id,
            names.get(each.receiver_id, ""),
            each.reason or "",
        )
        for each in facts
        if each.receiver_id not in unnamed
    ]


def told_of(question: Question) -> LinkedQuestion:
    return LinkedQuestion(question.id, question.text, question.message_ts or "")


async def get_hardest(
    session: AsyncSession, period: Period, solved: Collection[int], unnamed: Collection[str]
) -> Hardest | None:
    """Of some that were solved; whose asker found it alone is nobody's help."""
    longest = await channel_digest.list_longest_open(session, period, limit=HARDEST_LOOKED_AT)
    question = next((each for each in longest if each.id in solved), None)
    if question is None or question.solved_at is None or len(solved) < 2:
        return None
    was_open = question.solved_at - question.asked_at
    if was_open < HARD_AFTER:
        return None
    return Hardest(
        told_of(question),
        was_open,
        await channel_digest.count_asked_to_take(session, question.id),
        named(await channel_digest.list_authors(session, period, question.id), unnamed),
    )


async def list_reused(
    session: AsyncSession, period: Period, sums: Sums, unnamed: Collection[str]
) -> tuple[Reused, ...]:
    """Those that helped most people, as far as their words are there."""
    ids = sorted(sums.reused, key=lambda each: (-len(sums.reused[each]), each))[: 2 * REUSED_TOLD]
    found = await questions.list_of_ids(session, period.team_id, ids)
    return tuple(
        Reused(
            told_of(question),
            len(sums.reused[question.id]),
            named(sorted(sums.authors[question.id]), unnamed),
        )
        for question in sorted(found, key=lambda each: ids.index(each.id))
        if question.withdrawn_at is None
    )[:REUSED_TOLD]


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
    """The period's own first, so that all of a digest counts the same; then those before it, each
    as long, but at least a week."""
    span = max(WEEK, period.until - period.since)
    starts = [period.since - number * span for number in range(WEEKS_DRAWN)]
    before = [replace(period, since=start, until=start + span) for start in starts[1:]]
    return tuple([await count_week(session, each) for each in [period, *before]])


async def count_week(session: AsyncSession, period: Period) -> Week:
    asked, _ = await questions.count_asked(session, **vars(period))
    return Week(asked, await channel_digest.count_solved(session, period))


async def owe_more(
    session: AsyncSession, *, team_id: str, channel_id: str, slot: str, number: int, now: datetime
) -> None:
    """Owe the message of it with this number, counted from the first in its thread."""
    await outbox.owe(
        session,
        MORE_OF_DIGEST,
        MoreOfDigest(channel_id, slot, number),
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

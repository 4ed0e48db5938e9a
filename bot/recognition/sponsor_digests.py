"""The digest of a sponsor: whose help did what in their topics, and where people are stuck.

It is one message about all topics that somebody owns now. What a sponsor could not read in
Slack is counted, and not told."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.recognition.digests import SPONSOR, start_of_period
from bot.recognition.ledger import Sums, add_up, weigh
from bot.recognition.naming import wants_digests
from bot.recognition.sponsors import (
    Sponsoring,
    get_own_schedule,
    get_sponsoring,
    list_sponsored,
)
from bot.text import plain
from storage import channels
from storage.questions import questions
from storage.recognition import digests, naming, sponsors
from storage.recognition.channel_digest import Fact
from storage.recognition.sponsors import Given, Reach
from storage.search.words import COMMON, WORD, terms_of_word
from storage.tables import DigestRun, Question, Topic

FULLY_TOLD, TOLD = 12, 32  # people with what they did, and those told at all
DEEDS_TOLD, UNANSWERED_SHOWN, STALE_SHOWN = 3, 5, 3
REPEATED_WITHIN, REPEATED_BY, REPEATED_SHOWN = timedelta(weeks=4), 3, 3
SMALLEST_GROUP = 5  # of fewer people nothing is broken down
WORDS_SHOWN, SHORTEST_WORD, QUESTIONS_READ = 3, 3, 5_000


@dataclass(frozen=True)
class SponsoredQuestion:
    """A question, as the digest links to it."""

    question_id: int
    text: str
    channel_id: str
    message_ts: str
    asked_at: datetime


@dataclass(frozen=True)
class Deed:
    """Help with one question that the sponsor can read."""

    question: SponsoredQuestion
    is_solved: bool  # by them, in the period; else their answer helped others
    asker_id: str | None  # None: somebody who does not want to be named
    helped_too: int


@dataclass(frozen=True)
class GivenHelp:
    """What one person's help did in the period."""

    fact_id: int  # one of the facts: by it the help is named, and not the person
    user_id: str | None  # None: somebody who does not want to be named
    solved: int  # questions
    people: int  # how many different askers
    helped_too: int
    is_first: bool  # they had solved none before
    deeds: tuple[Deed, ...] = ()
    unreadable: int = 0  # questions that the sponsor cannot read
    is_thanked: bool = False
    is_own: bool = False


@dataclass(frozen=True)
class FoundAgain:
    """A solved question that several people found again."""

    question: SponsoredQuestion
    people: int
    has_faq: bool


@dataclass(frozen=True)
class Stale:
    question: SponsoredQuestion
    is_outdated: bool
    is_doubted: bool


@dataclass(frozen=True)
class Demand:
    """Questions that fitted no topic, and the words that many of them share."""

    questions: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class SponsorDigest:
    team_id: str
    sponsor_id: str
    slot: str
    since: datetime
    until: datetime
    topics: tuple[str, ...] = ()
    asked: int = 0
    solved: int = 0
    helpers: int = 0
    help: tuple[GivenHelp, ...] = ()
    unanswered: tuple[SponsoredQuestion, ...] = ()
    unanswered_in_all: int = 0
    without_experts: tuple[tuple[str, int], ...] = ()  # topics, and how much was asked
    demand: Demand | None = None
    found_again: tuple[FoundAgain, ...] = ()
    stale: tuple[Stale, ...] = ()
    stale_in_all: int = 0
    newly_stale: int = 0
    channel_id: str | None = None  # where it is posted already
    message_ts: str | None = None

    @property
    def has_news(self) -> bool:
        is_stuck = self.unanswered_in_all or self.without_experts or self.demand
        return bool(self.helpers or is_stuck or self.found_again or self.newly_stale)

    @property
    def named(self) -> tuple[str, ...]:
        """The people in it."""
        askers = [deed.asker_id for each in self.help for deed in each.deeds]
        ids = [*(each.user_id for each in self.help), *askers]
        return tuple(dict.fromkeys(user_id for user_id in ids if user_id))

    @property
    def told(self) -> tuple[int, ...]:
        """The questions in it."""
        shown: list[SponsoredQuestion] = [
            *(deed.question for each in self.help for deed in each.deeds),
            *self.unanswered,
            *(each.question for each in self.found_again),
            *(each.question for each in self.stale),
        ]
        return tuple(dict.fromkeys(each.question_id for each in shown))


async def get_sponsor_digest(
    session: AsyncSession, *, team_id: str, sponsor_id: str, slot: str
) -> SponsorDigest | None:
    """What the digest of that week has to say, from the facts and to whom they belong now; who
    is no sponsor any more has nothing in it."""
    run = await get_run(session, team_id, sponsor_id, slot)
    if run is None or run.skipped_at is not None or run.quiet_at is not None:
        return None
    digest = SponsorDigest(team_id, sponsor_id, slot, run.since, run.until)
    if run.message_ts is not None or await wants_digests(session, team_id, sponsor_id):
        digest = await tell(session, digest)
    return replace(digest, channel_id=run.channel_id, message_ts=run.message_ts)


async def get_run(
    session: AsyncSession, team_id: str, sponsor_id: str, slot: str
) -> DigestRun | None:
    return await digests.get_run(
        session, team_id=team_id, kind=SPONSOR, subject=sponsor_id, slot=slot
    )


async def preview_sponsor_digest(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> SponsorDigest:
    """What would come now."""
    row = await get_own_schedule(session, team_id, user_id, is_locked=False)
    since = await start_of_period(session, row, user_id, now)
    return await tell(session, SponsorDigest(team_id, user_id, "", since, now))


async def get_sponsor_home(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> Sponsoring | None:
    """For App Home: what they sponsor, and how it stands since their last digest."""
    sponsoring = await get_sponsoring(session, team_id=team_id, user_id=user_id)
    if sponsoring is None:
        return None
    row = await get_own_schedule(session, team_id, user_id, is_locked=False)
    since = await start_of_period(session, row, user_id, now)
    sponsored = await list_sponsored(session, team_id, user_id)
    digest = SponsorDigest(team_id, user_id, "", since, now)
    reach = await reach_of(session, digest, sponsored)
    return replace(
        sponsoring,
        helpers=await sponsors.count_helpers(session, reach),
        unanswered=await sponsors.count_unanswered(session, reach),
    )


async def tell(session: AsyncSession, digest: SponsorDigest) -> SponsorDigest:
    """The digest with all there is to tell."""
    topics = await list_sponsored(session, digest.team_id, digest.sponsor_id)
    if not topics:
        return digest
    digest = replace(digest, topics=tuple(topic.name for topic in topics))
    reach = await reach_of(session, digest, topics)
    digest = await tell_of_help(session, digest, reach)
    return await tell_where_stuck(session, digest, reach)


async def reach_of(session: AsyncSession, digest: SponsorDigest, topics: Iterable[Topic]) -> Reach:
    readable = await channels.list_readable(session, digest.team_id, digest.sponsor_id)
    ids = tuple(topic.id for topic in topics)
    return Reach(digest.team_id, ids, digest.since, digest.until, readable)


async def tell_of_help(session: AsyncSession, digest: SponsorDigest, reach: Reach) -> SponsorDigest:
    given = await sponsors.list_given(session, reach)
    sums = sums_of(given)
    in_order = by_weight(sums)[:TOLD]
    asked, solved = await sponsors.count_asked(session, reach)
    return replace(
        digest,
        asked=asked,
        solved=solved,
        helpers=len(sums.receivers),
        help=await help_of(session, digest, reach, given, sums, in_order),
    )


def sums_of(given: Iterable[Given]) -> Sums:
    facts = [Fact(each.kind, each.giver_id, each.receiver_id, each.question_id) for each in given]
    return add_up(facts)


def by_weight(sums: Sums) -> list[str]:
    """Whose help weighs most comes first."""
    weights = weigh(sums.between)
    return sorted(sums.receivers, key=lambda user_id: (-weights[user_id], user_id))


async def help_of(
    session: AsyncSession,
    digest: SponsorDigest,
    reach: Reach,
    given: Iterable[Given],
    sums: Sums,
    user_ids: Sequence[str],
) -> tuple[GivenHelp, ...]:
    """Theirs in that order; the first ones with some of what they did."""
    facts = facts_by_receiver(given, user_ids)
    shown = {each: told_facts(facts[each], reach) for each in user_ids[:FULLY_TOLD]}
    known = await words_of(session, digest.team_id, [f for each in shown.values() for f in each])
    unnamed = await naming.list_unnamed(session, digest.team_id)
    experienced = await sponsors.list_experienced(session, digest.team_id, user_ids, digest.since)
    thanked = await sponsors.list_thanked(
        session, team_id=digest.team_id, sponsor_id=digest.sponsor_id, slot=digest.slot
    )
    return tuple(
        GivenHelp(
            fact_id=facts[user_id][0].kudos_id,
            user_id=None if user_id in unnamed else user_id,
            solved=len(sums.solved.get(user_id, ())),
            people=len({each.asker_id for each in facts[user_id] if each.kind == sponsors.SOLVED}),
            helped_too=len(sums.helped_too.get(user_id, ())),
            is_first=user_id in sums.solved and user_id not in experienced,
            deeds=deeds_of(facts[user_id], shown.get(user_id, ()), known, unnamed),
            unreadable=count_unreadable(facts[user_id], reach),
            is_thanked=user_id in thanked,
            is_own=user_id == digest.sponsor_id,
        )
        for user_id in user_ids
    )


def facts_by_receiver(given: Iterable[Given], user_ids: Collection[str]) -> dict[str, list[Given]]:
    facts: dict[str, list[Given]] = {user_id: [] for user_id in user_ids}
    for fact in given:
        if fact.receiver_id in facts:
            facts[fact.receiver_id].append(fact)
    return facts


def told_facts(facts: Iterable[Given], reach: Reach) -> tuple[Given, ...]:
    """One fact for each question to link to: what they solved first, then what helped others."""
    readable = [each for each in facts if each.has_words and each.channel_id in reach.readable]
    solved_first = sorted(readable, key=lambda each: each.kind != sponsors.SOLVED)
    by_question: dict[int, Given] = {}
    for fact in solved_first:
        by_question.setdefault(fact.question_id, fact)
    return tuple(by_question.values())[:DEEDS_TOLD]


async def words_of(
    session: AsyncSession, team_id: str, facts: Iterable[Given]
) -> dict[int, Question]:
    ids = sorted({fact.question_id for fact in facts})
    return {each.id: each for each in await questions.list_of_ids(session, team_id, ids)}


def deeds_of(
    facts: Iterable[Given],
    shown: Iterable[Given],
    known: dict[int, Question],
    unnamed: Collection[str],
) -> tuple[Deed, ...]:
    helped: defaultdict[int, set[str]] = defaultdict(set)
    for fact in facts:
        if fact.kind != sponsors.SOLVED:
            helped[fact.question_id].add(fact.giver_id)
    return tuple(
        Deed(
            told_of(known[fact.question_id]),
            is_solved=fact.kind == sponsors.SOLVED,
            asker_id=None if fact.asker_id in unnamed else fact.asker_id,
            helped_too=len(helped[fact.question_id]),
        )
        for fact in shown
    )


def count_unreadable(facts: Iterable[Given], reach: Reach) -> int:
    return len({each.question_id for each in facts if each.channel_id not in reach.readable})


def told_of(question: Question) -> SponsoredQuestion:
    return SponsoredQuestion(
        question.id,
        question.text,
        question.channel_id,
        question.message_ts or "",
        question.asked_at,
    )


async def tell_where_stuck(
    session: AsyncSession, digest: SponsorDigest, reach: Reach
) -> SponsorDigest:
    unanswered, unanswered_in_all = await sponsors.list_unanswered(
        session, reach, limit=UNANSWERED_SHOWN
    )
    stale, stale_in_all, newly_stale = await sponsors.list_stale(session, reach, limit=STALE_SHOWN)
    without_topic = await sponsors.list_without_topic(session, reach, limit=QUESTIONS_READ)
    return replace(
        digest,
        unanswered=tuple(told_of(each) for each in unanswered),
        unanswered_in_all=unanswered_in_all,
        without_experts=tuple(await sponsors.list_without_experts(session, reach)),
        demand=demand_of(without_topic),
        found_again=await list_found_again(session, reach),
        stale=tuple(stale_of(each) for each in stale),
        stale_in_all=stale_in_all,
        newly_stale=newly_stale,
    )


async def list_found_again(session: AsyncSession, reach: Reach) -> tuple[FoundAgain, ...]:
    since = min(reach.since, reach.until - REPEATED_WITHIN)
    found = await sponsors.list_found_again(
        session, reach, since=since, least=REPEATED_BY, limit=REPEATED_SHOWN
    )
    return tuple(FoundAgain(told_of(each), people, has_faq) for each, people, has_faq in found)


def stale_of(question: Question) -> Stale:
    is_outdated = question.outdated_at is not None
    return Stale(told_of(question), is_outdated, question.doubted_at is not None)


def demand_of(asked: Sequence[tuple[str, str]]) -> Demand | None:
    """What questions without a topic are about, by the words of at least five askers each."""
    askers: defaultdict[str, set[str]] = defaultdict(set)
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for asker_id, text in asked:
        for word in WORD.findall(plain(text)):
            term = next(iter(terms_of_word(word)), "")
            if len(term) >= SHORTEST_WORD and term not in COMMON:
                askers[term].add(asker_id)
                written[term][word.lower()] += 1
    shared = [term for term in askers if len(askers[term]) >= SMALLEST_GROUP]
    shared.sort(key=lambda term: (-len(askers[term]), term))
    words = tuple(written[term].most_common(1)[0][0] for term in shared[:WORDS_SHOWN])
    return Demand(len(asked), words) if words else None

"""Whether people can be asked now: what they said, what Slack says, and how much they do already.

What somebody said counts as said: away, their own hours, a limit, a paused topic, their calendar;
and so do Slack's Do Not Disturb and a status that says away. Who said nothing is taken to work
the usual hours of their time zone, without its public holidays, and comes after those who are at
work."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.availability import has_own_hours, hours_of, limit_of, times_of
from bot.experts.learning import get_weights, values_of
from bot.experts.presence import is_active, quiet_until
from bot.hours import Hours, Shift, is_working, next_start
from storage.experts import learning, offers, rhythms, topics
from storage.experts import readiness as storage
from storage.experts.learning import Kept
from storage.experts.readiness import Facts
from storage.experts.rhythms import Helped
from storage.tables import Offer, Presence, Question, Referral, Topic

MOST_OPEN = 5  # questions that wait for one person's word
OPEN_WITHIN = timedelta(days=3)  # what was offered before is not waited for
LOAD_WITHIN = timedelta(days=7)
ABSENCE = timedelta(hours=4)  # what is as long in a calendar is no meeting
MANY = 60  # experts of a topic; of more than that, some are looked at
HELPERS, OTHERS = 40, 10  # of very many: who answered last, and others in turn


@dataclass(frozen=True)
class Readiness:
    """Whether a person can be asked now, and how it stands with them."""

    can_be_asked: bool
    is_at_work: bool  # by their hours, or because they are at their screen
    hours: Hours | None  # None where we do not know their time zone
    ready_at: datetime | None  # when they can be asked again; None: nobody knows
    is_idle: bool = False  # not at their screen, says Slack
    is_gone: bool = False  # what they were asked is not waited for
    leaves_at: datetime | None = None  # when they are gone next, as far as it is known
    why_not: str = ""  # they cannot be asked, for who runs the bot


Place = tuple[str, str, int | None]  # a workspace, a channel, a topic


@dataclass
class Roll:
    """What is known of the people who are asked, at one time and in one transaction: read once a
    topic and channel, or for many questions ahead. Who is asked meanwhile has one offer more."""

    topics: dict[int, Topic | None] = field(default_factory=dict)
    experts: dict[int, list[str]] = field(default_factory=dict)
    first_experts: dict[int, list[str]] = field(default_factory=dict)
    facts: dict[Place, dict[str, Facts]] = field(default_factory=dict)
    ready: dict[tuple[Place, bool], dict[str, Readiness]] = field(default_factory=dict)
    referrals: dict[int, Sequence[Referral]] = field(default_factory=dict)
    helps: dict[int, list[Helped]] = field(default_factory=dict)
    asked: dict[int, Sequence[Offer]] = field(default_factory=dict)  # read ahead, good once
    kept: dict[int, Kept | None] = field(default_factory=dict)
    weights: dict[str, Sequence[float]] = field(default_factory=dict)

    async def read_ahead(
        self, session: AsyncSession, questions: Sequence[Question], *, now: datetime
    ) -> None:
        """Read for all of these at once what looking at each would read."""
        ids = [question.id for question in questions]
        self.asked |= await offers.list_of_many(session, ids)
        found = await learning.list_kept(session, ids)
        self.kept |= {question_id: found.get(question_id) for question_id in ids}
        wanted: dict[Place, set[str]] = {}
        for question in questions:
            experts = (
                await self.list_first_experts(session, question.team_id, question.topic_id, now=now)
                if question.topic_id is not None
                else []
            )
            place = (question.team_id, question.channel_id, question.topic_id)
            asked = [each.user_id for each in self.asked[question.id]]
            wanted.setdefault(place, set()).update(experts, asked)
        in_order = {place: sorted(user_ids) for place, user_ids in wanted.items()}
        await self.read_facts(session, in_order, now=now)

    async def get_topic(self, session: AsyncSession, team_id: str, topic_id: int) -> Topic | None:
        if topic_id not in self.topics:
            self.topics[topic_id] = await topics.get(session, team_id, topic_id)
        return self.topics[topic_id]

    async def list_referrals(
        self, session: AsyncSession, team_id: str, topic_id: int
    ) -> Sequence[Referral]:
        if topic_id not in self.referrals:
            self.referrals[topic_id] = await offers.list_referrals(session, team_id, topic_id)
        return self.referrals[topic_id]

    async def list_experts(self, session: AsyncSession, team_id: str, topic_id: int) -> list[str]:
        if topic_id not in self.experts:
            self.experts[topic_id] = await topics.list_expert_ids(session, team_id, topic_id)
        return self.experts[topic_id]

    async def list_first_experts(
        self, session: AsyncSession, team_id: str, topic_id: int, *, now: datetime
    ) -> list[str]:
        """All experts of the topic; of very many, those who answered last, and some others, whose
        turn goes round."""
        if topic_id not in self.first_experts:
            everybody = await self.list_experts(session, team_id, topic_id)
            self.first_experts[topic_id] = (
                everybody
                if len(everybody) <= MANY
                else few_of(
                    everybody,
                    await topics.list_who_answered_last(session, team_id, topic_id, HELPERS),
                    turn=int(now.timestamp()) // 3600,
                )
            )
        return self.first_experts[topic_id]

    async def list_offers(self, session: AsyncSession, question_id: int) -> Sequence[Offer]:
        """Who was asked about the question."""
        read_ahead = self.asked.pop(question_id, None)
        return await offers.list_of(session, question_id) if read_ahead is None else read_ahead

    async def get_kept(self, session: AsyncSession, question_id: int) -> Kept | None:
        """What was known of people when the question was asked first."""
        if question_id not in self.kept:
            found = await learning.list_kept(session, [question_id])
            self.kept[question_id] = found.get(question_id)
        return self.kept[question_id]

    async def get_weights(self, session: AsyncSession, team_id: str) -> Sequence[float]:
        """What each figure counts there, in the order of `FIGURES`."""
        if team_id not in self.weights:
            self.weights[team_id] = values_of(await get_weights(session, team_id))
        return self.weights[team_id]

    async def list_helps(
        self, session: AsyncSession, question_ids: Collection[int]
    ) -> list[Helped]:
        """Who answered in these questions."""
        unread = [each for each in question_ids if each not in self.helps]
        if unread:
            self.helps |= {question_id: [] for question_id in unread}
            for row in await rhythms.list_helps(session, unread):
                self.helps[row.question_id].append(row)
        return [row for question_id in question_ids for row in self.helps[question_id]]

    async def read_facts(
        self, session: AsyncSession, wanted: Mapping[Place, Collection[str]], *, now: datetime
    ) -> None:
        """Learn of these people what asking them there needs, unless it is known."""
        for place in wanted:
            self.facts.setdefault(place, {})
        for team_id in dict.fromkeys(team_id for team_id, _, _ in wanted):
            unread = [
                (place[1], place[2], user_id)
                for place, user_ids in wanted.items()
                if place[0] == team_id
                for user_id in user_ids
                if user_id not in self.facts[place]
            ]
            if unread:
                for each in await storage.list_facts(
                    session,
                    team_id=team_id,
                    wanted=unread,
                    day=now - timedelta(days=1),
                    waiting_since=now - OPEN_WITHIN,
                    week=now - LOAD_WITHIN,
                ):
                    self.facts[team_id, each.channel_id, each.topic_id][each.user_id] = each

    async def list_facts(
        self,
        session: AsyncSession,
        *,
        team_id: str,
        channel_id: str,
        topic_id: int | None,
        user_ids: Collection[str],
        now: datetime,
    ) -> dict[str, Facts]:
        place = (team_id, channel_id, topic_id)
        await self.read_facts(session, {place: user_ids}, now=now)
        return self.facts[place]

    def list_ready(
        self, place: Place, user_ids: Collection[str], now: datetime, *, in_hours_only: bool
    ) -> dict[str, Readiness]:
        """Of people whose facts were read, whether they can be asked there now."""
        facts, known = self.facts[place], self.ready.setdefault((place, in_hours_only), {})
        for user_id in user_ids:
            if user_id not in known:
                known[user_id] = readiness(facts[user_id], now, in_hours_only=in_hours_only)
        return {user_id: known[user_id] for user_id in user_ids}

    def forget_people(self) -> None:
        """How much waits for whom has changed in another way than by asking them."""
        self.facts.clear()
        self.ready.clear()

    def note_offered(self, user_ids: Collection[str], *, now: datetime) -> None:
        for known in self.facts.values():
            for user_id in known.keys() & set(user_ids):
                facts = known[user_id]
                known[user_id] = replace(
                    facts,
                    today=facts.today + 1,
                    lately=facts.lately + 1,
                    waiting=facts.waiting + 1,
                    last_offered_at=now,
                )
        for ready in self.ready.values():
            for user_id in user_ids:
                ready.pop(user_id, None)


def few_of(everybody: Sequence[str], helpers: Sequence[str], *, turn: int) -> list[str]:
    """In the order of everybody: the helpers, and some of the others."""
    helping = set(helpers)
    others = [user_id for user_id in everybody if user_id not in helping]
    start = turn * OTHERS % max(1, len(others))
    chosen = {*helping, *(others + others)[start : start + OTHERS]}
    return [user_id for user_id in everybody if user_id in chosen]


async def list_ready(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    topic_id: int | None,
    user_ids: Sequence[str],
    now: datetime,
    roll: Roll | None = None,
) -> dict[str, Readiness]:
    """Of each person, whether they can be asked about something there now."""
    facts = await (roll or Roll()).list_facts(
        session,
        team_id=team_id,
        channel_id=channel_id,
        topic_id=topic_id,
        user_ids=user_ids,
        now=now,
    )
    return {user_id: readiness(facts[user_id], now) for user_id in user_ids}


def readiness(facts: Facts, now: datetime, *, in_hours_only: bool = False) -> Readiness:
    """`in_hours_only`: the usual hours count like those that somebody named."""
    if facts.is_known and not facts.can_read:
        return unable("unable to read the channel")
    if facts.is_paused:
        return unable("not about this topic for now")
    hours = hours_of(facts.said, facts.timezone, facts.busy)
    active, off = is_active(facts.reached, now), hours.off if hours else times_of(facts.busy)
    is_at_work = active is True or hours is None or is_working(hours, now)
    gone = {
        "away": (facts.said.away_until if facts.said else None) or now,
        "away, says their status": facts.out_until or now,
        "kept quiet by Slack": quiet_until(facts.reached, now) or now,
        "away, says their calendar": busy_until(long_ones(off), now),
    }
    until = gone | {
        "busy, says their calendar": busy_until(off, now),
        "at their limit": now + timedelta(hours=1) if is_busy(facts) else now,
    }
    at = max(now, *until.values())
    keeps_hours = in_hours_only or has_own_hours(facts.said)
    starts = next_start(hours, at) if hours and keeps_hours else at
    can_be_asked = at == now and starts == now
    latest = max(until, key=lambda why: until[why])
    why_not = "" if can_be_asked else latest if at > now else "outside their hours"
    return Readiness(
        can_be_asked,
        is_at_work,
        hours,
        starts,
        is_idle=active is False,
        is_gone=max(gone.values()) > now,
        leaves_at=leaves_at(facts.reached, off, now),
        why_not=why_not,
    )


def unable(why: str) -> Readiness:
    return Readiness(False, False, None, None, is_gone=True, why_not=why)


def busy_until(off: Iterable[Shift], now: datetime) -> datetime:
    return next((back for gone, back in off if gone <= now < back), now)


def long_ones(off: Iterable[Shift]) -> list[Shift]:
    """What is no meeting."""
    return [(gone, back) for gone, back in off if back - gone >= ABSENCE]


def leaves_at(reached: Presence | None, off: Iterable[Shift], now: datetime) -> datetime | None:
    quiet = [reached.quiet_from] if reached and reached.quiet_from else []
    times = [*quiet, *(gone for gone, _ in long_ones(off))]
    return min((at for at in times if at > now), default=None)


def is_busy(facts: Facts) -> bool:
    """Whether they were asked enough for a day, or many questions wait for their word."""
    return facts.today >= limit_of(facts.said) or facts.waiting >= MOST_OPEN


def count_reasons(ready: Mapping[str, Readiness], user_ids: Collection[str]) -> str:
    """Why these people are not asked: `3 away, 1 at their limit`."""
    why = Counter(ready[user_id].why_not for user_id in user_ids if ready[user_id].why_not)
    return ", ".join(f"{number} {reason}" for reason, number in why.most_common()) or "none left"


def working_hours(ready: Mapping[str, Readiness], user_ids: Sequence[str]) -> list[Hours]:
    found = (ready[user_id].hours for user_id in user_ids if user_id in ready)
    return [hours for hours in found if hours is not None]

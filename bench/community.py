"""Whether a community's questions are answered sooner and more fairly: four weeks, replayed.

Input: a file or folder of threads, `NAME.jsonl[.gz]`, `{"title"?, "posts": [{"u", "t", "x"}]}`.
The busiest four weeks of its last year are asked again, on a simulated clock. What came before
is in the bot's index and in what it knows of people. Only the people are simulated; the bot is
the real one, on a real database: it captures, asks, waits, asks others, and owes Slack cards and
messages, which are delivered to people at that moment. The same people meet three systems:

nobody routed: what really happened, in the record.
everybody pinged: each question is put to every expert at once, besides what really happened.
askaround: the bot asks, besides what really happened.

Experts: who answered in three threads within a year and wrote something in its last quarter.
  One topic, all of them.
Who knows: who really answered. Another expert may, as often as they answered the 20 likest
  earlier questions asked in their time; so too where nobody really answered. Errs against
  everybody: not to have answered is not the same as not to know. But the bot looks for people
  by the same likeness, so `only who really answered knows` is measured, too.
When they are there: within three days of something they wrote, in the hours in which they
  usually write. Others see an offer when they are next. Slack shows them at their screen in a
  third of that time, whatever they do then.
Whether they look, and how soon: as people called into a chat's conversations (216 calls) did:
  65 % answered, half of those within 7 minutes, a tenth after 2 hours. From the fifth offer
  within a day on, each takes 30 % off their attention (so much do repeated reminders cost;
  Ancker and others, 2017, doi:10.1186/s12911-017-0430-8).
What they do: who knows takes the question and answers after typing as long as it takes at 40
  words a minute. Of who does not, a third presses "Not me" (a guess), the others do nothing.
  Who sees that another took it leaves it. Who really answered does so when they really did,
  at the latest. The asker comes back and marks it, or not, as askers did.
Not simulated: suggestions are never accepted, nobody refers to another, nobody names hours.

Figures: answered within a week, and within an hour; median_minutes and p90_minutes to the first
answer, of those answered (each system answers others: compare half_of_all_by, the minutes after
which half of all questions have an answer); offers_per_answer; busiest, the share of offers to
the busiest 5 % of experts; right, the share of offers to people who knew. Three seeds together;
the other assumptions with the first of them.
"""

import heapq
import itertools
import math
import shutil
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bench._community import (
    ANSWERED_WITHIN,
    DAY,
    FORUM_PACE,
    Ask,
    Assumptions,
    Community,
    Crowd,
    calls_of,
    read_community,
)
from bench._helped import People, Thread, posts_of, read_threads
from bench._search_data import CHANNEL, TEAM
from bench.routing import paths_of
from bot.community.channels import ChannelFacts, learn_members, set_help_channel
from bot.errors import UserError
from bot.experts import offer_notes
from bot.experts.cards import get_card, note_card
from bot.experts.claims import claim, pass_on
from bot.experts.presence import learn_active, learn_quiet
from bot.experts.rhythms import values_of
from bot.experts.steps import take_due_steps
from bot.experts.topics import add_expert, save_topic
from bot.kinds import OFFER_NOTE, QUESTION_CARD, READ_ACTIVE, READ_QUIET
from bot.outbox import Owed, claim_owed, finish
from bot.people import Profile, learn_person
from bot.questions.capture import capture
from bot.questions.messages import hear
from bot.questions.solutions import accept_solution
from bot.text import Message, headline, plain
from storage import search
from storage.database import Sessions, open_sessions
from storage.experts import offers
from storage.migrate import migrate
from storage.questions import questions
from storage.search import Search
from storage.tables import Answer, Offer, Outbox, Question, Rhythm, Topic

SEEDS = (1, 2, 3)
ADMIN = "UADMIN"
PLACE: dict[str, Any] = {"team_id": TEAM, "channel_id": CHANNEL}
LIKEST, FEWEST_LIKE = 20, 5  # earlier questions that tell whether somebody knows
LOOKED_AT = 100
BUSIEST = 0.05  # of the experts
AT_ONCE = 500
NO_ANSWER = "No idea, sorry"
NO_RECORD = "I know this one."  # what is answered where the record has no words for it

ASSUMED = Assumptions()
OTHERWISE = {  # with the first seed only
    "half as attentive": Assumptions(attention=0.325, slower=2.0),
    "only who really answered knows": Assumptions(knows_alike=False),
    "as slow as in the forum": Assumptions(attention=0.78, pace=FORUM_PACE),
    "nobody presses Not me": Assumptions(passes=0.0),
    "wearied by each offer": Assumptions(unwearied=0),
    "one reply in five is no answer": Assumptions(no_answer=0.2),
}

Figures = dict[str, float | None]
Happening = Callable[[AsyncSession, datetime], Awaitable[None]]
Deliver = Callable[["Replay", AsyncSession, Owed[str], datetime], Awaitable[None]]


@dataclass
class Outcome:
    """What became of the questions."""

    answered_after: dict[int, timedelta] = field(default_factory=dict)
    offers: Counter[str] = field(default_factory=Counter)
    right: int = 0  # offers to people who knew


async def run(data: Path | None) -> dict[str, Any]:
    figures = {}
    for path in paths_of(data):
        community = read_community(read_threads(path))
        async with filled(community) as start:
            name = path.name.partition(".")[0]
            print(f"{name}: {about(community)}", flush=True)
            figures[name] = await compare(start, await with_likely(start, community))
    return figures


def about(community: Community) -> str:
    calls = list(calls_of(community))
    minutes = [each for each in calls if each is not None]
    called = f", {len(calls)} calls of which {len(minutes)} answered" if calls else ""
    median = f" after {statistics.median(minutes):.1f} minutes" if minutes else ""
    return (
        f"four weeks from {community.start:%Y-%m-%d}, {len(community.asks)} questions, "
        f"{len(community.experts)} experts{called}{median}"
    )


async def compare(start: Path, community: Community) -> dict[str, Any]:
    runs = [await play(start, Crowd(community, ASSUMED, seed)) for seed in SEEDS]
    figures = {
        "as assumed": measure_all(runs, community),
        "as assumed, the first seed": measure_all(runs[:1], community),
    }
    for way, figure in figures.items():
        show(way, figure)
    for way, assumptions in OTHERWISE.items():
        run_once = await play(start, Crowd(community, assumptions, SEEDS[0]))
        figures[way] = measure_all([run_once], community)
        show(way, figures[way])
    return figures


async def play(start: Path, crowd: Crowd) -> dict[str, Outcome]:
    return {
        "nobody routed": with_nobody(crowd),
        "everybody pinged": with_everybody(crowd),
        "askaround": await with_askaround(start, crowd),
    }


def measure_all(runs: Sequence[dict[str, Outcome]], community: Community) -> dict[str, Figures]:
    return {name: measure([run[name] for run in runs], community) for name in runs[0]}


def show(way: str, figures: dict[str, Figures]) -> None:
    print(f"\n{way}")
    names = list(next(iter(figures.values())))
    print(f"{'':18}" + "".join(f"{name:>19}" for name in names))
    for system, figure in figures.items():
        row = "".join(f"{'–' if value is None else value:>19}" for value in figure.values())
        print(f"{system:18}{row}", flush=True)


def measure(outcomes: Sequence[Outcome], community: Community) -> Figures:
    questions_asked = len(community.asks) * len(outcomes)
    found = [each for outcome in outcomes for each in outcome.answered_after.values()]
    after = sorted(each / timedelta(minutes=1) for each in found)
    offered = sum((outcome.offers for outcome in outcomes), Counter[str]())
    given = offered.total()
    busiest = math.ceil(BUSIEST * len(community.experts))
    fullest = sum(number for _, number in offered.most_common(busiest))
    half = questions_asked // 2
    return {
        "answered": round(len(after) / questions_asked, 3),
        "within_an_hour": round(sum(each <= 60 for each in after) / questions_asked, 3),
        "median_minutes": round(statistics.median(after), 1) if after else None,
        "p90_minutes": round(after[int(len(after) * 0.9)]) if after else None,
        "half_of_all_by": round(after[half], 1) if half < len(after) else None,
        "offers_per_answer": round(given / len(after), 1) if after else None,
        "busiest": round(fullest / given, 3) if given else None,
        "right": round(sum(each.right for each in outcomes) / given, 3) if given else None,
    }


def with_nobody(crowd: Crowd) -> Outcome:
    found = {ask.number: (ask.at, ask.found) for ask in crowd.community.asks}
    return Outcome({number: found[0] - at for number, (at, found) in found.items() if found})


def with_everybody(crowd: Crowd) -> Outcome:
    outcome = with_nobody(crowd)
    asked_at = [ask.at for ask in crowd.community.asks]
    for ask in crowd.community.asks:
        lately = sum(ask.at - DAY < at < ask.at for at in asked_at)
        for user_id in crowd.community.experts:
            if user_id != ask.asker_id:
                ping(outcome, crowd, ask, user_id, lately)
    return outcome


def ping(outcome: Outcome, crowd: Crowd, ask: Ask, user_id: str, lately: int) -> None:
    outcome.offers[user_id] += 1
    outcome.right += crowd.knows(ask, user_id)
    reaction = crowd.react(ask, user_id, ask.at, offers_lately=lately)
    if reaction is None or not reaction.knows or crowd.says_nothing(ask, user_id):
        return
    after = reaction.noticed_at + reaction.writing - ask.at
    if after <= ANSWERED_WITHIN:
        known = outcome.answered_after.get(ask.number, after)
        outcome.answered_after[ask.number] = min(after, known)


async def with_askaround(start: Path, crowd: Crowd) -> Outcome:
    path = start.with_name("run.db")
    shutil.copy(start, path)
    async with aclosing(open_sessions(f"sqlite:///{path}")) as sessions:
        return await Replay(sessions, crowd).play()


class Replay:
    """The real bot among simulated people: what happens next happens, on a clock that jumps."""

    def __init__(self, sessions: Sessions, crowd: Crowd) -> None:
        self.sessions, self.crowd = sessions, crowd
        self.outcome = Outcome()
        self.numbers = itertools.count()
        self.coming: list[tuple[datetime, int, Happening]] = []
        self.asks: dict[int, Ask] = {}  # by the bot's id of the question
        self.places: dict[int, tuple[int, str]] = {}  # that id and the thread, by the ask's number
        self.told: dict[str, list[datetime]] = defaultdict(list)

    async def play(self) -> Outcome:
        asks = self.crowd.community.asks
        for ask in asks:
            self.then(ask.at, partial(self.on_asked, ask))
        now = asks[0].at
        while (due := await self.next_due()) is not None:
            now = max(now, due)
            if now > asks[-1].at + ANSWERED_WITHIN:
                break
            async with self.sessions.begin() as session:
                if self.coming and self.coming[0][0] <= now:
                    _, _, happening = heapq.heappop(self.coming)
                    await happening(session, now)
                else:
                    await take_due_steps(session, now=now)
                await self.deliver(session, now)
        await self.count_offers()
        return self.outcome

    def then(self, at: datetime, happening: Happening) -> None:
        heapq.heappush(self.coming, (at, next(self.numbers), happening))

    async def next_due(self) -> datetime | None:
        async with self.sessions.read() as session:
            step_at = await session.scalar(select(func.min(Question.step_at)))
            owed_at = await session.scalar(select(func.min(Outbox.due_at)))
        coming = [self.coming[0][0]] if self.coming else []
        return min([*coming, *(at for at in (step_at, owed_at) if at is not None)], default=None)

    async def count_offers(self) -> None:
        async with self.sessions.read() as session:
            for question_id, user_id in await session.execute(
                select(Offer.question_id, Offer.user_id)
            ):
                self.outcome.offers[user_id] += 1
                self.outcome.right += self.crowd.knows(self.asks[question_id], user_id)

    async def on_asked(self, ask: Ask, session: AsyncSession, now: datetime) -> None:
        message = self.message(ask.asker_id, ask.text, None, now)
        await capture(session, message, now=message.sent_at)
        thread_ts = message.message_ts
        question = await questions.get_by_thread(session, **PLACE, thread_ts=thread_ts)
        assert question is not None
        self.asks[question.id], self.places[ask.number] = ask, (question.id, thread_ts)
        if ask.found:
            at, user_id = ask.found
            self.then(at, partial(self.on_answer, ask, user_id))

    def message(self, user_id: str, text: str, thread_ts: str | None, now: datetime) -> Message:
        at = now + timedelta(microseconds=next(self.numbers))  # no two have the same ts
        return Message(
            **PLACE,
            user_id=user_id,
            message_ts=f"{at.timestamp():.6f}",
            thread_ts=thread_ts,
            text=text,
            sent_at=at,
        )

    async def deliver(self, session: AsyncSession, now: datetime) -> None:
        """What the bot owes Slack reaches people, and what it asks Slack is answered."""
        for owed in await claim_owed(session, now=now, limit=AT_ONCE):
            deliver = self.kinds.get(owed.kind)
            if deliver is not None:
                await deliver(self, session, owed, now)
            await finish(session, owed)

    async def send_card(self, session: AsyncSession, owed: Owed[str], now: datetime) -> None:
        """A new card calls those it names; one that is edited calls nobody."""
        card = await get_card(session, TEAM, int(owed.subject))
        if card is None or card.card_ts is not None:
            return
        await note_card(session, TEAM, card.question_id, f"{now.timestamp():.6f}")
        for asked in card.asked:
            self.tell(asked.user_id, card.question_id, now)

    async def send_note(self, session: AsyncSession, owed: Owed[str], now: datetime) -> None:
        waiting = await offers.list_by_message(session, TEAM, owed.subject)
        if all(given.told_at for given, _ in waiting):
            return
        note = await offer_notes.get_offer_note(session, TEAM, owed.subject)
        assert note is not None
        for item in note.items:
            if not item.is_told:
                self.tell(note.user_id, item.question_id, now)
        await offer_notes.note_posted(
            session,
            team_id=TEAM,
            user_id=note.user_id,
            question_ids=[item.question_id for item in note.items],
            channel_id=f"D{note.user_id}",
            message_ts=f"{now.timestamp():.6f}",
            now=now,
        )

    async def read_quiet(self, session: AsyncSession, owed: Owed[str], now: datetime) -> None:
        for user_id in owed.payload["user_ids"]:
            starts, ends = self.crowd.quiet(user_id, now)
            who = {"team_id": TEAM, "user_id": user_id}
            await learn_quiet(session, **who, starts_at=starts, ends_at=ends, now=now)

    async def read_active(self, session: AsyncSession, owed: Owed[str], now: datetime) -> None:
        for user_id in owed.payload["user_ids"]:
            is_active = self.crowd.is_active(user_id, now)
            await learn_active(session, team_id=TEAM, user_id=user_id, is_active=is_active, now=now)

    kinds: ClassVar[dict[str, Deliver]] = {
        QUESTION_CARD.name: send_card,
        OFFER_NOTE.name: send_note,
        READ_QUIET.name: read_quiet,
        READ_ACTIVE.name: read_active,
    }

    def tell(self, user_id: str, question_id: int, now: datetime) -> None:
        ask = self.asks[question_id]
        lately = sum(at > now - DAY for at in self.told[user_id])
        self.told[user_id].append(now)
        reaction = self.crowd.react(ask, user_id, now, offers_lately=lately)
        if reaction is not None and reaction.knows:
            take = partial(self.on_take, ask, user_id, reaction.writing)
            self.then(reaction.noticed_at, take)
        elif reaction is not None and reaction.passes:
            self.then(reaction.noticed_at, partial(self.on_pass, ask, user_id))

    async def on_take(
        self, ask: Ask, user_id: str, writing: timedelta, session: AsyncSession, now: datetime
    ) -> None:
        if ask.number in self.outcome.answered_after:
            return
        question_id, _ = self.places[ask.number]
        who = {"team_id": TEAM, "user_id": user_id}
        try:
            await claim(session, **who, question_id=question_id, now=now)
        except UserError:
            return  # another has it
        self.then(now + writing, partial(self.on_answer, ask, user_id))

    async def on_pass(self, ask: Ask, user_id: str, session: AsyncSession, now: datetime) -> None:
        if ask.number not in self.outcome.answered_after:
            question_id, _ = self.places[ask.number]
            who = {"team_id": TEAM, "user_id": user_id}
            await pass_on(session, **who, question_id=question_id, now=now)

    async def on_answer(self, ask: Ask, user_id: str, session: AsyncSession, now: datetime) -> None:
        if ask.number in self.outcome.answered_after or now > ask.at + ANSWERED_WITHIN:
            return
        _, thread_ts = self.places[ask.number]
        if self.crowd.says_nothing(ask, user_id):
            nothing = self.message(user_id, NO_ANSWER, thread_ts, now)
            await hear(session, nothing, now=nothing.sent_at)
            return
        self.outcome.answered_after[ask.number] = now - ask.at
        message = self.message(user_id, ask.said_by(user_id) or NO_RECORD, thread_ts, now)
        await hear(session, message, now=message.sent_at)
        after = self.crowd.returns_after(ask)
        if after is not None:
            self.then(now + after, partial(self.on_mark, ask, message.message_ts))

    async def on_mark(
        self, ask: Ask, message_ts: str, session: AsyncSession, now: datetime
    ) -> None:
        await accept_solution(
            session, **PLACE, message_ts=message_ts, user_id=ask.asker_id, now=now
        )


@asynccontextmanager
async def filled(community: Community) -> AsyncIterator[Path]:
    """A database as the bot would have it when the four weeks begin."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "start.db"
        await migrate(f"sqlite:///{path}")
        async with aclosing(open_sessions(f"sqlite:///{path}")) as sessions:
            async with sessions.begin() as session:
                await settle_in(session, community)
                add_rhythms(session, community)
            for start in range(0, len(community.history), AT_ONCE):
                async with sessions.begin() as session:
                    await add_history(session, community, start)
        yield path


async def settle_in(session: AsyncSession, community: Community) -> None:
    """Everybody is in one public help channel, which has one topic with all the experts."""
    now, members = community.start, [ADMIN, *sorted(community.posts)]
    for user_id in members:
        zone = f"Etc/GMT{-community.offsets.get(user_id, 0):+}"  # it counts the other way
        profile = Profile(user_id, user_id, zone, user_id == ADMIN, False, False, False, False)
        await learn_person(session, team_id=TEAM, profile=profile, now=now)
    channel = ChannelFacts(CHANNEL, "help", is_private=False, is_shared=False)
    await learn_members(session, team_id=TEAM, channel=channel, user_ids=members, now=now)
    await set_help_channel(session, **PLACE, user_id=ADMIN, is_help=True, now=now)
    made = await save_topic(
        session,
        **PLACE,
        user_id=ADMIN,
        topic_id=None,
        name="Everything",
        keywords="",
        member_ids=[],
        sponsor_id=None,
        is_channel_topic=True,
        now=now,
    )
    topic = await session.get_one(Topic, made.topic_id)
    for place, user_id in enumerate(community.experts):
        at = now + timedelta(microseconds=place)
        await add_expert(session, topic, user_id, by=ADMIN, now=at)


def add_rhythms(session: AsyncSession, community: Community) -> None:
    people = People()
    for place, post in sorted(posts_of(community.history), key=lambda each: each[1].at):
        if post.at < community.start:
            people.note(place, community.history[place], post)
    for user_id, known in people.rhythms.items():
        who = {"team_id": TEAM, "user_id": user_id, "seen_at": known.seen_at}
        session.add(Rhythm(**who, **values_of(known)))


async def add_history(session: AsyncSession, community: Community, start: int) -> None:
    """The next threads, those with an answer as solved questions; the n-th has the id n + 1."""
    asked, answered, found = [], [], []
    for number, thread in enumerate(community.history[start : start + AT_ONCE], start + 1):
        rows = answer_rows(number, thread, community.start)
        asked.append(question_row(number, thread, is_answered=bool(rows)))
        answered += rows
        if rows:
            words = thread.words_at(community.start)
            found.append(search.Document(number, CHANNEL, words))
    await session.execute(insert(Question), asked)
    if answered:
        await session.execute(insert(Answer), answered)
        await search.put(session, TEAM, found)


def question_row(number: int, thread: Thread, *, is_answered: bool) -> dict[str, Any]:
    return {
        **PLACE,
        "id": number,
        "asker_id": thread.asker_id,
        "text": thread.headline,
        "asked_at": thread.asked_at,
        "solved_at": thread.asked_at if is_answered else None,
    }


def answer_rows(number: int, thread: Thread, before: datetime) -> list[dict[str, Any]]:
    return [
        {
            **PLACE,
            "question_id": number,
            "message_ts": f"{number}.{place:06}",
            "author_id": post.user_id,
            "text": "",  # its words are in the index
            "answered_at": post.at,
            "said_at": post.at,
        }
        for place, post in enumerate(thread.answers)
        if post.at < before
    ]


async def with_likely(start: Path, community: Community) -> Community:
    """With how likely each expert knows each question."""
    asks = []
    async with aclosing(open_sessions(f"sqlite:///{start}")) as sessions:
        for ask in community.asks:
            async with sessions.read() as session:
                like = await list_like(session, community, ask)
            chances = {
                user_id: share_answered(community, like, user_id) for user_id in community.experts
            }
            asks.append(replace(ask, likely=chances))
    return replace(community, asks=asks)


async def list_like(session: AsyncSession, community: Community, ask: Ask) -> list[Thread]:
    text = plain(ask.text)
    first = headline(text)
    wanted = Search(f"{first}\n{text.replace(first, '', 1)}")
    hits = await search.find(
        session, team_id=TEAM, user_id=ask.asker_id, search=wanted, limit=LOOKED_AT
    )
    return [community.history[hit.question_id - 1] for hit in hits]


def share_answered(community: Community, like: list[Thread], user_id: str) -> float:
    """Of the likest questions asked in this person's time, by others."""
    came_at = community.posts[user_id][0]
    theirs = [each for each in like if each.asked_at >= came_at and each.asker_id != user_id]
    answered = [
        any(post.user_id == user_id and post.at < community.start for post in each.answers)
        for each in theirs[:LIKEST]
    ]
    return sum(answered) / len(answered) if len(answered) >= FEWEST_LIKE else 0.0

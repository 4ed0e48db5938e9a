"""A real community's people as a simulation moves them: who asks, who could answer, when they
are there, and how they take being asked. All of it from their record, but for `Assumptions`."""

import random
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeVar

from bench._helped import FEWEST, Thread
from bot.detection import asks_something

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
QUARTER, YEAR = timedelta(days=91), timedelta(days=365)
WINDOW, ANSWERED_WITHIN = 4 * WEEK, WEEK
STARTS_LOOKED_AT = 48  # weeks in which the window may begin
AROUND = timedelta(days=3)  # before and after each post of theirs, people are around
FEWEST_POSTS = 30  # that tell of somebody's hours; who has fewer keeps the community's
SHARE_IN_HOURS = 0.8  # of somebody's posts
LOCAL_DAY = range(9, 18)
QUIET_FROM, QUIET_FOR = 22, timedelta(hours=10)  # local hour: Slack's own default
TYPED_A_MINUTE = 200  # characters: 40 words
MENTION = re.compile(r"<@(\w+)>")

# Deciles of the minutes until who is called answers. In a chat, the first mention of somebody
# in a conversation, by a message with a question mark, in their hours (`calls_of`); in a forum,
# a question back to who answered last.
CHAT_PACE = (0.1, 0.8, 1.6, 2.6, 3.9, 6.9, 13.1, 23.4, 50.1, 133.3, 1039.4)
FORUM_PACE = (0.1, 6.0, 13.0, 21.0, 33.0, 53.0, 87.0, 147.0, 330.0, 1149.0, 10065.0)

T = TypeVar("T")
Slot = tuple[bool, int]  # whether at the weekend, and the hour


@dataclass(frozen=True)
class Assumptions:
    """How people take being asked. The first two are what was measured in a chat (216 calls)."""

    attention: float = 0.65  # share of calls that are answered at all
    pace: tuple[float, ...] = CHAT_PACE
    slower: float = 1.0  # times as long
    at_screen: float = 1 / 3  # of their hours, as Slack shows it
    passes: float = 1 / 3  # of those who look and do not know, press "Not me"
    knows_alike: bool = True  # who answered questions like it may know, too
    no_answer: float = 0.0  # of the replies of those who were asked
    unwearied: int = 4  # offers a day, after which each one more wears
    wearing: float = 0.7  # times the chance to look


@dataclass(frozen=True)
class Ask:
    """A question, who really answered it and when, and how likely others know."""

    number: int
    thread: Thread
    found_at: dict[str, datetime]
    likely: dict[str, float] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return self.thread.asked_at

    @property
    def asker_id(self) -> str:
        return self.thread.asker_id

    @property
    def text(self) -> str:
        return text_of(self.thread)

    @property
    def found(self) -> tuple[datetime, str] | None:
        """The first answer, as it really came."""
        first = min(((at, user_id) for user_id, at in self.found_at.items()), default=None)
        return first if first and first[0] <= self.at + ANSWERED_WITHIN else None

    def said_by(self, user_id: str) -> str | None:
        return next((post.text for post in self.thread.answers if post.user_id == user_id), None)


@dataclass(frozen=True)
class Reaction:
    noticed_at: datetime
    knows: bool
    passes: bool
    writing: timedelta


@dataclass(frozen=True)
class Community:
    history: list[Thread]  # asked before the four weeks
    asks: list[Ask]
    start: datetime
    experts: list[str]  # whoever answered most first
    posts: dict[str, list[datetime]]  # everybody's, in the whole record, in order
    hours: dict[str, frozenset[Slot]]
    offsets: dict[str, int]  # of their time zones, in hours
    lengths: list[int]  # of first answers, in characters
    returns: list[timedelta | None]  # how long after it askers came back, if they did


def read_community(threads: Iterable[Thread]) -> Community:
    """The busiest four weeks of the last year; not the record's last days, whose answers may
    be missing in it."""
    known = [as_members(thread) for thread in threads]
    start = busiest_start(known)
    history = [thread for thread in known if thread.asked_at < start]
    asked = [each for each in known if start <= each.asked_at < start + WINDOW]
    asks = [ask_of(at, each) for at, each in enumerate(asked) if asks_something(text_of(each))]
    if not history or not asks:
        raise ValueError("it needs threads of more than five weeks, with questions in them")
    posts = posts_of(known)
    before = {user_id: ats[: bisect_left(ats, start)] for user_id, ats in posts.items()}
    return Community(
        history=history,
        asks=asks,
        start=start,
        experts=experts_of(history, start),
        posts=posts,
        hours=of_each(before, hours_of),
        offsets=of_each(before, offset_of),
        lengths=[len(thread.answers[0].text) for thread in history if thread.answers],
        returns=[return_of(thread) for thread in history if thread.answers],
    )


def as_members(thread: Thread) -> Thread:
    """With ids like those of Slack's people: what begins with S is a user group there."""
    posts = [replace(post, user_id=f"U{post.user_id}") for post in thread.posts]
    return Thread(thread.title, posts)


def text_of(thread: Thread) -> str:
    return f"{thread.title}\n{thread.body}".strip()


def ask_of(number: int, thread: Thread) -> Ask:
    found_at: dict[str, datetime] = {}
    for post in thread.answers:
        found_at.setdefault(post.user_id, max(post.at, thread.asked_at))
    return Ask(number, thread, found_at)


def busiest_start(threads: Sequence[Thread]) -> datetime:
    times = [thread.asked_at for thread in threads]
    latest = times[-1] - ANSWERED_WITHIN - WINDOW
    starts = [latest - weeks * WEEK for weeks in range(STARTS_LOOKED_AT)]
    return max(starts, key=lambda at: bisect_left(times, at + WINDOW) - bisect_left(times, at))


def posts_of(threads: Iterable[Thread]) -> dict[str, list[datetime]]:
    posts: dict[str, list[datetime]] = defaultdict(list)
    for thread in threads:
        for post in thread.posts:
            posts[post.user_id].append(post.at)
    return {user_id: sorted(ats) for user_id, ats in posts.items()}


def of_each(
    posts: Mapping[str, list[datetime]], tell: Callable[[list[datetime]], T]
) -> dict[str, T]:
    """What each person's posts tell; where these are too few, what the community's do."""
    usual = tell([at for ats in posts.values() for at in ats])
    return {
        user_id: tell(ats) if len(ats) >= FEWEST_POSTS else usual for user_id, ats in posts.items()
    }


def experts_of(history: Iterable[Thread], start: datetime) -> list[str]:
    """Who answered in enough threads within the year before, and was there in its last quarter."""
    answered: Counter[str] = Counter()
    there: set[str] = set()
    for thread in history:
        there |= {post.user_id for post in thread.posts if start - QUARTER <= post.at < start}
        if thread.asked_at >= start - YEAR:
            answered.update({post.user_id for post in thread.answers if post.at < start})
    return [
        user_id
        for user_id, number in sorted(answered.items(), key=lambda each: (-each[1], each[0]))
        if number >= FEWEST and user_id in there
    ]


def return_of(thread: Thread) -> timedelta | None:
    first = thread.answers[0].at
    later = (post.at for post in thread.posts if post.user_id == thread.asker_id)
    return min((at - first for at in later if at > first), default=None)


def slot_of(at: datetime) -> Slot:
    return at.weekday() >= 5, at.hour


def hours_of(posts: Collection[datetime]) -> frozenset[Slot]:
    """The fewest hours, of weekdays and of weekends, in which most of the posts were."""
    counts = Counter(slot_of(at) for at in posts)
    smooth = {
        (weekend, hour): counts[weekend, (hour - 1) % 24] / 4
        + counts[weekend, hour] / 2
        + counts[weekend, (hour + 1) % 24] / 4
        for weekend in (False, True)
        for hour in range(24)
    }
    found, covered = set[Slot](), 0.0
    for slot in sorted(smooth, key=lambda slot: -smooth[slot] / (2 if slot[0] else 5)):
        if covered >= SHARE_IN_HOURS * len(posts):
            break
        found.add(slot)
        covered += smooth[slot]
    return frozenset(found)


def offset_of(posts: Collection[datetime]) -> int:
    """Of the time zone in whose usual working day most of the posts were."""
    hours = Counter(at.hour for at in posts if at.weekday() < 5)
    return max(
        range(-11, 13),
        key=lambda offset: sum(hours[(local - offset) % 24] for local in LOCAL_DAY),
    )


class Crowd:
    """The people under these assumptions. Every chance is drawn by what it is about, so that
    the same person takes the same question alike, whoever brings it to them."""

    def __init__(self, community: Community, assumptions: Assumptions, seed: int) -> None:
        self.community, self.assumptions, self.seed = community, assumptions, seed

    def chance(self, *about: object) -> float:
        return random.Random(f"{self.seed} {about}").random()

    def react(self, ask: Ask, user_id: str, at: datetime, *, offers_lately: int) -> Reaction | None:
        """What becomes of asking this person then; None when they do not look."""
        there_at = self.there_at(user_id, at)
        looks = self.chance("looks", ask.number, user_id) < self.attention(offers_lately)
        if there_at is None or not looks:
            return None
        minutes = at_share(self.assumptions.pace, self.chance("pace", ask.number, user_id))
        return Reaction(
            noticed_at=there_at + timedelta(minutes=minutes * self.assumptions.slower),
            knows=self.knows(ask, user_id),
            passes=self.chance("passes", ask.number, user_id) < self.assumptions.passes,
            writing=self.writing(ask, user_id),
        )

    def attention(self, offers_lately: int) -> float:
        more = max(0, offers_lately - self.assumptions.unwearied)
        return self.assumptions.attention * self.assumptions.wearing**more

    def knows(self, ask: Ask, user_id: str) -> bool:
        if user_id in ask.found_at or not self.assumptions.knows_alike:
            return user_id in ask.found_at
        return self.chance("knows", ask.number, user_id) < ask.likely.get(user_id, 0.0)

    def says_nothing(self, ask: Ask, user_id: str) -> bool:
        """Whether what this person replies is no answer after all."""
        chance = self.chance("says nothing", ask.number, user_id)
        return user_id not in ask.found_at and chance < self.assumptions.no_answer

    def writing(self, ask: Ask, user_id: str) -> timedelta:
        said, lengths = ask.said_by(user_id), self.community.lengths
        usual = lengths[int(self.chance("length", ask.number) * len(lengths))]
        return timedelta(minutes=(len(said) if said else usual) / TYPED_A_MINUTE)

    def returns_after(self, ask: Ask) -> timedelta | None:
        """How long after an answer the asker comes back and marks it, if they do."""
        returns = self.community.returns
        return returns[int(self.chance("returns", ask.number) * len(returns))]

    def is_active(self, user_id: str, at: datetime) -> bool:
        """Whether Slack shows them at their screen: in a part of their hours only, and no sign
        of how soon they will look."""
        half_hour = at.timestamp() // 1800
        is_there = self.there_at(user_id, at) == at
        return is_there and self.chance("active", user_id, half_hour) < self.assumptions.at_screen

    def quiet(self, user_id: str, at: datetime) -> tuple[datetime, datetime]:
        """Slack's usual Do Not Disturb, as it is now or comes next."""
        zone = timezone(timedelta(hours=self.community.offsets[user_id]))
        begins = at.astimezone(zone).replace(hour=QUIET_FROM, minute=0, second=0, microsecond=0)
        if begins - DAY + QUIET_FOR > at:
            begins -= DAY
        return begins.astimezone(UTC), (begins + QUIET_FOR).astimezone(UTC)

    def there_at(self, user_id: str, at: datetime) -> datetime | None:
        """The first moment from then on at which this person is around and in their hours."""
        latest, hours = at + ANSWERED_WITHIN, self.community.hours[user_id]
        while at < latest:
            near = self.around_at(user_id, at)
            if near is None or slot_of(near) in hours:
                return near
            at = near.replace(minute=0, second=0, microsecond=0) + HOUR
        return None

    def around_at(self, user_id: str, at: datetime) -> datetime | None:
        posts = self.community.posts[user_id]
        place = bisect_left(posts, at - AROUND)
        return max(at, posts[place] - AROUND) if place < len(posts) else None


def at_share(deciles: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    place, rest = divmod(share * (len(deciles) - 1), 1)
    low, high = deciles[int(place)], deciles[int(place) + 1]
    return low + rest * (high - low)


def calls_of(community: Community) -> Iterator[float | None]:
    """How many minutes people took to answer when they were called into a conversation, in
    their hours and around; None where they did not. What `Assumptions` are measured by."""
    for thread in community.history:
        for place, post in enumerate(thread.posts):
            present = {each.user_id for each in thread.posts[: place + 1]}
            called = {f"U{name}" for name in MENTION.findall(post.text)} if "?" in post.text else ()
            for user_id in sorted(set(called) - present):
                if was_there(community, user_id, post.at):
                    yield answered_after(thread, place, user_id)


def was_there(community: Community, user_id: str, at: datetime) -> bool:
    posts = community.posts.get(user_id, [])
    place = bisect_left(posts, at)
    is_around = place > 0 and posts[place - 1] > at - AROUND
    return is_around and slot_of(at) in community.hours[user_id]


def answered_after(thread: Thread, place: int, user_id: str) -> float | None:
    called_at = thread.posts[place].at
    theirs = (post.at for post in thread.posts[place + 1 :] if post.user_id == user_id)
    at = next(theirs, None)
    if at is None or at > called_at + ANSWERED_WITHIN:
        return None
    return (at - called_at) / timedelta(minutes=1)

"""A community's threads replayed in time order: who could be asked, what was known of them at
that moment, and who answered."""

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bench._collections import Document
from bench._search_data import CHANNEL, READER, TEAM, add_question, add_reader
from bot.experts.knowing import QUITE_LIKE
from bot.experts.rhythms import Rhythm, with_answer
from bot.experts.routing import PastHelp
from storage import search
from storage.database import Sessions
from storage.questions import questions
from storage.search import Search, Words

ANSWERS, ANSWER_CHARACTERS, QUERY_CHARACTERS = 7, 4_000, 1_000
FEWEST = 3  # threads that somebody must have answered to be a candidate
LIKE = 200  # questions looked at


@dataclass(frozen=True)
class Post:
    user_id: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Thread:
    title: str
    posts: list[Post]

    @property
    def asker_id(self) -> str:
        return self.posts[0].user_id

    @property
    def asked_at(self) -> datetime:
        return self.posts[0].at

    @property
    def answers(self) -> list[Post]:
        return [post for post in self.posts[1:] if post.user_id != self.asker_id]

    def words_at(self, moment: datetime) -> Words:
        replies = [post.text for post in self.posts[1 : ANSWERS + 1] if post.at < moment]
        return Words(self.headline, self.body, thread="\n".join(replies)[:ANSWER_CHARACTERS])

    @property
    def headline(self) -> str:
        return self.title or self.posts[0].text.split("\n", 1)[0][:200]

    @property
    def body(self) -> str:
        return self.posts[0].text


@dataclass(frozen=True)
class Asked:
    """A question at the moment of asking, and who answered it later."""

    at: datetime
    asker_id: str
    candidates: list[str]
    helps: list[PastHelp]
    rhythms: dict[str, Rhythm]
    helped_asker: dict[str, int]  # threads of the asker's that each person had answered
    answered: dict[str, int]  # threads that each person had answered
    answered_at: dict[str, datetime]  # when each of those who answered it later did

    @property
    def targets(self) -> frozenset[str]:
        return frozenset(self.answered_at)


@dataclass
class People:
    """What is known of everybody, from the answers so far."""

    rhythms: dict[str, Rhythm] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)
    helped: dict[int, dict[str, tuple[int, datetime]]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    helped_asker: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def note(self, place: int, thread: Thread, post: Post) -> None:
        """Somebody wrote; as the bot would, of who never helped nothing is kept."""
        if post.user_id != thread.asker_id:
            self.note_answer(place, thread, post)
        elif post.user_id in self.rhythms:
            known = self.rhythms[post.user_id]
            self.rhythms[post.user_id] = replace(known, seen_at=post.at)

    def note_answer(self, place: int, thread: Thread, post: Post) -> None:
        is_first = not self.helped[place]
        answers, _ = self.helped[place].get(post.user_id, (0, post.at))
        self.helped[place][post.user_id] = answers + 1, post.at
        known = self.rhythms.get(post.user_id)
        if answers and known:
            self.rhythms[post.user_id] = replace(known, seen_at=post.at)
        else:
            self.answered[post.user_id] += 1
            self.helped_asker[thread.asker_id][post.user_id] += 1
            self.rhythms[post.user_id] = with_answer(known, post.at, is_first=is_first)

    def candidates(self, asker_id: str) -> list[str]:
        return [
            user_id
            for user_id, number in self.answered.items()
            if number >= FEWEST and user_id != asker_id
        ]


def read_threads(path: Path) -> list[Thread]:
    """Forum or chat threads `{"title"?, "posts": [{"u", "t", "x"}]}`, in time order."""
    opened: Any = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    threads = [
        Thread(row.get("title", ""), [post_of(each) for each in row["posts"]]) for row in rows
    ]
    return sorted(threads, key=lambda thread: thread.asked_at)


def post_of(row: dict[str, str]) -> Post:
    return Post(row["u"], datetime.fromisoformat(row["t"]).replace(tzinfo=UTC), row["x"])


async def replay(
    sessions: Sessions, threads: list[Thread], *, start: datetime, until: datetime
) -> AsyncIterator[Asked]:
    """The questions asked in that time that somebody answered, each with what was known then:
    nothing that was posted at or after that moment counts."""
    async with sessions.begin() as session:
        await add_reader(session)
    people = People()
    posts = iter(sorted(posts_of(threads), key=lambda each: each[1].at))
    coming = next(posts, None)
    changed: set[int] = set()
    for thread in threads:
        if not (start <= thread.asked_at < until):
            continue
        while coming is not None and coming[1].at < thread.asked_at:
            place, post = coming
            people.note(place, threads[place], post)
            if post.user_id != threads[place].asker_id:
                changed.add(place)
            coming = next(posts, None)
        answered_at: dict[str, datetime] = {}
        for post in thread.answers:
            answered_at.setdefault(post.user_id, post.at)
        if not answered_at:
            continue
        await index(sessions, threads, sorted(changed), thread.asked_at)
        changed.clear()
        yield Asked(
            at=thread.asked_at,
            asker_id=thread.asker_id,
            candidates=people.candidates(thread.asker_id),
            helps=await helps_in(sessions, people, thread),
            rhythms=dict(people.rhythms),
            helped_asker=dict(people.helped_asker[thread.asker_id]),
            answered=dict(people.answered),
            answered_at=answered_at,
        )


def posts_of(threads: list[Thread]) -> Iterator[tuple[int, Post]]:
    """Each with its thread's place."""
    for place, thread in enumerate(threads):
        for post in thread.posts:
            yield place, post


async def index(
    sessions: Sessions, threads: list[Thread], places: list[int], moment: datetime
) -> None:
    """Keep the answered threads as solved questions; the n-th has the id n + 1."""
    for start in range(0, len(places), 500):
        async with sessions.begin() as session:
            for place in places[start : start + 500]:
                await put(session, place, threads[place], moment)


async def put(session: AsyncSession, place: int, thread: Thread, moment: datetime) -> None:
    words = thread.words_at(moment)
    if await questions.get(session, TEAM, place + 1) is None:
        await add_question(session, place + 1, Document(words, thread.asked_at), CHANNEL)
    await search.put(session, TEAM, [search.Document(place + 1, CHANNEL, words)])


async def helps_in(sessions: Sessions, people: People, thread: Thread) -> list[PastHelp]:
    wanted = Search(f"{thread.headline}\n{thread.body[:QUERY_CHARACTERS]}")
    async with sessions.read() as session:
        hits = await search.find(session, team_id=TEAM, user_id=READER, search=wanted, limit=LIKE)
    return [
        PastHelp(user_id, min(1.0, hit.share / QUITE_LIKE), answers, hit.true_at)
        for hit in hits
        for user_id, (answers, _) in people.helped[hit.question_id - 1].items()
        if user_id != thread.asker_id
    ]


def last(threads: list[Thread], period: timedelta) -> tuple[datetime, datetime]:
    until = threads[-1].asked_at + timedelta(seconds=1)
    return until - period, until

"""What becomes of real conversations: questions captured, solved, and found again.

Input: JSON lines, plain or .gz, a thread a line:
  {"id": …, "posts": [{"u": person, "t": ISO time, "x": text as Slack sends it}, …]}
`<@person>` in a text is a mention. A thread may have a "title" (a forum's): it then stands before
the first post, and its texts are plain ones, as people type them. Without a file, a few threads of
a made-up company are replayed.

The threads are dealt out to up to 40 help channels, all people being in all of them. The first
post goes into the channel, the rest into its thread, each with its own time; every channel in the
order of time, the next post when the bot has acknowledged the last. The bot is a process of its
own with a new SQLite file, joined by Socket Mode to a sandbox in this process.

Nobody labelled such data, so whether a thread was solved is guessed: the asker thanks somebody or
says that it works (`SAYS_IT_WORKED`, not `SAYS_IT_DID_NOT`) after somebody else has replied. Then
the asker puts a ✅ on the last reply by somebody else before that.

Figures, after nothing is owed any more (`settled`):
  threads, events: what was replayed; an event is a message or a ✅ by a person
  events_per_second: of these, acknowledged by the bot while it also posts its cards
  questions: threads whose first post asks, by the bot's own rules (the benchmark `detection` says
    how good these are); captured: those that became a question in the store; joined: those that
    became a follow-up of the same person's question just before; missed: the rest, 0 if all is well
  without_card, with_more_cards: captured questions whose thread has no card, or several: 0
  solved_marked: ✅ placed; solved_captured: those on a reply to a captured question;
    solved: questions with a solution in the store, the same number if all is well
  found: solved questions that `/find` shows on its first page (5) to another member who types the
    first 12 content words of the question, or its title; mrr5: mean of 1/rank there. The words are
    the question's own: this shows that what is stored is found, not how well it is in other words.
"""

import asyncio
import gzip
import html
import json
import re
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench._bot_process import (
    ROOT,
    BotProcess,
    cards_in,
    last_delivery,
    listen_in,
    percentile,
)
from bench._replay_threads import THREADS
from bot.detection import asks_something
from bot.text import headline
from sandbox import Channel, Sandbox, User
from storage.tables import Question, QuestionPart

CHANNELS = 40
THREADS_A_CHANNEL = 3  # at least; a few threads need no 40 channels
SETTLES_WITHIN = 600.0  # seconds
QUERY_WORDS = 12
MENTION = re.compile(r"<@([^>|]+)(\|[^>]*)?>")
QUESTION_LINK = re.compile(r"\*<[^|>]*/archives/(\w+)/p(\d+)\|")
SAYS_IT_WORKED = re.compile(
    r"\b(thanks|thank you|thank u|thx|ty|cheers|that did it|that does it|got it working|"
    r"(it|that|this) work(s|ed)|works (now|fine|great|perfectly)|solved|fixed it|perfect)\b",
    re.IGNORECASE,
)
SAYS_IT_DID_NOT = re.compile(
    r"\b(thanks in advance|not work|n[’']t work|still (not|no|does|get|have|see)|no luck|"
    r"not solved|thanks for any|but (it|that|this|i|now|when|how|what))\b",
    re.IGNORECASE,
)


@dataclass
class Post:
    person: str
    at: datetime
    text: str


@dataclass
class Thread:
    posts: list[Post]
    title: str = ""
    channel: Channel | None = None
    ts: list[str] = field(default_factory=list)  # of the posts that were made

    @property
    def asker(self) -> str:
        return self.posts[0].person

    @property
    def place(self) -> tuple[str, str]:
        assert self.channel is not None
        return self.channel.id, self.ts[0]

    @property
    def query(self) -> str:
        return " ".join(headline(self.title or self.posts[0].text).split()[:QUERY_WORDS])


def mark_of(thread: Thread) -> tuple[int, int] | None:
    """Which post says that it worked, and which one gets the ✅ for it; None if none does."""
    helped: int | None = None
    for number, post in enumerate(thread.posts):
        if post.person != thread.asker:
            helped = number
        elif helped is not None and says_it_worked(post.text):
            return number, helped
    return None


def says_it_worked(text: str) -> bool:
    return bool(SAYS_IT_WORKED.search(text)) and not SAYS_IT_DID_NOT.search(text)


# The input


def read(data: Path) -> list[Thread]:
    opened = gzip.open if data.suffix == ".gz" else open
    with opened(data, "rt", encoding="utf-8") as lines:
        return threads_of(json.loads(line) for line in lines if line.strip())


def threads_of(rows: Iterable[dict[str, Any]]) -> list[Thread]:
    threads = [thread_of(row) for row in rows]
    return [thread for thread in threads if thread.posts]


def thread_of(row: dict[str, Any]) -> Thread:
    title = str(row.get("title") or "")
    posts: list[Post] = []
    for given in row["posts"]:
        text = html.escape(given["x"], quote=False) if title else given["x"]
        at = datetime.fromisoformat(given["t"])
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
        if text.strip():  # Slack posts nothing empty
            # A reply is never older than what it replies to, whatever the clocks said.
            posts.append(Post(str(given["u"]), max([at, *(p.at for p in posts[-1:])]), text))
    if posts and title:
        posts[0].text = f"{html.escape(title, quote=False)}\n{posts[0].text}"
    return Thread(posts, title)


# The replay


class Town:
    """Everybody who says something or is mentioned, in every channel."""

    def __init__(self, slack: Sandbox, threads: Sequence[Thread]) -> None:
        self.slack, self.threads = slack, threads
        self.admin = slack.add_user("admin", is_admin=True)
        self.reader = slack.add_user("reader")
        self.people = {name: self._move_in(n, name) for n, name in enumerate(names_in(threads))}
        members = [self.admin, self.reader, *self.people.values(), slack.bot]
        count = max(1, min(CHANNELS, len(threads) // THREADS_A_CHANNEL))
        self.channels = [slack.add_channel(f"help-{number}", members) for number in range(count)]
        for number, thread in enumerate(threads):
            thread.channel = self.channels[number % count]
        self.events = 0
        self.marked: list[Thread] = []

    def _move_in(self, number: int, name: str) -> User:
        return self.slack.add_user(f"person-{number}", real_name=name[:80] or "Nobody")

    async def replay(self) -> None:
        await asyncio.gather(*(self._replay_in(channel) for channel in self.channels))

    async def _replay_in(self, channel: Channel) -> None:
        threads = [thread for thread in self.threads if thread.channel is channel]
        steps = [
            (p.at, t, n) for t, thread in enumerate(threads) for n, p in enumerate(thread.posts)
        ]
        marks = [mark_of(thread) for thread in threads]
        for _, which, number in sorted(steps):
            await self._post(channel, threads[which], threads[which].posts[number])
            mark = marks[which]
            if mark is not None and mark[0] == number:
                await self._mark(channel, threads[which], mark[1])

    async def _post(self, channel: Channel, thread: Thread, post: Post) -> None:
        author = self.slack.act_as(self.people[post.person])
        parent = thread.ts[0] if thread.ts else None
        text = MENTION.sub(lambda found: f"<@{self.people[found[1]].id}>", post.text)
        thread.ts.append(await author.post(channel, text, thread_ts=parent, at=post.at))
        await self._acknowledged()

    async def _mark(self, channel: Channel, thread: Thread, number: int) -> None:
        asker = self.slack.act_as(self.people[thread.asker])
        await asker.react(channel, thread.ts[number], "white_check_mark")
        self.marked.append(thread)
        await self._acknowledged()

    async def _acknowledged(self) -> None:
        delivery = last_delivery(self.slack)
        delivery.answered = asyncio.get_running_loop().create_future()
        await delivery.answered
        self.events += 1


def names_in(threads: Sequence[Thread]) -> list[str]:
    names: dict[str, None] = {}
    for post in (post for thread in threads for post in thread.posts):
        names[post.person] = None
        names |= dict.fromkeys(found[1] for found in MENTION.finditer(post.text))
    return list(names)


# What became of it


async def run(data: Path | None) -> dict[str, Any]:
    threads = read(data) if data else threads_of(THREADS)
    if not threads:
        raise ValueError("there are no threads in it")
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox(ROOT / "manifest.yml") as slack:
            town, bot = Town(slack, threads), BotProcess(slack, Path(folder))
            try:
                return await replay(town, bot)
            finally:
                await bot.stop()


async def replay(town: Town, bot: BotProcess) -> dict[str, Any]:
    await bot.start()
    await bot.settled(SETTLES_WITHIN)
    await listen_in(town.slack, town.admin, town.channels)
    print(f"{len(town.threads)} threads in {len(town.channels)} channels …", flush=True)
    began = time.monotonic()
    await town.replay()
    seconds = time.monotonic() - began
    print(f"replayed in {seconds:.0f} s; waiting for what is still owed …", flush=True)
    settled = await bot.settled(SETTLES_WITHIN)
    captured, joined, solved = await look_into(bot)
    return {
        "threads": len(town.threads),
        **captured_figures(town, captured, joined),
        **solved_figures(town, captured, solved),
        **await find_all(town, solved),
        "events": town.events,
        "events_per_second": round(town.events / seconds, 1),
        "settled": settled,
        "failed_events": await bot.count_failed(),
        "logged_errors": bot.count_errors(),
    }


Places = set[tuple[str, str]]  # channel and ts


async def look_into(bot: BotProcess) -> tuple[Places, Places, Places]:
    """Of the bot's store: the questions, the follow-ups that joined one, the solved ones."""
    thread = select(Question.channel_id, Question.thread_ts).where(
        Question.withdrawn_at.is_(None), Question.thread_ts.is_not(None)
    )
    async with bot.store() as sessions, sessions.read() as session:
        questions = {(row[0], str(row[1])) for row in await session.execute(thread)}
        rows = await session.execute(thread.where(Question.solved_at.is_not(None)))
        solved = {(row[0], str(row[1])) for row in rows}
        parts = await session.execute(select(QuestionPart.channel_id, QuestionPart.message_ts))
        return questions, {(row[0], row[1]) for row in parts} - questions, solved


def captured_figures(town: Town, captured: Places, joined: Places) -> dict[str, int]:
    asking = {thread.place for thread in town.threads if asks_something(thread.posts[0].text)}
    channels = {channel.id: channel for channel in town.channels}
    cards = [cards_in(town.slack, channels[place[0]], place[1]) for place in captured]
    return {
        "questions": len(asking),
        "captured": len(captured),
        "joined": len(asking & joined),
        "missed": len(asking - captured - joined),
        "without_card": cards.count(0),
        "with_more_cards": sum(number > 1 for number in cards),
    }


def solved_figures(town: Town, captured: Places, solved: Places) -> dict[str, int]:
    return {
        "solved_marked": len(town.marked),
        "solved_captured": sum(thread.place in captured for thread in town.marked),
        "solved": len(solved),
    }


async def find_all(town: Town, solved: Places) -> dict[str, float]:
    """Look for every solved question, as somebody who had no part in it."""
    ranks, times = [], []
    reader = town.slack.act_as(town.reader)
    for thread in town.threads:
        if thread.place in solved:
            began = time.monotonic()
            page = await reader.command("/find", thread.query, town.channels[0])
            times.append((time.monotonic() - began) * 1000)
            ranks.append(rank_in(page, thread.place))
    return {
        "found": sum(rank > 0 for rank in ranks),
        "mrr5": round(sum(1 / rank for rank in ranks if rank) / len(ranks), 4) if ranks else 0.0,
        "find_p50_ms": percentile(times, 0.5),
        "find_p99_ms": percentile(times, 0.99),
    }


def rank_in(page: dict[str, Any], place: tuple[str, str]) -> int:
    """The place of the question among the results, from 1; 0 when it is not there."""
    headings = [block.get("text", {}).get("text", "") for block in page.get("blocks", [])]
    shown = [found.groups() for text in headings if (found := QUESTION_LINK.match(text))]
    wanted = (place[0], place[1].replace(".", ""))
    return shown.index(wanted) + 1 if wanted in shown else 0

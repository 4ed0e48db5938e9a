"""The real bot as a process of its own, joined to a sandbox, so that it can be killed."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sandbox import Channel, Sandbox, User
from sandbox.delivery import Delivery
from storage.database import Sessions, open_sessions
from storage.tables import FailedEvent, Outbox

ROOT = Path(__file__).resolve().parent.parent
STARTS_WITHIN = 60.0  # seconds, on a busy machine
STOPS_WITHIN = 20.0
LOG_TAIL = 2_000  # characters


class Process:
    """A program that joins the sandbox by Socket Mode; `command` is what follows `python`."""

    def __init__(
        self, slack: Sandbox, folder: Path, command: list[str], environment: dict[str, str]
    ) -> None:
        self.slack, self.command, self.environment = slack, command, environment
        self.folder = folder
        self.log = folder / "process.log"
        self.up: list[tuple[float, float]] = []  # from connected to ended, time.monotonic()
        self._connected_at: float | None = None
        self._process: asyncio.subprocess.Process | None = None

    async def launch(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self.command,
                cwd=self.folder,  # not where a developer's .env is
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
            )

    async def start(self) -> None:
        await self.launch()
        try:
            await self.slack.until(lambda: self.slack.connections, STARTS_WITHIN)
        except TimeoutError:
            raise RuntimeError(f"It did not connect:\n{self.log_text()[-LOG_TAIL:]}") from None
        self._connected_at = time.monotonic()

    async def kill(self) -> None:
        """kill -9: no goodbye, nothing is finished."""
        assert self._process is not None
        self._process.kill()
        self._note_end()
        await self._process.wait()
        await self.slack.until(lambda: not self.slack.connections, STOPS_WITHIN)

    async def stop(self) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        self._note_end()
        try:
            await asyncio.wait_for(self._process.wait(), STOPS_WITHIN)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def cpu_seconds(self) -> float:
        """The processor time it has taken so far, as Linux counts it."""
        assert self._process is not None
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def was_up(self, began: float, ended: float) -> bool:
        """Whether it was connected during all of this time."""
        return any(since <= began and ended <= until for since, until in self.periods())

    def periods(self) -> list[tuple[float, float]]:
        now = [] if self._connected_at is None else [(self._connected_at, time.monotonic())]
        return self.up + now

    def log_text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def count_errors(self) -> int:
        return self.log_text().count(" ERROR ")

    def _note_end(self) -> None:
        if self._connected_at is not None:
            self.up.append((self._connected_at, time.monotonic()))
            self._connected_at = None


class BotProcess(Process):
    """`python app.py run` with an SQLite file of its own."""

    def __init__(self, slack: Sandbox, folder: Path) -> None:
        self.database_url = f"sqlite:///{folder / 'bot.db'}"
        environment = {
            "MEANING": "off",  # the figures are of the bot as it comes
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": self.database_url,
            "LOG_LEVEL": "WARNING",
        }
        super().__init__(slack, folder, [str(ROOT / "app.py"), "run"], environment)

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Sessions]:
        """What the bot keeps, to look at from here."""
        sessions = open_sessions(self.database_url)
        async with aclosing(sessions):
            yield sessions

    async def settled(self, seconds: float) -> bool:
        """Wait until it has heard everything and owes Slack nothing soon; False if time ran out."""
        ends = time.monotonic() + seconds
        async with self.store() as sessions:
            while time.monotonic() < ends:
                if not self.slack.outbound.pending and not await _asked(sessions, _count_due):
                    return True
                await asyncio.sleep(0.2)
        return False

    async def count_failed(self) -> int:
        async with self.store() as sessions:
            return await _asked(sessions, _count_failed)


class BareProcess(Process):
    """A Bolt app that listens to messages and does nothing with them, or posts to each question."""

    def __init__(self, slack: Sandbox, folder: Path, does: str = "nothing") -> None:
        script = str(ROOT / "bench" / "_bare_bolt.py")
        command = [script, slack.api_url, slack.bot_token, slack.app_token, does]
        super().__init__(slack, folder, command, {})


async def _asked(sessions: Sessions, query: Any) -> int:
    async with sessions.read() as session:
        return int(await query(session))


async def _count_due(session: AsyncSession) -> int:
    """What is owed in hours, as a note on a question that nobody replied to, is not waited for."""
    due = Outbox.due_at < datetime.now(UTC) + timedelta(minutes=5)
    owed = select(func.count()).select_from(Outbox).where(Outbox.gave_up_at.is_(None), due)
    return await session.scalar(owed) or 0


async def _count_failed(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(FailedEvent)) or 0


async def listen_in(slack: Sandbox, admin: User, channels: Iterable[Channel]) -> None:
    """Make them help channels; the bot runs already."""
    for channel in channels:
        answer = await slack.act_as(admin).command("/askaround", "channel on", channel)
        if "is a help channel now" not in str(answer):
            raise RuntimeError(f"The bot does not listen in {channel.name}: {answer}")


def last_delivery(slack: Sandbox) -> Delivery:
    """The one that was just begun: acting in the sandbox hands its event out at once."""
    return slack.outbound.kept[-1]


def cards_in(slack: Sandbox, channel: Channel, thread_ts: str) -> int:
    """How many cards people see in a thread: everything the bot has said there."""
    return sum(message.user == slack.bot_user_id for message in channel.thread(thread_ts)[1:])


def percentile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)

"""Real bots as processes that can be killed. Their imports are done once, in a process that these
are forked from; each has the sandbox's clock, and may be ahead of it by some seconds."""

import asyncio
import multiprocessing
import os
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import bot.outbox
import handlers.outbox
import handlers.replaying
from bot.settings import read_settings
from handlers import logs
from operating.bot import running
from sandbox import Sandbox

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["bench.faulty.bots"])
TICK = timedelta(seconds=0.2)
STOPS_WITHIN = 20.0  # seconds


class BotProcess:
    """`python app.py run`, as far as people and Slack can tell."""

    def __init__(self, slack: Sandbox, folder: Path, environment: dict[str, str]) -> None:
        folder.mkdir()
        self.slack, self.folder, self.environment = slack, folder, environment
        self.skew = 0.0  # seconds
        self._process: ForkServerProcess | None = None

    def start(self) -> None:
        self.follow_clock()
        self._process = FORKS.Process(target=work, args=(self.folder, self.environment))
        self._process.start()

    def follow_clock(self) -> None:
        new = self.folder / "ahead.new"
        new.write_text(str(self.slack.clock.offset.total_seconds() + self.skew))
        new.replace(self.folder / "ahead")

    @property
    def has_ended(self) -> bool:
        return self._process is not None and not self._process.is_alive()

    async def kill(self) -> None:
        """kill -9: no goodbye, nothing is finished."""
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.join)

    async def stop(self) -> None:
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
            await asyncio.to_thread(self._process.join, STOPS_WITHIN)
        await self.kill()

    def log(self) -> str:
        path = self.folder / "bot.log"
        return path.read_text(errors="replace") if path.exists() else ""


def work(folder: Path, environment: dict[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    log = (folder / "bot.log").open("ab")
    os.dup2(log.fileno(), sys.stdout.fileno())
    os.dup2(log.fileno(), sys.stderr.fileno())
    be_impatient()
    logs.set_up("WARNING")
    asyncio.run(run(folder / "ahead"))


def be_impatient() -> None:
    """What is waited for by no clock that we can move is waited for less: the claims of a killed
    process, and looks at what another has left."""
    bot.outbox.CLAIM_FOR = timedelta(seconds=4)
    handlers.outbox.LONGEST_DELIVERY = 3.0
    handlers.outbox.LOOK_AGAIN_AFTER = 0.1
    handlers.replaying.LOOK_EVERY = 0.2


async def run(ahead: Path) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(ahead.read_text()))

    settings = read_settings(dict(os.environ))
    with suppress(asyncio.CancelledError):
        async with running(settings, clock, ticks_every=TICK):
            await stopped.wait()

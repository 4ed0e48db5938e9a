"""Whether anything is lost or said twice when the database fails over, and when a new version takes
over from the one before, each at 100 events a second.

Input: none. `RATE` and `MESSAGES` in the environment choose other numbers, for a machine that has
other work (100 a second, 2,000). One in ten messages is a question; 40 channels; the bot runs as a
process of its own, joined by Socket Mode. Two parts, each with a sandbox of its own:

The failover (`failover_…`): two PostgreSQL servers, the second following the first at each commit.
  A third of the way the first is stopped as when its plug is pulled; a second later the second is
  promoted. DATABASE_URL names both.
The upgrade (`upgrade_…`): one PostgreSQL. The version before (`PREVIOUS`, a tag or commit; without
  it the newest tag, or the newest commit with another schema) begins; a third of the way the new
  one starts beside it, and another third later the old one is told to stop.

Keys: `lost`, acknowledged questions without a card when nothing is owed any more; `twice`, those
with more than one; `longest_pause_ms`, between two acknowledgements; `given_up`, envelopes.
"""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench._bot_process import ROOT, STARTS_WITHIN, BotProcess, cards_in, listen_in
from bench._cuts import postgres
from bench._postgres_pair import postgres_pair
from bench.intake import SETTLES_WITHIN, Crowd, Said, Texts, stream, workspace
from sandbox.delivery import ACKED, GAVE_UP

PATIENCE = (
    30.0  # seconds for an admin's command: a busy machine is slow, which is not measured here
)
MESSAGES = int(os.environ.get("MESSAGES", "2000"))
RATE = int(os.environ.get("RATE", "100"))
DETECTED_AFTER = 1.0  # seconds until somebody promotes the second server


async def run(_data: Path | None) -> dict[str, Any]:
    return {**await failover(), **await upgrade()}


@asynccontextmanager
async def patient_workspace() -> AsyncIterator[tuple[Crowd, Path]]:
    async with workspace() as (crowd, folder):
        crowd.slack.ack_timeout = PATIENCE
        yield crowd, folder


async def failover() -> dict[str, Any]:
    with postgres_pair() as pair:
        async with (
            patient_workspace() as (crowd, folder),
            bot_at(crowd, folder / "bot", pair.url) as bot,
        ):
            said: list[Said] = []
            saying = asyncio.create_task(stream(crowd, Texts(), MESSAGES, RATE, said))
            await until_share(said, 1 / 3)
            await asyncio.to_thread(pair.fail)
            await asyncio.sleep(DETECTED_AFTER)
            await asyncio.to_thread(pair.promote)
            await saying
            return await figures("failover", crowd, bot, said)


async def upgrade() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="pg") as place, postgres(Path(place)) as address:
        async with patient_workspace() as (crowd, folder):
            before = folder / "before"
            version = unpack_previous(before)
            print(f"upgrading from {version}")
            old = at_address(crowd, folder / "old", address)
            old.command = [str(before / "app.py"), "run"]
            new = at_address(crowd, folder / "new", address)
            try:
                await old.start()
                await listen_in(crowd.slack, crowd.admin, crowd.channels)
                said: list[Said] = []
                saying = asyncio.create_task(stream(crowd, Texts(), MESSAGES, RATE, said))
                await until_share(said, 1 / 3)
                await new.launch()
                try:
                    await crowd.slack.until(lambda: crowd.slack.connections == 2, STARTS_WITHIN)
                except TimeoutError:
                    told = f"{new.log_text()[-2000:]}\n{old.log_text()[-2000:]}"
                    raise RuntimeError(f"The new version did not start:\n{told}") from None
                await until_share(said, 2 / 3)
                await old.stop()
                await saying
                return {"upgraded_from": version, **await figures("upgrade", crowd, new, said)}
            finally:
                await old.stop()
                await new.stop()


def unpack_previous(folder: Path) -> str:
    version = os.environ.get("PREVIOUS") or previous()
    folder.mkdir()
    archive = subprocess.run(
        ["git", "archive", version], cwd=ROOT, check=True, capture_output=True
    ).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    return version


def previous() -> str:
    """The newest tag; where there is none, the commit before the newest change of the schema."""
    tags = git("tag", "--sort=-creatordate").split()
    if tags:
        return tags[0]
    return git("log", "-1", "--format=%h^", "--", "storage/migrations/versions").strip()


def git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


def at_address(crowd: Crowd, folder: Path, address: str) -> BotProcess:
    folder.mkdir(exist_ok=True)
    bot = BotProcess(crowd.slack, folder)
    bot.database_url = bot.environment["DATABASE_URL"] = address
    bot.environment["WATCH_PORT"] = "0"
    return bot


@asynccontextmanager
async def bot_at(crowd: Crowd, folder: Path, address: str) -> AsyncIterator[BotProcess]:
    bot = at_address(crowd, folder, address)
    try:
        await bot.start()
        await listen_in(crowd.slack, crowd.admin, crowd.channels)
        yield bot
    finally:
        await bot.stop()


async def until_share(said: Sequence[Said], share: float) -> None:
    for _ in range(100_000):
        if len(said) >= MESSAGES * share:
            return
        await asyncio.sleep(0.02)


async def figures(name: str, crowd: Crowd, bot: BotProcess, said: Sequence[Said]) -> dict[str, Any]:
    settled = await bot.settled(SETTLES_WITHIN)
    questions = [each for each in said if each.is_question]
    cards = [cards_in(crowd.slack, each.channel, each.ts) for each in questions]
    acked = [each.delivery.status == ACKED for each in questions]
    at = sorted(each.acked_at for each in said if each.delivery.status == ACKED)
    found = {
        "lost": sum(was and not number for was, number in zip(acked, cards, strict=True)),
        "twice": sum(number > 1 for number in cards),
        "events": len(said),
        "questions": len(questions),
        "given_up": sum(each.delivery.status == GAVE_UP for each in said),
        "longest_pause_ms": round(1000 * max((b - a for a, b in pairwise(at)), default=0.0)),
        "settled": settled,
    }
    print(f"{name}: {found}")
    return {f"{name}_{key}": value for key, value in found.items()}

"""What an operator does beside running the bot: `app.py check`, `doctor`, `backup`, `restore`,
`audit`."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import aiohttp

from bot.condition import note_backup
from bot.privacy.audit import Chain, verify_all
from bot.settings import Settings
from operating.doctor import examine
from operating.moving import is_export, take_back
from operating.probes import ALIVE, READY
from operating.progress import progress
from storage import backups
from storage.database import UNREACHABLE, open_sessions
from storage.migrate import SchemaTooNew, migrate, read_schema
from storage.outbox import doubt_all

PROBED_WITHIN = aiohttp.ClientTimeout(total=10)
EVERYWHERE = ("0.0.0.0", "::")


async def check(settings: Settings, what: str | None) -> int:
    """Ask the bot that runs beside us, as a probe does: 0 where it says yes.

    `what`: live, or ready, which is meant where nothing is said."""
    if settings.watch_port is None:
        print("WATCH_PORT is 0, so nobody can ask: set it to a port.")
        return 2
    host = "127.0.0.1" if settings.watch_host in EVERYWHERE else settings.watch_host
    path = ALIVE if what == "live" else READY
    try:
        async with (
            aiohttp.ClientSession(timeout=PROBED_WITHIN) as http,
            http.get(f"http://{host}:{settings.watch_port}{path}") as answer,
        ):
            print((await answer.text()).strip())
            return 0 if answer.status == 200 else 1
    except (aiohttp.ClientError, TimeoutError):
        print(f"Nobody answers at port {settings.watch_port} of {host}.")
        return 1


async def doctor(
    environ: Mapping[str, str | None], clock: Callable[[], datetime], *, as_json: bool
) -> int:
    """Print how each thing is; 1 where one of them wants somebody."""
    is_well = True
    async for check in examine(environ, clock):
        is_well = is_well and check.is_good
        if as_json:
            print(json.dumps(asdict(check), ensure_ascii=False))
        else:
            print(f"{'✓' if check.is_good else '✗'} {check.about}: {check.says}", flush=True)
    return 0 if is_well else 1


async def back_up(
    database_url: str, file: Path, environ: Mapping[str, str], clock: Callable[[], datetime]
) -> int:
    """`environ`: what PostgreSQL's tools are started with."""
    with progress("pages") as on_progress:
        size = await asyncio.to_thread(backups.back_up, database_url, file, environ, on_progress)
    await note_made(database_url, size, clock())
    print(f"{file} holds everything ({size / 1e6:.1f} MB).")
    return 0


async def note_made(database_url: str, size: int, now: datetime) -> None:
    """For the doctor. A database of another version is left as it is, and so is one that takes
    nothing just now: the backup is made."""
    with suppress(*UNREACHABLE, SchemaTooNew):
        if not (await read_schema(database_url)).is_newest:
            return
        async with aclosing(open_sessions(database_url)) as sessions, sessions.begin() as session:
            await note_backup(session, size, now=now)


async def restore(
    database_url: str, file: Path, environ: Mapping[str, str], export_key: str = ""
) -> int:
    """`file`: a backup, or an export."""
    if is_export(file):
        await take_back(database_url, file, export_key)
    else:
        await asyncio.to_thread(backups.restore, database_url, file, environ)
        await migrate(database_url)
    async with aclosing(open_sessions(database_url)) as sessions, sessions.begin() as session:
        await doubt_all(session)  # some of it was sent after the backup was made
    print(f"All that {file} holds is in the database again. Start the bot.")
    return 0


async def audit(database_url: str) -> int:
    """Print for each workspace whether its audit is as it was written; 1 where one is not."""
    await migrate(database_url)
    async with aclosing(open_sessions(database_url)) as sessions, sessions.read() as session:
        chains = await verify_all(session)
    for chain in chains:
        print(told(chain))
    if not chains:
        print("Nothing is in the audit yet.")
    return 1 if any(chain.broken_at is not None for chain in chains) else 0


def told(chain: Chain) -> str:
    if chain.broken_at is not None:
        return (
            f"✗ {chain.team_id}: entry {chain.broken_at} was changed, removed or put in. "
            f"The {chain.entries} before it are as they were written."
        )
    return (
        f"✓ {chain.team_id}: all {chain.entries} entries are as they were written. The last one "
        f"ends in {chain.head[-12:]}: note it elsewhere, and compare it next time."
    )

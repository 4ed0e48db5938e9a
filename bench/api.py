"""How fast a program's requests are answered with a million solved questions.

Input: none. The documents of `search-speed`, asked over HTTP on one socket, one request after the
other; ASKAROUND_BENCH_DOCUMENTS in the environment makes it smaller. Figures: p50 and p99 in ms of
a search (3 to 6 words of a question), of a page of questions for who reads a fifth of the
channels and for a guest who reads one of the smallest, and of reading a question. Each also in
processor time, of the server and of who asks: what runs beside them does not change that; memory.
"""

import asyncio
import multiprocessing
import random
import tempfile
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.test_utils import unused_port

from bench._million import CHANNELS
from bench._search_data import NOW, READER, TEAM
from bench.search_speed import DOCUMENTS, alone, megabytes, prepare, spread, url_in, wanted
from bot.access.tokens import SCOPES, make_token
from handlers import ROUTES
from handlers.access.api import Api
from handlers.access.limits import Limits
from storage.database import Sessions, open_sessions
from storage.tables import ChannelMember, Person

GUEST, GUESTS_CHANNEL = "U0GUEST", f"C{CHANNELS:08}"
PAGES = 200


def run(data: Path | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        alone(prepare, folder)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            figures = pool.apply(asked, (folder,))
    print(figures, flush=True)
    return {"documents": DOCUMENTS, **figures}


def asked(folder: str) -> dict[str, Any]:
    return {**asyncio.run(ask(folder)), "memory_mb": megabytes()}


async def ask(folder: str) -> dict[str, Any]:
    port = unused_port()
    address = f"http://127.0.0.1:{port}"
    async with aclosing(open_sessions(url_in(folder))) as sessions:
        reader, guest = await give_tokens(sessions)
        api = Api(ROUTES, sessions, lambda: NOW, address=address)
        api.limits = Limits(at_once=10**9, a_second=1)
        await api.start("127.0.0.1", port)
        try:
            return {
                "search": await timed(address, reader, searches(folder)),
                "page": await timed(address, reader, pages()),
                "page_of_a_guest": await timed(address, guest, pages()),
                "question": await timed(address, reader, questions()),
            }
        finally:
            await api.stop()


async def give_tokens(sessions: Sessions) -> list[str]:
    async with sessions.begin() as session:
        flags = dict.fromkeys(("is_admin", "is_bot", "is_external", "is_deactivated"), False)
        who = {"team_id": TEAM, "user_id": GUEST}
        session.add(Person(**who, name="G", timezone=None, is_guest=True, read_at=NOW, **flags))
        session.add(ChannelMember(**who, channel_id=GUESTS_CHANNEL))
        await session.flush()
        made = [
            await make_token(
                session,
                team_id=TEAM,
                user_id=user_id,
                name="Bench",
                scopes=SCOPES,
                days=30,
                now=NOW,
            )
            for user_id in (READER, GUEST)
        ]
        return [each.secret for each in made]


def searches(folder: str) -> list[tuple[str, dict[str, Any]]]:
    return [("/search", {"q": words}) for words in wanted(folder)["find"]]


def pages() -> list[tuple[str, dict[str, Any]]]:
    chance = random.Random(3)
    return [("/questions", {"cursor": chance.randrange(1, DOCUMENTS)}) for _ in range(PAGES)]


def questions() -> list[tuple[str, dict[str, Any]]]:
    chance = random.Random(4)
    return [(f"/questions/{chance.randrange(1, DOCUMENTS)}", {}) for _ in range(PAGES)]


async def timed(
    address: str, secret: str, requests: list[tuple[str, dict[str, Any]]]
) -> dict[str, float]:
    times, of_processor = [], []
    headers = {"Authorization": f"Bearer {secret}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        for path, params in requests:
            started, worked = time.perf_counter(), time.process_time()
            async with http.get(f"{address}/v1{path}", params=params) as got:
                await got.read()
                if got.status not in (200, 404):
                    raise RuntimeError(f"{path} was answered {got.status}")
            times.append(time.perf_counter() - started)
            of_processor.append(time.process_time() - worked)
    counted = {f"processor_{name}": ms for name, ms in spread(of_processor).items()}
    return {**spread(times), **counted}

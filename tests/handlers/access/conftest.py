"""The API over a real socket, to a small community: Ana asks, Ben answers, Ada runs it, Gus is a
guest."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from bot.access.tokens import SCOPES, make_token
from handlers import ROUTES
from handlers.access.api import Api
from storage.database import Sessions
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    TEAM,
    add_topic,
    ask,
    learn,
    learn_help_channel,
    settle_in,
    solve,
)
from tests.conftest import NOW

GUS = "U_GUS"


@dataclass
class Said:
    """What was answered."""

    status: int
    headers: Any
    body: Any


@dataclass
class Door:
    """The API, and the tokens of some."""

    api: Api
    address: str
    tokens: dict[str, str]
    http: aiohttp.ClientSession
    question_id: int

    async def ask(self, path: str, *, by: str = ANA, method: str = "GET", **headers: str) -> Said:
        if by:
            headers["Authorization"] = f"Bearer {self.tokens[by]}"
        async with self.http.request(method, f"{self.address}/v1{path}", headers=headers) as got:
            is_json = "json" in got.content_type
            return Said(got.status, got.headers, await got.json() if is_json else None)


@pytest.fixture
async def door(sessions: Sessions) -> AsyncIterator[Door]:
    tokens = {}
    async with sessions.begin() as session:
        await settle_in(session)
        await learn(session, GUS, is_guest=True)
        await learn_help_channel(session, "C_GUESTS", user_ids=(GUS, ADA), is_private=True)
        await add_topic(session, experts=(BEN,))
        question_id = await solve(session)
        await ask(session, "Which carrier takes dangerous goods to Malta?", by=BEN, seconds=900)
        for user_id in (ANA, BEN, ADA, GUS):
            made = await make_token(
                session,
                team_id=TEAM,
                user_id=user_id,
                name="A program",
                scopes=SCOPES,
                days=30,
                now=NOW,
            )
            tokens[user_id] = made.secret
    async with opened(sessions, tokens, question_id) as door:
        yield door


@asynccontextmanager
async def opened(
    sessions: Sessions, tokens: dict[str, str], question_id: int = 0
) -> AsyncIterator[Door]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    api = Api(ROUTES, sessions, lambda: NOW, address=address)
    await api.start("127.0.0.1", port)
    async with aiohttp.ClientSession() as http:
        yield Door(api, address, tokens, http, question_id)
    await api.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

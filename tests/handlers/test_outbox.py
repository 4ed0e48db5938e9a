"""The senders of two replicas on one database, and of many workspaces."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from slack_bolt.authorization import AuthorizeResult

from bot.outbox import Owed
from handlers.outbox import Note, Sender, delivers
from handlers.slack import Slack, open_client, open_http_session
from handlers.workspaces import OneWorkspace
from sandbox import Channel, Sandbox
from storage.database import Sessions
from storage.outbox import Kind, owe
from tests.conftest import NOW
from tests.journeys.conftest import ROOT

SAID = Kind("said", str)
TEAM = "T0SANDBOX1"


async def say(owed: Owed[str], slack: Slack, _sessions: Sessions) -> Note | None:
    await slack.call("chat.postMessage", channel=owed.lane, text=owed.subject)
    return None


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(ROOT / "manifest.yml") as opened:
        yield opened


@pytest.fixture
def channel(sandbox: Sandbox) -> Channel:
    return sandbox.add_channel("dock", members=[sandbox.bot])


@pytest.fixture
async def senders(sandbox: Sandbox, sessions: Sessions) -> AsyncIterator[list[Sender]]:
    async with open_http_session() as http:
        client = open_client(sandbox.api_url, sandbox.bot_token, http)
        identity = AuthorizeResult(enterprise_id=None, team_id=TEAM)
        yield [
            Sender(
                sessions,
                OneWorkspace(Slack(client, clock), identity),
                clock,
                dict([delivers(SAID, say)]),
                shares_pace=True,
            )
            for _ in range(2)
        ]


def clock() -> datetime:
    return NOW


async def owe_words(sessions: Sessions, channel: Channel, *words: str) -> None:
    async with sessions.begin() as session:
        for each in words:
            await owe(session, SAID, each, team_id=TEAM, lane=channel.id, now=NOW)


async def send(sender: Sender) -> None:
    await sender._start_what_is_due()
    await asyncio.gather(*sender._running)


async def test_what_slack_told_one_replica_to_leave_alone_no_other_calls(
    sandbox: Sandbox, sessions: Sessions, senders: list[Sender], channel: Channel
):
    first, second = senders
    sandbox.faults.add("chat.postMessage", "rate_limited", retry_after=60)

    await owe_words(sessions, channel, "one")
    await send(first)
    await owe_words(sessions, channel, "two", "three")
    await send(second)
    await send(first)

    assert len(sandbox.calls_to("chat.postMessage")) == 1

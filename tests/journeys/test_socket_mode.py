"""Connections that died without a word, or that nobody listens to: noticed, and mended."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.settings import Settings
from handlers.slack import Slack, open_client, open_http_session
from handlers.socket_mode import DrainingHandler
from operating.bot import Bot, running
from sandbox import Sandbox
from tests.journeys.conftest import TICK, Community

QUESTION = "How do I correct the tariff code of a rejected form?"


@pytest.mark.parametrize(
    "task", ["process_messages", "receive_messages", "monitor_current_session"]
)
async def test_a_client_of_which_a_part_died_is_replaced(
    ready: Community, task: str, caplog: pytest.LogCaptureFixture
):
    ready.slack.time_scale = 0.5
    [part] = [each for each in asyncio.all_tasks() if task in repr(each.get_coro())]
    part.cancel()
    began = time.monotonic()

    ts = await ready.as_(ready.bob).post(ready.channel, QUESTION)

    await ready.slack.until(lambda: ready.card(ts), timeout=30)
    await until(lambda: "a new connection" in caplog.text)
    await ready.slack.until(lambda: ready.slack.connections == 1, timeout=30)
    assert "solved" in (await ready.find(ready.ana, "tariff")).casefold()
    assert time.monotonic() - began < 30


async def test_a_connection_that_nobody_reads_is_closed(slack: Sandbox, bot: Bot):
    """Two reconnections at once leave two sockets, of which the client reads one."""
    async with connected(slack, bot) as handler:
        client = handler.client
        await asyncio.gather(client.connect(), client.connect())
        assert slack.connections == 3  # the bot's, the handler's, and the forgotten one

        await handler.close_forgotten()

        await slack.until(lambda: slack.connections == 2)
        assert await client.is_connected()


async def test_connections_of_others_are_told_to_the_operator(
    slack: Sandbox, settings: Settings, caplog: pytest.LogCaptureFixture
):
    async with aiohttp.ClientSession() as http, http.ws_connect(await address(slack)):
        with caplog.at_level(logging.WARNING, "askaround.socket"):
            async with running(settings, slack.clock.now, ticks_every=TICK):
                await until(lambda: "Slack counts 2 connections" in caplog.text)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110  # nothing rings when something is logged
            await asyncio.sleep(0.1)


@asynccontextmanager
async def connected(slack: Sandbox, bot: Bot) -> AsyncIterator[DrainingHandler]:
    async with open_http_session() as http:
        client = open_client(slack.api_url, slack.app_token, http)
        handler = DrainingHandler(
            bot.app, slack.app_token, Slack(client, slack.clock.now), bot.meters
        )
        await handler.connect_async()
        yield handler
        await handler.hang_up(1)


async def address(slack: Sandbox) -> str:
    async with open_http_session() as http:
        opened = await Slack(
            open_client(slack.api_url, slack.app_token, http), slack.clock.now
        ).call("apps.connections.open")
    return str(opened["url"])

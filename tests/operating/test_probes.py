"""Alive, ready, measured: over HTTP, of the real bot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import pytest

from bot.settings import BadSetting, read_settings
from operating import commands
from operating.bot import Bot, running
from sandbox import Sandbox
from tests.journeys.conftest import free_port

Environ = dict[str, str | None]


@asynccontextmanager
async def watched(
    environ: Environ, slack: Sandbox, **changes: str
) -> AsyncIterator[tuple[Bot, str]]:
    port = free_port()
    settings = read_settings({**environ, "WATCH_PORT": str(port), **changes})
    async with running(settings, slack.clock.now) as bot:
        if settings.connection == "socket":
            await slack.until(lambda: slack.connections)
        yield bot, f"http://127.0.0.1:{port}"


async def ask(slack: Sandbox) -> None:
    (channel,) = slack.channels.values()
    (maria,) = (user for user in slack.users.values() if user.name == "maria")
    await slack.act_as(maria).command("/askaround", "channel on", channel)
    await slack.act_as(maria).post(channel, "How do I reset the scanner?")
    await slack.delivered()


async def get(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        return answer.status, await answer.text()


async def test_a_bot_at_work_is_alive_and_ready(environ: Environ, slack: Sandbox):
    async with watched(environ, slack) as (_, address):
        assert await get(address + "/livez") == (200, "alive\n")
        assert await get(address + "/readyz") == (200, "ready\n")


async def test_in_http_mode_too(environ: Environ, slack: Sandbox):
    changes = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "x", "PORT": str(free_port())}
    async with watched(environ, slack, **changes) as (_, address):
        assert await get(address + "/readyz") == (200, "ready\n")


async def test_without_a_connection_to_slack_it_is_alive_but_not_ready(
    environ: Environ, slack: Sandbox
):
    async with watched(environ, slack) as (_, address):
        slack.faults.add("apps.connections.open", "error", times=100)
        await slack.disconnect("drop")
        await slack.until(lambda: not slack.connections)
        status, text = await get(address + "/readyz")

        assert (status, text) == (503, "There is no connection to Slack.\n")
        assert (await get(address + "/livez"))[0] == 200


async def test_with_a_database_that_takes_nothing_it_is_not_ready(
    environ: Environ, slack: Sandbox, monkeypatch: pytest.MonkeyPatch
):
    async with watched(environ, slack) as (bot, address):
        with monkeypatch.context() as patch:
            patch.setattr(bot.sessions, "begin", refuse)
            status, text = await get(address + "/readyz")

    assert status == 503
    assert "The database takes nothing" in text


def refuse() -> None:
    raise OSError(28, "No space left on device")


async def test_the_measures_hold_what_was_heard_and_sent(environ: Environ, slack: Sandbox):
    async with watched(environ, slack) as (_, address):
        await ask(slack)
        await slack.until(lambda: any(call.method == "reactions.add" for call in slack.calls))

        _, text = await get(address + "/metrics")

    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(lines['askaround_heard_total{kind="/askaround",status="200"}']) >= 1
    assert float(lines['askaround_ack_seconds_count{kind="message"}']) >= 1
    assert float(lines["askaround_ready"]) == 1
    assert float(lines["askaround_slack_standing"]) == 1
    assert 'askaround_outbox_rows{waits_for="nothing"}' in lines
    assert "scanner" not in text


async def test_a_port_that_is_taken_ends_the_start_where_it_was_asked_for(
    environ: Environ, slack: Sandbox
):
    async with watched(environ, slack) as (_, address):
        settings = read_settings({**environ, "WATCH_PORT": address.rsplit(":", 1)[1]})
        with pytest.raises(BadSetting, match="set WATCH_HOST and WATCH_PORT"):
            async with running(settings, slack.clock.now):
                pass


async def test_check_asks_the_bot_beside_it(
    environ: Environ, slack: Sandbox, capsys: pytest.CaptureFixture[str]
):
    async with watched(environ, slack) as (_, address):
        settings = read_settings({**environ, "WATCH_PORT": address.rsplit(":", 1)[1]})
        assert await commands.check(settings, None) == 0
        assert await commands.check(settings, "live") == 0
    assert capsys.readouterr().out == "ready\nalive\n"

    assert await commands.check(settings, None) == 1
    assert "Nobody answers" in capsys.readouterr().out


async def test_what_has_long_been_due_makes_it_unready(environ: Environ, slack: Sandbox):
    async with watched(environ, slack) as (bot, address):
        bot.sender.stop(1)
        await ask(slack)
        slack.clock.advance(timedelta(minutes=30))

        status, text = await get(address + "/readyz")

    assert status == 503
    assert "has been due for" in text

"""A day with everything going wrong, at the loudest level: the log holds nobody's words and no
secret."""

import asyncio
import io
import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.settings import Settings
from handlers import logs
from operating.bot import Bot
from tests.journeys.conftest import PATIENCE, Community
from tests.journeys.test_bad_input import message_event

WORDS = "zebrafish"  # in all that anybody says or types here
QUESTION = f"How do I release the {WORDS} form that was rejected?"


@pytest.fixture(params=["socket", "http"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, helpdesk_networks=(ip_network("127.0.0.0/8"),))


@pytest.fixture
def log(settings: Settings) -> Iterator[io.StringIO]:
    loggers = [logging.getLogger(name) for name in ("", logs.OURS)]
    before = [(each, each.level, each.handlers) for each in loggers]
    logs.set_up("DEBUG")
    written = io.StringIO()
    logging.getLogger().handlers[0].setStream(written)  # type: ignore[attr-defined]
    yield written
    for each, level, handlers in before:
        each.setLevel(level)
        each.handlers = handlers


@pytest.fixture
async def desk() -> AsyncIterator[TestServer]:
    """A helpdesk that takes nothing at first, and says much."""

    async def answer(request: web.Request) -> web.Response:
        desk.calls.append(await request.text())  # type: ignore[attr-defined]
        status = 500 if len(desk.calls) == 1 else 410  # type: ignore[attr-defined]
        return web.Response(status=status, text=f"{WORDS} whsec_answered")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as desk:
        desk.calls = []  # type: ignore[attr-defined]
        yield desk


async def test_nobodys_words_and_no_secret_are_in_the_log(
    log: io.StringIO, ready: Community, bot: Bot, settings: Settings, desk: TestServer
):
    asyncio.get_running_loop().set_debug(True)
    asyncio.get_running_loop().set_exception_handler(logs.on_stray_failure)
    secret = await set_address(ready, str(desk.make_url(f"/hook?key={WORDS}")))

    await ask_and_type(ready)
    await break_things(ready, settings)
    ready.slack.clock.advance(timedelta(days=3))
    await ready.slack.until(lambda: len(desk.calls) > 1, timeout=PATIENCE)  # type: ignore[attr-defined]
    await asyncio.sleep(0.5)

    written = log.getvalue()
    asyncio.get_running_loop().set_debug(False)
    assert "Failed, reference" in written  # things did go wrong
    assert "is not handed off: it answered 410 (Gone)" in written
    for never in (WORDS, secret, settings.bot_token, settings.signing_secret, "xapp-", "INSERT"):
        assert never not in written
    assert not re.search(r"xox[bp]-|whsec_|ticket=\w|Bearer", written)


async def set_address(ready: Community, address: str) -> str:
    maria = ready.as_(ready.maria)
    await maria.command("/askaround", "topic customs", ready.channel)
    await maria.choose(maria.view, "choose_pace", "own")
    times = {"next_few": "5", "everybody": "10", "hand_off_after": "15"}
    await maria.submit(
        {"hand_off_url": {"value": address}}
        | {name: {"value": minutes} for name, minutes in times.items()}
    )
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", str(maria.view))
    assert secret is not None
    await maria.close_view()
    return secret.group()


async def ask_and_type(ready: Community) -> None:
    ts = await ready.ask(ready.bob, QUESTION)
    bob, ana = ready.as_(ready.bob), ready.as_(ready.ana)
    await ana.post(ready.channel, f"The {WORDS} form? No idea.", thread_ts=ts)
    for command, text in (
        ("/find", WORDS),
        ("/experts", f"join {WORDS}"),
        ("/experts", f"hours {WORDS}"),
        ("/kudos", f"<@{ready.ken.id}> {WORDS}"),
        ("/kudos", f"export {WORDS}"),
    ):
        await bob.command(command, text, ready.channel)


async def break_things(ready: Community, settings: Settings) -> None:
    """Slack, an event, a person and a passer-by: each goes wrong with those words in hand."""
    for kind in ("server_error", "rate_limited", "drop_after", "error"):
        ready.slack.faults.add(method="chat.update", kind=kind, error="not_allowed")
    event = message_event(ready, QUESTION)
    await ready.slack.send_event({key: event[key] for key in event if key != "channel"})
    await ready.slack.send_event({**event, "ts": WORDS, "event_ts": WORDS})
    await ready.ask(ready.ana, f"Why is the {WORDS} gate closed today?")
    await ready.slack.delivered(timeout=30)
    if settings.connection == "http":
        url = ready.slack.request_url
        async with aiohttp.ClientSession() as http, http.post(url, data=WORDS) as response:
            assert response.status == 401

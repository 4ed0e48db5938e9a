"""HTTP's front door: what Slack did not sign is not heard, and what it signed is heard once."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from io import BytesIO
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt import BoltResponse
from sqlalchemy import func, select
from yarl import URL

from bot.settings import Settings
from handlers import http_mode
from operating.bot import Bot, running
from sandbox import Sandbox
from storage.tables import Kudos, TakenRequest
from tests.journeys.conftest import TICK, Community, free_port

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
QUESTION = "How do I correct the tariff code of a rejected form?"


@pytest.fixture
def transport() -> str:
    return "http"


@dataclass
class Caller:
    """Somebody who can reach the bot's port; with the secret, they are Slack."""

    http: aiohttp.ClientSession
    url: str
    secret: str

    @property
    def http_port(self) -> int:
        return URL(self.url).port or 0

    def signed(self, body: bytes, timestamp: str | None = None) -> dict[str, str]:
        timestamp = str(int(time.time())) if timestamp is None else timestamp
        base = b"v0:" + timestamp.encode(errors="surrogateescape") + b":" + body
        signature = hmac.new(self.secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={signature}"}

    async def post(
        self, body: bytes, headers: dict | list | None = None, content_type: str = FORM
    ) -> aiohttp.ClientResponse:
        sent = aiohttp.payload.BytesIOPayload(BytesIO(body), content_type=content_type)
        async with self.http.post(self.url, data=sent, headers=headers) as response:
            await response.read()
            return response

    async def post_signed(self, body: bytes, content_type: str = FORM) -> aiohttp.ClientResponse:
        return await self.post(body, self.signed(body), content_type)


@pytest.fixture
async def caller(ready: Community) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as http:
        yield Caller(http, ready.slack.request_url, ready.slack.signing_secret)


@pytest.fixture
async def elsewhere(slack: Sandbox) -> AsyncIterator[TestServer]:
    """Somebody else's server, which notes who calls."""

    async def note(request: web.Request) -> web.Response:
        elsewhere.calls.append(await request.text())  # type: ignore[attr-defined]
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", note)
    async with TestServer(app) as elsewhere:
        elsewhere.calls = []  # type: ignore[attr-defined]
        yield elsewhere


def command(ready: Community, text: str, **fields: str) -> bytes:
    return urlencode(
        {
            "command": "/kudos",
            "text": text,
            "team_id": ready.slack.team_id,
            "user_id": ready.bob.id,
            "channel_id": ready.channel.id,
            "trigger_id": "1.1.x",
            "response_url": f"{ready.slack.address}/commands/T/x",
            **fields,
        }
    ).encode()


def click(ready: Community, **fields: object) -> bytes:
    body = {
        "type": "block_actions",
        "team": {"id": ready.slack.team_id},
        "user": {"id": ready.bob.id},
        "channel": {"id": ready.channel.id},
        "actions": [
            {"type": "button", "action_id": "claim_question", "value": "1", "action_ts": "1.1"}
        ],
        **fields,
    }
    return urlencode({"payload": json.dumps(body)}).encode()


def said_by_the_bot(ready: Community) -> list[str]:
    """What it did in Slack; what it reads there in the background is nothing of ours."""
    doing = ("chat.", "views.", "reactions.add", "conversations.open")
    return [call.method for call in ready.slack.calls if call.method.startswith(doing)]


# Who is heard

NOW = "{now}"
BAD_HEADERS = {
    "no headers": {},
    "no signature": {"X-Slack-Request-Timestamp": NOW},
    "no timestamp": {"X-Slack-Signature": "v0=" + "0" * 64},
    "a wrong signature": {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": "v0=" + "0" * 64},
    "a short signature": {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": "v0=12"},
    "no version": {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": "0" * 64},
    "an empty signature": {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": ""},
    "letters beyond ASCII": {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": "v0=é" * 16},
}
BAD_TIMESTAMPS = [
    "x",
    "",
    " ",
    "-1",
    "0",
    "1e9",
    "1.5",
    "nan",
    "٣٣",
    "½",
    "9" * 5000,
    "0x10",
    "1_0",
]


async def test_who_does_not_sign_is_refused_and_nothing_happens(
    ready: Community, caller: Caller, elsewhere: TestServer
):
    before = said_by_the_bot(ready)
    there, now = str(elsewhere.make_url("/")), str(int(time.time()))
    bodies = (
        command(ready, "", response_url=there),
        click(ready, response_url=there),
        b'{"type": "url_verification", "challenge": "x"}',
        b"ssl_check=1&token=x",
    )

    answers = {
        (problem, body): await caller.post(
            body, {name: value.format(now=now) for name, value in headers.items()}
        )
        for problem, headers in BAD_HEADERS.items()
        for body in bodies
    }

    assert {(each.status, each.content_length) for each in answers.values()} == {(401, 0)}
    assert said_by_the_bot(ready) == before
    assert elsewhere.calls == []  # type: ignore[attr-defined]


async def test_a_timestamp_that_is_none_is_refused_however_it_is_signed(
    ready: Community, caller: Caller, elsewhere: TestServer
):
    before = said_by_the_bot(ready)
    body = command(ready, "", response_url=str(elsewhere.make_url("/")))

    answers = {each: await caller.post(body, caller.signed(body, each)) for each in BAD_TIMESTAMPS}

    assert {at: each.status for at, each in answers.items()} == dict.fromkeys(BAD_TIMESTAMPS, 401)
    assert said_by_the_bot(ready) == before
    assert elsewhere.calls == []  # type: ignore[attr-defined]


async def test_what_is_older_or_newer_than_five_minutes_is_refused(
    ready: Community, caller: Caller
):
    body, now = command(ready, ""), time.time()
    ages = {-9e9: 401, -302: 401, -290: 200, 0: 200, 290: 200, 302: 401, 9e9: 401}

    found = {
        age: (await caller.post(body, caller.signed(body, str(int(now - age))))).status
        for age in ages
    }

    assert found == ages


@pytest.mark.parametrize("name", ["X-Slack-Request-Timestamp", "X-Slack-Signature"])
async def test_a_header_that_comes_twice_is_refused(ready: Community, caller: Caller, name: str):
    body = command(ready, "")
    signed = caller.signed(body)

    response = await caller.post(body, [*signed.items(), (name, signed[name])])

    assert response.status == 401


async def test_a_signature_of_other_words_is_refused(ready: Community, caller: Caller):
    signed = caller.signed(command(ready, ""))

    response = await caller.post(command(ready, "export"), signed)

    assert response.status == 401


FOREIGN = [
    "{elsewhere}",
    "https://hooks.slack.com@{elsewhere}/",
    "https://hooks.slack.com.evil.example/",
    "https://evil.example/hooks.slack.com",
    "https://hooks.slack.com:8443/x",
    "http://hooks.slack.com/x",
    "http://127.0.0.1:1/x",
    "file:///etc/passwd",
    "",
    "x",
    ["{elsewhere}"],
    7,
]


async def test_nobody_is_answered_at_an_address_that_is_not_slacks(
    ready: Community, caller: Caller, elsewhere: TestServer
):
    """Even a signed request says where to answer only within Slack."""
    there, before = str(elsewhere.make_url("/")), said_by_the_bot(ready)

    for url in json.loads(json.dumps(FOREIGN).replace("{elsewhere}", there)):
        by_click = await caller.post_signed(click(ready, response_url=url))
        by_modal = await caller.post_signed(click(ready, response_urls=[{"response_url": url}]))
        assert (url, by_click.status, by_modal.status) == (url, 400, 400)

    assert elsewhere.calls == []  # type: ignore[attr-defined]
    assert said_by_the_bot(ready) == before


# What is read

BAD_BODIES = {
    "an empty body": (b"", FORM),
    "no JSON": (b"{", JSON),
    "a list": (b"[]", JSON),
    "a word": (b'"x"', JSON),
    "NaN": (b'{"type": NaN}', JSON),
    "a deep nest": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, JSON),
    "no UTF-8": (b'{"type": "\xff"}', JSON),
    "another charset": (b'{"type": "x"}', JSON + "; charset=utf-16"),
    "a charset that is none": (b'{"type": "x"}', JSON + "; charset=nonsense"),
    "a form without UTF-8": (b"command=%ff", FORM),
    "a field without value": (b"command", FORM),
    "a field twice": (b"command=/kudos&command=/find", FORM),
    "a thousand fields": (b"&".join(b"%d=1" % n for n in range(1000)), FORM),
    "a payload that is no JSON": (b"payload=%7B", FORM),
    "a payload that is a list": (b"payload=[]", FORM),
    "JSON as a form": (b'{"type": "event_callback"}', FORM),
    "plain text": (b"command=/kudos", "text/plain"),
    "a file": (b"--x--", "multipart/form-data; boundary=x"),
    "no shape of Slack's": (b'{"authorizations": [1], "type": "event_callback"}', JSON),
}


async def test_a_signed_body_that_cannot_be_read_is_400(
    caller: Caller, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)

    answers = {what: await caller.post_signed(*bad) for what, bad in BAD_BODIES.items()}

    assert {what: each.status for what, each in answers.items()} == dict.fromkeys(BAD_BODIES, 400)
    assert {each.content_length for each in answers.values()} == {0}
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("is_signed", [True, False])
async def test_a_body_that_is_too_large_is_413_and_is_not_in_the_log(
    caller: Caller, caplog: pytest.LogCaptureFixture, is_signed: bool
):
    caplog.set_level(logging.DEBUG)
    body = b"text=" + b"secretword" * 150_000
    headers = caller.signed(body if is_signed else b"")

    announced = await caller.post(body, headers)

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    async with caller.http.post(caller.url, data=in_pieces(), headers=headers) as streamed:
        assert (announced.status, streamed.status) == (413, 413)
    assert "secretword" not in caplog.text


async def test_a_word_that_bolt_takes_for_a_field_is_a_word(ready: Community):
    """Bolt's own reading of a form loses all of it when its text says "payload"."""
    reply = await ready.as_(ready.ana).command("/find", "payload rejected", ready.channel)

    assert "payload rejected" in reply["text"]


# Once


async def test_a_request_that_was_recorded_has_no_second_effect(
    ready: Community, caller: Caller, bot: Bot
):
    thanks = command(ready, f"<@{ready.ken.id}> for the T1 rescue", user_id=ready.bob.id)
    signed = caller.signed(thanks)

    answers = [await caller.post(thanks, signed) for _ in range(3)]

    assert [each.status for each in answers] == [200, 200, 200]
    assert [bool(each.content_length) for each in answers] == [True, False, False]
    assert await count(bot, Kudos) == 1


async def test_the_same_words_said_again_are_another_request(
    ready: Community, caller: Caller, bot: Bot
):
    first, second = (int(time.time()) - age for age in (1, 0))
    body = command(ready, "")

    answers = [await caller.post(body, caller.signed(body, str(at))) for at in (first, second)]

    assert all(each.content_length for each in answers)


async def test_an_old_press_does_not_work_again(ready: Community, caller: Caller, bot: Bot):
    """A recorded "channel off" would close the channel whenever somebody likes."""
    off = command(ready, "channel off", command="/askaround", user_id=ready.maria.id)
    signed = caller.signed(off)
    assert (await caller.post(off, signed)).content_length
    await ready.as_(ready.maria).command("/askaround", "channel on", ready.channel)

    again = await caller.post(off, signed)

    assert (again.status, again.content_length) == (200, 0)
    assert await ready.ask(ready.bob, QUESTION)  # it is a help channel still


@pytest.mark.on_both
async def test_two_replicas_and_a_restart_take_it_once_all_together(
    ready: Community, caller: Caller, bot: Bot, settings: Settings
):
    port = free_port()
    clock = ready.slack.clock.now
    async with running(replace(settings, port=port), clock, ticks_every=TICK):
        other = Caller(caller.http, f"http://127.0.0.1:{port}/slack/events", caller.secret)
        thanks = command(ready, f"<@{ready.ken.id}> for the T1 rescue")
        signed = caller.signed(thanks)

        at_once = await asyncio.gather(
            *(each.post(thanks, signed) for each in (caller, other) for _ in range(5))
        )
    async with running(replace(settings, port=port), clock, ticks_every=TICK):
        after_a_restart = await other.post(thanks, signed)

    assert {each.status for each in at_once} == {200}
    assert len([each for each in at_once if each.content_length]) == 1
    assert (after_a_restart.status, after_a_restart.content_length) == (200, 0)
    assert await count(bot, Kudos) == 1


async def test_events_are_told_apart_by_themselves_and_cost_no_write(ready: Community, bot: Bot):
    before = await count(bot, TakenRequest)

    for _ in range(5):
        await ready.as_(ready.ana).post(ready.channel, "Good morning everybody")
    await ready.slack.delivered()

    assert await count(bot, TakenRequest) == before


async def test_an_event_is_taken_when_slack_sends_it_again_after_a_500(
    ready: Community, caller: Caller, bot: Bot, monkeypatch: pytest.MonkeyPatch
):
    """With a signature of its own, as Slack does."""
    ready.slack.time_scale = 0.01
    monkeypatch.setattr(http_mode, "MOST_LISTENERS", 0)
    ts = await ready.as_(ready.bob).post(ready.channel, QUESTION)
    await ready.slack.until(lambda: any(d.attempts for d in ready.slack.deliveries if d.is_event))
    await asyncio.sleep(0.1)
    monkeypatch.undo()

    await ready.slack.until(lambda: ready.card(ts))


async def test_a_press_that_failed_may_come_again(
    ready: Community, caller: Caller, bot: Bot, monkeypatch: pytest.MonkeyPatch
):
    thanks = command(ready, f"<@{ready.ken.id}> for the T1 rescue")
    signed = caller.signed(thanks)
    dispatch = bot.app.async_dispatch

    async def fail(request: object) -> BoltResponse:
        return BoltResponse(status=500)

    monkeypatch.setattr(bot.app, "async_dispatch", fail)
    failed = await caller.post(thanks, signed)
    monkeypatch.setattr(bot.app, "async_dispatch", dispatch)
    again = await caller.post(thanks, signed)

    assert (failed.status, again.status) == (500, 200)
    assert await count(bot, Kudos) == 1


async def count(bot: Bot, table: type) -> int:
    async with bot.sessions.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


# How the door is built


async def test_nobody_learns_what_the_door_is_made_of(ready: Community, caller: Caller):
    origin = caller.url.removesuffix("/slack/events")
    answers = [
        await caller.post(b"x=1"),
        await caller.post_signed(b"x"),
        await caller.post_signed(command(ready, "")),
    ]
    for method, path in (
        ("GET", "/health"),
        ("GET", "/slack/events"),
        ("GET", "/"),
        ("GET", "/../../etc/passwd"),
        ("POST", "/health"),
        ("TRACE", "/slack/events"),
    ):
        async with caller.http.request(method, origin + path) as response:
            answers.append(response)

    assert [each.status for each in answers] == [401, 400, 200, 200, 405, 404, 404, 405, 405]
    assert {each.headers["Server"] for each in answers} == {"Askaround"}


@pytest.mark.parametrize(
    "bytes_sent", [b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"\x00" * 99]
)
async def test_what_is_no_http_learns_nothing_either(
    ready: Community, caller: Caller, caplog: pytest.LogCaptureFixture, bytes_sent: bytes
):
    reader, writer = await asyncio.open_connection("127.0.0.1", caller.http_port)
    writer.write(bytes_sent)
    writer.write_eof()

    answered = await asyncio.wait_for(reader.read(), 5)

    writer.close()
    assert b"aiohttp" not in answered and b"Python" not in answered
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\n",
        "signed head, and no body",
        "signed head, and a body in drops",
    ],
)
async def test_who_never_finishes_is_hung_up_on(
    ready: Community, settings: Settings, monkeypatch: pytest.MonkeyPatch, beginning: object
):
    """Each drop comes in time, and the whole never does."""
    monkeypatch.setattr(http_mode, "HEAD_SECONDS", 0.6)
    monkeypatch.setattr(http_mode, "BODY_SECONDS", 0.6)
    monkeypatch.setattr(http_mode, "LINGER_SECONDS", 0.2)
    port = free_port()
    async with running(replace(settings, port=port), ready.slack.clock.now, ticks_every=TICK):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        started = time.monotonic()
        writer.write(beginning if isinstance(beginning, bytes) else head_of(settings))
        dripping = asyncio.create_task(drip(writer, b"" if beginning == b"" else b"x"))

        with contextlib.suppress(ConnectionResetError):
            await asyncio.wait_for(reader.read(), 4)

        dripping.cancel()
        writer.close()
        assert time.monotonic() - started < 3


def head_of(settings: Settings) -> bytes:
    caller = Caller(None, "", settings.signing_secret)  # type: ignore[arg-type]
    signed = caller.signed(b"")
    lines = ["POST /slack/events HTTP/1.1", "Host: x", "Content-Length: 1000"]
    lines += [f"{name}: {value}" for name, value in signed.items()]
    return "\r\n".join([*lines, "", ""]).encode()


async def drip(writer: asyncio.StreamWriter, drop: bytes) -> None:
    while True:
        writer.write(drop)
        await asyncio.sleep(0.1)


async def test_more_than_fit_are_sent_away_and_come_again(
    ready: Community, caller: Caller, bot: Bot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(http_mode, "MOST_LISTENERS", 3)
    inside, most, waits = 0, 0, asyncio.Event()
    dispatch = bot.app.async_dispatch

    async def slowly(request: object) -> object:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await waits.wait()
        inside -= 1
        return await dispatch(request)  # type: ignore[arg-type]

    monkeypatch.setattr(bot.app, "async_dispatch", slowly)
    now = int(time.time())
    body = command(ready, "")
    sent = [
        asyncio.create_task(caller.post(body, caller.signed(body, str(now - age))))
        for age in range(20)
    ]
    turned_away, _ = await asyncio.wait(sent, timeout=2)
    waits.set()
    answers = await asyncio.gather(*sent)

    assert most == 3
    assert sorted(each.status for each in answers) == [200] * 3 + [503] * 17
    assert {each.result().headers["Retry-After"] for each in turned_away} == {"1"}


async def test_connections_that_are_too_many_are_dropped_at_once(
    ready: Community, caller: Caller, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(http_mode, "MOST_CONNECTIONS", 5)

    opened = [await asyncio.open_connection("127.0.0.1", caller.http_port) for _ in range(20)]
    await asyncio.sleep(0.3)
    closed = [reader for reader, _ in opened if reader.at_eof() or reader.exception()]

    assert len(closed) >= 15
    for _, writer in opened:
        writer.close()


async def test_the_door_opens_to_this_machine_alone(settings: Settings, bot: Bot):
    """Unless HOST says otherwise."""
    assert settings.host == "127.0.0.1"
    _, writer = await asyncio.open_connection("127.0.0.1", settings.port)
    writer.close()
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.2", settings.port)


async def test_the_operator_can_open_it(ready: Community, settings: Settings, bot: Bot):
    everywhere = replace(settings, host="0.0.0.0", port=free_port())
    async with running(everywhere, ready.slack.clock.now, ticks_every=TICK):
        _, writer = await asyncio.open_connection("127.0.0.2", everywhere.port)
        writer.close()

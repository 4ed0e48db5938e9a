"""Calls outside Slack over real sockets: what counts as taken, and where we do not go."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from ipaddress import ip_network

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.settings import Proxies
from handlers.experts.webhooks import MOST_READ, CarefulResolver, Outside, post_signed
from handlers.slack import Refused, Unclear

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ALLOWED = Outside([ip_network("127.0.0.0/8"), ip_network("::1")])
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def call(address: str, outside: Outside = ALLOWED) -> bytes:
    return await post_signed(
        address, SECRET, message_id="msg_1", body=b"{}", now=NOW, outside=outside
    )


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Answer], Awaitable[str]]]:
    """Starts a server with this answer; its address."""
    servers: list[TestServer] = []

    async def start(answer: Answer) -> str:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        servers.append(TestServer(app))
        await servers[-1].start_server()
        return str(servers[-1].make_url("/hook"))

    yield start
    for server in servers:
        await server.close()


def with_status(status: int, **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    return answer


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_answer_of_two_hundred_is_content(serve, status: int):
    assert await call(await serve(with_status(status))) == b""


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (301, "it answered 301 (Moved Permanently), and I do not follow it elsewhere"),
        (308, "it answered 308 (Permanent Redirect), and I do not follow it elsewhere"),
        (304, "it answered 304 (Not Modified), and I do not follow it elsewhere"),
        (400, "it answered 400 (Bad Request)"),
        (401, "it answered 401 (Unauthorized)"),
        (404, "it answered 404 (Not Found)"),
        (410, "it answered 410 (Gone)"),
        (499, "it answered 499"),
    ],
)
async def test_what_it_will_never_take_is_refused(serve, status: int, why: str):
    with pytest.raises(Refused) as refused:
        await call(await serve(with_status(status, Location="/elsewhere")))

    assert refused.value.code == why


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
async def test_what_time_may_change_is_unclear(serve, status: int):
    with pytest.raises(Unclear, match=f"it answered {status}"):
        await call(await serve(with_status(status)))


@pytest.mark.parametrize(
    ("wished", "seconds"),
    [("120", 120), ("", 0), ("-5", 0), ("1e9", 0), ("9" * 50, 0), ("Mon, 23 Nov 2026", 0)],
)
async def test_how_long_it_asks_us_to_wait_is_read(serve, wished: str, seconds: float):
    with pytest.raises(Unclear) as unclear:
        await call(await serve(with_status(503, **{"Retry-After": wished})))

    assert unclear.value.seconds == seconds


async def test_of_a_long_answer_only_the_beginning_is_read(serve):
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 4096)

    async with asyncio.timeout(5):
        assert await call(await serve(endless)) == b"x" * MOST_READ


async def test_an_answer_that_breaks_off_was_taken_all_the_same(serve):
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.close()
        return response

    assert await call(await serve(cut)) in (b"", b"half")


async def test_a_call_that_breaks_off_is_unclear(serve):
    async def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    with pytest.raises(Unclear, match="the connection to it broke off"):
        await call(await serve(hang_up))


async def test_a_host_that_nobody_is_at_is_unclear():
    with pytest.raises(Unclear, match="no connection to it could be made"):
        await call(f"http://127.0.0.1:{unused_port()}/")


async def test_a_name_that_nobody_knows_is_unclear():
    with pytest.raises(Unclear, match="its name is not known here"):
        await call("https://nobody.invalid/")


async def test_an_address_that_may_not_be_called_any_more_is_refused():
    with pytest.raises(Refused, match="its address is none that I call"):
        await call("http://169.254.169.254/")


async def test_a_name_that_leads_where_nobody_may_call_is_refused():
    """That number is a name to aiohttp, and the system looks it up as 169.254.169.254."""
    connector = aiohttp.TCPConnector(resolver=CarefulResolver([]))
    async with aiohttp.ClientSession(connector=connector) as http:
        with pytest.raises(Refused, match="leads to an address that I do not call"):
            await http.post("http://0xa9fea9fe/")


@pytest.mark.parametrize("name", ["localhost", "0x7f000001"])
async def test_a_name_that_leads_inside_is_refused_when_it_is_looked_up(name: str):
    """Not before: who runs the name could change in between where it leads."""
    connector = aiohttp.TCPConnector(resolver=CarefulResolver([ip_network("10.0.0.0/8")]))
    async with aiohttp.ClientSession(connector=connector) as http:
        with pytest.raises(Refused, match="leads to an address that I do not call"):
            await http.post(f"http://{name}:{unused_port()}/")


async def test_without_a_setting_nothing_inside_hears_a_call(serve):
    calls: list[str] = []

    async def note(request: web.Request) -> web.Response:
        calls.append(request.path)
        return web.Response()

    for address in (await serve(note), "http://localhost:8080/", "https://127.0.0.1/"):
        with pytest.raises(Refused, match="its address is none that I call"):
            await call(address, Outside())

    assert calls == []


async def test_a_proxy_is_asked_and_the_helpdesk_is_looked_up_there(serve):
    asked: list[str] = []

    async def forward(request: web.Request) -> web.Response:
        asked.append(str(request.url))
        return web.Response(body=b"taken")

    proxies = Proxies(http=await serve(forward))

    networks = [ip_network("10.0.0.0/8")]
    answered = await call("http://helpdesk.internal/hook", Outside(networks, proxies))

    assert answered == b"taken"
    assert asked == ["http://helpdesk.internal/hook"]


async def test_through_a_proxy_too_nothing_is_called_that_is_known_to_be_inside(serve):
    proxies = Proxies(http=await serve(with_status(200)), https="http://127.0.0.1:9")

    for address in ("http://169.254.169.254/", "https://10.0.0.1/"):
        with pytest.raises(Refused):
            await call(address, Outside(proxies=proxies))

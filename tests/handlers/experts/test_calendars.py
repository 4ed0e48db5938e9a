"""Fetching a calendar over real sockets: what is taken, and where we do not go."""

from collections.abc import AsyncIterator, Awaitable, Callable
from ipaddress import ip_network

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.experts.calendars import NO_CALENDAR, TOO_LARGE, UNREACHABLE, Unreadable
from handlers.experts.calendars import MOST_READ, fetch
from handlers.experts.webhooks import Outside

ALLOWED = Outside([ip_network("127.0.0.0/8"), ip_network("::1")])
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Answer], Awaitable[str]]]:
    """Starts a server with this answer; its address."""
    servers: list[TestServer] = []

    async def start(answer: Answer) -> str:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        servers.append(TestServer(app))
        await servers[-1].start_server()
        return str(servers[-1].make_url("/mine.ics"))

    yield start
    for server in servers:
        await server.close()


async def why_not(address: str, outside: Outside = ALLOWED) -> str:
    with pytest.raises(Unreadable) as problem:
        await fetch(address, outside)
    return problem.value.why


async def test_what_is_there_is_had_and_a_redirect_is_followed(serve):
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/mine.ics":
            return web.Response(status=302, headers={"Location": "/there.ics"})
        return web.Response(text="BEGIN:VCALENDAR")

    assert await fetch(await serve(answer), ALLOWED) == b"BEGIN:VCALENDAR"


@pytest.mark.parametrize("to", ["http://169.254.169.254/latest", "http://10.0.0.1/", "file:///etc"])
async def test_a_redirect_leads_nowhere_that_is_not_to_be_called(serve, to: str):
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=301, headers={"Location": to})

    assert await why_not(await serve(answer)) == UNREACHABLE


async def test_redirects_without_an_end_are_left(serve):
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/again"})

    assert await why_not(await serve(answer)) == UNREACHABLE


@pytest.mark.parametrize(
    ("status", "why"), [(404, NO_CALENDAR), (401, NO_CALENDAR), (500, UNREACHABLE)]
)
async def test_what_is_refused_is_told_apart_from_what_is_down(serve, status: int, why: str):
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status)

    assert await why_not(await serve(answer)) == why


async def test_what_is_too_large_is_left(serve):
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * (MOST_READ + 1))

    assert await why_not(await serve(answer)) == TOO_LARGE


async def test_inside_is_only_where_the_operator_allows_it(serve):
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="BEGIN:VCALENDAR")

    assert await why_not(await serve(answer), Outside()) == UNREACHABLE

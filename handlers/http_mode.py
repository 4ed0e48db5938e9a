"""HTTP: Slack posts signed requests to us. Nobody else gets further than this door."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.requests import give_back, take
from bot.settings import BadSetting
from handlers.dispatching import persistently
from handlers.http_bodies import Unreadable, read_body
from handlers.installing import Page
from handlers.meters import Meters
from handlers.payloads import Payload
from handlers.signing import Claim, read_claim
from handlers.turns import NoTurn, Turns
from storage.database import Sessions

EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/health"
HEAD_SECONDS = 20.0  # for a request's head to be complete, and so for a connection to be idle
BODY_SECONDS = 10.0
LINGER_SECONDS = 2.0  # a body that is not read is let come, so that the answer arrives
MOST_BYTES = 1024**2  # of a body
MOST_CONNECTIONS = 256  # each may hold a body in memory
MOST_LISTENERS = 100  # of a workspace at a time; Slack sends again what had no room
WARN_EVERY = 60.0  # seconds; anybody can make us warn
SERVER = {"Server": "Askaround"}  # no versions

logger = logging.getLogger("askaround.http")


class Connection(web.RequestHandler):
    """One that says nothing of what it was sent, to nobody."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status >= 500:
            logger.error("A request failed.", exc_info=exc)
        response = answer(status)
        response.force_close()
        return response


class Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return Connection(self, loop=self._loop, **self._kwargs)

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()


class HttpMode:
    def __init__(
        self,
        app: AsyncApp,
        sessions: Sessions,
        clock: Callable[[], datetime],
        *,
        signing_secret: str,
        host: str,
        port: int,
        drain_seconds: float,
        meters: Meters,
        pages: Mapping[str, Page] = MappingProxyType({}),
        turns: Turns | None = None,
    ) -> None:
        self.app, self.sessions, self.clock = app, sessions, clock
        self.pages, self.has_many = pages, turns is not None
        self.turns = turns or Turns(MOST_LISTENERS)
        self.signing_secret, self.host, self.port = signing_secret, host, port
        self.drain_seconds, self.meters = drain_seconds, meters
        self.runner: web.ServerRunner | None = None
        # Told of each request of Slack's, with how often it was sent in vain before.
        self.on_heard: Callable[[int], None] = lambda _: None
        self._listening = 0
        self._warned_at = -WARN_EVERY

    async def start(self) -> None:
        server = Server(
            self.on_request,
            keepalive_timeout=HEAD_SECONDS,
            lingering_time=LINGER_SECONDS,
            auto_decompress=False,
            access_log=None,
        )
        self.runner = web.ServerRunner(server, shutdown_timeout=self.drain_seconds)
        await self.runner.setup()
        try:
            await web.TCPSite(self.runner, self.host, self.port).start()
        except OSError as error:
            await self.runner.cleanup()
            raise BadSetting(
                f"Port {self.port} of {self.host} cannot be opened ({error.strerror}): "
                "set HOST and PORT to others."
            ) from error

    async def stop(self) -> None:
        """Close the door, and let the requests that are inside end."""
        if self.runner is not None:
            await self.runner.cleanup()

    async def on_request(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path in self.pages and request.method in ("GET", "HEAD"):
            page = await self.pages[request.path](request)
            page.headers.update(SERVER)
            return page
        if request.path not in (EVENTS_PATH, HEALTH_PATH, *self.pages):
            return answer(404)
        if request.path == HEALTH_PATH and request.method in ("GET", "HEAD"):
            return answer(200, '{"ok": true}', "application/json")
        if request.path == EVENTS_PATH and request.method == "POST":
            return await self.on_slack(request)
        return answer(405)

    async def on_slack(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            claim, body = await self.verify(request)
            bolt_request = for_bolt(request, understand(body, request))
        except NotTaken as refusal:
            return answer(refusal.status)
        if not self.has_many and self._listening >= MOST_LISTENERS:
            return answer(503)
        self.on_heard(tries_before(request))
        self._listening += 1
        try:
            async with self.turns.of(team_named_in(bolt_request.body)):
                # The events of a busy workspace are told apart by themselves, without a write.
                if bolt_request.body.get("type") == "event_callback":
                    return await self.dispatch(bolt_request)
                return await self.dispatch_once(bolt_request, claim)
        except NoTurn:
            return answer(503)
        finally:
            self._listening -= 1

    async def verify(self, request: web.BaseRequest) -> tuple[Claim, bytes]:
        """The body of a request that Slack signed; nobody has looked into it yet."""
        claim = read_claim(request.headers, now=time.time())
        if claim is None:
            self.warn(request)
            raise NotTaken(401)
        if (request.content_length or 0) > MOST_BYTES:
            raise NotTaken(413)
        body = await read(request)
        if not claim.holds_for(body, self.signing_secret):
            self.warn(request)
            raise NotTaken(401)
        return claim, body

    def warn(self, request: web.BaseRequest) -> None:
        now = time.monotonic()
        if now - self._warned_at < WARN_EVERY:
            return
        self._warned_at = now
        logger.warning(
            "A request from %s came without a signature of Slack's, and was refused. If it was "
            "Slack, SLACK_SIGNING_SECRET is not this app's, or this machine's clock is wrong.",
            request.remote,
        )

    async def dispatch_once(self, request: AsyncBoltRequest, claim: Claim) -> web.StreamResponse:
        """Nothing where the same signed request was taken before."""
        async with self.sessions.begin() as session:
            if not await take(session, claim.signature, now=self.clock()):
                return answer(200)
        response = await self.dispatch(request)
        if response.status >= 500:
            async with self.sessions.begin() as session:
                await give_back(session, claim.signature)
        return response

    async def dispatch(self, request: AsyncBoltRequest) -> web.StreamResponse:
        with self.meters.hearing(request.body) as answered:
            bolt_response = await persistently(lambda: self.app.async_dispatch(same(request)))
            answered(bolt_response.status)
        response = await to_aiohttp_response(bolt_response)
        response.headers.update(SERVER)
        return response


def team_named_in(body: Payload) -> str:
    team = body.get("team_id") or body.get("team")
    return str(team.get("id") if isinstance(team, dict) else team)


def same(request: AsyncBoltRequest) -> AsyncBoltRequest:
    """As it came: what listens leaves its marks on a request."""
    return AsyncBoltRequest(body=request.body, headers=request.headers, mode=request.mode)


def tries_before(request: web.BaseRequest) -> int:
    tried = request.headers.get("x-slack-retry-num", "0")
    return int(tried) if tried.isascii() and tried.isdigit() and len(tried) < 9 else 0


class NotTaken(Exception):
    """A request that we answer with this status, and without a word."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read(request: web.BaseRequest) -> bytes:
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise NotTaken(413) from None
    except TimeoutError:
        raise NotTaken(408) from None
    except (web.RequestPayloadError, ConnectionError):  # pieces of a length that is none
        raise NotTaken(400) from None


def understand(body: bytes, request: web.BaseRequest) -> Payload:
    if len(request.headers.getall("content-type", [])) > 1:
        raise NotTaken(400)
    try:
        return read_body(body, request.content_type, request.charset)
    except Unreadable:
        raise NotTaken(400) from None


def for_bolt(request: web.BaseRequest, said: Payload) -> AsyncBoltRequest:
    """As from a socket: the signature is checked and the body read, and both only once."""
    name_the_workspace(said)
    try:
        return AsyncBoltRequest(body=said, headers=dict(request.headers), mode="socket_mode")
    except (AttributeError, KeyError, TypeError):  # JSON, but of no shape that Slack sends
        raise NotTaken(400) from None


def name_the_workspace(said: Payload) -> None:
    """Where an organisation installed the app for all its workspaces, an event says only beside
    its authorization, where Bolt looks, in which of them it happened."""
    match said:
        case {"team_id": str(team_id), "authorizations": [{"team_id": None} as authorization, *_]}:
            authorization["team_id"] = team_id


def answer(status: int, body: str = "", content_type: str = "text/plain") -> web.Response:
    again = {"Retry-After": "1"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return web.Response(status=status, text=body, content_type=content_type, headers=SERVER | again)

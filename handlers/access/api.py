"""The API: what programs ask over HTTP, each for one person.

Nobody gets past this door without a token that holds, and what is answered is what its person may
see at that moment. Whatever goes wrong is told as a problem."""

import asyncio
import contextlib
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.access.tokens import Bearer, get_bearer, is_use_news, note_used
from bot.errors import (
    AlreadyOutdated,
    HelpedYourself,
    OnlyAdmins,
    OnlyAdminsAndSponsors,
    OnlyOpenAccounts,
    QuestionIsGone,
    SlackDoesNotSay,
    TopicIsGone,
    UserError,
)
from bot.failures import new_reference
from bot.people import PEOPLE_STAY_FRESH
from bot.settings import BadSetting
from handlers.access.describing import BASE, describe
from handlers.access.limits import Limits, Standing
from handlers.blocks.access import problems
from handlers.blocks.access.problems import PROBLEM, problem
from handlers.blocks.access.seeing import moment
from handlers.http_mode import HEAD_SECONDS, LINGER_SECONDS, SERVER, Server
from handlers.routes import NO_CONTENT, NUMBER, Asked, Json, Route
from storage.database import UNREACHABLE, Sessions, is_passing

DESCRIPTION = f"{BASE}/openapi.json"
AT_ONCE, A_SECOND = 60, 5.0  # requests of a token
STRANGERS_AT_ONCE, STRANGERS_A_SECOND = 30, 1.0  # refusals to an address
MOST_ANSWERED_AT_ONCE = 64
ANSWERS_WITHIN = 10.0  # seconds
RETRY_SECONDS, SLACK_RETRY_SECONDS = 2, 60
Meet = Callable[[str, str, datetime], Awaitable[bool]]  # a workspace, a person, and when
STATUSES: Mapping[type[UserError], int] = {
    OnlyOpenAccounts: 401,
    OnlyAdmins: 403,
    OnlyAdminsAndSponsors: 403,
    QuestionIsGone: 404,
    TopicIsGone: 404,
    HelpedYourself: 409,
    AlreadyOutdated: 409,
}
PRIVATE = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
ALWAYS = {**SERVER, "X-Content-Type-Options": "nosniff"}

logger = logging.getLogger("askaround.api")


class NotAnswered(Exception):
    """A request that is answered with a problem."""

    def __init__(
        self, status: int, detail: str = "", headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(status)
        self.status, self.headers = status, dict(headers or {})
        self.shown = problem(status, detail, **more)


class Api:
    """`address`: where programs reach it, as the description names it. `meet`: asks Slack who
    somebody is and keeps what it says; False where it does not say."""

    def __init__(
        self,
        routes: Sequence[Route],
        sessions: Sessions,
        clock: Callable[[], datetime],
        *,
        address: str,
        meet: Meet | None = None,
        count: Callable[[str, int], None] = lambda name, status: None,
    ) -> None:
        self.sessions, self.clock, self.meet, self.count = sessions, clock, meet, count
        self.started_at = clock()
        self.description = json.dumps(describe(routes, address)).encode()
        self.limits = Limits(at_once=AT_ONCE, a_second=A_SECOND)
        self.strangers = Limits(at_once=STRANGERS_AT_ONCE, a_second=STRANGERS_A_SECOND)
        self._patterns = [(route, route.pattern) for route in routes]
        self._answering = 0
        self._runner: web.ServerRunner | None = None

    async def start(self, host: str, port: int) -> None:
        server = Server(
            self.on_request,
            keepalive_timeout=HEAD_SECONDS,
            lingering_time=LINGER_SECONDS,
            auto_decompress=False,
            access_log=None,
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=ANSWERS_WITHIN)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self.stop()
            raise BadSetting(
                f"Port {port} of {host} cannot be opened ({error.strerror}): "
                "set API_HOST and API_PORT to others."
            ) from error

    async def stop(self) -> None:
        """Close the door, and let the requests that are inside end."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def on_request(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == DESCRIPTION and request.method in ("GET", "HEAD"):
            return whole(request, self.description, {"Cache-Control": "no-cache"})
        name = "unknown"
        try:
            route, values = self.find(request)
            name = route.name
            response = await self.let_in(request, route, values)
        except NotAnswered as refusal:
            response = refused(refusal)
        self.count(name, response.status)
        return response

    def find(self, request: web.BaseRequest) -> tuple[Route, Json]:
        """The route, and what stands in its path."""
        path = request.path.removeprefix(BASE) if request.path.startswith(f"{BASE}/") else ""
        found = [(route, at) for route, each in self._patterns if (at := each.fullmatch(path))]
        method = "GET" if request.method == "HEAD" else request.method
        for route, at in found:
            if route.method == method:
                return route, at.groupdict()
        if not found:
            raise NotAnswered(404)
        methods = {route.method for route, _ in found}
        raise NotAnswered(405, headers={"Allow": ", ".join(sorted(methods | heads(methods)))})

    async def let_in(
        self, request: web.BaseRequest, route: Route, in_path: Json
    ) -> web.StreamResponse:
        if self._answering >= MOST_ANSWERED_AT_ONCE:
            raise NotAnswered(503, headers={"Retry-After": str(RETRY_SECONDS)})
        self._answering += 1
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                return await self.answer(request, route, in_path)
        except UserError as error:
            raise NotAnswered(STATUSES.get(type(error), 409), problems.told(error)) from error
        except NotAnswered:
            raise
        except Exception as error:
            raise trouble(error) from error
        finally:
            self._answering -= 1

    async def answer(
        self, request: web.BaseRequest, route: Route, in_path: Json
    ) -> web.StreamResponse:
        bearer = await self.know(request)
        standing = self.limits.take(str(bearer.token_id))
        rate = rate_of(standing)
        try:
            if standing.is_over:
                raise NotAnswered(429, headers={"Retry-After": str(standing.retry)})
            if route.scope is not None and route.scope not in bearer.scopes:
                raise NotAnswered(403, problems.needs_scope(route.scope), scope=route.scope)
            shown = await route.answer(self.asked(request, route, in_path, bearer))
        except NotAnswered as refusal:
            refusal.headers |= rate
            raise
        if route.returns is None:
            return web.Response(status=NO_CONTENT, headers=ALWAYS | PRIVATE | rate)
        body = json.dumps(shown, ensure_ascii=False).encode()
        return whole(request, body, PRIVATE | rate, is_fresh=route.method != "GET")

    async def know(self, request: web.BaseRequest) -> Bearer:
        """Whose program it is. What they may see depends on who Slack says that they are, so it is
        asked unless it told lately."""
        now = self.clock()
        bearer = await self.bearer_of(request, now)
        if bearer is not None and self.meet is not None and self.is_stale(bearer, now):
            if not await self.meet(bearer.team_id, bearer.user_id, now):
                detail = problems.told(SlackDoesNotSay())
                raise NotAnswered(503, detail, {"Retry-After": str(SLACK_RETRY_SECONDS)})
            bearer = await self.bearer_of(request, now)
        if bearer is None:
            standing = self.strangers.take(request.remote or "")
            if standing.is_over:
                raise NotAnswered(
                    429, headers={"Retry-After": str(standing.retry), **rate_of(standing)}
                )
            raise NotAnswered(401, headers={"WWW-Authenticate": "Bearer"})
        if is_use_news(bearer, now):
            with contextlib.suppress(*UNREACHABLE):  # to look is more than to note it
                async with self.sessions.begin() as session:
                    await note_used(session, bearer, now=now)
        return bearer

    async def bearer_of(self, request: web.BaseRequest, now: datetime) -> Bearer | None:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        async with self.sessions.read() as session:
            return await get_bearer(session, secret.strip(), now=now)

    def is_stale(self, bearer: Bearer, now: datetime) -> bool:
        return bearer.known_at < max(now - PEOPLE_STAY_FRESH, self.started_at)

    def asked(self, request: web.BaseRequest, route: Route, in_path: Json, bearer: Bearer) -> Asked:
        return Asked(
            bearer.team_id,
            bearer.user_id,
            {**read_path(in_path), **read_query(request, route)},
            self.clock(),
            self.sessions,
            {"scopes": sorted(bearer.scopes), "ends_at": moment(bearer.ends_at)},
        )


def heads(methods: set[str]) -> set[str]:
    return {"HEAD"} if "GET" in methods else set()


def read_path(in_path: Json) -> Json:
    """What is no number is nothing's number."""
    for written in in_path.values():
        if not NUMBER.fullmatch(written) or int(written) >= 2**53:
            raise NotAnswered(404)
    return {name: int(written) for name, written in in_path.items()}


def read_query(request: web.BaseRequest, route: Route) -> Json:
    query = request.query
    known = {param.name for param in route.params}
    if any(name not in known for name in query):
        raise NotAnswered(400, problems.unknown_value(sorted(known)))
    values: Json = {}
    for param in route.params:
        written = query.getall(param.name, [])
        if len(written) > 1:
            raise NotAnswered(400, problems.twice(param.name), parameter=param.name)
        if not written and param.is_required:
            missing = problems.missing_value(param.name, param.about)
            raise NotAnswered(400, missing, parameter=param.name)
        try:
            values[param.name] = param.read(written[0]) if written else param.default
        except ValueError:
            wrong = problems.wrong_value(param.name, param.about)
            raise NotAnswered(400, wrong, parameter=param.name) from None
    return values


def whole(
    request: web.BaseRequest, body: bytes, headers: Mapping[str, str], *, is_fresh: bool = False
) -> web.Response:
    """The answer, or that it is the one they have. `is_fresh`: it is nothing to keep."""
    if is_fresh:
        return web.Response(
            body=body, content_type="application/json", headers={**ALWAYS, **headers}
        )
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    told = {**ALWAYS, **headers, "ETag": etag}
    if is_the_same(request.headers.get("If-None-Match", ""), etag):
        return web.Response(status=304, headers=told)
    return web.Response(body=body, content_type="application/json", headers=told)


def is_the_same(theirs: str, etag: str) -> bool:
    known = [each.strip().removeprefix("W/") for each in theirs.split(",")]
    return etag in known or known == ["*"]


def rate_of(standing: Standing) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(standing.limit),
        "RateLimit-Remaining": str(standing.left),
        "RateLimit-Reset": str(standing.reset),
    }


def refused(refusal: NotAnswered) -> web.Response:
    return web.Response(
        status=refusal.status,
        body=json.dumps(refusal.shown).encode(),
        content_type=PROBLEM,
        headers={**ALWAYS, "Cache-Control": "no-store", **refusal.headers},
    )


def trouble(error: Exception) -> NotAnswered:
    """It took too long or the database is away, and that passes; or nobody expected it."""
    if isinstance(error, OSError) or is_passing(error):  # a timeout is one too
        return NotAnswered(503, headers={"Retry-After": str(RETRY_SECONDS)})
    reference = new_reference()
    logger.error("The API failed, reference %s", reference, exc_info=error)
    return NotAnswered(500, problems.failed(reference), reference=reference)

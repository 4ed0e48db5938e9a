"""Where assistants reach the MCP server over HTTP: streamable HTTP, one request a call."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.access.tokens import ACT, FIND
from bot.settings import BadSetting
from handlers.assistants.mcp import NAME, Meet, for_http
from storage.database import Sessions

PATH = "/mcp"
METADATA = f"/.well-known/oauth-protected-resource{PATH}"
MOST_BODY = 64 * 1024  # bytes
STOPS_WITHIN = 10  # seconds
LOCAL = ("127.0.0.1:*", "localhost:*", "[::1]:*")


class Quiet(uvicorn.Server):
    """Leaves the process's signals to who runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class McpDoor:
    """`address`: where assistants reach it; `/mcp` is below."""

    def __init__(
        self, sessions: Sessions, clock: Callable[[], datetime], meet: Meet, address: str
    ) -> None:
        self.app = build(sessions, clock, meet, address)
        self._server: Quiet | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int) -> None:
        listening = open_socket(host, port)
        config = uvicorn.Config(
            self.app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STOPS_WITHIN,
            limit_concurrency=128,
        )
        self._server = Quiet(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        while not self._server.started:
            if self._serving.done():
                await self._serving
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Let the calls that are inside end."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving


def open_socket(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=family_of(host))
    except OSError as error:
        raise BadSetting(
            f"Port {port} of {host} cannot be opened ({error.strerror}): "
            "set MCP_HOST and MCP_PORT to others."
        ) from error


def family_of(host: str) -> int:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def build(sessions: Sessions, clock: Callable[[], datetime], meet: Meet, address: str) -> Starlette:
    server = for_http(sessions, clock, meet, address)
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,  # each request shows its own token, and is for its own person
        max_request_body_size=MOST_BODY,
        transport_security=let_in(address),
    )
    app.router.routes.append(Route(METADATA, describing(f"{address}{PATH}")))
    return app


def let_in(address: str) -> TransportSecuritySettings:
    """Only who means this server: no page of a browser, under whatever name, reaches it."""
    host = urlsplit(address).netloc
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[host, *LOCAL],
        allowed_origins=[address, *(f"http://{each}" for each in LOCAL)],
    )


def describing(resource: str) -> Callable[[Request], Any]:
    """What a client that got no further is told (RFC 9728): show a token, in the header."""

    async def describe(request: Request) -> Response:
        return JSONResponse(
            {
                "resource": resource,
                "resource_name": NAME,
                "bearer_methods_supported": ["header"],
                "scopes_supported": [FIND, ACT],
            }
        )

    return describe

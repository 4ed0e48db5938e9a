"""Socket Mode: a connection that is watched, and that stops without losing anything."""

import asyncio
import contextlib
import logging
import random
import time
from typing import Any

from aiohttp import ClientWebSocketResponse
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import (
    run_async_bolt_app,
    send_async_response,
)
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.request import SocketModeRequest

from handlers.dispatching import persistently
from handlers.logs import named
from handlers.meters import Meters
from handlers.slack import NotNow, Refused, Slack, Unclear

# The SDK's client may retry a dead address for ever, or reconnect without any pause.
DEAD_AFTER = 20.0  # seconds without a connection
LOOK_EVERY = 1.0
PING_EVERY = 5.0
LONGEST_PAUSE = 60.0
TICKET_PAUSE = 1.0  # between two requests for an address
LONGEST_TICKET_PAUSE = 10.0
CLOSES_WITHIN = 5.0

logger = logging.getLogger("askaround.socket")


class DrainingHandler(AsyncSocketModeHandler):
    """Knows what is being handled. Once it stops taking, Slack delivers to others or again.

    `slack`: with the app's token."""

    def __init__(self, app: AsyncApp, app_token: str, slack: Slack, meters: Meters) -> None:
        super().__init__(app, app_token, proxy=app.client.proxy, ping_interval=PING_EVERY)
        self.slack, self.meters = slack, meters
        self.running: set[asyncio.Task[Any]] = set()
        self.is_taking = True
        self._last_ticket_at = 0.0
        self._sockets: list[ClientWebSocketResponse] = []
        self.client.issue_new_wss_url = self.new_address  # type: ignore[method-assign]
        self.client.message_listeners.append(self.on_message)
        self._keep_sockets()

    async def handle(self, client: Any, req: SocketModeRequest) -> None:
        if not self.is_taking:
            return
        task = asyncio.current_task()
        assert task is not None
        self.running.add(task)
        began = time.time()
        try:
            with self.meters.hearing(req.payload) as answered:
                response = await persistently(lambda: run_async_bolt_app(self.app, req))
                answered(response.status)
            await send_async_response(client, req, response, began)
        finally:
            self.running.discard(task)

    async def new_address(self) -> str:
        """Asked for calmly, until Slack gives one."""
        pause = TICKET_PAUSE
        while True:
            await asyncio.sleep(max(0.0, self._last_ticket_at + TICKET_PAUSE - time.monotonic()))
            self._last_ticket_at = time.monotonic()
            try:
                return str((await self.slack.call("apps.connections.open"))["url"])
            except (Refused, Unclear, NotNow, KeyError) as problem:
                logger.warning("Slack gives no connection: %s", problem)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_TICKET_PAUSE)

    async def on_message(self, _client: Any, message: dict[str, Any], _raw: str | None) -> None:
        if message.get("type") == "hello":
            tell_of_others(message.get("num_connections"))

    def problem(self) -> str | None:
        """What of the client has died, so that it would hear nothing and not know."""
        client = self.client
        for name in ("message_processor", "message_receiver", "current_session_monitor"):
            task = getattr(client, name)
            if task is not None and task.done():
                return f"its {name} has ended"
        return None

    async def close_forgotten(self) -> None:
        """Close sockets that a reconnection left open: Slack would go on to send there, and
        nobody reads it."""
        current = self.client.current_session
        forgotten = [each for each in self._sockets if each is not current and not each.closed]
        self._sockets = [] if current is None else [current]
        for socket in forgotten:
            logger.warning("A connection that nobody listened to is closed.")
            await socket.close()

    async def hang_up(self, drain_seconds: float) -> None:
        """Let what runs end, and close everything, however broken it is."""
        if self.running:
            await asyncio.wait(self.running, timeout=drain_seconds)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(CLOSES_WITHIN):
                await self.client.close()  # type: ignore[no-untyped-call]
        for task in (
            self.client.message_processor,
            self.client.message_receiver,
            self.client.current_session_monitor,
        ):
            if task is not None:
                task.cancel()
        await self.client.aiohttp_client_session.close()

    def _keep_sockets(self) -> None:
        session = self.client.aiohttp_client_session
        connect = session.ws_connect

        async def connect_and_keep(*arguments: Any, **options: Any) -> Any:
            socket = await connect(*arguments, **options)
            self._sockets.append(socket)
            return socket

        session.ws_connect = connect_and_keep  # type: ignore[method-assign, assignment]


def tell_of_others(connections: Any) -> None:
    """Slack sends each envelope to any one of an app's connections."""
    if isinstance(connections, int) and connections > 1:
        logger.warning(
            "Slack counts %d connections of this app. Unless as many replicas run, something "
            "forgotten takes a share of the commands and clicks, and they fail: find the other "
            "program that has SLACK_APP_TOKEN, or revoke this token and make a new one.",
            connections,
        )
    else:
        logger.info("Connected to Slack.")


class SocketMode:
    """`slack`: with the app's token."""

    def __init__(
        self, app: AsyncApp, app_token: str, slack: Slack, drain_seconds: float, meters: Meters
    ) -> None:
        self.app, self.app_token, self.slack = app, app_token, slack
        self.drain_seconds, self.meters = drain_seconds, meters
        self.handler: DrainingHandler | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._watch = asyncio.create_task(self._keep_connected())

    async def is_connected(self) -> bool:
        return self.handler is not None and await self.handler.client.is_connected()

    async def stop(self) -> None:
        """Take no more, let what runs end, then hang up."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self.handler is not None:
            self.handler.is_taking = False
            await self.handler.hang_up(self.drain_seconds)

    async def _keep_connected(self) -> None:
        pause = 1.0
        while True:
            self.handler = DrainingHandler(self.app, self.app_token, self.slack, self.meters)
            started = time.monotonic()
            problem = await self._live(self.handler)
            await self.handler.hang_up(CLOSES_WITHIN)
            if time.monotonic() - started > 2 * LONGEST_PAUSE:
                pause = 1.0
            wait = pause * random.uniform(0.5, 1.5)
            logger.warning(
                "Not connected to Slack (%s); a new connection in %.0f s.", problem, wait
            )
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _live(self, handler: DrainingHandler) -> str:
        """Connect and stay; why it ended, when the connection is of no more use."""
        connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
        alive_at, was_ill = time.monotonic(), False
        try:
            while time.monotonic() - alive_at < DEAD_AFTER:
                failure = connecting.exception() if connecting.done() else None
                if failure is not None:
                    return named(failure)
                problem = handler.problem()
                if problem is not None and was_ill:  # at two looks: no reconnection under way
                    return problem
                was_ill = problem is not None
                if await handler.client.is_connected():
                    alive_at = time.monotonic()
                await asyncio.sleep(LOOK_EVERY)
                await handler.close_forgotten()
            return f"none for {DEAD_AFTER:.0f} s"
        finally:
            connecting.cancel()

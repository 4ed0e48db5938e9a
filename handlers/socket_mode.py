"""Socket Mode: a connection that is watched, and that stops without losing anything."""

import asyncio
import contextlib
import logging
import random
import time
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.request import SocketModeRequest

from handlers.logs import named

# The SDK's client may retry a dead address for ever, or reconnect without any pause.
DEAD_AFTER = 30.0  # seconds without a connection
LOOK_EVERY = 1.0
PING_EVERY = 5.0
LONGEST_PAUSE = 60.0
TICKET_PAUSE = 1.0  # between two requests for an address

logger = logging.getLogger("askaround.socket")


class DrainingHandler(AsyncSocketModeHandler):
    """Knows what is being handled. Once it stops taking, Slack delivers to others or again."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        super().__init__(app, app_token, proxy=app.client.proxy, ping_interval=PING_EVERY)
        self.running: set[asyncio.Task[Any]] = set()
        self.is_taking = True
        self._last_ticket_at = 0.0
        issue = self.client.issue_new_wss_url

        async def issue_calmly() -> str:
            pause = self._last_ticket_at + TICKET_PAUSE - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
            self._last_ticket_at = time.monotonic()
            return await issue()

        self.client.issue_new_wss_url = issue_calmly  # type: ignore[method-assign]

    async def handle(self, client: Any, req: SocketModeRequest) -> None:
        if not self.is_taking:
            return
        task = asyncio.current_task()
        assert task is not None
        self.running.add(task)
        try:
            await super().handle(client, req)
        finally:
            self.running.discard(task)


class SocketMode:
    def __init__(self, app: AsyncApp, app_token: str, drain_seconds: float) -> None:
        self.app, self.app_token, self.drain_seconds = app, app_token, drain_seconds
        self.handler: DrainingHandler | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._watch = asyncio.create_task(self._keep_connected())

    async def stop(self) -> None:
        """Take no more, let what runs end, then hang up."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self.handler is not None:
            self.handler.is_taking = False
            if self.handler.running:
                await asyncio.wait(self.handler.running, timeout=self.drain_seconds)
            await self.handler.close_async()  # type: ignore[no-untyped-call]

    async def _keep_connected(self) -> None:
        pause = 1.0
        while True:
            self.handler = DrainingHandler(self.app, self.app_token)
            started = time.monotonic()
            await self._live(self.handler)
            await self.handler.close_async()  # type: ignore[no-untyped-call]
            if time.monotonic() - started > 2 * LONGEST_PAUSE:
                pause = 1.0
            logger.warning("Not connected to Slack; a new connection in %.0f s.", pause)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _live(self, handler: DrainingHandler) -> None:
        """Connect and stay until the connection has been dead for too long."""
        connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
        alive_at = time.monotonic()
        try:
            while time.monotonic() - alive_at < DEAD_AFTER:
                problem = connecting.exception() if connecting.done() else None
                if problem is not None:
                    logger.error("Slack gives no connection: %s", named(problem))
                    return
                if await handler.client.is_connected():
                    alive_at = time.monotonic()
                await asyncio.sleep(LOOK_EVERY)
        finally:
            connecting.cancel()

"""A small door for who runs the bot, in both modes: is it alive, is it ready, what it counts."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from bot.condition import LATE_AFTER, read_condition, write_in_vain
from bot.settings import BadSetting
from handlers.logs import named
from handlers.meters import Meters
from handlers.outbox import Sender
from storage.database import UNREACHABLE, Sessions

ALIVE, READY, METRICS = "/livez", "/readyz", "/metrics"
ANSWERS_WITHIN = 5.0  # seconds; a database that takes longer is not ready
KEPT_FOR = 2.0  # seconds; more probes than that ask nothing of the database
TEXT = "text/plain; version=0.0.4; charset=utf-8"

logger = logging.getLogger("askaround.probes")


class Probes:
    """`is_connected`: whether Slack's connection stands; None where Slack comes to us."""

    def __init__(
        self,
        sessions: Sessions,
        sender: Sender,
        clock: Callable[[], datetime],
        meters: Meters,
        *,
        is_connected: Callable[[], Awaitable[bool]] | None,
    ) -> None:
        self.sessions, self.sender, self.clock, self.meters = sessions, sender, clock, meters
        self.is_connected = is_connected
        self._runner: web.AppRunner | None = None
        self._watching: asyncio.Task[None] | None = None
        self._looking = asyncio.Lock()
        self._found: list[str] = []
        self._found_at = -KEPT_FOR

    async def start(self, host: str, port: int) -> None:
        app = web.Application()
        app.router.add_get(ALIVE, self.on_alive)
        app.router.add_get(READY, self.on_ready)
        app.router.add_get(METRICS, self.on_metrics)
        self._watching = asyncio.create_task(self.meters.watch_loop())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self.stop()
            raise BadSetting(
                f"Port {port} of {host} cannot be opened ({error.strerror}): "
                "set WATCH_HOST and WATCH_PORT to others, or WATCH_PORT to 0 for none."
            ) from error

    async def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    async def on_alive(self, _request: web.Request) -> web.Response:
        """That this is answered says it: the loop turns."""
        return web.Response(text="alive\n")

    async def on_ready(self, _request: web.Request) -> web.Response:
        problems = await self.problems()
        text = "".join(f"{each}\n" for each in problems) or "ready\n"
        return web.Response(text=text, status=503 if problems else 200)

    async def on_metrics(self, _request: web.Request) -> web.Response:
        self.meters.is_ready.set(not await self.problems())
        self.meters.standing.set(self.sender.is_let_in)
        for name, engine in (("writer", self.sessions.writer), ("reader", self.sessions.reader)):
            self.meters.connections.labels(name).set(engine.pool.checkedout())  # type: ignore[attr-defined]
        return web.Response(body=self.meters.text(), headers={"Content-Type": TEXT})

    async def problems(self) -> list[str]:
        """What keeps the bot from its work, a sentence each; none where it is ready."""
        async with self._looking:
            if time.monotonic() - self._found_at > KEPT_FOR:
                self._found = await self._look()
                self._found_at = time.monotonic()
            return self._found

    async def _look(self) -> list[str]:
        found = []
        if self.is_connected is not None and not await self.is_connected():
            found.append("There is no connection to Slack.")
        if not self.sender.is_let_in:
            found.append("Slack does not let the bot in: look at the token.")
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                found += await self._look_at_database()
        except TimeoutError:
            found.append(f"The database did not answer within {ANSWERS_WITHIN:.0f} s.")
        except UNREACHABLE as error:
            found.append(f"The database takes nothing ({named(error)}).")
        return found

    async def _look_at_database(self) -> list[str]:
        now = self.clock()
        async with self.sessions.begin() as session:
            await write_in_vain(session, now=now)
        async with self.sessions.read() as session:
            condition = await read_condition(session)
        self.meters.show(condition, now)
        late = condition.late(now)
        if late <= LATE_AFTER:
            return []
        minutes = late.total_seconds() // 60
        return [f"The oldest thing owed to Slack has been due for {minutes:.0f} minutes."]

"""Whether the bot hears what is said, and since when nothing can have been missed.

Until when everything was heard stands in the database, moved on once a minute at most. Where it
cannot be known that nothing was missed since then, what was said is read: after a start, when the
connection or the database was gone for longer than Slack waits, and over HTTP, where nobody tells
us that requests do not arrive, after a long silence or when Slack had to try again and again."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.questions.hearing import (
    AWAY_AFTER,
    come_back,
    get_heard_until,
    list_hearing,
    note_heard,
)
from storage.database import UNREACHABLE, Sessions

LOOK_EVERY, LOOK_FOR_CONNECTION_EVERY = 0.5, 0.05  # seconds
PROBE_EVERY = 15.0
WRITTEN_EVERY = timedelta(minutes=1)
# A connection can be dead for so long before that is noticed.
MARGIN = timedelta(seconds=30)
LONG_SILENCE = 3600.0
TRIED_AGAIN = 2  # times: the second comes a minute later, so it was no hiccup

logger = logging.getLogger("askaround")


class Hearing:
    """`team_id`: where the bot is; None for all the workspaces that installed it, whose events come
    by the same way. `is_connected`: whether events can come in now; None over HTTP, where only
    their coming shows it."""

    def __init__(
        self,
        sessions: Sessions,
        team_id: str | None,
        clock: Callable[[], datetime],
        is_connected: Callable[[], Awaitable[bool]] | None,
    ) -> None:
        self.sessions, self.team_id, self.clock = sessions, team_id, clock
        self.is_connected = is_connected
        self.is_hearing = False
        self._may_have_missed = True  # who starts was away
        self._lost_at: float | None = None
        self._probed_at = 0.0
        self._request_at: float | None = None
        self._heard_at: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._watch())

    async def stop(self, until: datetime) -> None:
        """A clean end: everything was heard until then."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self.is_hearing and not self._may_have_missed:
            with contextlib.suppress(*UNREACHABLE):
                await self._note(until)

    def notice(self, tried: int) -> None:
        """Slack reaches us over HTTP, having tried in vain so often; that tells whether it always
        did."""
        now = time.monotonic()
        was_silent = self._request_at is not None and now - self._request_at > LONG_SILENCE
        if was_silent or tried >= TRIED_AGAIN:
            self._may_have_missed = True
        self._request_at, self._heard_at = now, self.clock()

    async def _watch(self) -> None:
        while True:
            try:
                await self._look()
            except UNREACHABLE as error:
                logger.info("The database cannot be reached: %r", error)
                self._may_have_missed = True
            await asyncio.sleep(LOOK_EVERY if self.is_hearing else LOOK_FOR_CONNECTION_EVERY)

    async def _look(self) -> None:
        now = time.monotonic()
        if self.is_connected is not None and not await self.is_connected():
            self._lost_at = self._lost_at or now
            if now - self._lost_at > AWAY_AFTER.total_seconds():
                self.is_hearing, self._may_have_missed = False, True
            return
        self._lost_at = None
        if self._may_have_missed:
            await self._come_back()
            self.is_hearing, self._may_have_missed = True, False
        elif now - self._probed_at > PROBE_EVERY:
            self._probed_at = now
            await self._move_on()

    async def _team_ids(self) -> Sequence[str]:
        if self.team_id is not None:
            return [self.team_id]
        async with self.sessions.read() as session:
            return await list_hearing(session)

    async def _come_back(self) -> None:
        for team_id in await self._team_ids():
            async with self.sessions.begin() as session:
                is_read = await come_back(session, team_id=team_id, now=self.clock())
            if is_read:
                logger.info("Back after an absence: reading what was said meanwhile.")

    async def _move_on(self) -> None:
        until = self._heard_at if self.is_connected is None else self.clock()
        if until is None:
            return
        team_ids = await self._team_ids()
        async with self.sessions.read() as session:  # it stands at the same time in all
            known = await get_heard_until(session, team_ids[-1]) if team_ids else until
        if known is None or not known <= until < known + MARGIN + WRITTEN_EVERY:
            await self._note(until - MARGIN)

    async def _note(self, until: datetime) -> None:
        team_ids = await self._team_ids()
        async with self.sessions.begin() as session:
            await note_heard(session, team_ids=team_ids, until=until, now=self.clock())

"""The sender: says to Slack what is owed, once, at Slack's pace.

Each kind of thing owed has one function that looks at how things stand now, speaks to
Slack, and returns what to note of the answer. The note and the end of the debt are one
transaction."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from bot import outbox
from bot.outbox import Kind, Owed, Subject
from handlers.logs import named
from handlers.slack import NotNow, Refused, Slack, Unclear
from storage.database import Sessions

Note = Callable[[AsyncSession], Awaitable[None]]
Deliver = Callable[[Owed[Subject], Slack, Sessions], Awaitable[Note | None]]
Delivery = tuple[str, Deliver[str]]  # a kind's name, and who delivers it as its row has it

AT_A_TIME = 16
LOOK_AGAIN_AFTER = 1.0  # seconds; another replica may have left something
LONGEST_DELIVERY = 20.0  # seconds, less than a claim lasts

logger = logging.getLogger("askaround.outbox")


def delivers(kind: Kind[Subject], deliver: Deliver[Subject]) -> Delivery:
    """Say who delivers things of this kind; they get its subject as what it is."""

    async def read_and_deliver(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
        about = replace(owed, subject=kind.read(owed.subject))  # type: ignore[arg-type]
        return await deliver(cast(Owed[Subject], about), slack, sessions)

    return kind.name, read_and_deliver


class Sender:
    def __init__(
        self,
        sessions: Sessions,
        slack: Slack,
        clock: Callable[[], datetime],
        kinds: Mapping[str, Deliver[str]],
    ) -> None:
        self.sessions, self.slack, self.clock, self.kinds = sessions, slack, clock, kinds
        self._work = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._is_stopping, self._patience = False, 0.0
        sessions.on_owed = self._work.set

    async def run(self) -> None:
        """Send until told to stop; then start nothing more, and let what is being sent come to
        its end."""
        while not self._is_stopping:
            self._work.clear()
            try:
                found = await self._start_what_is_due()
            except Exception:
                logger.exception("The outbox could not be read; trying again.")
                found = False
            if not found or len(self._running) >= AT_A_TIME:
                await self._wait_for_work()
        if self._running:
            await asyncio.wait(self._running, timeout=self._patience)

    def stop(self, seconds: float) -> None:
        """Tell `run` to end, within about so many seconds."""
        self._is_stopping, self._patience = True, seconds
        self._work.set()

    async def _start_what_is_due(self) -> bool:
        room = AT_A_TIME - len(self._running)
        if room <= 0:
            return True
        # A look first: an idle bot takes no write lock.
        async with self.sessions.read() as session:
            next_due = await outbox.get_next_due(session)
        if next_due is None or next_due > self.clock():
            return False
        async with self.sessions.begin() as session:
            claimed = await outbox.claim_owed(session, now=self.clock(), limit=room)
        for owed in claimed:
            task = asyncio.create_task(self._settle(owed))
            self._running.add(task)
            task.add_done_callback(self._on_done)
        return bool(claimed)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._work.set()
        if not task.cancelled() and task.exception() is not None:
            # The claim runs out and the debt is looked at again.
            logger.error("A delivery could not be noted.", exc_info=task.exception())

    async def _wait_for_work(self) -> None:
        try:
            async with asyncio.timeout(LOOK_AGAIN_AFTER):
                await self._work.wait()
        except TimeoutError:
            pass

    async def _settle(self, owed: Owed[str]) -> None:
        """Deliver, and note how it went."""
        try:
            async with asyncio.timeout(LONGEST_DELIVERY):
                note = await self.kinds[owed.kind](owed, self.slack, self.sessions)
        except NotNow as wait:
            async with self.sessions.begin() as session:
                await outbox.wait(
                    session,
                    owed,
                    seconds=wait.seconds,
                    is_uncertain=owed.is_uncertain,
                    now=self.clock(),
                )
        except Refused as refusal:
            logger.warning("%s %s is given up: %s", owed.kind, owed.subject, refusal)
            async with self.sessions.begin() as session:
                await outbox.give_up(session, owed, error=str(refusal), now=self.clock())
        except (Unclear, TimeoutError) as error:
            logger.info("%s %s is tried again: %s", owed.kind, owed.subject, error)
            seconds = error.seconds if isinstance(error, Unclear) else 0
            await self._retry(owed, named(error), seconds)
        except Exception as error:
            logger.exception("%s %s failed and is tried again.", owed.kind, owed.subject)
            await self._retry(owed, named(error))
        else:
            async with self.sessions.begin() as session:
                if note is not None:
                    await note(session)
                await outbox.finish(session, owed)

    async def _retry(self, owed: Owed[str], error: str, seconds: float = 0) -> None:
        async with self.sessions.begin() as session:
            await outbox.retry_later(
                session,
                owed,
                error=error,
                is_uncertain=True,
                now=self.clock(),
                seconds=seconds,
            )

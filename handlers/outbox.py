"""The sender: says to Slack what is owed, once, at Slack's pace.

Each kind of thing owed has one function that looks at how things stand now, speaks to
Slack, and returns what to note of the answer. The note and the end of the debt are one
transaction."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from bot import outbox
from bot.outbox import (
    STANDING,
    WITH_OUR_STANDING,
    WITH_SLACK,
    WITH_THE_PLACE,
    WITH_US,
    Kind,
    Owed,
    Patience,
    Shares,
    Subject,
)
from bot.pace import Closed, list_closed, shut
from handlers.logs import named
from handlers.refusals import About
from handlers.slack import NotNow, Refused, Slack, Unclear
from handlers.standing import Standing
from handlers.workspaces import Workspaces
from storage.database import Sessions, is_passing

Note = Callable[[AsyncSession], Awaitable[None]]
Deliver = Callable[[Owed[Subject], Slack, Sessions], Awaitable[Note | None]]
Delivery = tuple[str, Deliver[str]]  # a kind's name, and who delivers it as its row has it

AT_A_TIME = 16  # of a workspace
AT_ALL = 64  # of many: one that Slack answers slowly, or that has a lot to say, holds up no other
LOOK_AGAIN_AFTER = 1.0  # seconds; another replica may have left something
LONGEST_DELIVERY = 20.0  # seconds, less than a claim lasts
WRITE_PAUSES = (0.1, 0.3, 1.0, 3.0)  # seconds
PATIENCE: dict[About, Patience] = {
    "place": WITH_THE_PLACE,
    "standing": WITH_OUR_STANDING,
    "unknown": WITH_SLACK,
}

logger = logging.getLogger("askaround.outbox")


class NotInstalled(Exception):
    """Askaround is not in that workspace."""


class ClaimLost(Exception):
    """It took longer than the claim lasted, and another sender has it."""


def delivers(kind: Kind[Subject], deliver: Deliver[Subject]) -> Delivery:
    """Say who delivers things of this kind; they get its subject as what it is."""

    async def read_and_deliver(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
        about = replace(owed, subject=kind.read(owed.subject))  # type: ignore[arg-type]
        return await deliver(cast(Owed[Subject], about), slack, sessions)

    return kind.name, read_and_deliver


class Sender:
    """`shares_pace`: whether other replicas on the same database keep Slack's pace too."""

    def __init__(
        self,
        sessions: Sessions,
        workspaces: Workspaces,
        clock: Callable[[], datetime],
        kinds: Mapping[str, Deliver[str]],
        *,
        shares_pace: bool = False,
    ) -> None:
        self.sessions, self.workspaces, self.clock = sessions, workspaces, clock
        self.kinds, self.shares_pace = kinds, shares_pace
        self.at_a_time = AT_A_TIME if workspaces.is_one else AT_ALL
        self._work = asyncio.Event()
        # What is being sent: the row, and whose it is.
        self._running: dict[asyncio.Task[None], tuple[int, str]] = {}
        self._standings: dict[str, Standing] = {}
        self._is_stopping, self._patience = False, 0.0
        # Told of each thing sent or not: its kind, and how it went.
        self.on_settled: Callable[[str, str], None] = lambda kind, outcome: None
        sessions.on_owed = self._work.set

    @property
    def is_let_in(self) -> bool:
        """Whether Slack takes what we send, as far as we know; of many workspaces, any of them."""
        return not self.workspaces.is_one or all(each.is_good for each in self._standings.values())

    @property
    def shut_out(self) -> set[str]:
        """The workspaces that Slack does not let us into."""
        return {team_id for team_id, each in self._standings.items() if not each.is_good}

    async def run(self) -> None:
        """Send until told to stop; then start nothing more, and let what is being sent come to
        its end."""
        try:
            await self._send_until_told()
        finally:
            for standing in self._standings.values():
                await standing.close()

    async def _send_until_told(self) -> None:
        while not self._is_stopping:
            self._work.clear()
            try:
                found = await self._start_what_is_due()
            except Exception as error:
                trouble = None if is_passing(error) else error
                logger.warning("Nothing is sent: %s", named(error), exc_info=trouble)
                found = False
            if not found or len(self._running) >= self.at_a_time:
                await self._wait_for_work()
        if self._running:
            await asyncio.wait(self._running, timeout=self._patience)

    def stop(self, seconds: float) -> None:
        """Tell `run` to end, within about so many seconds."""
        self._is_stopping, self._patience = True, seconds
        self._work.set()

    async def _start_what_is_due(self) -> bool:
        room = self.at_a_time - len(self._running)
        if room <= 0:
            return True
        # A look first: an idle bot takes no write lock.
        if not self.is_let_in or not await self._has_due():
            return False
        closed: Sequence[Closed] = ()
        async with self.sessions.begin() as session:
            claimed = await self._claim(session, room)
            if claimed and self.shares_pace:
                closed = await list_closed(session)
        for owed in claimed:
            task = asyncio.create_task(self._settle(owed, closed))
            self._running[task] = owed.row.id, owed.team_id
            task.add_done_callback(self._on_done)
        return bool(claimed)

    async def _claim(self, session: AsyncSession, room: int) -> list[Owed[str]]:
        rows, teams = zip(*self._running.values(), strict=True) if self._running else ((), ())
        return await outbox.claim_owed(
            session,
            now=self.clock(),
            limit=room,
            but_not=rows,
            but_not_of=self.shut_out,
            shares=None if self.workspaces.is_one else Shares(AT_A_TIME, Counter(teams)),
        )

    async def _has_due(self) -> bool:
        async with self.sessions.read() as session:
            return await outbox.has_due(session, now=self.clock(), but_not_of=self.shut_out)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
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

    async def _settle(self, owed: Owed[str], closed: Sequence[Closed]) -> None:
        """Deliver, and note how it went."""
        try:
            async with asyncio.timeout(LONGEST_DELIVERY):
                slack = await self._slack_of(owed.team_id, closed)
                note = await self.kinds[owed.kind](owed, slack, self.sessions)
        except NotInstalled:
            self.on_settled(owed.kind, "not_installed")
            await self._write(partial(outbox.rest, owed=owed, now=self.clock()))
        except NotNow as wait:
            self.on_settled(owed.kind, "paced")
            await self._write(partial(self._wait, owed=owed, wait=wait))
        except Refused as refusal:
            self.on_settled(owed.kind, "refused")
            await self._on_refused(owed, refusal)
        except (Unclear, TimeoutError) as error:
            self.on_settled(owed.kind, "unclear")
            await self._on_unclear(owed, error)
        except Exception as error:
            self.on_settled(owed.kind, "failed")
            await self._on_failed(owed, error)
        else:
            self.on_settled(owed.kind, "done")
            await self._finish(owed, note)

    async def _slack_of(self, team_id: str, closed: Sequence[Closed]) -> Slack:
        slack = await self.workspaces.slack_of(team_id)
        if slack is None:
            raise NotInstalled
        for each in closed:
            if each.team_id == team_id:
                slack.close(each.method, each.seconds)
        return slack

    async def _wait(self, session: AsyncSession, *, owed: Owed[str], wait: NotNow) -> None:
        await outbox.wait(session, owed, seconds=wait.seconds, now=self.clock())
        if wait.closed and self.shares_pace:
            await shut(session, team_id=owed.team_id, method=wait.closed, seconds=wait.seconds)

    async def _standing_of(self, team_id: str) -> Standing | None:
        slack = await self.workspaces.slack_of(team_id)
        key = "" if self.workspaces.is_one else team_id
        if key not in self._standings and slack is not None:
            self._standings[key] = Standing(
                slack,
                partial(self._wake_after_trouble, key),
                partial(self.workspaces.renew, team_id),
            )
        return self._standings.get(key)

    async def _doubt(self, team_id: str) -> bool:
        """Look whether Slack still lets us in there."""
        standing = await self._standing_of(team_id)
        if standing is not None:
            await standing.doubt()
        return standing is not None and standing.is_good

    async def _finish(self, owed: Owed[str], note: Note | None) -> None:
        async def finish(session: AsyncSession) -> None:
            if note is not None:
                await note(session)
            if not await outbox.finish(session, owed):
                raise ClaimLost  # so that the note is taken back

        try:
            await self._write(finish)
        except ClaimLost:
            logger.warning("%s %s took too long; another looks at it.", owed.kind, owed.subject)

    async def _on_refused(self, owed: Owed[str], refusal: Refused) -> None:
        patience = PATIENCE.get(refusal.about)
        if patience is None:
            await self._give_up(owed, refusal)
            return
        if patience is WITH_OUR_STANDING:
            await self._doubt(owed.team_id)
        level = logging.DEBUG if owed.row.attempts else logging.WARNING
        logger.log(level, "%s %s waits: %s", owed.kind, owed.subject, refusal)
        # Refused is not sent; what was uncertain before is so still.
        await self._retry(owed, patience, str(refusal), is_uncertain=owed.is_uncertain)

    async def _give_up(self, owed: Owed[str], refusal: Refused) -> None:
        logger.warning("%s %s is given up: %s", owed.kind, owed.subject, refusal)
        await self._write(
            partial(
                outbox.give_up,
                owed=owed,
                error=str(refusal),
                is_uncertain=owed.is_uncertain,
                now=self.clock(),
            )
        )

    async def _on_unclear(self, owed: Owed[str], error: Exception) -> None:
        is_good = await self._doubt(owed.team_id)
        logger.info("%s %s is tried again: %s", owed.kind, owed.subject, named(error))
        patience = WITH_SLACK if is_good else WITH_OUR_STANDING
        seconds = error.seconds if isinstance(error, Unclear) else 0
        await self._retry(owed, patience, named(error), seconds=seconds)

    async def _on_failed(self, owed: Owed[str], error: Exception) -> None:
        if is_passing(error):
            logger.info("%s %s is tried again: %s", owed.kind, owed.subject, named(error))
            await self._retry(owed, WITH_SLACK, named(error))
            return
        logger.error("%s %s failed and is tried again.", owed.kind, owed.subject, exc_info=error)
        await self._retry(owed, WITH_US, named(error))

    async def _retry(
        self,
        owed: Owed[str],
        patience: Patience,
        error: str,
        *,
        is_uncertain: bool = True,
        seconds: float = 0,
    ) -> None:
        await self._write(
            partial(
                outbox.retry_later,
                owed=owed,
                patience=patience,
                error=error,
                is_uncertain=is_uncertain,
                now=self.clock(),
                seconds=seconds,
            )
        )

    async def _wake_after_trouble(self, team_id: str) -> None:
        await self._write(partial(outbox.wake, waits_for=STANDING, team_id=team_id or None))

    async def _write(self, change: Callable[[AsyncSession], Awaitable[None]]) -> None:
        """One transaction, again where the database cut it short: what was sent is noted."""
        for pause in (*WRITE_PAUSES, None):
            try:
                async with self.sessions.begin() as session:
                    await change(session)
                return
            except Exception as error:
                if pause is None or not is_passing(error):
                    raise
            await asyncio.sleep(pause)

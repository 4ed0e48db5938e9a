"""Whether Slack lets the bot into a workspace. While it does not, nothing is sent there; when it
does again, what waited is sent at once."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from handlers.logs import named
from handlers.slack import NotNow, Refused, Slack, Unclear

FIRST_PAUSE = 1.0  # seconds between two looks; each is twice the one before
LONGEST_PAUSE = 30.0

logger = logging.getLogger("askaround.standing")


class Standing:
    """`on_good`: called when Slack lets us in again. `renew`: called while it does not, to look
    for a newer token; False where the bot was removed, so that nobody is to be asked."""

    def __init__(
        self,
        slack: Slack,
        on_good: Callable[[], Awaitable[None]],
        renew: Callable[[], Awaitable[bool]],
    ) -> None:
        self.slack, self.on_good, self.renew = slack, on_good, renew
        self.is_good = True
        self._look: asyncio.Task[None] | None = None
        self._wait: asyncio.Task[None] | None = None

    async def doubt(self) -> None:
        """Something was refused or broke off: look whether it is only that. Many who doubt at
        the same time look once."""
        if not self.is_good:
            return
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._look_first())
        await asyncio.shield(self._look)

    async def close(self) -> None:
        for task in (self._look, self._wait):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def _look_first(self) -> None:
        problem = await self._problem()
        if problem is not None:
            self.is_good = False
            where = self.slack.identity.team_id
            logger.error(
                "Slack does not let me in (%s %s). Nothing is lost: I wait.", where, problem
            )
            self._wait = asyncio.create_task(self._wait_until_good())

    async def _wait_until_good(self) -> None:
        pause = FIRST_PAUSE
        while await self._problem_still() is not None:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self.is_good = True
        logger.warning("Slack lets me in again.")
        await self.on_good()

    async def _problem_still(self) -> str | None:
        try:
            is_there = await self.renew()
        except Exception as error:  # the database is away too
            return named(error)
        return await self._problem() if is_there else None

    async def _problem(self) -> str | None:
        """Why Slack does not let us in; None when it does."""
        try:
            await self.slack.call("auth.test")
        except NotNow:
            return None  # it knows who we are
        except (Refused, Unclear) as error:
            return str(error)
        return None

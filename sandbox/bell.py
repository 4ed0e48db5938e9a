"""Waiting for something to change."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


LOOK_AGAIN_SECONDS = 0.05  # for what changes outside the workspace and rings no bell


class Bell:
    """Rung at every change; whoever waits looks again."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def wait_for(self, look: Callable[[], Found], seconds: float) -> Found:
        """What `look` returned first that counts as true; TimeoutError when time is up."""
        async with asyncio.timeout(seconds):
            while not (found := look()):
                await self.next_ring()
        return found

    async def heard(self, look: Callable[[], bool]) -> None:
        """Wait, for as long as it takes, until `look` says yes."""
        while not look():
            await self.next_ring()

    async def next_ring(self) -> None:
        """Until it rings, or it is time to look again."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await asyncio.wait([future], timeout=LOOK_AGAIN_SECONDS)

"""Fair turns: of the many workspaces' requests, so many of each are worked on at a time. The storm
of one waits for itself, and beyond a while is told to come again; the others notice nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

WAITS_FOR = 2.0  # seconds; Slack waits for three
MOST_WAITING = 80  # of a workspace


class NoTurn(Exception):
    """It is to come again."""


@dataclass
class Line:
    places: asyncio.Semaphore
    people: int = field(default=0)  # who are in it: at work or waiting


class Turns:
    """`at_a_time`: of each workspace."""

    def __init__(self, at_a_time: int) -> None:
        self.at_a_time = at_a_time
        self._lines: dict[str, Line] = {}

    @asynccontextmanager
    async def of(self, team_id: str) -> AsyncIterator[None]:
        """A turn of this workspace's; NoTurn where it has too many already."""
        line = self._lines.setdefault(team_id, Line(asyncio.Semaphore(self.at_a_time)))
        if line.people >= self.at_a_time + MOST_WAITING:
            raise NoTurn
        line.people += 1
        try:
            await self._wait(line)
            try:
                yield
            finally:
                line.places.release()
        finally:
            line.people -= 1
            if not line.people:
                self._lines.pop(team_id, None)

    async def _wait(self, line: Line) -> None:
        try:
            async with asyncio.timeout(WAITS_FOR):
                await line.places.acquire()
        except TimeoutError:
            raise NoTurn from None

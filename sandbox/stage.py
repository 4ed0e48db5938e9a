"""What the demo shows: Acme as it stands after four weeks, or an empty workspace, with the bot."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from sandbox import prepared
from sandbox.community import FOLDER, load_tour
from sandbox.server import Sandbox

PREPARED = FOLDER / "acme.zip"
ACME, EMPTY = "acme", "empty"
SCENES = {ACME: "Acme, after four weeks", EMPTY: "An empty workspace"}
OPENS_AT = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)  # a Tuesday, on which everybody is at work
JOINED_WITHIN = 20  # seconds


class Joined(Protocol):
    """The bot in this Slack."""

    async def due_after(self, moment: datetime) -> datetime | None:
        """When it does the next thing by itself."""
        ...


# Brings the bot into this Slack, with a database at that address, as long as the context lasts.
Join = Callable[[Sandbox, str], AbstractAsyncContextManager[Joined]]


class Stage:
    """One scene at a time, each from its beginning."""

    def __init__(self, slack: Sandbox, join: Join) -> None:
        self.slack, self._join = slack, join
        self._playing = AsyncExitStack()
        self._one_at_a_time = asyncio.Lock()
        slack.scenes, slack.on_scene = SCENES, self.show

    async def show(self, name: str) -> None:
        async with self._one_at_a_time, self._being_set():
            await self.close()
            folder = self._playing.enter_context(TemporaryDirectory())
            database = Path(folder) / "demo.db"
            LAY_OUT[name](self.slack, database)
            self.slack.scene = name
            bot = await self._playing.enter_async_context(
                self._join(self.slack, f"sqlite:///{database}")
            )
            await self.slack.until(lambda: self.slack.connections, timeout=JOINED_WITHIN)
            self.slack.due_after = bot.due_after

    @asynccontextmanager
    async def _being_set(self) -> AsyncIterator[None]:
        self.slack.is_being_set = True
        try:
            yield
        finally:
            self.slack.is_being_set = False
            self.slack.changes.note()

    async def close(self) -> None:
        playing, self._playing = self._playing, AsyncExitStack()
        await playing.aclose()


def lay_out_acme(slack: Sandbox, database: Path) -> None:
    prepared.load(slack, PREPARED, database)
    slack.tour = load_tour(ACME)


def lay_out_empty(slack: Sandbox, _database: Path) -> None:
    """A few people and the channel that every workspace has; the bot is in none."""
    slack.begin("T0EMPTY0001", "Newco")
    slack.clock.set(OPENS_AT)
    maria = slack.add_user("maria", "Maria Rossi", title="Runs it", tz="Europe/Rome", is_admin=True)
    ken = slack.add_user("ken", "Ken Sato", title="Customs specialist", tz="Europe/London")
    bob = slack.add_user("bob", "Bob Miller", title="Dispatcher", tz="Europe/Paris")
    slack.parts = {maria.id: ["Admin"]}
    slack.add_channel("general", [maria, ken, bob])
    slack.tour = load_tour(EMPTY)


LAY_OUT: dict[str, Callable[[Sandbox, Path], None]] = {ACME: lay_out_acme, EMPTY: lay_out_empty}


def story() -> str:
    """What the prepared state is made of, as one word."""
    sources = (FOLDER / "acme.yml", FOLDER / "__init__.py")
    return hashlib.sha256(b"".join(each.read_bytes() for each in sources)).hexdigest()

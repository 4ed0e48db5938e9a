"""Running failed events again."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.failures import FailedEvent, has_due, list_waiting, note_replayed, take_due
from handlers.errors import REPLAYED
from handlers.logs import named
from storage.database import Sessions

LOOK_EVERY = 5.0  # seconds

logger = logging.getLogger("askaround.replaying")


async def replay(app: AsyncApp, sessions: Sessions) -> tuple[int, int]:
    """Hand every kept event to its listener once more: how many worked, how many failed."""
    async with sessions.read() as session:
        waiting = await list_waiting(session)
    worked = [await run_again(app, sessions, failed) for failed in waiting]
    return worked.count(True), worked.count(False)


async def retry_in_background(
    app: AsyncApp, sessions: Sessions, clock: Callable[[], datetime]
) -> None:
    """Run events again by themselves, each a few times with growing pauses."""
    while True:
        try:
            await retry_due(app, sessions, clock())
        except Exception as error:  # the database is away: the next look is soon
            logger.warning("Failed events could not be looked at: %s", named(error))
        await asyncio.sleep(LOOK_EVERY)


async def retry_due(app: AsyncApp, sessions: Sessions, now: datetime) -> None:
    async with sessions.read() as session:  # an idle bot takes no write lock
        if not await has_due(session, now=now):
            return
    async with sessions.begin() as session:
        due = await take_due(session, now=now)
    for failed in due:
        if await run_again(app, sessions, failed):
            logger.info("%s, which had failed, is done now.", failed.reference)


async def run_again(app: AsyncApp, sessions: Sessions, failed: FailedEvent) -> bool:
    # Socket Mode's way in checks no signature: the event was verified when it first came.
    request = AsyncBoltRequest(
        mode="socket_mode", body=failed.body, headers={REPLAYED: failed.reference}
    )
    response = await app.async_dispatch(request)
    if response.status != 200:
        return False
    async with sessions.begin() as session:
        await note_replayed(session, failed.id)
    return True

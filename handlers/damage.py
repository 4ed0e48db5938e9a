"""Looking once a day whether the database file is whole; at start it was looked at already."""

import asyncio
import logging

from storage.database import Sessions

LOOK_EVERY = 24 * 3600.0  # seconds

logger = logging.getLogger("askaround")


async def watch_for_damage(sessions: Sessions, every: float = LOOK_EVERY) -> None:
    while True:
        await asyncio.sleep(every)
        damage = await sessions.look_for_damage()
        if damage is not None:
            logger.error("%s", damage)

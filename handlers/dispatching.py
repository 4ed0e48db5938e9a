"""Handing an event to its listener, again where the database cut that short."""

import asyncio
from collections.abc import Awaitable, Callable

from slack_bolt import BoltResponse

# In all less than the three seconds that Slack waits. It sends an event again only a few times,
# some of them much later.
PAUSES = (0.1, 0.4)


async def persistently(dispatch: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
    """What came of it in the end; 500 asks for another time, see `handlers/errors`."""
    for pause in PAUSES:
        response = await dispatch()
        if response.status != 500:
            return response
        await asyncio.sleep(pause)
    return await dispatch()

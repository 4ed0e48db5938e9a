"""Running failed events again."""

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.failures import list_waiting, note_replayed
from handlers.errors import REPLAYED
from storage.database import Sessions


async def replay(app: AsyncApp, sessions: Sessions) -> tuple[int, int]:
    """Hand every kept event to its listener once more: how many worked, how many failed."""
    async with sessions.read() as session:
        waiting = await list_waiting(session)
    worked = 0
    for failed in waiting:
        # Socket Mode's way in checks no signature: the event was verified when it first came.
        request = AsyncBoltRequest(
            mode="socket_mode", body=failed.body, headers={REPLAYED: failed.reference}
        )
        response = await app.async_dispatch(request)
        if response.status == 200:
            worked += 1
            async with sessions.begin() as session:
                await note_replayed(session, failed.id)
    return worked, len(waiting) - worked

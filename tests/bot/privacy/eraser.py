"""A process that erases, to be killed: some steps, and then it waits in the middle of one."""

import asyncio
import sys
from datetime import datetime

from bot.privacy.erasing import erase_some
from storage.database import open_sessions


async def erase(database_url: str, now: datetime, steps: int) -> None:
    sessions = open_sessions(database_url)
    for step in range(steps + 1):
        async with sessions.begin() as session:
            is_more = await erase_some(session, now=now)
            if step == steps and is_more:
                print("in the middle", flush=True)
                await asyncio.Event().wait()
        if not is_more:
            print("done", flush=True)
            return


if __name__ == "__main__":
    asyncio.run(erase(sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])))

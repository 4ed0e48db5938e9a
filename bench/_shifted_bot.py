"""`app.py run` on a machine whose clock is wrong: ahead by the seconds that a file holds."""

import asyncio
import os
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.settings import Settings, read_settings
from handlers import logs
from operating.bot import running

real_time = time.time


def main(ahead: Path) -> None:
    settings = read_settings(dict(os.environ))
    logs.set_up(settings.log_level)
    time.time = lambda: real_time() + float(ahead.read_text() or 0)  # the libraries' clock too
    asyncio.run(work(settings, ahead))


async def work(settings: Settings, ahead: Path) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(ahead.read_text() or 0))

    async with running(settings, clock):
        await stopped.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

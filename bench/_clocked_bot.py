"""`app.py run` with a clock that a benchmark moves: it is ahead by the seconds in a file."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import handlers.outbox
from bot.settings import read_settings
from handlers import logs
from operating.bot import running

handlers.outbox.LOOK_AGAIN_AFTER = 0.05  # seconds; time jumps here, and nobody tells the sender


def main(ahead: Path) -> None:
    settings = read_settings(dict(os.environ))
    logs.set_up(settings.log_level)

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(ahead.read_text()))

    async def run() -> None:
        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        async with running(settings, clock):
            await stopped.wait()

    asyncio.run(run())


if __name__ == "__main__":
    main(Path(sys.argv[1]))

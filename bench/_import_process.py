"""An import as a process of its own: `python -m bench._import_process URL ARCHIVE [small]`."""

import asyncio
import json
import resource
import sys
import time
from contextlib import aclosing
from pathlib import Path

from bench._search_data import NOW, TEAM
from bot.archive.slack_export import SlackExport
from bot.questions.emoji import USUAL
from operating import imports
from operating.imports import Judges, count_messages, import_archive
from storage.database import open_sessions


async def main(url: str, path: str, *, is_small: bool) -> None:
    if is_small:
        imports.AT_ONCE = 20
    archive, judges = SlackExport(Path(path), marking=USUAL), Judges(0 if is_small else None)
    started = time.perf_counter()
    count_messages(archive)
    print("read", time.perf_counter() - started, flush=True)
    async with aclosing(open_sessions(url)) as sessions:
        tally = await import_archive(
            sessions, archive, judges, team_id=TEAM, clock=lambda: NOW, on_progress=tell
        )
    seconds = time.perf_counter() - started
    judges.close()
    own = resource.getrusage(resource.RUSAGE_SELF)
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "seconds": round(seconds, 1),
                "messages_per_second": round(tally.messages / seconds),
                "cpu_seconds": round(sum((own.ru_utime, own.ru_stime, theirs.ru_utime)), 1),
                "peak_mb": (own.ru_maxrss + judges.workers * theirs.ru_maxrss) // 1024,
            }
        )
    )


def tell(done: int, total: int) -> None:
    print(done, total, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], is_small=len(sys.argv) > 3))

"""`app.py site` and `app.py markdown`: what was solved, in a folder, for a named audience."""

import argparse
from contextlib import aclosing
from datetime import datetime
from pathlib import Path

from bot.knowledge.entries import EVERYBODY
from handlers.knowledge.site import write_markdown, write_site
from operating.progress import progress
from storage.database import open_sessions
from storage.migrate import migrate

COMMANDS = {
    "site": "write what was solved into a folder, as a site that opens from a disk",
    "markdown": "write what was solved into a folder, as Markdown",
}


def describe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--for",
        dest="audience",
        default=EVERYBODY,
        metavar="AUDIENCE",
        help="everybody, or a channel whose members it is for (everybody)",
    )
    parser.add_argument("--workspace", default="", help="its id, where there are several")
    if parser.prog.endswith("site"):
        parser.add_argument("--address", default="", help="where it will be, for its feed")


async def publish(database_url: str, options: argparse.Namespace, *, now: datetime) -> int:
    await migrate(database_url)
    whom = {"called": options.audience, "workspace": options.workspace, "now": now}
    async with aclosing(open_sessions(database_url)) as sessions:
        with progress("answers") as tell:
            told = {**whom, "on_progress": lambda done: tell(done, done)}
            if options.command == "site":
                done = await write_site(sessions, options.folder, address=options.address, **told)
            else:
                done = await write_markdown(sessions, options.folder, **told)
    first = "index.html" if options.command == "site" else "README.md"
    print(f"{done} answers are in {options.folder}: open {options.folder / first}.")
    return 0

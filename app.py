"""Askaround's entry point: reads the settings and runs a command, in most cases the bot, which
`operating/bot.py` puts together."""

import argparse
import asyncio
import contextlib
import gc
import io
import logging
import os
import signal
import sys
import webbrowser
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, NoReturn

from dotenv import dotenv_values

from bot.settings import (
    BadSetting,
    Settings,
    decode_env_file,
    merge,
    read_database_url,
    read_export_key,
    read_settings,
)
from bot.vault import new_key
from handlers import logs
from handlers.community.health import export_all
from handlers.experts.learning import export_weights
from handlers.finding.embedding import embed_missing
from handlers.finding.reindexing import reindex
from handlers.replaying import replay
from operating import commands, imports, manifest, moving, publishing
from operating.bot import built, in_sandbox, running, utc_now
from operating.progress import progress
from storage.backups import BackupProblem
from storage.damage import DatabaseDamaged, NoDatabaseFile
from storage.database import UnusableDatabaseUrl, open_sessions
from storage.imports import ExportProblem
from storage.migrate import DatabaseUnreachable, MigrationCut, SchemaTooNew, migrate
from storage.search.meaning import open_meaning

COLLECTED_AFTER = 10_000, 20, 20  # objects made, and how often of the younger (Python: 700, 10, 10)
SECRETS = (
    *("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "DATABASE_URL"),
    *("ASKING_KEYS", "INSTALL_KEYS", "SLACK_CLIENT_SECRET", "EXPORT_KEY"),
    *("MODEL_KEY", "ASKAROUND_TOKEN"),
)
SCREENS = {"DISPLAY", "WAYLAND_DISPLAY"}
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")

logger = logging.getLogger("askaround")


async def run(settings: Settings) -> None:
    """Work until the operator says stop: at once while it starts, or when told twice."""
    stopped, started = asyncio.Event(), asyncio.Event()
    working = asyncio.create_task(work(settings, started, stopped))

    def stop() -> None:
        if stopped.is_set() or not started.is_set():
            working.cancel()
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await working
    logger.info("Askaround has stopped; nothing was lost.")


async def work(settings: Settings, started: asyncio.Event, stopped: asyncio.Event) -> None:
    async with running(settings):
        spare_collector()
        logger.info("Askaround is running (%s). Stop it with Ctrl-C.", settings.connection)
        started.set()
        await stopped.wait()


def spare_collector() -> None:
    """What is there once all is built stays; looking through it for garbage again and again took
    a tenth of the processor's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


async def run_replay(settings: Settings) -> None:
    async with built(settings, utc_now) as bot:
        worked, failed = await replay(bot.app, bot.sessions)
    print(f"{worked} events done, {failed} still failing.")


async def run_reindex(settings: Settings) -> None:
    await migrate(settings.database_url)
    sessions = open_sessions(settings.database_url, open_meaning() if settings.meaning else None)
    async with contextlib.aclosing(sessions):
        with progress("questions") as on_progress:
            done = await reindex(sessions, again=True, on_progress=on_progress)
        print(f"{done} solved questions are in the search index.")
        if sessions.meaning is not None:
            with progress("questions") as on_progress:
                await embed_missing(sessions, on_progress=on_progress)
            print("They can be found in other words too.")


async def run_health(settings: Settings) -> None:
    await migrate(settings.database_url)
    async with contextlib.aclosing(open_sessions(settings.database_url)) as sessions:
        print(await export_all(sessions), end="")


async def run_weights(settings: Settings) -> None:
    await migrate(settings.database_url)
    async with contextlib.aclosing(open_sessions(settings.database_url)) as sessions:
        print(await export_weights(sessions), end="")


async def run_demo(*, prepares: bool = False) -> None:
    try:
        from sandbox.demo import demo, prepare  # the bot itself never needs the sandbox
    except ModuleNotFoundError:
        raise BadSetting("There is no demo in here: run it from the repository.") from None
    await (prepare(in_sandbox) if prepares else demo(in_sandbox, show=show_in_browser))


def leave_at_once() -> NoReturn:
    """All is closed; Python would take another second to take every module apart."""
    sys.stdout.flush()
    os._exit(0)


def show_in_browser(address: str) -> None:
    """Where there is a screen: on a server a browser of text would take the terminal."""
    has_screen = os.name == "nt" or sys.platform == "darwin" or bool(os.environ.keys() & SCREENS)
    if has_screen and sys.stdout.isatty() and "SSH_CONNECTION" not in os.environ:
        with contextlib.suppress(webbrowser.Error):
            webbrowser.open(address)


# What the operator can mend: one sentence says how.
PROBLEMS = (
    BadSetting,
    UnusableDatabaseUrl,
    DatabaseUnreachable,
    MigrationCut,
    DatabaseDamaged,
    NoDatabaseFile,
    SchemaTooNew,
    BackupProblem,
    ExportProblem,
)


COMMANDS = {
    "replay": run_replay,
    "reindex": run_reindex,
    "health": run_health,
    "weights": run_weights,
}


def read_environment() -> dict[str, str | None]:
    path = Path(".env")
    if not path.exists():
        return merge({}, os.environ)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadSetting(f"{path} cannot be read ({error.strerror}): make it readable.") from error
    return merge(dotenv_values(stream=io.StringIO(decode_env_file(content, ".env"))), os.environ)


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="app.py",
        description="Askaround, a Slack bot. Without a command it runs. Settings come from the "
        "environment and from .env, see .env.example.",
    )
    known = parser.add_subparsers(dest="command", metavar="command")
    for name, what in (
        ("run", "run the bot"),
        ("demo", "a local Slack with the bot in it"),
        ("doctor", "look whether everything is in place, and say what to do"),
        ("check", "ask the bot that runs beside this whether it is ready"),
        ("backup", "copy the whole database into a file, while the bot runs"),
        ("export", "write everything into a file that any Askaround reads"),
        ("restore", "bring a backup or an export into an empty database"),
        ("import", "take in what was asked and answered before the bot came"),
        *publishing.COMMANDS.items(),
        ("replay", "run failed events again"),
        ("reindex", "make the search index anew"),
        ("health", "print the weeks' measures as CSV"),
        ("new-key", "print a new key for ASKING_KEYS, INSTALL_KEYS or EXPORT_KEY"),
        ("manifest", "print the Slack app for many workspaces, which install it themselves"),
        ("audit", "look whether the audit is as it was written: `audit verify`"),
        ("mcp", "let somebody's assistant find and ask, by MCP over stdin and stdout"),
        ("weights", "print what each workspace learned that tells who knows, as CSV"),
    ):
        known.add_parser(name, help=what, description=what)
    known.choices["demo"].add_argument(
        "--prepare", action="store_true", help="play its weeks anew, and keep how they end"
    )
    known.choices["doctor"].add_argument("--json", action="store_true", help="a line each")
    known.choices["check"].add_argument("what", nargs="?", choices=("ready", "live"))
    known.choices["manifest"].add_argument("url", help="where Slack reaches it: https://…")
    known.choices["audit"].add_argument("what", choices=("verify",))
    for name in ("backup", "restore"):
        known.choices[name].add_argument("file", type=Path)
    known.choices["export"].add_argument("file", type=Path, nargs="?")
    known.choices["export"].add_argument(
        "--encrypted", action="store_true", help="so that only EXPORT_KEY opens it"
    )
    known.choices["export"].add_argument(
        "--schema", action="store_true", help="print what its lines may be, as a JSON Schema"
    )
    for name in publishing.COMMANDS:
        publishing.describe(known.choices[name])
    imports.add_arguments(known.choices["import"])
    return parser.parse_args(arguments)


def work_of(options: argparse.Namespace) -> Coroutine[Any, Any, int | None]:
    """What to do, with the settings that it needs."""
    environ = read_environment()
    if options.command in ("backup", "restore"):
        url, tools = read_database_url(environ), os.environ.copy()
        if options.command == "backup":
            return commands.back_up(url, options.file, tools, utc_now)
        return commands.restore(url, options.file, tools, read_export_key(environ))
    if options.command == "export":
        return export_of(options, environ)
    if options.command == "import":
        return imports.run_import(read_database_url(environ), options, utc_now)
    if options.command in publishing.COMMANDS:
        return publishing.publish(read_database_url(environ), options, now=utc_now())
    if options.command == "audit":
        return commands.audit(read_database_url(environ))
    if options.command == "mcp":
        from operating import mcp  # its library takes two seconds to load

        return mcp.serve(environ, utc_now)
    if options.command == "doctor":
        return commands.doctor(environ, utc_now, as_json=options.json)
    settings = read_settings(environ)
    logs.set_up(settings.log_level, settings.log_format)
    if options.command == "check":
        return commands.check(settings, options.what)
    return COMMANDS.get(options.command, run)(settings)


def export_of(
    options: argparse.Namespace, environ: dict[str, str | None]
) -> Coroutine[Any, Any, int]:
    if options.file is None:
        raise BadSetting("Name the file: python app.py export FILE")
    key = read_export_key(environ) if options.encrypted else None
    if key == "":
        raise BadSetting(moving.NO_KEY)
    return moving.export(read_database_url(environ), options.file, key, now=utc_now())


async def discreetly(work: Coroutine[Any, Any, int | None]) -> int:
    asyncio.get_running_loop().set_exception_handler(logs.on_stray_failure)
    return await work or 0


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    try:
        if options.command == "new-key":
            print(new_key())
            return 0
        if options.command == "manifest":
            print(manifest.written(options.url.rstrip("/")), end="")
            return 0
        if options.command == "export" and options.schema:
            return moving.print_schema()
        if options.command == "demo":
            logs.set_up("WARNING")
            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(run_demo(prepares=options.prepare))
            leave_at_once()
        work = work_of(options)
        # Libraries would read these again, and not all of them as we do; nobody else needs them.
        for name in (*SECRETS, *PROXIES, *map(str.lower, PROXIES)):
            os.environ.pop(name, None)
        return asyncio.run(discreetly(work))
    except PROBLEMS as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

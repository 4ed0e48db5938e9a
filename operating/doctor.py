"""What an operator asks first: is everything in place, and if not, what is to be done?

Each check looks at one thing and is told in one sentence. None changes anything, and none hides
another: what cannot be looked at because of an earlier fault is left out."""

import shutil
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path

import yaml

from bot.condition import (
    LATE_AFTER,
    Condition,
    Upkeep,
    read_condition,
    read_upkeep,
    write_in_vain,
)
from bot.installations import Sealed, list_installed
from bot.settings import BadSetting, Settings, read_database_url, read_settings
from bot.vault import Vault
from handlers.logs import named
from handlers.slack import NotNow, Refused, Slack, Unclear, open_client, open_http_session
from handlers.starting import sentence_for
from handlers.workspaces import Workspaces
from storage.damage import DatabaseDamaged, NoDatabaseFile
from storage.database import UNREACHABLE, Sessions, UnusableDatabaseUrl, open_sessions
from storage.migrate import DatabaseUnreachable, SchemaTooNew, read_schema

MANIFEST = Path(__file__).parent.parent / "manifest.yml"
COSTS = {  # what is missed without a scope
    "app_mentions:read": "@Askaround is not heard",
    "assistant:write": "nothing is suggested in the pane, and its conversations have no titles",
    "channels:history": "nothing in public channels is heard",
    "channels:read": "public channels have no names and no members",
    "chat:write": "it can say nothing",
    "commands": "no command works",
    "dnd:read": "people who paused their notifications are asked all the same",
    "files:write": "nobody can take what is kept of them with them, nor the audit as a table",
    "files:read": "the names of deleted files are kept",
    "groups:history": "nothing in private channels is heard",
    "groups:read": "private channels have no names and no members",
    "im:history": "who writes to it gets no answer, and a private note may come twice",
    "im:write": "nobody can be written to privately",
    "reactions:read": "✅ and ❓ are not seen",
    "reactions:write": "questions get no 👀 and no ✅",
    "usergroups:read": "a user group cannot be the expert",
    "users:read": "names, time zones and guests are unknown",
}
CLOCK_MAY_DIFFER = 60.0  # seconds; Slack's signatures hold for five minutes
SLOW_WRITE = 0.5  # seconds
LITTLE_SPACE = 1_000_000_000  # bytes
OLD_BACKUP = timedelta(days=8)  # one a week, and a day for its being late
SILENT_FOR = timedelta(days=1)
LONG_LOG = 500_000_000  # bytes of SQLite's write-ahead log that could not be folded in
UNITS = ("bytes", "kB", "MB", "GB", "TB")
UNREACHED = (Unclear, NotNow)
NO_DATABASE = (
    UnusableDatabaseUrl,
    DatabaseUnreachable,
    DatabaseDamaged,
    NoDatabaseFile,
    SchemaTooNew,
)


@dataclass(frozen=True)
class Check:
    """`is_good`: False where somebody has to do something, which the sentence says."""

    about: str
    is_good: bool
    says: str


def good(about: str, says: str) -> Check:
    return Check(about, True, says)


def bad(about: str, says: str) -> Check:
    return Check(about, False, says)


async def examine(
    environ: Mapping[str, str | None], clock: Callable[[], datetime]
) -> AsyncIterator[Check]:
    """`environ`: the settings as they are written, right or wrong."""
    yield good("python", f"Python {sys.version.split()[0]}.")
    async for check in examine_database(read_database_url(environ), clock):
        yield check
    try:
        settings = read_settings(environ)
    except BadSetting as problem:
        yield bad("settings", str(problem))
        return
    yield good("settings", "None is missing.")
    if settings.has_many:
        with suppress(*NO_DATABASE):
            if (await read_schema(settings.database_url)).is_newest:
                yield await check_installations(settings.database_url, settings)
        yield good("events", f"Slack's requests are taken at port {settings.port}.")
        return
    async with open_http_session() as http:
        proxy = settings.proxies.to(settings.slack_api_url)
        client = open_client(settings.slack_api_url, settings.bot_token, http, proxy=proxy)
        async for check in examine_slack(Slack(client, clock), clock):
            yield check
        if settings.connection == "socket":
            client = open_client(settings.slack_api_url, settings.app_token, http, proxy=proxy)
            yield await check_socket(Slack(client, clock))
        else:
            yield good("events", f"Slack's requests are taken at port {settings.port}.")


async def examine_running(
    workspaces: Workspaces, sessions: Sessions, clock: Callable[[], datetime], team_id: str
) -> list[tuple[bool, str]]:
    """What a running bot can find out of itself, for a workspace's admins: whether each is good,
    and what it says. How the installation itself is, is shown where there is one workspace: with
    many, it is nobody's who only installed it. Nothing is written."""
    slack = await workspaces.slack_of(team_id)
    checks = [check async for check in examine_slack(slack, clock)] if slack else []
    if workspaces.is_one:
        async with sessions.read() as session:
            condition = await read_condition(session)
        checks += [*check_disk(sessions), *check_condition(condition, clock())]
    return [(check.is_good, check.says) for check in checks]


# The database


async def examine_database(url: str, clock: Callable[[], datetime]) -> AsyncIterator[Check]:
    try:
        schema = await read_schema(url)
    except NO_DATABASE as problem:
        yield bad("database", str(problem))
        return
    if not schema.is_newest:
        here = f"Schema {schema.here}" if schema.here else "Nothing is in it yet"
        yield good("schema", f"{here}; the next start makes it new.")
        return
    yield good("schema", f"Schema {schema.here}, the newest.")
    async with aclosing(open_sessions(url)) as sessions:
        yield await check_write(sessions, clock)
        for check in check_disk(sessions):
            yield check
        async with sessions.read() as session:
            condition = await read_condition(session)
            upkeep = await read_upkeep(session)
        for check in (*check_condition(condition, clock()), *check_upkeep(upkeep, clock())):
            yield check


async def check_write(sessions: Sessions, clock: Callable[[], datetime]) -> Check:
    began = time.perf_counter()
    try:
        async with sessions.begin() as session:
            await write_in_vain(session, now=clock())
    except UNREACHABLE as error:
        return bad(
            "database",
            f"It takes nothing ({named(error)}): see that its disk is not full, and that I may "
            "write there.",
        )
    seconds = time.perf_counter() - began
    told = f"It is written to in {seconds * 1000:.0f} ms."
    if seconds <= SLOW_WRITE:
        return good("database", told)
    return bad("database", f"{told} That is slow: put it on a faster disk, or nearer.")


def check_disk(sessions: Sessions) -> list[Check]:
    """Of SQLite's; a server's is not seen from here."""
    if sessions.writer.dialect.name != "sqlite":
        return []
    file = Path(sessions.writer.url.database or "")
    free = shutil.disk_usage(file.parent).free
    told = f"{size_of(file)} in the file, {in_units(free)} free on its disk."
    checks = [
        good("disk", told)
        if free >= LITTLE_SPACE
        else bad("disk", f"{told} Make room, or it will take nothing more.")
    ]
    log = file.with_name(file.name + "-wal")
    if log.exists() and log.stat().st_size > LONG_LOG:
        checks.append(
            bad(
                "disk",
                f"The write-ahead log has {size_of(log)}: another program holds the file open. "
                "Close that one.",
            )
        )
    return checks


def size_of(file: Path) -> str:
    return in_units(file.stat().st_size)


def in_units(number: float) -> str:
    thousands = min(len(UNITS) - 1, len(f"{number:.0f}") // 3)
    return f"{number / 1000**thousands:.0f} {UNITS[thousands]}"


def check_condition(condition: Condition, now: datetime) -> list[Check]:
    owed = sum(each.rows for each in condition.owed)
    late = condition.late(now)
    checks = [
        good("owed", f"{owed} things are owed to Slack.")
        if late <= LATE_AFTER
        else bad(
            "owed",
            f"{owed} things are owed to Slack, the oldest for {late.total_seconds() / 60:.0f} "
            "minutes: see that the bot runs, and what its log says.",
        )
    ]
    if condition.given_up:
        checks.append(
            bad(
                "given up",
                f"{condition.given_up} things could not be sent: an admin sees why in the bot's "
                "Home, and can try again.",
            )
        )
    if condition.failed_events:
        checks.append(
            bad(
                "failed",
                f"{condition.failed_events} events failed: read the log for their references, and "
                "run app.py replay once the cause is mended.",
            )
        )
    return checks


def check_upkeep(upkeep: Upkeep, now: datetime) -> list[Check]:
    checks = [check_backup(upkeep.backed_up_at, now)]
    if upkeep.is_pooled:
        checks.append(
            good(
                "pooler",
                "Something like PgBouncer stands before the database: its pool_mode is to be "
                "session or transaction.",
            )
        )
    if upkeep.heard_until is not None:
        silent = now - upkeep.heard_until
        told = f"Slack was last heard {since(silent)} ago."
        checks.append(
            good("heard", told)
            if silent <= SILENT_FOR
            else bad(
                "heard",
                f"{told} See that the bot runs, and on the app's page that Event Subscriptions "
                "are on.",
            )
        )
    return checks


def check_backup(made_at: datetime | None, now: datetime) -> Check:
    if made_at is None:
        return good(
            "backup", "app.py backup has made none here; keep copies by it, or in your own way."
        )
    told = f"The last one was made {since(now - made_at)} ago."
    if now - made_at <= OLD_BACKUP:
        return good("backup", told)
    return bad("backup", f"{told} Make one: app.py backup FILE.")


def since(time: timedelta) -> str:
    for unit, seconds in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if time.total_seconds() >= 2 * seconds:
            return f"{time.total_seconds() // seconds:.0f} {unit}"
    return "a minute"


async def check_installations(url: str, settings: Settings) -> Check:
    """Of many workspaces: whether their tokens can be opened."""
    async with aclosing(open_sessions(url)) as sessions, sessions.read() as session:
        rows = await list_installed(session)
    vault = Vault(settings.install_keys)
    closed = [row.team_id for row in rows if vault.open(row.sealed_token) is None]
    if closed:
        return bad("workspaces", str(Sealed(", ".join(closed[:5]))))
    return good("workspaces", f"It is installed in {len(rows)} places.")


# Slack


async def examine_slack(slack: Slack, clock: Callable[[], datetime]) -> AsyncIterator[Check]:
    """`slack`: with the bot's token."""
    try:
        headers = await slack.headers_of("auth.test")
        who = await slack.call("auth.test")
    except Refused as refusal:
        yield bad("slack", sentence_for(refusal))
        return
    except UNREACHED as problem:
        yield bad("slack", f"Slack cannot be reached ({problem}): is there a way out, or a proxy?")
        return
    yield good("slack", f"In {who.get('team')} as {who.get('user')}.")
    yield check_clock(headers, clock())
    yield check_scopes(headers)
    yield await check_channels(slack)


def check_clock(headers: Mapping[str, str], here: datetime) -> Check:
    try:
        there = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return good("clock", "Slack did not say what time it is.")
    ahead = (here - there).total_seconds()
    if abs(ahead) <= CLOCK_MAY_DIFFER:
        return good("clock", f"Within {abs(ahead) + 1:.0f} s of Slack's.")
    how = "fast" if ahead > 0 else "slow"
    return bad("clock", f"It is {abs(ahead):.0f} s {how}: set this machine's clock (NTP).")


def check_scopes(headers: Mapping[str, str]) -> Check:
    given = {each.strip() for each in headers.get("x-oauth-scopes", "").split(",")}
    missing = sorted(needed_scopes() - given)
    if not missing:
        return good("scopes", f"All {len(needed_scopes())} scopes.")
    costs = "; ".join(f"{each} ({COSTS[each]})" for each in missing)
    return bad(
        "scopes",
        f"Missing: {costs}. Update the app with manifest.yml on its page, App Manifest, and "
        "reinstall it.",
    )


@cache
def needed_scopes() -> frozenset[str]:
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


async def check_channels(slack: Slack) -> Check:
    try:
        page = await slack.read("users.conversations", limit=200, exclude_archived="true")
    except (Refused, *UNREACHED) as problem:
        return bad("channels", f"Slack does not say which ({problem}).")
    number = len(page.get("channels", []))
    if number:
        return good("channels", f"It is in {number} of them.")
    return bad("channels", "It is in none: write /invite @Askaround in the one where people ask.")


async def check_socket(slack: Slack) -> Check:
    """`slack`: with the app's token. The address is not used, so nothing is connected."""
    try:
        await slack.call("apps.connections.open")
    except Refused as refusal:
        return bad(
            "events",
            f"Slack does not accept SLACK_APP_TOKEN ({refusal.code}): make one with the scope "
            "connections:write on your app's page, Basic Information, App-Level Tokens.",
        )
    except UNREACHED as problem:
        return bad("events", f"Slack gives no connection ({problem}).")
    return good("events", "Slack would connect (Socket Mode).")

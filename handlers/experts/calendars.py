"""Reading people's own calendars: in the background, bounded in size and time, and only where
a system outside Slack may be called."""

import asyncio
import time
from functools import partial
from urllib.parse import urljoin

import aiohttp

from bot.errors import UserError
from bot.experts.calendars import (
    NO_CALENDAR,
    TOO_LARGE,
    UNREACHABLE,
    Shift,
    Unreadable,
    get_calendar,
    get_zone,
    note_failed,
    note_read,
    read_busy,
)
from bot.experts.webhooks import check_address
from bot.kinds import CALENDAR_NOTE, READ_CALENDAR
from bot.outbox import Owed
from handlers.blocks.experts.calendars import failed
from handlers.experts.webhooks import HEADERS, Outside, open_session
from handlers.outbox import Delivery, Note, delivers
from handlers.slack import Refused, Slack
from storage.database import Sessions

MOST_READ = 3 * 1024 * 1024  # bytes
MOST_MOVES = 3  # from the address to where the calendar is
READS_FOR = 5.0  # seconds of work, at most
MOVED = frozenset({301, 302, 303, 307, 308})
NOTHING_SET = Outside()
ASKS_FOR = {name: HEADERS[name] for name in ("user-agent", "accept-encoding")}
GONE = frozenset({401, 403, 404, 410})


async def read_calendar(
    owed: Owed[str], slack: Slack, sessions: Sessions, outside: Outside = NOTHING_SET
) -> Note | None:
    who = {"team_id": owed.team_id, "user_id": owed.subject}
    now = slack.clock()
    async with sessions.read() as session:
        known = await get_calendar(session, **who)
        zone = await get_zone(session, **who)
    if known is None:
        return None
    try:
        content = await fetch(known.address, outside)
        until = time.monotonic() + READS_FOR
        read = partial(read_busy, zone=zone, now=now, is_time_up=lambda: time.monotonic() > until)
        busy: list[Shift] = await asyncio.to_thread(read, content)
    except Unreadable as problem:
        why = problem.why
        return lambda session: note_failed(session, **who, address=known.address, why=why, now=now)
    return lambda session: note_read(session, **who, address=known.address, busy=busy, now=now)


async def fetch(address: str, outside: Outside) -> bytes:
    """What is there; Unreadable where it cannot be had."""
    for _ in range(MOST_MOVES + 1):
        try:
            check_address(address, outside.networks)  # where it leads is decided anew each time
            content, moved_to = await fetch_once(address, outside)
        except (UserError, Refused, TimeoutError, aiohttp.ClientError, OSError) as problem:
            raise Unreadable(UNREACHABLE) from problem
        if moved_to is None:
            return content
        address = urljoin(address, moved_to)
    raise Unreadable(UNREACHABLE)


async def fetch_once(address: str, outside: Outside) -> tuple[bytes, str | None]:
    """What is there, or where it has moved to."""
    proxy = outside.proxies.to(address)
    async with (
        await open_session(address, proxy, outside.networks) as http,
        http.get(
            address,
            headers=ASKS_FOR,
            proxy=proxy,
            allow_redirects=False,
        ) as response,
    ):
        if response.status in MOVED:
            return b"", response.headers.get("Location") or ""
        if response.status != 200:
            raise Unreadable(NO_CALENDAR if response.status in GONE else UNREACHABLE)
        return await read_all(response), None


async def read_all(response: aiohttp.ClientResponse) -> bytes:
    content = b""
    async for piece in response.content.iter_chunked(64 * 1024):
        content += piece
        if len(content) > MOST_READ:
            raise Unreadable(TOO_LARGE)
    return content


async def send_calendar_note(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        known = await get_calendar(session, team_id=owed.team_id, user_id=owed.subject)
    if known is not None and known.failed_why is not None:
        await slack.post_privately(
            key=owed.key,
            is_uncertain=owed.is_uncertain,
            user_id=owed.subject,
            **failed(known.failed_why),
        )
    return None


KINDS = (
    delivers(READ_CALENDAR, read_calendar),
    delivers(CALENDAR_NOTE, send_calendar_note),
)


def fetching(outside: Outside) -> Delivery:
    """The kind that fetches, as the operator set it."""
    return delivers(READ_CALENDAR, partial(read_calendar, outside=outside))

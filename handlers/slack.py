"""Slack's Web API, at Slack's pace and with its failures told apart."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.pace import POST_BURST, POST_INTERVAL, take_turn
from bot.text import is_mask
from handlers.blocks.masks import marked
from handlers.logs import named
from handlers.payloads import Identity
from handlers.reading_pace import ReadingPace
from handlers.refusals import About, about
from storage.database import Sessions

logger = logging.getLogger("askaround")

TIMEOUT = aiohttp.ClientTimeout(total=10)
CONNECTIONS = 20
METADATA_EVENT = "askaround_post"
LOOK_BACK_PAGES = 5

# What somebody deleted: there is nothing left to do there.
GONE = frozenset({"message_not_found", "thread_not_found"})


class Refused(Exception):
    """Slack will not do it; `code` is Slack's word for why, `needed` the scope that is missing."""

    def __init__(self, method: str, code: str, needed: str = "") -> None:
        super().__init__(f"{method}: {code}")
        self.code, self.needed = code, needed

    @property
    def about(self) -> About:
        return about(self.code)


class Unclear(Exception):
    """The call broke off, and Slack may have done it. `seconds`: how long to wait at least."""

    def __init__(self, why: str, seconds: float = 0) -> None:
        super().__init__(why)
        self.seconds = seconds


class NotNow(Exception):
    """Nothing was sent: Slack, or our own pace, asks to wait. `closed`: the method that Slack just
    said to leave alone."""

    def __init__(self, seconds: float, closed: str = "") -> None:
        super().__init__(f"wait {seconds:.1f} s")
        self.seconds, self.closed = seconds, closed


TakeTurn = Callable[[str, str], Awaitable[float]]  # of a channel and a key: the seconds to wait


class Pace:
    """When a channel may get its next post, where one process speaks. A place in the row is kept
    for who waits."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.seconds = seconds
        self._full_at: dict[str, float] = {}
        self._booked: dict[str, float] = {}

    async def take(self, channel_id: str, key: str) -> float:
        """Take this post's turn: 0, or the seconds until it has come."""
        now = self.seconds()
        turn = self._booked.get(key) or self._book(channel_id, now)
        if turn > now:
            self._booked[key] = turn
            return turn - now
        self._booked.pop(key, None)
        return 0.0

    def _book(self, channel_id: str, now: float) -> float:
        full_at = max(self._full_at.get(channel_id, now), now)
        self._full_at[channel_id] = full_at + POST_INTERVAL
        return max(now, full_at - POST_INTERVAL * (POST_BURST - 1))


def shared_pace(sessions: Sessions, team_id: str) -> TakeTurn:
    """The turns of a workspace's channels, where several replicas speak."""

    async def take(channel_id: str, key: str) -> float:
        async with sessions.begin() as session:
            return await take_turn(session, team_id=team_id, channel_id=channel_id, key=key)

    return take


@dataclass(frozen=True)
class File:
    """A file to send."""

    name: str
    title: str
    content: bytes  # not empty: Slack takes no empty file


async def nobody(mask: str) -> str | None:
    """Who is behind a mask, where no key is set."""
    return None


class Slack:
    """The calls the bot makes on its own account, outside a person's request.

    `clock` is the bot's time; Slack's limits are kept in `seconds`, which no clock's jump moves."""

    def __init__(
        self,
        client: AsyncWebClient,
        clock: Callable[[], datetime],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.client = client
        self.clock = clock
        self.seconds = seconds
        self.bot_user_id = ""  # known after auth.test
        self.identity = Identity("", None, "")
        self.take_turn: TakeTurn = Pace(seconds).take  # or one that all replicas share
        self.reading = ReadingPace(clock)
        self.whose: Callable[[str], Awaitable[str | None]] = nobody
        self._closed_until: dict[str, float] = {}
        self._warned: set[str] = set()

    def warn_once(self, what: str) -> None:
        """Of what stays as it is until an admin changes it, and is met again and again."""
        if what not in self._warned:
            self._warned.add(what)
            logger.warning(what)

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Slack's answer; Refused, Unclear or NotNow when there is none."""
        if method == "chat.postEphemeral" and is_mask(str(arguments.get("user"))):
            return await self._whisper(**arguments)
        return await self._ask(method, json=arguments)

    async def read(self, method: str, **arguments: Any) -> dict[str, Any]:
        """A call that only reads; Slack takes the arguments of these as a form."""
        form = {name: form_value(value) for name, value in arguments.items() if value}
        return await self._ask(method, http_verb="GET", params=form)

    async def ask_as_app(
        self, method: str, *, client_id: str, client_secret: str, **form: str
    ) -> dict[str, Any]:
        """A call by which the app shows who it is with its own secret, without a token."""
        auth = {"client_id": client_id, "client_secret": client_secret}
        return await self._ask(method, data=form, auth=auth)

    async def headers_of(self, method: str) -> dict[str, str]:
        """What Slack says beside its answer, by names in lower case."""
        headers = (await self._respond(method)).headers
        return {name.lower(): str(value) for name, value in headers.items()}

    async def _ask(self, method: str, **how: Any) -> dict[str, Any]:
        response = await self._respond(method, **how)
        return dict(response.data)  # type: ignore[arg-type]  # bytes only for file downloads

    async def _respond(self, method: str, **how: Any) -> AsyncSlackResponse:
        self._check_gate(method)
        try:
            return await self.client.api_call(method, **how)
        except SlackApiError as error:
            raise self._told_apart(method, error) from error
        except (TimeoutError, aiohttp.ClientError, asyncio.IncompleteReadError) as error:
            raise Unclear(f"{method}: {named(error)}") from error
        except (AttributeError, TypeError, ValueError) as error:
            # A proxy's page, or nothing at all, where the client expects Slack's object.
            raise Unclear(f"{method}: what answered was not Slack") from error

    def _check_gate(self, method: str) -> None:
        closed_until = self._closed_until.get(method)
        if closed_until is not None:
            wait = closed_until - self.seconds()
            if wait > 0:
                raise NotNow(wait)
            del self._closed_until[method]

    def close(self, method: str, seconds: float) -> None:
        """Slack wants it left alone for so long, as we or another replica heard."""
        until = self.seconds() + seconds
        self._closed_until[method] = max(until, self._closed_until.get(method, until))

    def _told_apart(self, method: str, error: SlackApiError) -> Exception:
        status, data = read_response(error.response)
        code = str(data.get("error", ""))
        if status == 429 or code in ("ratelimit", "ratelimited", "rate_limited"):
            seconds = retry_after(error)
            self.close(method, seconds)
            return NotNow(seconds, closed=method)
        if status >= 500 or not code or about(code) == "slack":
            return Unclear(f"{method}: {status} {code}")
        return Refused(method, code, str(data.get("needed") or ""))

    async def post(
        self,
        *,
        key: str,
        is_uncertain: bool,
        channel: str,
        thread_ts: str | None = None,
        **message: Any,
    ) -> str:
        """Post once, whatever happened before; the message's ts.

        A post whose outcome is unknown is looked up by the key in its metadata first."""
        if is_uncertain:
            found = await self.find_posted(channel, thread_ts, key)
            if found is not None:
                return found
        wait = await self.take_turn(channel, key)
        if wait:
            raise NotNow(wait)
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        posted = await self.call(
            "chat.postMessage",
            channel=channel,
            metadata={"event_type": METADATA_EVENT, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
            **thread,
            **message,
        )
        return str(posted["ts"])

    async def post_privately(
        self, *, key: str, is_uncertain: bool, user_id: str, **message: Any
    ) -> tuple[str, str]:
        """Post once to a person alone; the direct channel and the message's ts."""
        if is_mask(user_id):
            message = marked(message, user_id)
        channel_id = await self._open(user_id)
        ts = await self.post(key=key, is_uncertain=is_uncertain, channel=channel_id, **message)
        return channel_id, ts

    async def _open(self, user_id: str) -> str:
        """The direct channel of a person; of who is behind a mask."""
        known = await self.whose(user_id) if is_mask(user_id) else user_id
        if known is None:
            raise Refused("conversations.open", "user_not_found")
        return str((await self.call("conversations.open", users=known))["channel"]["id"])

    async def _whisper(self, *, user: str, channel: str, **message: Any) -> dict[str, Any]:
        """To who asked without a name: not in the channel, where they may not even be."""
        message.pop("thread_ts", None)
        return await self.call(
            "chat.postMessage", channel=await self._open(user), **marked(message, user)
        )

    async def send_files(
        self,
        *,
        key: str,
        is_uncertain: bool,
        user_id: str,
        files: Sequence[File],
        **message: Any,
    ) -> None:
        """Send a person files, each once, below a message that says what they are."""
        channel_id, ts = await self.post_privately(
            key=key, is_uncertain=is_uncertain, user_id=user_id, **message
        )
        sent = await self._list_files(channel_id, ts) if is_uncertain else set()
        for each in files:
            if each.title not in sent:
                await self._send_file(each, channel_id, ts)

    async def _list_files(self, channel_id: str, thread_ts: str) -> set[str]:
        """The titles of those below the message already."""
        page = await self.read(
            "conversations.replies", channel=channel_id, ts=thread_ts, limit=1000
        )
        return {each["title"] for said in page["messages"] for each in said.get("files", [])}

    async def _send_file(self, file: File, channel_id: str, thread_ts: str) -> None:
        place = await self.read(
            "files.getUploadURLExternal", filename=file.name, length=len(file.content)
        )
        try:
            async with self._http.post(
                place["upload_url"], data=file.content, proxy=self.client.proxy
            ) as answer:
                if answer.status != 200:
                    raise Unclear(f"uploading a file: {answer.status}")
        except (TimeoutError, aiohttp.ClientError) as error:
            raise Unclear(f"uploading a file: {named(error)}") from error
        await self.call(
            "files.completeUploadExternal",
            files=[{"id": place["file_id"], "title": file.title}],
            channel_id=channel_id,
            thread_ts=thread_ts,
        )

    @property
    def _http(self) -> aiohttp.ClientSession:
        session = self.client.session
        assert session is not None  # see open_client
        return session

    async def touch(self, method: str, *, channel: str, ts: str, **message: Any) -> None:
        """Change or delete a message of ours; it may be gone."""
        try:
            await self.call(method, channel=channel, ts=ts, **message)
        except Refused as refusal:
            if refusal.code not in GONE:
                raise

    async def find_posted(self, channel: str, thread_ts: str | None, key: str) -> str | None:
        """The message with this key, in the thread or among the channel's newest."""
        method = "conversations.replies" if thread_ts else "conversations.history"
        place = {"channel": channel, **({"ts": thread_ts} if thread_ts else {})}
        cursor = ""
        for _ in range(LOOK_BACK_PAGES):
            page = await self.read(
                method, **place, include_all_metadata=True, limit=200, cursor=cursor
            )
            for message in page["messages"]:
                if message.get("metadata", {}).get("event_payload", {}).get("key") == key:
                    return str(message["ts"])
            cursor = page.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                break
        return None

    async def read_gently(self, method: str, *, key: str, **arguments: Any) -> dict[str, Any]:
        """The same, where there is a lot to read and no hurry; `key`: who waits for a turn."""
        self._check_gate(method)
        seconds = self.reading.take(method, key)
        if seconds:
            raise NotNow(seconds)
        try:
            return await self.read(method, **arguments)
        except NotNow as wait:
            self.reading.refused(method, wait.seconds)
            raise

    async def read_all(self, method: str, key: str, **arguments: Any) -> list[Any]:
        """Every item of a list that comes in pages."""
        items: list[Any] = []
        cursor = ""
        while True:
            page = await self.read(method, limit=200, cursor=cursor, **arguments)
            if not isinstance(page.get(key), list):
                raise Unclear(f"{method}: an answer without {key}")
            items += page[key]
            cursor = page.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                return items


def read_response(response: Any) -> tuple[int, dict[str, Any]]:
    """Status and content of what the client calls a failed response: its own kind, a dict, or
    that of the HTTP library where the content is no JSON."""
    if isinstance(response, dict):
        status, data = response.get("status_code", 0), response.get("data")
    else:
        status = getattr(response, "status_code", None) or getattr(response, "status", 0)
        data = getattr(response, "data", None)
    return int(status), data if isinstance(data, dict) else {}


def form_value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def retry_after(error: SlackApiError) -> float:
    response: Any = error.response
    headers = response.get("headers", {}) if isinstance(response, dict) else response.headers
    try:
        return max(1.0, float(headers.get("Retry-After") or headers.get("retry-after") or 1))
    except ValueError:
        return 1.0


def open_client(
    base_url: str,
    token: str | None,
    session: aiohttp.ClientSession,
    *,
    proxy: str | None = None,
    team_id: str | None = None,
) -> AsyncWebClient:
    """A client without retries of its own: a repeated post could be posted twice. Bolt reaches
    a response_url, and Socket Mode its server, through the same proxy. `team_id`: which workspace
    is meant, for a token that is good for all of an organisation."""
    return AsyncWebClient(
        token=token,
        base_url=base_url,
        session=session,
        proxy=proxy,
        retry_handlers=[],
        team_id=team_id,
    )


def open_http_session() -> aiohttp.ClientSession:
    # With a shared session the client's own timeout= is ignored.
    return aiohttp.ClientSession(timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=CONNECTIONS))

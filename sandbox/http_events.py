"""HTTP mode: signed requests to the app's own address, and the schedule of further tries."""

import asyncio
import hashlib
import hmac
import json
import time
from io import BytesIO
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from sandbox.delivery import Delivery, Outbound
from sandbox.workspace import Payload

SECONDS_BEFORE_TRY = (0, 0, 60, 300)
CONNECTIONS = 100


class HttpEvents:
    name = "http"

    def __init__(self, signing_secret: str, outbound: Outbound) -> None:
        self._secret = signing_secret
        self._outbound = outbound
        self._session: ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""

    def is_reachable(self) -> bool:
        return True

    def send(self, delivery: Delivery) -> None:
        deliver = self._deliver_event if delivery.is_event else self._deliver_once
        task = asyncio.create_task(deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def verify_url(self) -> bool:
        """Slack's question before it accepts an address: does the app return the challenge?"""
        challenge = hashlib.sha256(self._secret.encode()).hexdigest()
        body = json.dumps({"type": "url_verification", "challenge": challenge})
        status, answer, _ = await self._post(body, "application/json", {})
        return status == 200 and challenge in (answer.get("challenge", ""), answer.get("text", ""))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        if self._session is not None:
            await self._session.close()

    async def _deliver_event(self, delivery: Delivery) -> None:
        body = json.dumps(delivery.payload)
        for wait in SECONDS_BEFORE_TRY:
            await asyncio.sleep(wait * self._outbound.time_scale)
            headers = {}
            if delivery.attempts:
                headers["X-Slack-Retry-Num"] = str(delivery.attempts)
                headers["X-Slack-Retry-Reason"] = delivery.retry_reason
            if await self._try(delivery, body, "application/json", headers):
                return
        self._outbound.gave_up(delivery)

    async def _deliver_once(self, delivery: Delivery) -> None:
        fields = delivery.payload
        if delivery.kind == "interactive":
            fields = {"payload": json.dumps(fields)}
        body = urlencode(fields, errors="replace")
        if not await self._try(delivery, body, "application/x-www-form-urlencoded", {}):
            timed_out = delivery.retry_reason == "http_timeout"
            self._outbound.gave_up(
                delivery, "operation_timeout" if timed_out else "dispatch_failed"
            )

    async def _try(
        self, delivery: Delivery, body: str, content_type: str, headers: dict[str, str]
    ) -> bool:
        """True when Slack would not try again."""
        delivery.attempts += 1
        try:
            status, answer, no_retry = await self._post(body, content_type, headers)
        except TimeoutError:
            delivery.retry_reason = "http_timeout"
            return False
        except (ClientError, OSError):
            delivery.retry_reason = "connection_failed"
            return False
        if 200 <= status < 300:
            self._outbound.acked(delivery, answer)
            return True
        delivery.retry_reason = "http_error"
        if no_retry:
            self._outbound.gave_up(delivery)
        return no_retry

    async def _post(
        self, body: str, content_type: str, headers: dict[str, str]
    ) -> tuple[int, Payload, bool]:
        headers = headers | self._signature(body) | {"Content-Type": content_type}
        timeout = ClientTimeout(total=self._outbound.ack_timeout)
        async with self._client().post(
            self.url, data=BytesIO(body.encode()), headers=headers, timeout=timeout
        ) as response:
            answer = _answer(await response.text())
            return response.status, answer, response.headers.get("X-Slack-No-Retry") == "1"

    def share(self, other: "HttpEvents") -> None:
        """Send by the other's connections, as Slack does for all workspaces."""
        self._session = other._client()

    def _client(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=CONNECTIONS),
                headers={"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"},
            )
        return self._session

    def _signature(self, body: str) -> dict[str, str]:
        # The app compares this with its own clock, so it is real time, not the workspace's.
        timestamp = str(int(time.time()))
        base = f"v0:{timestamp}:{body}".encode()
        digest = hmac.new(self._secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def _answer(text: str) -> Payload:
    if not text:
        return {}
    try:
        answer = json.loads(text)
    except ValueError:
        return {"text": text}
    return answer if isinstance(answer, dict) else {"text": text}

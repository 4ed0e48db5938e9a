"""Answering by `response_url`: only at Slack's own address, whoever wrote it into a request."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from yarl import URL  # what reads the address when it is called

from handlers.payloads import Payload

HOOKS = "hooks.slack.com"


class Gate(AsyncMiddleware):
    """Lets no request in that says to answer elsewhere."""

    def __init__(self, api: str) -> None:
        self.api = URL(api)

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[Any]],
    ) -> BoltResponse | None:
        if not all(is_slacks(url, self.api) for url in urls_of(req.body)):
            return BoltResponse(status=400)
        await next()
        return None


def urls_of(body: Payload) -> Iterator[object]:
    if "response_url" in body:
        yield body["response_url"]
    for each in body.get("response_urls") or []:  # of a modal that lets choose a conversation
        yield each.get("response_url")


def is_slacks(written: object, api: URL) -> bool:
    """Whether it is at Slack's hooks, or where the API is (a sandbox has both in one place)."""
    try:
        url = URL(written) if isinstance(written, str) else None
    except ValueError:
        return False
    if url is None or url.user is not None or url.password is not None:
        return False
    if url.host in (HOOKS, f"hooks.{api.host}"):
        return url.scheme == "https" and url.port == 443
    return url.is_absolute() and url.origin() == api.origin()

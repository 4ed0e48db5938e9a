"""Answering by `response_url`: only at Slack's own address, whoever wrote it into a request."""

from collections.abc import Awaitable, Callable, Iterator

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from yarl import URL  # what reads the address when it is called

from handlers.payloads import Payload

HOOKS = "hooks.slack.com"


def register(app: AsyncApp) -> None:
    api = URL(app.client.base_url)

    async def refuse_others(
        body: Payload, next: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        if all(is_slacks(url, api) for url in urls_of(body)):
            await next()
            return None
        return BoltResponse(status=400)

    app.middleware(refuse_others)


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

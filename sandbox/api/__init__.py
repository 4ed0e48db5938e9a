"""The Web API: from an HTTP request to a method's answer, with Slack's checks on the way."""

import asyncio
import json
import time
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from sandbox.api import apps, assistant, chat, conversations, files, reactions, users, views
from sandbox.api.registry import METHODS
from sandbox.api.request import Request, check_scope
from sandbox.errors import SlackError
from sandbox.faults import Fault
from sandbox.slack import Call, Slack
from sandbox.workspace import Payload

FAMILIES = (
    apps,
    assistant,
    chat,
    conversations,
    files,
    reactions,
    users,
    views,
)  # each registers its methods
DROPPED = 0  # the status kept of a call whose connection was cut


async def call_method(slack: Slack, http: web.Request) -> web.Response:
    began, at = time.monotonic(), slack.clock.now()
    name = http.match_info["method"]
    args, token = await read_request(http)
    status, answer, headers = await _answer(slack, name, args, token)
    milliseconds = (time.monotonic() - began) * 1000
    kind = _token_kind(slack, token)
    slack.calls_made += 1
    slack.calls.append(Call(slack.calls_made, at, name, args, kind, status, answer, milliseconds))
    slack.bell.ring()
    if status == DROPPED:
        assert http.transport is not None  # the request came over it
        http.transport.abort()
        return web.Response()
    said = {"Date": format_datetime(at, usegmt=True), **scopes_of(slack, kind), **headers}
    return web.json_response(answer, status=status, headers=said)


def scopes_of(slack: Slack, kind: str) -> dict[str, str]:
    """What Slack says of a bot's token beside each answer."""
    return {"X-OAuth-Scopes": ",".join(sorted(slack.manifest.scopes))} if kind == "bot" else {}


async def read_request(http: web.Request) -> tuple[Payload, str]:
    """Arguments and token. A token counts in the header, in a form, or in the address."""
    args: Payload = dict(http.query) | dict((await http.post()).items())
    token = str(args.pop("token", ""))
    if http.content_type == "application/json":
        args |= _json_object(await http.text())
        args.pop("token", None)
    scheme, _, value = http.headers.get("Authorization", "").partition(" ")
    return args, value.strip() if scheme.lower() == "bearer" else token


async def _answer(
    slack: Slack, name: str, args: Payload, token: str
) -> tuple[int, Payload, dict[str, str]]:
    fault = slack.faults.take(name)
    if fault is not None:
        slack.bell.ring()
        failed = await _fail(fault)
        if failed is not None:
            return failed
    wait = slack.limits.wait(name, slack.clock.now())
    if wait:
        return too_many(wait)
    answer = perform(slack, name, args, token)
    if fault is not None and fault.kind == "drop_after":
        return DROPPED, answer, {}
    return 200, answer, {}


async def _fail(fault: Fault) -> tuple[int, Payload, dict[str, str]] | None:
    """The answer that stands in for the method's own; None when that is still to come."""
    if fault.kind == "rate_limited":
        return too_many(fault.retry_after)
    if fault.kind == "error":
        return 200, {"ok": False, "error": fault.error}, {}
    if fault.kind == "server_error":
        return 503, {"ok": False, "error": "service_unavailable"}, {}
    if fault.kind == "drop_before":
        return DROPPED, {}, {}
    if fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
    return None


def too_many(retry_after: int) -> tuple[int, Payload, dict[str, str]]:
    return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(retry_after)}


def perform(slack: Slack, name: str, args: Payload, token: str) -> Payload:
    method = METHODS.get(name)
    if method is None:
        return {"ok": False, "error": "unknown_method", "req_method": name}
    try:
        check_token(slack, token, method.token)
        check_scope(slack, method.scopes)
        request = Request(slack, args)
        request.check_required(method.required)
        return {"ok": True} | method.handler(request)
    except SlackError as error:
        return {"ok": False, "error": error.code} | error.details


def check_token(slack: Slack, token: str, wanted: str) -> None:
    if wanted == "none":
        return
    if not token:
        raise SlackError("not_authed")
    kind = _token_kind(slack, token)
    if kind == "none":
        raise SlackError("invalid_auth")
    if kind != wanted:
        raise SlackError("not_allowed_token_type")


def _token_kind(slack: Slack, token: str) -> str:
    return slack.tokens.get(token, "none")


def _json_object(body: str) -> dict[str, Any]:
    try:
        content = json.loads(body or "{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}

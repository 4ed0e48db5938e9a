"""The inspector: what goes between Slack and the app, live."""

import asyncio
import contextlib
from itertools import islice
from typing import Any

from aiohttp import web

from sandbox.delivery import Delivery
from sandbox.slack import Call, Slack
from sandbox.workspace import Payload

ROWS = 200
HEARTBEAT_SECONDS = 20


async def traffic(slack: Slack, request: web.Request) -> web.StreamResponse:
    """Frames of {"rows": […]}; a row that changed comes again under the same id."""
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS)
    await socket.prepare(request)
    telling = asyncio.create_task(_tell(slack, socket))
    try:
        async for _ in socket:
            pass
    finally:
        telling.cancel()
        await asyncio.wait([telling])
    return socket


async def traffic_detail(slack: Slack, request: web.Request) -> web.StreamResponse:
    """Everything that was said in one of them."""
    wanted = request.match_info["id"]
    for call in reversed(slack.calls):
        if call_id(call) == wanted:
            return web.json_response({"asked": call.args, "answered": call.response})
    for delivery in reversed(slack.outbound.kept):
        if delivery.id == wanted:
            return web.json_response({"asked": delivery.payload, "answered": delivery.answer})
    raise web.HTTPNotFound(text="That is not kept any more.")


async def _tell(slack: Slack, socket: web.WebSocketResponse) -> None:
    told: dict[str, Payload] = {}
    with contextlib.suppress(ConnectionError):
        while True:
            rows = newest(slack)
            new = [row for row in rows if told.get(row["id"]) != row]
            told = {row["id"]: row for row in rows}
            if new:
                await socket.send_json({"rows": new})
            await slack.bell.next_ring()


def newest(slack: Slack) -> list[Payload]:
    calls = [call_row(call) for call in islice(reversed(slack.calls), ROWS)]
    deliveries = [delivery_row(each) for each in islice(reversed(slack.outbound.kept), ROWS)]
    return sorted(calls + deliveries, key=lambda row: row["at"])[-ROWS:]


def call_id(call: Call) -> str:
    return f"call-{call.number}"


def call_row(call: Call) -> Payload:
    return {
        "id": call_id(call),
        "at": call.at.timestamp(),
        "from": "app",
        "what": call.method,
        "about": str(call.args.get("channel") or call.args.get("user_id") or ""),
        "state": call.response.get("error", "ok") if call.status else "dropped",
        "ms": round(call.ms, 1),
        "attempts": 1,
    }


def delivery_row(delivery: Delivery) -> Payload:
    payload = delivery.payload
    event: dict[str, Any] = payload.get("event") or payload
    what = event.get("subtype") or event.get("command") or event.get("type") or delivery.kind
    channel = event.get("channel") or event.get("channel_id") or ""
    return {
        "id": delivery.id,
        "at": delivery.at.timestamp(),
        "from": "slack",
        "what": str(what),
        "about": str(channel.get("id", "") if isinstance(channel, dict) else channel),
        "state": delivery.status,
        "ms": round(delivery.ms, 1) if delivery.ms is not None else None,
        "attempts": delivery.attempts,
        "retry_reason": delivery.retry_reason,
    }

"""Socket Mode: open sockets, envelopes to exactly one of them, and envelopes sent again."""

import asyncio
import contextlib
import json
import secrets

from aiohttp import WSMsgType, web

from sandbox.bell import Bell
from sandbox.delivery import PENDING, Delivery, Outbound
from sandbox.workspace import Payload

MAX_SOCKETS = 10
MAX_ATTEMPTS = 4
RESEND_AFTER_SECONDS = 10
HEARTBEAT_SECONDS = 30
CLOSE_SECONDS = 1.0  # granted to an app to say goodbye
DISCONNECT_REASONS = ("warning", "refresh_requested", "link_disabled", "drop")
HOST = "applink-sandbox"


class SocketMode:
    """All sockets draw from one queue, so each envelope goes to exactly one of them."""

    name = "socket"

    def __init__(self, app_id: str, outbound: Outbound, bell: Bell) -> None:
        self._app_id = app_id
        self._outbound = outbound
        self._bell = bell
        self._tickets: set[str] = set()
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue()
        self._queued: set[str] = set()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self.sockets: dict[web.WebSocketResponse, asyncio.Transport] = {}

    def new_ticket(self) -> str:
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    def is_reachable(self) -> bool:
        return bool(self.sockets)

    def send(self, delivery: Delivery) -> None:
        self._enqueue(delivery)
        if delivery.is_event:
            self._arm(delivery)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """One socket's life."""
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=403, text="unknown ticket")
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, timeout=CLOSE_SECONDS)
        await socket.prepare(request)
        if len(self.sockets) >= MAX_SOCKETS:
            await socket.send_json(_disconnect_frame("too_many_websockets"))
            await socket.close()
            return socket
        assert request.transport is not None  # the socket was just prepared on it
        self.sockets[socket] = request.transport
        try:
            with contextlib.suppress(ConnectionError):  # the app went away at once
                await socket.send_json(self._hello())
                await self._serve(socket)
        finally:
            self._forget(socket)
        return socket

    async def disconnect(self, reason: str) -> None:
        """Tell every socket to go: `warning` leaves it open, `drop` cuts it without a word."""
        if reason not in DISCONNECT_REASONS:
            raise ValueError(f"{reason} is not one of {', '.join(DISCONNECT_REASONS)}")
        for socket, transport in list(self.sockets.items()):
            if reason == "drop":
                self._forget(socket)
                transport.abort()
                continue
            with contextlib.suppress(ConnectionError):  # it left by itself
                await socket.send_json(_disconnect_frame(reason))
            if reason != "warning":
                self._forget(socket)
                await socket.close()

    async def stop(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for socket in list(self.sockets):
            await socket.close()

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        self._bell.ring()
        writer = asyncio.create_task(self._write(socket))
        try:
            async for frame in socket:
                if frame.type == WSMsgType.TEXT:
                    self._received(json.loads(frame.data))
        finally:
            writer.cancel()
            await asyncio.wait([writer])

    async def _write(self, socket: web.WebSocketResponse) -> None:
        while socket in self.sockets:
            delivery = await self._waiting.get()
            if socket not in self.sockets:
                self._waiting.put_nowait(delivery)
                return
            self._queued.discard(delivery.id)
            if delivery.status != PENDING:
                continue
            delivery.attempts = max(delivery.attempts, 1)
            try:
                await socket.send_str(_envelope(delivery))
            except ConnectionError:
                return  # its timer sends it again, over another socket
            await asyncio.sleep(0)  # the next one is another socket's turn

    def _received(self, frame: Payload) -> None:
        delivery = self._outbound.pending.get(frame.get("envelope_id", ""))
        if delivery is None:
            return
        timer = self._timers.pop(delivery.id, None)
        if timer is not None:
            timer.cancel()
        self._outbound.acked(delivery, frame.get("payload") or {})

    def _enqueue(self, delivery: Delivery) -> None:
        self._queued.add(delivery.id)
        self._waiting.put_nowait(delivery)

    def _arm(self, delivery: Delivery) -> None:
        wait = RESEND_AFTER_SECONDS * self._outbound.time_scale
        timer = asyncio.get_running_loop().call_later(wait, self._send_again, delivery)
        self._timers[delivery.id] = timer

    def _send_again(self, delivery: Delivery) -> None:
        self._timers.pop(delivery.id, None)
        if delivery.attempts >= MAX_ATTEMPTS:
            self._outbound.gave_up(delivery)
            return
        delivery.attempts += 1
        delivery.retry_reason = "timeout"
        if delivery.id not in self._queued:
            self._enqueue(delivery)
        self._arm(delivery)

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if self.sockets.pop(socket, None) is not None:
            self._bell.ring()

    def _hello(self) -> Payload:
        return {
            "type": "hello",
            "num_connections": len(self.sockets),
            "debug_info": {
                "host": HOST,
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self._app_id},
        }


def _envelope(delivery: Delivery) -> str:
    envelope: Payload = {
        "envelope_id": delivery.id,
        "type": delivery.kind,
        "accepts_response_payload": not delivery.is_event,
        "payload": delivery.payload,
    }
    if delivery.is_event:
        envelope["retry_attempt"] = delivery.attempts - 1
        envelope["retry_reason"] = delivery.retry_reason
    return json.dumps(envelope)


def _disconnect_frame(reason: str) -> Payload:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}

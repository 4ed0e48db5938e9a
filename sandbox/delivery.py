"""What is on its way to the app: each delivery, whether it arrived, and how it is sent again."""

import asyncio
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sandbox.bell import Bell
from sandbox.clock import Clock
from sandbox.errors import SlackError
from sandbox.workspace import Payload

KEPT = 20_000
PENDING, ACKED, GAVE_UP = "pending", "acked", "gave_up"


@dataclass(eq=False, slots=True)
class Delivery:
    id: str
    kind: str  # events_api, slash_commands or interactive, as Socket Mode names them
    payload: Payload
    via: str  # socket or http
    at: datetime
    began: float  # on the monotonic clock, for `ms`
    status: str = PENDING
    attempts: int = 0
    retry_reason: str = ""
    acked_at: datetime | None = None
    ms: float | None = None
    answer: Payload = field(default_factory=dict)
    answered: asyncio.Future[Payload] | None = None

    @property
    def is_event(self) -> bool:
        return self.kind == "events_api"


class Transport(Protocol):
    """Socket Mode or HTTP. Sends, sends again, and reports through `acked` and `gave_up`."""

    name: str

    def is_reachable(self) -> bool: ...

    def send(self, delivery: Delivery) -> None: ...


class Outbound:
    """Hands deliveries to the transport in use and keeps what became of them."""

    transport: Transport

    def __init__(self, clock: Clock, bell: Bell) -> None:
        self._clock = clock
        self._bell = bell
        self.ack_timeout = 3.0  # seconds Slack grants an app to answer
        self.time_scale = 1.0  # of the waits before something is sent again
        self.kept: deque[Delivery] = deque(maxlen=KEPT)
        self.pending: dict[str, Delivery] = {}

    def send_event(self, payload: Payload) -> Delivery:
        delivery = self._begin("events_api", payload)
        self.transport.send(delivery)
        return delivery

    async def ask(self, kind: str, payload: Payload) -> Payload:
        """Send an interaction, which Slack does only once, and return the app's answer."""
        if not self.transport.is_reachable():
            raise SlackError("dispatch_failed")
        delivery = self._begin(kind, payload)
        delivery.answered = asyncio.get_running_loop().create_future()
        self.transport.send(delivery)
        try:
            return await asyncio.wait_for(delivery.answered, self.ack_timeout)
        except TimeoutError:
            raise SlackError("operation_timeout") from None
        finally:
            if delivery.status == PENDING:
                self.gave_up(delivery)

    def acked(self, delivery: Delivery, answer: Payload) -> None:
        if delivery.status != PENDING:
            return
        delivery.answer = answer
        delivery.acked_at = self._clock.now()
        delivery.ms = (time.monotonic() - delivery.began) * 1000
        self._end(delivery, ACKED)
        if delivery.answered and not delivery.answered.done():
            delivery.answered.set_result(answer)

    def gave_up(self, delivery: Delivery, code: str = "operation_timeout") -> None:
        if delivery.status != PENDING:
            return
        self._end(delivery, GAVE_UP)
        if delivery.answered and not delivery.answered.done():
            delivery.answered.set_exception(SlackError(code))

    def _begin(self, kind: str, payload: Payload) -> Delivery:
        via = self.transport.name
        now = self._clock.now()
        delivery = Delivery(str(uuid.uuid4()), kind, payload, via, now, time.monotonic())
        self.kept.append(delivery)
        self.pending[delivery.id] = delivery
        return delivery

    def _end(self, delivery: Delivery, status: str) -> None:
        delivery.status = status
        self.pending.pop(delivery.id, None)
        self._bell.ring()

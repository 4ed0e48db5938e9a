"""A sandbox that fails by the dice: calls are refused, slow or lost, events come twice and late."""

import asyncio
import random
from typing import Protocol

from sandbox import Sandbox
from sandbox.delivery import Delivery
from sandbox.faults import Fault, Faults

REFUSALS = ("rate_limited", "server_error", "drop_before", "drop_after", "delay")
SLOW_SECONDS = 0.3
LATE_SECONDS = 0.4
# Opening a connection is tried again after pauses that no clock of ours can shorten.
SPARED = ("apps.connections.open", "auth.test")


class FaultsByChance(Faults):
    """Each call of the Web API fails with this share."""

    def __init__(self, dice: random.Random, share: float) -> None:
        super().__init__()
        self.dice, self.share = dice, share

    def take(self, method: str) -> Fault | None:
        if method in SPARED or self.dice.random() >= self.share:
            return None
        kind = self.dice.choice(REFUSALS)
        return Fault(method, kind, 1, "internal_error", retry_after=1, seconds=SLOW_SECONDS)


class Sends(Protocol):
    name: str

    def is_reachable(self) -> bool: ...

    def send(self, delivery: Delivery) -> None: ...


class Unreliable:
    """A way to the app that brings events twice and out of order."""

    def __init__(self, slack: Sandbox, inner: Sends, dice: random.Random, share: float) -> None:
        self.slack, self.inner, self.dice, self.share = slack, inner, dice, share
        self.name = inner.name
        self._is_copy = False

    def is_reachable(self) -> bool:
        return self.inner.is_reachable()

    def send(self, delivery: Delivery) -> None:
        if not delivery.is_event or self._is_copy:
            self.inner.send(delivery)
            return
        if self.dice.random() < self.share:
            self._is_copy = True
            self.slack.outbound.send_event(delivery.payload)
            self._is_copy = False
        if self.dice.random() < self.share:
            wait = self.dice.random() * LATE_SECONDS
            asyncio.get_running_loop().call_later(wait, self.inner.send, delivery)
        else:
            self.inner.send(delivery)


def make_unreliable(slack: Sandbox, dice: random.Random, share: float) -> None:
    slack.faults = FaultsByChance(dice, share)
    slack.outbound.transport = Unreliable(slack, slack.outbound.transport, dice, share)


def make_reliable(slack: Sandbox) -> None:
    slack.faults = Faults()
    if isinstance(slack.outbound.transport, Unreliable):
        slack.outbound.transport.share = 0.0

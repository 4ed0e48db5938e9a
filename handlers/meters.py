"""What is counted and timed while the bot works, as Prometheus reads it.

Names end in their unit. Labels are of a few known values each: no id, and nothing that a person
wrote, becomes one."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.condition import Condition

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 10.0)
ACTS = {"block_actions": "press", "view_submission": "window", "view_closed": "window"}
SHORTCUTS = ("shortcut", "message_action")
LOOP_LOOKED_AT_EVERY = 1.0  # seconds


class Meters:
    """One set for a bot; a process may hold several bots."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry}
        self.heard = Counter(
            "askaround_heard", "What Slack sent, and what was answered.", ["kind", "status"], **own
        )
        self.acknowledging = Histogram(
            "askaround_ack_seconds",
            "From Slack's request to our answer: all that its listener does.",
            ["kind"],
            buckets=SECONDS,
            **own,
        )
        self.sent = Counter(
            "askaround_sent", "Things owed to Slack, and how it went.", ["kind", "outcome"], **own
        )
        self.asked = Counter(
            "askaround_api_requests", "What programs asked, and how.", ["route", "status"], **own
        )
        self.loop_lag = Gauge(
            "askaround_loop_lag_seconds", "How late the event loop's last turn was.", **own
        )
        self.owed = Gauge(
            "askaround_outbox_rows", "Things owed, by what they wait for.", ["waits_for"], **own
        )
        self.late = Gauge(
            "askaround_outbox_late_seconds", "How long the oldest thing has been due.", **own
        )
        self.given_up = Gauge("askaround_given_up_rows", "Things given up for good.", **own)
        self.failed = Gauge("askaround_failed_events", "Events to be run again.", **own)
        self.absences = Gauge("askaround_open_absences", "Times that are being read.", **own)
        self.questions = Gauge("askaround_open_questions", "Questions with a next step.", **own)
        self.is_ready = Gauge("askaround_ready", "1 where /readyz says yes.", **own)
        self.standing = Gauge("askaround_slack_standing", "1 while Slack lets the bot in.", **own)
        self.connections = Gauge(
            "askaround_database_connections", "In use, by who reads or writes.", ["engine"], **own
        )

    @contextmanager
    def hearing(self, body: Any) -> Iterator[Callable[[int], None]]:
        """Times what follows; is told the status that was answered."""
        kind, began, status = kind_of(body), time.perf_counter(), "failed"

        def note(answered: int) -> None:
            nonlocal status
            status = str(answered)

        try:
            yield note
        finally:
            self.acknowledging.labels(kind).observe(time.perf_counter() - began)
            self.heard.labels(kind, status).inc()

    def count_asked(self, route: str, status: int) -> None:
        self.asked.labels(route, str(status)).inc()

    def show(self, condition: Condition, now: datetime) -> None:
        rows: dict[str, int] = {"": 0}
        for each in condition.owed:
            rows[each.waits_for] = rows.get(each.waits_for, 0) + each.rows
        self.owed.clear()
        for waits_for, number in rows.items():
            self.owed.labels(waits_for or "nothing").set(number)
        self.late.set(condition.late(now).total_seconds())
        self.given_up.set(condition.given_up)
        self.failed.set(condition.failed_events)
        self.absences.set(condition.open_absences)
        self.questions.set(condition.open_questions)

    def text(self) -> bytes:
        return generate_latest(self.registry)

    async def watch_loop(self) -> None:
        while True:
            due = time.monotonic() + LOOP_LOOKED_AT_EVERY
            await asyncio.sleep(LOOP_LOOKED_AT_EVERY)
            self.loop_lag.set(max(0.0, time.monotonic() - due))


def kind_of(body: Any) -> str:
    """Of what Slack sends: an event's type, one of our commands, or what was done in a view."""
    if not isinstance(body, dict):
        return "other"
    if body.get("type") == "event_callback":
        event = body.get("event")
        return str(event.get("type", "other"))[:40] if isinstance(event, dict) else "other"
    if "command" in body:
        return str(body["command"])[:40]
    kind = str(body.get("type"))
    return "shortcut" if kind in SHORTCUTS else ACTS.get(kind, "other")

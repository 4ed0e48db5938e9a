"""What an interaction lets the app do afterwards: open a modal once, answer by response_url."""

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.clock import Clock
from sandbox.errors import SlackError

RESPONSE_URL_USES = 5
RESPONSE_URL_LIFE = timedelta(minutes=30)


@dataclass(slots=True)
class Trigger:
    user_id: str
    issued: float
    used: bool = False


class Triggers:
    """They run on real time: three seconds for an app are three seconds."""

    def __init__(self) -> None:
        self.lifetime = 3.0  # seconds
        self._issued: dict[str, Trigger] = {}

    def issue(self, user_id: str) -> str:
        trigger_id = f"{len(self._issued) + 1}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = Trigger(user_id, time.monotonic())
        return trigger_id

    def exchange(self, trigger_id: object) -> Trigger:
        trigger = self._issued.get(trigger_id) if isinstance(trigger_id, str) else None
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.issued > self.lifetime:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger


@dataclass(slots=True)
class ResponseUrl:
    user_id: str
    channel_id: str
    issued_at: datetime
    message_ts: str | None  # the message the interaction stood on
    uses: int = 0


class ResponseUrls:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, user_id: str, channel_id: str, message_ts: str | None = None) -> str:
        """The new address's secret part."""
        key = secrets.token_hex(12)
        self._issued[key] = ResponseUrl(user_id, channel_id, self._clock.now(), message_ts)
        return key

    def use(self, key: str) -> ResponseUrl:
        answer = self._issued.get(key)
        if answer is None:
            raise SlackError("invalid_url")
        if self._clock.now() - answer.issued_at > RESPONSE_URL_LIFE:
            raise SlackError("expired_url")
        if answer.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        answer.uses += 1
        return answer

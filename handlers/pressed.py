"""What somebody did by hand: pressed a button, sent a modal or a command, chose a shortcut."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.text import plain
from bot.typed import as_typed
from handlers.payloads import Payload, number_of, text_of, thread_of, time_of


@dataclass(frozen=True)
class Pressed:
    """Who did it, where and when. Listeners have it under the name `pressed`."""

    team_id: str
    user_id: str
    now: datetime
    value: str = ""  # of a button; what was typed after a command
    channel_id: str = ""
    thread_ts: str | None = None  # of the message with the button, where that is a reply
    trigger_id: str = ""  # opens a modal, within three seconds
    in_home: bool = False

    @property
    def who(self) -> dict[str, str]:
        return {"team_id": self.team_id, "user_id": self.user_id}

    @property
    def typed(self) -> str:
        """What was typed after a command, as plain keys give it; see `as_typed`."""
        return as_typed(plain(self.value))

    @property
    def question(self) -> dict[str, Any]:
        """For a button whose value is a question's number."""
        return {**self.who, "question_id": self.number, "now": self.now}

    @property
    def number(self) -> int:
        """The value as a row's number; see `number_of`."""
        return number_of(self.value)

    @property
    def parts(self) -> tuple[str, str]:
        """The value at its first colon."""
        first, _, rest = self.value.partition(":")
        return first, rest


def pressed_of(body: Payload, team_id: str, clock: Callable[[], datetime]) -> Pressed | None:
    """None for an event: nobody waits for its answer."""
    match body:
        case {"command": _}:
            return Pressed(
                team_id,
                body["user_id"],
                clock(),
                value=text_of(body.get("text")).strip(),
                channel_id=body["channel_id"],
                trigger_id=body["trigger_id"],
            )
        case {"type": "block_actions", "actions": [action, *_]}:
            return Pressed(
                **done(body, team_id, time_of(action["action_ts"])), value=value_of(action)
            )
        case {"type": "message_action"}:
            return Pressed(**done(body, team_id, time_of(body["action_ts"])))
        case {"type": "view_submission", "view": view}:
            value = text_of(view.get("private_metadata"))
            return Pressed(**done(body, team_id, clock()), value=value)
        case {"user": {"id": _}}:
            return Pressed(**done(body, team_id, clock()))
    return None


def done(body: Payload, team_id: str, now: datetime) -> dict[str, Any]:
    return {
        "team_id": team_id,
        "user_id": body["user"]["id"],
        "now": now,
        "channel_id": body.get("channel", {}).get("id", ""),
        "thread_ts": thread_of(body),
        "trigger_id": body.get("trigger_id", ""),
        "in_home": body.get("view", {}).get("type") == "home",
    }


def chose(entry: str) -> Callable[[Pressed], Awaitable[bool]]:
    """A listener's matcher: whether that entry of a menu was chosen, whose value has its name
    before the colon."""

    async def is_chosen(pressed: Pressed) -> bool:
        return pressed.parts[0] == entry

    return is_chosen


def value_of(action: Payload) -> str:
    """What the pressed button says, or the chosen entry of a menu."""
    chosen = action.get("selected_option") or {}
    return text_of(action.get("value") or chosen.get("value"))

"""One request to the Web API: its arguments, read as Slack reads them."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.errors import SlackError, invalid_arguments
from sandbox.slack import Slack
from sandbox.workspace import Channel, Payload, User

READ_SCOPE = {
    "channel": "channels:read",
    "group": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
HISTORY_SCOPE = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}
MOMENT = re.compile(r"\d{1,10}(\.\d{1,6})?", re.ASCII)
TRUE = (True, "true", "True", "1", 1)


@dataclass(slots=True)
class Request:
    slack: Slack
    args: Payload

    @property
    def bot(self) -> User:
        return self.slack.bot

    def text(self, name: str) -> str:
        value = self.args.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        return self.args.get(name) in TRUE

    def number(self, name: str, default: int, *, most: int = 1000) -> int:
        value = self.args.get(name)
        if value in (None, ""):
            return default
        if not str(value).isdecimal() or not 0 < int(value) <= most:
            raise SlackError("invalid_limit")
        return int(value)

    def structure(self, name: str, *, error: str) -> Any:
        """An argument that is JSON: as it came, or written into a string. None when absent."""
        value = self.args.get(name)
        if value is None or not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def moment(self, name: str) -> str | None:
        """A ts argument in the fixed width that sorts as text; "0" is the beginning of time."""
        value = self.text(name)
        if not value:
            return None
        if not MOMENT.fullmatch(value):
            raise SlackError(f"invalid_ts_{name}")
        return f"{Decimal(value):017.6f}"

    def channel(self, name: str = "channel") -> Channel:
        """The channel, if the bot may know of it."""
        channel = self.slack.workspace.channel(self.args.get(name))
        if channel.is_private and self.bot.id not in channel.members:
            raise SlackError("channel_not_found")
        return channel

    def joined_channel(self) -> Channel:
        channel = self.channel()
        self.check_member(channel)
        return channel

    def check_member(self, channel: Channel) -> None:
        if self.bot.id not in channel.members:
            raise SlackError("not_in_channel")

    def check_open(self, channel: Channel) -> None:
        if channel.is_archived:
            raise SlackError("is_archived")

    def check_scope(self, *scopes: str) -> None:
        """One of the scopes must have been granted."""
        check_scope(self.slack, scopes)

    def check_required(self, names: Iterable[str]) -> None:
        missing = [name for name in names if self.args.get(name) in (None, "")]
        if missing:
            raise invalid_arguments(*(f"missing required field: {name}" for name in missing))


def check_scope(slack: Slack, scopes: tuple[str, ...]) -> None:
    granted = slack.manifest.scopes
    if scopes and granted.isdisjoint(scopes):
        raise SlackError(
            "missing_scope", needed=",".join(scopes), provided=",".join(sorted(granted))
        )

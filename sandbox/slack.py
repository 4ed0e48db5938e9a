"""One workspace with one app in it: every part of the local Slack, put together."""

import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.bell import Bell
from sandbox.changes import Changes
from sandbox.clock import Clock
from sandbox.conversing import Conversing
from sandbox.delivery import Delivery, Outbound
from sandbox.faults import Faults
from sandbox.http_events import HttpEvents
from sandbox.interactions import ResponseUrls, Triggers
from sandbox.limits import Limits
from sandbox.manifest import Manifest, read_manifest
from sandbox.shapes import message_shape, user_shape
from sandbox.socket_mode import SocketMode
from sandbox.surfaces import Surfaces
from sandbox.workspace import Channel, Message, Payload, User, Workspace

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Keys:
    """What the app is let in with: the same for as long as this Slack runs."""

    token: str = field(default_factory=lambda: secrets.token_hex(12))
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12))
    app_id: str = ""  # of an app that is in many workspaces
    bot_id: str = ""  # and of its bot, which is the same in all of an organisation
    bot_user_id: str = ""


@dataclass(frozen=True, slots=True)
class AppIdentity:
    app_id: str
    bot_id: str
    bot_user_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the Web API, as the inspector shows it."""

    number: int
    at: datetime
    method: str
    args: Payload
    token: str  # bot, app or none
    status: int
    response: Payload
    ms: float


class Slack:
    """The parts the Web API and the people in the workspace act on."""

    def __init__(
        self,
        manifest: str | Path | Mapping[str, Any],
        team_id: str,
        team_name: str,
        keys: Keys | None = None,
        first_number: int = 0,
    ) -> None:
        """`first_number`: where its identifiers begin, so that no other workspace has them too."""
        self.manifest: Manifest = read_manifest(manifest)
        self.clock = Clock()
        self.bell = Bell()
        self.changes = Changes(self.bell)
        self.faults = Faults()
        self.limits = Limits()
        self.calls: deque[Call] = deque(maxlen=KEPT)
        self.calls_made = 0
        self.address = ""
        # What the demo adds: scenes to choose from, and what the app does next by itself.
        self.scenes: Mapping[str, str] = {}
        self.scene = ""
        self.is_being_set = False  # a scene; who looks waits for it
        self.on_scene: Callable[[str], Awaitable[None]] | None = None
        self.due_after: Callable[[datetime], Awaitable[datetime | None]] | None = None
        self._keys, self._first_number = keys or Keys(), first_number
        self.is_org_wide = False  # the app is here because its organisation installed it
        self.begin(team_id, team_name)
        self.outbound = Outbound(self.clock, self.bell)
        self.socket_mode = SocketMode(self.app.app_id, self.outbound, self.bell)
        self.http_events = HttpEvents(self.app.signing_secret, self.outbound)
        self.outbound.transport = self.socket_mode

    def begin(self, team_id: str, team_name: str) -> None:
        """A new workspace with nothing in it but the app; what was there before is gone."""
        self.run = secrets.token_hex(4)  # so that a page notices
        self.tour: list[Payload] = []  # the acts the page offers to a first-time visitor
        self.parts: dict[str, list[str]] = {}  # by user_id: what somebody is in the demo
        self.workspace = Workspace(team_id, team_name, team_name.lower().replace(" ", "-"))
        self.workspace.last_number = self._first_number
        self.triggers = Triggers()
        self.response_urls = ResponseUrls(self.clock)
        self.surfaces = Surfaces()
        self.conversing = Conversing()
        self.uploads: dict[str, Any] = {}  # files on their way, by the key in their address
        self.file_contents: dict[str, bytes] = {}  # what the app sent, by the file's id
        self.event_number = 0
        self.app = self._install()
        # By whom a call may be made, and as what. OAuth gives out others, see sandbox/town.py.
        self.tokens = {self.app.bot_token: "bot", self.app.app_token: "app"}
        self.changes.note()

    @property
    def bot(self) -> User:
        return self.workspace.users[self.app.bot_user_id]

    @property
    def bot_profile(self) -> Payload:
        return self._bot_profile(self.bot)

    def bot_profile_of(self, user: User) -> Payload | None:
        return self._bot_profile(user) if user.is_bot else None

    def seconds(self) -> int:
        return int(self.clock.now().timestamp())

    def message_shape(self, message: Message) -> Payload:
        channel = self.workspace.channels[message.channel_id]
        return message_shape(message, channel)

    @property
    def oldest_shown(self) -> str:
        """The ts of the oldest message that the plan shows."""
        return self.limits.oldest_shown(self.clock.now())

    def user_shape(self, user: User, *, with_locale: bool = False) -> Payload:
        return user_shape(user, self.clock.now(), with_locale=with_locale)

    def direct_channel(self, user: User) -> Channel:
        """The conversation of this person with the bot."""
        return self.workspace.open_direct([user, self.bot], self.seconds())[0]

    def emit(self, event: Payload, channel: Channel | None = None) -> None:
        """Send the event to the app, if it subscribed and may see the channel.

        `channel` is left out for what the whole workspace may know.
        """
        kind = channel.kind if channel else None
        if channel is not None and self.app.bot_user_id not in channel.members:
            return
        if self.manifest.subscribes_to(event, kind):
            self.tell_app(event, is_shared=channel is not None and channel.is_shared)

    def tell_app(self, event: Payload, *, is_shared: bool = False) -> Delivery:
        return self.outbound.send_event(self._event_callback(event, is_shared))

    def _bot_profile(self, bot: User) -> Payload:
        return {
            "id": bot.bot_id,
            "app_id": bot.app_id,
            "user_id": bot.id,
            "name": bot.real_name,
            "icons": {},
            "deleted": bot.deleted,
            "updated": bot.updated,
            "team_id": bot.team_id,
        }

    def _event_callback(self, event: Payload, is_shared: bool) -> Payload:
        team_id, enterprise_id = self.workspace.team_id, self.workspace.enterprise_id or None
        authorization = {
            "enterprise_id": enterprise_id,
            "team_id": None if self.is_org_wide else team_id,
            "user_id": self.app.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": self.is_org_wide,
        }
        self.event_number += 1
        number = self.event_number
        return {
            "token": self.app.verification_token,
            "team_id": team_id,
            "context_team_id": team_id,
            "context_enterprise_id": enterprise_id,
            "api_app_id": self.app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev0{number:09X}",
            "event_time": self.seconds(),
            "authorizations": [authorization],
            "is_ext_shared_channel": is_shared,
            "event_context": f"4-{team_id}-{number}",
        }

    def _install(self) -> AppIdentity:
        new_id = self.workspace.new_id
        app_id, bot_id, bot_user_id = new_id("A"), new_id("B"), new_id("U")
        app_id = self._keys.app_id or app_id
        bot_id, bot_user_id = self._keys.bot_id or bot_id, self._keys.bot_user_id or bot_user_id
        bot_name = self.manifest.bot_name
        self.workspace.add_user(
            User(
                id=bot_user_id,
                name=bot_name.lower(),
                real_name=bot_name,
                team_id=self.workspace.team_id,
                is_bot=True,
                bot_id=bot_id,
                app_id=app_id,
            )
        )
        return AppIdentity(
            app_id=app_id,
            bot_id=bot_id,
            bot_user_id=bot_user_id,
            bot_token=f"xoxb-{self._keys.token}",
            app_token=f"xapp-1-{app_id}-{self._keys.token}",
            signing_secret=self._keys.signing_secret,
            verification_token=self._keys.verification_token,
        )

"""Who and what is in the workspace. Plain state and its indexes; nothing here talks to anybody."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import SlackError

Payload = dict[str, Any]

# Private channels of today begin with C too.
CHANNEL_PREFIX = {"channel": "C", "group": "C", "im": "D", "mpim": "C"}


@dataclass(eq=False, slots=True)
class User:
    id: str
    name: str
    real_name: str
    team_id: str
    tz: str = "Europe/London"
    locale: str = "en-GB"
    title: str = ""
    is_admin: bool = False
    is_guest: bool = False
    is_external: bool = False
    is_bot: bool = False
    deleted: bool = False
    is_away: bool = False  # not at their screen
    quiet_from: int = 0  # Do Not Disturb, in seconds since 1970; 0 for never
    quiet_until: int = 0
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0  # in seconds since 1970; 0 for never
    updated: int = 0
    bot_id: str | None = None
    app_id: str | None = None
    enterprise_id: str = ""  # of the organisation they belong to, with its workspaces they are in
    teams: list[str] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Message:
    ts: str
    channel_id: str
    user: str
    text: str
    team_id: str
    subtype: str | None = None
    blocks: list[Payload] = field(default_factory=list)
    has_own_blocks: bool = False  # given by the app, not derived from the text
    attachments: list[Payload] = field(default_factory=list)
    files: list[Payload] = field(default_factory=list)
    metadata: Payload | None = None
    thread_ts: str | None = None
    parent_user: str | None = None
    is_broadcast: bool = False
    bot_profile: Payload | None = None  # of the bot that wrote it, ours or another
    ephemeral_to: str | None = None
    client_msg_id: str | None = None
    edited: Payload | None = None
    notice: Payload = field(default_factory=dict)  # what a join, a rename … says besides
    reactions: dict[str, dict[str, None]] = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Channel:
    id: str
    name: str
    kind: str  # channel, group, im or mpim, as Slack's channel_type says it
    creator: str
    created: int
    members: dict[str, None] = field(default_factory=dict)
    is_shared: bool = False
    is_archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    timeline: list[str] = field(default_factory=list)  # what stands outside threads, in order
    ephemerals: dict[str, list[Message]] = field(default_factory=dict)
    last_read: dict[str, str] = field(default_factory=dict)  # the ts each person has read up to

    @property
    def is_private(self) -> bool:
        return self.kind != "channel"

    def message(self, ts: str) -> Message:
        if ts not in self.messages:
            raise SlackError("message_not_found")
        return self.messages[ts]

    def add(self, message: Message) -> None:
        self.messages[message.ts] = message
        if message.thread_ts is None:
            insort(self.timeline, message.ts)
            return
        insort(self.messages[message.thread_ts].replies, message.ts)
        if message.is_broadcast:
            insort(self.timeline, message.ts)

    def remove(self, message: Message) -> None:
        del self.messages[message.ts]
        _discard(self.timeline, message.ts)
        if message.thread_ts is not None:
            _discard(self.messages[message.thread_ts].replies, message.ts)

    def thread(self, thread_ts: str) -> list[Message]:
        """The parent and its replies, oldest first."""
        parent = self.message(thread_ts)
        return [parent, *(self.messages[ts] for ts in parent.replies)]


@dataclass(eq=False, slots=True)
class Usergroup:
    id: str
    handle: str
    members: dict[str, None]
    created: int
    updated: int


class Workspace:
    def __init__(self, team_id: str, name: str, domain: str) -> None:
        self.team_id = team_id
        self.name = name
        self.domain = domain
        self.enterprise_id = ""  # of the organisation it belongs to, if any
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.channel_of: dict[str, str] = {}  # a ts is unique in the workspace
        self._direct: dict[frozenset[str], str] = {}
        self.last_number = 0  # of the identifiers given out

    def new_id(self, prefix: str) -> str:
        self.last_number += 1
        return f"{prefix}0{self.last_number:09X}"

    def user(self, user_id: object) -> User:
        user = self.users.get(user_id) if isinstance(user_id, str) else None
        if user is None:
            raise SlackError("user_not_found")
        return user

    def channel(self, channel_id: object) -> Channel:
        channel = self.channels.get(channel_id) if isinstance(channel_id, str) else None
        if channel is None:
            raise SlackError("channel_not_found")
        return channel

    def usergroup(self, usergroup_id: object) -> Usergroup:
        group = self.usergroups.get(usergroup_id) if isinstance(usergroup_id, str) else None
        if group is None:
            raise SlackError("no_such_subteam")
        return group

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def add_channel(self, channel: Channel) -> Channel:
        if channel.kind in ("channel", "group"):
            self.check_name_is_free(channel.name)
        self.channels[channel.id] = channel
        return channel

    def check_name_is_free(self, name: str) -> None:
        if any(channel.name == name for channel in self.channels.values()):
            raise SlackError("name_taken")

    def open_direct(self, users: Iterable[User], now: int) -> tuple[Channel, bool]:
        """The conversation of exactly these users, and whether it existed before."""
        people = sorted({user.id for user in users})
        key = frozenset(people)
        if key in self._direct:
            return self.channels[self._direct[key]], True
        kind = "im" if len(people) <= 2 else "mpim"
        channel_id = self.new_id(CHANNEL_PREFIX[kind])
        name = "directmessage" if kind == "im" else f"mpdm-{'--'.join(people)}-1".lower()
        channel = Channel(channel_id, name, kind, people[0], now, dict.fromkeys(people))
        self.channels[channel.id] = channel
        self._direct[key] = channel.id
        return channel, False

    def put_back(self, channel: Channel) -> None:
        """One that was there in an earlier run, with what was said in it."""
        self.channels[channel.id] = channel
        self.channel_of |= dict.fromkeys(channel.messages, channel.id)
        if channel.kind in ("im", "mpim"):
            self._direct[frozenset(channel.members)] = channel.id

    def can_read(self, user: User, channel: Channel) -> bool:
        if user.deleted:
            return False
        if user.id in channel.members:
            return True
        return channel.kind == "channel" and not user.is_guest and not user.is_external

    def remember(self, message: Message) -> None:
        self.channel_of[message.ts] = message.channel_id


def _discard(ordered: list[str], ts: str) -> None:
    place = bisect_left(ordered, ts)
    if place < len(ordered) and ordered[place] == ts:
        del ordered[place]

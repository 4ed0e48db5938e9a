"""Who and what is in the workspace, as one person may know it."""

from bisect import bisect_right

from sandbox.built_in import COMMANDS
from sandbox.people import Person
from sandbox.slack import Slack
from sandbox.workspace import Channel, Payload, User


def overview(slack: Slack, person: Person) -> Payload:
    workspace, manifest = slack.workspace, slack.manifest
    person.dm_channel  # noqa: B018  # opened on first sight, as in Slack's list of apps
    return {
        "team": {"id": workspace.team_id, "name": workspace.name, "domain": workspace.domain},
        "me": person.user.id,
        "bot": slack.bot.id,
        "users": [
            user_row(user) | {"parts": slack.parts.get(user.id, [])}
            for user in workspace.users.values()
        ],
        "usergroups": [
            {"id": group.id, "handle": group.handle} for group in workspace.usergroups.values()
        ],
        "channels": [
            channel_row(channel, person.user)
            for channel in workspace.channels.values()
            if workspace.can_read(person.user, channel)
        ],
        "commands": [dict(each) for each in (*manifest.commands.values(), *COMMANDS)],
        "shortcuts": [dict(each) for each in manifest.message_shortcuts.values()],
        "read_only_dm": manifest.messages_tab_read_only,
        "run": slack.run,
        "tour": slack.tour,
        "scenes": dict(slack.scenes),
        "scene": slack.scene,
        "can_skip": slack.due_after is not None,
        "connected": slack.outbound.transport.is_reachable(),
    }


def user_row(user: User) -> Payload:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "tz": user.tz,
        "locale": user.locale,
        "is_admin": user.is_admin,
        "is_guest": user.is_guest,
        "is_external": user.is_external,
        "is_bot": user.is_bot,
        "deleted": user.deleted,
        "is_away": user.is_away,
        "quiet_until": user.quiet_until,
        "status_emoji": user.status_emoji,
        "status_text": user.status_text,
    }


def channel_row(channel: Channel, reader: User) -> Payload:
    others = [member for member in channel.members if member != reader.id]
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": list(channel.members),
        "with": others[0] if channel.kind == "im" and others else None,
        "is_member": reader.id in channel.members,
        "is_shared": channel.is_shared,
        "is_archived": channel.is_archived,
        "latest": max(channel.messages, default=""),
        "last_read": channel.last_read.get(reader.id, ""),
    } | unread(channel, reader)


def unread(channel: Channel, reader: User) -> Payload:
    """How much is new outside threads, and how often this person is named anywhere."""
    if reader.id not in channel.members:
        return {"unread": 0, "mentions": 0}
    last_read = channel.last_read.get(reader.id, "")
    new = channel.timeline[bisect_right(channel.timeline, last_read) :]
    name = f"<@{reader.id}>"
    named = [
        message
        for message in channel.messages.values()
        if message.ts > last_read and message.user != reader.id and name in message.text
    ]
    count = sum(channel.messages[ts].user != reader.id for ts in new)
    return {"unread": count, "mentions": count if channel.kind == "im" else len(named)}

"""The events an app receives, built from what happened. Pure: plain state in, JSON out."""

from collections.abc import Iterable
from typing import Any

from sandbox.workspace import Channel, Message, Payload, User, Usergroup

CHANNEL_LETTER = {"channel": "C", "group": "G", "im": "D", "mpim": "G"}


def message_posted(shape: Payload, channel: Channel) -> Payload:
    return shape | {
        "channel": channel.id,
        "event_ts": shape["ts"],
        "channel_type": channel.kind,
    }


def app_mention(shape: Payload, channel: Channel) -> Payload:
    return shape | {"type": "app_mention", "channel": channel.id, "event_ts": shape["ts"]}


def message_changed(shape: Payload, previous: Payload, channel: Channel, event_ts: str) -> Payload:
    return _hidden("message_changed", channel, event_ts) | {
        "message": shape,
        "previous_message": previous,
    }


def message_deleted(previous: Payload, channel: Channel, event_ts: str) -> Payload:
    return _hidden("message_deleted", channel, event_ts) | {
        "deleted_ts": previous["ts"],
        "previous_message": previous,
    }


def reaction(kind: str, user: User, name: str, message: Message, event_ts: str) -> Payload:
    """`kind` is reaction_added or reaction_removed. Slack names no thread here."""
    return {
        "type": kind,
        "user": user.id,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel_id, "ts": message.ts},
        "item_user": message.user,
        "event_ts": event_ts,
    }


def file_deleted(file_id: str, channel_ids: Iterable[str], event_ts: str) -> Payload:
    return {
        "type": "file_deleted",
        "file_id": file_id,
        "channel_ids": list(channel_ids),
        "event_ts": event_ts,
    }


def membership(kind: str, user: User, channel: Channel, event_ts: str) -> Payload:
    """`kind` is member_joined_channel or member_left_channel."""
    return {
        "type": kind,
        "user": user.id,
        "channel": channel.id,
        "channel_type": CHANNEL_LETTER[channel.kind],
        "team": user.team_id,
        "event_ts": event_ts,
    }


def channel_event(what: str, channel: Channel, event_ts: str, **fields: Any) -> Payload:
    """`what` is archive, deleted, left … : Slack says channel_… or group_…."""
    return {
        "type": f"{'group' if channel.is_private else 'channel'}_{what}",
        "channel": channel.id,
        "event_ts": event_ts,
    } | fields


def channel_renamed(channel: Channel, event_ts: str) -> Payload:
    named = {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "created": channel.created,
        "is_channel": channel.kind == "channel",
        "is_mpim": False,
    }
    return channel_event("rename", channel, event_ts) | {"channel": named}


def user_changed(kind: str, shape: Payload, event_ts: str) -> Payload:
    """`kind` is user_change or team_join."""
    fields = {"type": kind, "user": shape, "event_ts": event_ts}
    return fields | {"cache_ts": int(float(event_ts))}


def quiet_changed(user: User, status: Payload, event_ts: str) -> Payload:
    return {
        "type": "dnd_updated_user",
        "user": user.id,
        "dnd_status": status,
        "event_ts": event_ts,
    }


def subteam_updated(shape: Payload, event_ts: str) -> Payload:
    return {"type": "subteam_updated", "subteam": shape, "event_ts": event_ts}


def subteam_members_changed(
    group: Usergroup,
    team_id: str,
    *,
    before: Iterable[str],
    previous_update: int,
    event_ts: str,
) -> Payload:
    old = set(before)
    added = [member for member in group.members if member not in old]
    removed = sorted(old - group.members.keys())
    return {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": team_id,
        "date_previous_update": previous_update,
        "date_update": group.updated,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
        "event_ts": event_ts,
    }


def app_home_opened(
    user: User, channel: Channel, tab: str, view: Payload | None, event_ts: str
) -> Payload:
    fields: Payload = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": event_ts,
    }
    return fields | ({"view": view} if view else {})


def _hidden(subtype: str, channel: Channel, event_ts: str) -> Payload:
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.kind,
        "ts": event_ts,
        "event_ts": event_ts,
    }

"""Users, channels, messages and user groups as Slack writes them in JSON."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.workspace import Channel, Message, Payload, User, Usergroup

IMAGE_SIZES = (24, 32, 48, 72, 192, 512)
REACTORS_SHOWN = 50
TOMBSTONE_TEXT = "This message was deleted."


def user_shape(user: User, now: datetime, *, with_locale: bool = False) -> Payload:
    shape: Payload = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile_shape(user),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }
    if user.is_external:
        shape["is_stranger"] = True
    if user.enterprise_id:
        shape["enterprise_user"] = {
            "id": f"W{user.id[1:]}",
            "enterprise_id": user.enterprise_id,
            "enterprise_name": "Acme",
            "is_admin": False,
            "is_owner": False,
            "teams": list(user.teams),
        }
    if user.deleted:
        return shape
    local = now.astimezone(ZoneInfo(user.tz))
    shape |= {
        "color": "9f69e7",
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": local.tzname(),
        "tz_offset": _offset_seconds(local),
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_guest,
        "is_ultra_restricted": False,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }
    if with_locale:
        shape["locale"] = user.locale
    return shape


def profile_shape(user: User) -> Payload:
    shape: Payload = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "avatar_hash": "",
        "status_text": user.status_text,
        "status_text_canonical": "",
        "status_emoji": user.status_emoji,
        "status_emoji_display_info": [],
        "status_expiration": user.status_expiration,
        "title": user.title,
        "phone": "",
        "skype": "",
        "first_name": user.real_name.partition(" ")[0],
        "last_name": user.real_name.partition(" ")[2],
        "team": user.team_id,
        "fields": {},
    } | {f"image_{size}": "" for size in IMAGE_SIZES}
    if user.bot_id:
        shape |= {"bot_id": user.bot_id, "always_active": True}
    return shape


def quiet_shape(user: User) -> Payload:
    """Do Not Disturb: the next time, or the one that lasts; Slack writes 1 for never."""
    return {
        "dnd_enabled": user.quiet_until > 0,
        "next_dnd_start_ts": user.quiet_from or 1,
        "next_dnd_end_ts": user.quiet_until or 1,
    }


def channel_shape(channel: Channel, viewer_id: str, team_id: str) -> Payload:
    if channel.kind == "im":
        return _direct_shape(channel, viewer_id)
    empty = {"value": "", "creator": "", "last_set": 0}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_general": channel.name == "general",
        "is_member": viewer_id in channel.members,
        "is_shared": channel.is_shared,
        "is_ext_shared": channel.is_shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "previous_names": [],
        "context_team_id": team_id,
        "shared_team_ids": [team_id],
        "created": channel.created,
        "updated": channel.created * 1000,
        "creator": channel.creator,
        "unlinked": 0,
        "topic": dict(empty),
        "purpose": dict(empty),
    }


def message_shape(message: Message, channel: Channel) -> Payload:
    """The message as history, replies and events show it, without its metadata."""
    shape: Payload = {"type": "message", "text": message.text}
    if message.user:
        shape["user"] = message.user
    shape["ts"] = message.ts
    shape["team"] = message.team_id
    if message.subtype:
        shape["subtype"] = message.subtype
    if message.client_msg_id:
        shape["client_msg_id"] = message.client_msg_id
    if message.bot_profile:
        shape |= {
            "bot_id": message.bot_profile["id"],
            "app_id": message.bot_profile["app_id"],
            "bot_profile": message.bot_profile,
        }
    if message.blocks:
        shape["blocks"] = message.blocks
    if message.attachments:
        shape["attachments"] = message.attachments
    if message.files:
        shape |= {"files": message.files, "upload": False}
    if message.edited:
        shape["edited"] = message.edited
    if message.subtype == "tombstone":
        shape["hidden"] = True
    return shape | message.notice | _thread_fields(message, channel) | _reaction_fields(message)


def show_some(shape: Payload) -> None:
    """Slack names the first of those who reacted; `count` is right."""
    for reaction in shape.get("reactions", []):
        reaction["users"] = reaction["users"][:REACTORS_SHOWN]


def usergroup_shape(group: Usergroup, team_id: str) -> Payload:
    return {
        "id": group.id,
        "team_id": team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "is_external": False,
        "name": group.handle,
        "handle": group.handle,
        "description": "",
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": "USLACKBOT",
        "updated_by": "USLACKBOT",
        "deleted_by": None,
        "date_create": group.created,
        "date_update": group.updated,
        "date_delete": 0,
        "prefs": {"channels": [], "groups": []},
        "user_count": len(group.members),
    }


def _offset_seconds(local: datetime) -> int:
    offset = local.utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _direct_shape(channel: Channel, viewer_id: str) -> Payload:
    other = next((member for member in channel.members if member != viewer_id), viewer_id)
    return {
        "id": channel.id,
        "created": channel.created,
        "is_im": True,
        "is_org_shared": False,
        "is_open": True,
        "is_archived": False,
        "user": other,
        "last_read": "0000000000.000000",
        "latest": None,
        "unread_count": 0,
        "unread_count_display": 0,
        "priority": 0,
    }


def _thread_fields(message: Message, channel: Channel) -> Payload:
    if message.thread_ts is not None:
        fields: Payload = {"thread_ts": message.thread_ts, "parent_user_id": message.parent_user}
        if message.is_broadcast:
            fields["root"] = _root(channel.messages[message.thread_ts], channel)
        return fields
    if not message.replies:
        return {}
    users = list(dict.fromkeys(channel.messages[ts].user for ts in message.replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(message.replies),
        "reply_users_count": len(users),
        "latest_reply": message.replies[-1],
        "reply_users": users[:5],
        "is_locked": False,
        "subscribed": False,
    }


def _root(parent: Message, channel: Channel) -> Payload:
    root: Payload = {
        "type": "message",
        "user": parent.user,
        "text": parent.text,
        "ts": parent.ts,
        "team": parent.team_id,
    }
    return root | _thread_fields(parent, channel)


def _reaction_fields(message: Message) -> Payload:
    if not message.reactions:
        return {}
    reactions = [
        {"name": name, "users": list(users), "count": len(users)}
        for name, users in message.reactions.items()
    ]
    return {"reactions": reactions}

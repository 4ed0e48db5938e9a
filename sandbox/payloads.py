"""Interactions as the app receives them: commands, shortcuts, actions and submissions."""

from typing import Any

from sandbox.slack import Slack
from sandbox.workspace import Channel, Message, Payload, User


def command(slack: Slack, user: User, name: str, text: str, channel: Channel) -> Payload:
    return {
        "token": slack.app.verification_token,
        "team_id": slack.workspace.team_id,
        "team_domain": slack.workspace.domain,
        "channel_id": channel.id,
        "channel_name": shown_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": slack.app.app_id,
        **({"enterprise_id": slack.workspace.enterprise_id} if slack.is_org_wide else {}),
        "is_enterprise_install": "true" if slack.is_org_wide else "false",
        "response_url": response_url(slack, "commands", user, channel),
        "trigger_id": slack.triggers.issue(user.id),
    }


def global_shortcut(slack: Slack, user: User, callback_id: str) -> Payload:
    return _common(slack, "shortcut", user) | {
        "callback_id": callback_id,
        "trigger_id": slack.triggers.issue(user.id),
        "action_ts": slack.clock.ts(),
    }


def message_shortcut(
    slack: Slack, user: User, callback_id: str, message: Message, channel: Channel
) -> Payload:
    return _common(slack, "message_action", user) | {
        "callback_id": callback_id,
        "trigger_id": slack.triggers.issue(user.id),
        "response_url": response_url(slack, "app", user, channel),
        "action_ts": slack.clock.ts(),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": shown_name(channel)},
        "message": slack.message_shape(message),
    }


def message_action(
    slack: Slack, user: User, message: Message, channel: Channel, action: Payload, state: Payload
) -> Payload:
    """Slack leaves out the message itself when it is ephemeral."""
    is_ephemeral = message.ephemeral_to is not None
    container: Payload = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": is_ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = _common(slack, "block_actions", user) | {
        "container": container,
        "trigger_id": slack.triggers.issue(user.id),
        "channel": {"id": channel.id, "name": shown_name(channel)},
        "state": {"values": state},
        "response_url": response_url(slack, "actions", user, channel, message.ts),
        "actions": [action],
    }
    return payload if is_ephemeral else payload | {"message": slack.message_shape(message)}


def view_action(slack: Slack, user: User, view: Payload, action: Payload) -> Payload:
    return _common(slack, "block_actions", user) | {
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": slack.triggers.issue(user.id),
        "view": view,
        "actions": [action],
    }


def view_submission(slack: Slack, user: User, view: Payload) -> Payload:
    return _common(slack, "view_submission", user) | {
        "trigger_id": slack.triggers.issue(user.id),
        "view": view,
        "response_urls": [],
    }


def view_closed(slack: Slack, user: User, view: Payload, *, is_cleared: bool) -> Payload:
    return _common(slack, "view_closed", user) | {"view": view, "is_cleared": is_cleared}


def action(slack: Slack, block: Payload, element: Payload, state: Payload) -> Payload:
    """One entry of `actions`: the element, and what was chosen in it."""
    kept = {
        name: element[name]
        for name in ("type", "action_id", "text", "value", "style", "url", "placeholder")
        if name in element
    }
    return kept | state | {"block_id": block["block_id"], "action_ts": slack.clock.ts()}


def response_url(
    slack: Slack, kind: str, user: User, channel: Channel, message_ts: str | None = None
) -> str:
    key = slack.response_urls.issue(user.id, channel.id, message_ts)
    return f"{slack.address}/{kind}/{slack.workspace.team_id}/{key}"


def shown_name(channel: Channel) -> str:
    return {"group": "privategroup", "im": "directmessage"}.get(channel.kind, channel.name)


def _common(slack: Slack, kind: str, user: User) -> dict[str, Any]:
    team = {"id": slack.workspace.team_id, "domain": slack.workspace.domain}
    enterprise_id = slack.workspace.enterprise_id
    return {
        "type": kind,
        "team": None if slack.is_org_wide else team,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team_id,
        },
        "api_app_id": slack.app.app_id,
        "token": slack.app.verification_token,
        "enterprise": {"id": enterprise_id, "name": enterprise_id} if enterprise_id else None,
        "is_enterprise_install": slack.is_org_wide,
    }

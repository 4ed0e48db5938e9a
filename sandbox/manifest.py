"""What the app may do in the workspace: its manifest, as Slack reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CHANNEL_KIND_TO_MESSAGE_EVENT = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}

# Slack installs no app that asks for an event without one of the scopes it comes with.
SCOPES_OF_EVENT = {
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "file_deleted": {"files:read"},
    "team_join": {"users:read"},
    "user_change": {"users:read"},
    "dnd_updated_user": {"dnd:read"},
    "subteam_created": {"usergroups:read"},
    "subteam_updated": {"usergroups:read"},
    "subteam_members_changed": {"usergroups:read"},
} | {
    f"{prefix}_{what}": {f"{prefix}s:read"}
    for prefix in ("channel", "group")
    for what in ("archive", "unarchive", "deleted", "rename", "left")
}


MAX_DESCRIPTION, MAX_PROMPTS = 300, 4  # of an agent view
Declared = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    name: str
    bot_name: str
    scopes: frozenset[str]
    events: frozenset[str]
    commands: dict[str, Declared]  # by "/name", each as the manifest declares it
    message_shortcuts: dict[str, Declared]  # by callback_id
    global_shortcuts: dict[str, Declared]
    interactivity: bool
    home_tab: bool
    messages_tab: bool
    messages_tab_read_only: bool
    agent_view: bool
    prompts: tuple[Declared, ...]  # suggested where the app suggests none

    def subscribes_to(self, event: Mapping[str, Any], channel_kind: str | None) -> bool:
        if event["type"] == "message" and channel_kind is not None:
            return CHANNEL_KIND_TO_MESSAGE_EVENT[channel_kind] in self.events
        return event["type"] in self.events


def load_manifest(path: str | Path) -> dict[str, Any]:
    """The manifest's content, from YAML or JSON."""
    content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError(f"{path} is not an app manifest: it should hold a mapping.")
    return content


def read_manifest(source: str | Path | Mapping[str, Any]) -> Manifest:
    content = source if isinstance(source, Mapping) else load_manifest(source)
    features = content.get("features") or {}
    app_home = features.get("app_home") or {}
    settings = content.get("settings") or {}
    shortcuts = features.get("shortcuts") or []
    name = content["display_information"]["name"]
    manifest = Manifest(
        name=name,
        bot_name=(features.get("bot_user") or {}).get("display_name", name),
        scopes=frozenset(
            ((content.get("oauth_config") or {}).get("scopes") or {}).get("bot") or []
        ),
        events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or []),
        commands={each["command"]: each for each in features.get("slash_commands") or []},
        message_shortcuts=_of_kind(shortcuts, "message"),
        global_shortcuts=_of_kind(shortcuts, "global"),
        interactivity=bool((settings.get("interactivity") or {}).get("is_enabled")),
        home_tab=bool(app_home.get("home_tab_enabled")),
        messages_tab=bool(app_home.get("messages_tab_enabled")),
        messages_tab_read_only=bool(app_home.get("messages_tab_read_only_enabled")),
        agent_view="agent_view" in features,
        prompts=tuple((features.get("agent_view") or {}).get("suggested_prompts") or ()),
    )
    _check_scopes(manifest)
    _check_agent_view(manifest, features)
    return manifest


def _check_scopes(manifest: Manifest) -> None:
    for event in sorted(manifest.events):
        scopes = SCOPES_OF_EVENT.get(event, set())
        if scopes and manifest.scopes.isdisjoint(scopes):
            raise ValueError(f"The manifest's event {event} needs {' or '.join(sorted(scopes))}.")
    shortcuts = manifest.message_shortcuts | manifest.global_shortcuts
    if (manifest.commands or shortcuts) and "commands" not in manifest.scopes:
        raise ValueError("The manifest's slash commands and shortcuts need the scope commands.")


def _check_agent_view(manifest: Manifest, features: Mapping[str, Any]) -> None:
    if "assistant_view" in features:
        raise ValueError("A new app has an agent_view; Slack takes no assistant_view any more.")
    if manifest.agent_view != ("assistant:write" in manifest.scopes):
        raise ValueError("The manifest's agent_view and the scope assistant:write need each other.")
    if not manifest.agent_view:
        return
    view = features["agent_view"] or {}
    if not 0 < len(view.get("agent_description") or "") <= MAX_DESCRIPTION:
        raise ValueError(f"An agent_description has 1 to {MAX_DESCRIPTION} characters.")
    if len(manifest.prompts) > MAX_PROMPTS or not all(
        set(each) == {"title", "message"} for each in manifest.prompts
    ):
        raise ValueError(f"At most {MAX_PROMPTS} prompts, each with a title and a message.")


def _of_kind(shortcuts: list[Declared], kind: str) -> dict[str, Declared]:
    return {each["callback_id"]: each for each in shortcuts if each["type"] == kind}

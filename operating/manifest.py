"""The Slack app as many workspaces install it: manifest.yml with addresses in place of a socket."""

from pathlib import Path
from typing import Any

import yaml

from handlers.http_mode import EVENTS_PATH
from handlers.installing import CALLBACK

MANIFEST = Path(__file__).parent.parent / "manifest.yml"
FOR_ORGANISATIONS = "team_access_revoked"


def for_many(public_url: str) -> dict[str, Any]:
    """`public_url`: by which Slack reaches the bot, without a slash at its end."""
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    events_url = public_url + EVENTS_PATH
    for command in manifest["features"]["slash_commands"]:
        command["url"] = events_url
    manifest["oauth_config"]["redirect_urls"] = [public_url + CALLBACK]
    settings = manifest["settings"]
    events = settings["event_subscriptions"]
    events["request_url"] = events_url
    events["bot_events"] = sorted([*events["bot_events"], FOR_ORGANISATIONS])
    settings["interactivity"]["request_url"] = events_url
    settings |= {"org_deploy_enabled": True, "socket_mode_enabled": False}
    settings["token_rotation_enabled"] = True
    return manifest


def written(public_url: str) -> str:
    return yaml.safe_dump(for_many(public_url), sort_keys=False, allow_unicode=True)

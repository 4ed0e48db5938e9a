"""A workspace as it stands, with the app's database: kept in one file, and put back at once."""

import json
import zipfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.slack import Slack
from sandbox.workspace import Channel, Message, Payload, User, Usergroup

WORKSPACE, DATABASE = "workspace.json", "askaround.db"
SAME_DATE = (2026, 1, 1, 0, 0, 0)  # of what is in the file: the same content is the same file


def save(slack: Slack, database: Path, file: Path, *, made_of: str) -> None:
    """`database`: of an app that has stopped. `made_of` says what it was made of."""
    told = json.dumps(as_told(slack) | {"made_of": made_of}, ensure_ascii=False, indent=0)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as kept:
        for name, content in (
            (WORKSPACE, told.encode()),
            (DATABASE, database.read_bytes()),
        ):
            kept.writestr(zipfile.ZipInfo(name, SAME_DATE), content, zipfile.ZIP_LZMA)


def load(slack: Slack, file: Path, database: Path) -> None:
    """Put the workspace in place of the one that is there, and write the app's database."""
    with zipfile.ZipFile(file) as kept:
        told = json.loads(kept.read(WORKSPACE))
        database.write_bytes(kept.read(DATABASE))
    put_back(slack, told)


def made_of(file: Path) -> str:
    with zipfile.ZipFile(file) as kept:
        return str(json.loads(kept.read(WORKSPACE))["made_of"])


def as_told(slack: Slack) -> Payload:
    workspace = slack.workspace
    return {
        "team": [workspace.team_id, workspace.name],
        "now": slack.clock.now().isoformat(),
        "last_number": workspace.last_number,
        "event_number": slack.event_number,
        "parts": slack.parts,
        "users": [asdict(user) for user in workspace.users.values()],
        "usergroups": [asdict(group) for group in workspace.usergroups.values()],
        "channels": [asdict(channel) for channel in workspace.channels.values()],
    }


def put_back(slack: Slack, told: Payload) -> None:
    slack.begin(*told["team"])
    slack.clock.set(datetime.fromisoformat(told["now"]))
    slack.event_number, slack.parts = told["event_number"], told["parts"]
    workspace = slack.workspace
    workspace.last_number = told["last_number"]
    workspace.users = {each["id"]: User(**each) for each in told["users"]}
    workspace.usergroups = {each["id"]: Usergroup(**each) for each in told["usergroups"]}
    for each in told["channels"]:
        workspace.put_back(channel_of(each))
    slack.clock.keep(workspace.channel_of)


def channel_of(told: Payload) -> Channel:
    said = {ts: Message(**message) for ts, message in told["messages"].items()}
    private: dict[str, list[Message]] = {
        user_id: [Message(**message) for message in messages]
        for user_id, messages in told["ephemerals"].items()
    }
    fields: dict[str, Any] = {**told, "messages": said, "ephemerals": private}
    return Channel(**fields)

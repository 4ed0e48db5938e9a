"""The commands that Slack has by itself, as far as setting up takes them."""

import re

from sandbox import membership
from sandbox.errors import SlackError
from sandbox.slack import Slack
from sandbox.typed import as_sent
from sandbox.workspace import Channel, User

COMMANDS = (
    {"command": "/invite", "description": "Add somebody to this channel", "usage_hint": "@name"},
    {"command": "/leave", "description": "Leave this channel"},
)
NAMED = re.compile(r"<@(\w+)>|<!subteam\^(\w+)")


def is_built_in(name: str) -> bool:
    return any(each["command"] == name for each in COMMANDS)


def run(slack: Slack, user: User, name: str, words: str, channel: Channel) -> None:
    if user.id not in channel.members:
        raise SlackError("not_in_channel")
    if name == "/leave":
        membership.leave(slack, user, channel)
        return
    invited = named_in(slack, user, words)
    if not invited:
        raise SlackError("nobody_named")
    for each in invited:
        membership.join(slack, each, channel, inviter=user)


def named_in(slack: Slack, author: User, words: str) -> list[User]:
    workspace, named = slack.workspace, []
    for user_id, group_id in NAMED.findall(as_sent(workspace, author, words or "-")):
        ids = [user_id] if user_id else list(workspace.usergroups[group_id].members)
        named += [workspace.users[each] for each in ids]
    return named

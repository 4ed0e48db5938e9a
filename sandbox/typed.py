"""What Slack's client makes of text a person typed, and what it shows them when they edit."""

import re
from html import unescape

from sandbox.errors import SlackError
from sandbox.workspace import User, Workspace

MAX_TEXT = 40_000

# Code stays as it is; addresses, names, channels and broadcasts become markup.
TYPED = re.compile(
    r"(?P<code>```[\s\S]*?```|`[^`\n]+`)"
    r"|(?P<url>https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"])"
    r"|(?<![\w@])@(?P<name>[\w][\w.-]*)"
    r"|(?<![\w#&])#(?P<channel>[\w][\w-]*)"
)
CODE = re.compile(r"(```[\s\S]*?```|`[^`\n]+`)")
SENT = re.compile(r"<([@#!])?([^<>|]*)(?:\|([^<>]*))?>")
BROADCASTS = ("here", "channel", "everyone")


def as_sent(workspace: Workspace, author: User, text: str) -> str:
    """Text with markup, as events carry it. SlackError when it is empty or too long."""
    if not text.strip():
        raise SlackError("no_text")
    if len(text) > MAX_TEXT:
        raise SlackError("msg_too_long", length=len(text), most=MAX_TEXT)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return TYPED.sub(lambda found: _markup(workspace, author, found), _by_name(workspace, escaped))


def _by_name(workspace: Workspace, text: str) -> str:
    """With `@Maria Rossi` as `@maria`: the client's list offers people under both names."""
    lower = text.lower()
    for user in workspace.users.values():
        if f"@{user.real_name.lower()}" in lower and not user.deleted:
            written = re.compile(rf"(?<![\w@])@{re.escape(user.real_name)}\b", re.IGNORECASE)
            parts = CODE.split(text)
            text = "".join(
                part if at % 2 else written.sub(f"@{user.name}", part)
                for at, part in enumerate(parts)
            )
    return text


def as_typed(workspace: Workspace, text: str) -> str:
    """The text again as a person would type it."""
    return unescape(SENT.sub(lambda found: _plain(workspace, *found.groups()), text))


def _markup(workspace: Workspace, author: User, found: re.Match[str]) -> str:
    whole = found[0]
    if found["url"]:
        return f"<{whole}>"
    if found["name"]:
        return _mention(workspace, found["name"])
    if found["channel"]:
        for channel in workspace.channels.values():
            if channel.name == found["channel"] and workspace.can_read(author, channel):
                return f"<#{channel.id}|{channel.name}>"
    return whole


def _mention(workspace: Workspace, name: str) -> str:
    """`name` may end with the sentence's own dot."""
    bare = name.rstrip(".-")
    rest = name[len(bare) :]
    if bare in BROADCASTS:
        return f"<!{bare}>{rest}"
    for user in workspace.users.values():
        if user.name.lower() == bare.lower() and not user.deleted:
            return f"<@{user.id}>{rest}"
    for group in workspace.usergroups.values():
        if group.handle.lower() == bare.lower():
            return f"<!subteam^{group.id}|@{group.handle}>{rest}"
    return f"@{name}"


def _plain(workspace: Workspace, sign: str | None, target: str, label: str | None) -> str:
    if sign == "@":
        user = workspace.users.get(target)
        return f"@{user.name if user else label or target}"
    if sign == "#":
        channel = workspace.channels.get(target)
        return f"#{channel.name if channel else label or target}"
    if sign == "!":
        return label or f"@{target}"
    return target

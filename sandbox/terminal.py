"""Messages as lines of text, the way a person would read them in Slack."""

import re
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any

from sandbox.slack import Slack
from sandbox.workspace import Payload

WIDTH = 88
EMOJI = {
    "eyes": "👀",
    "white_check_mark": "✅",
    "raised_hand": "✋",
    "seedling": "🌱",
    "sparkles": "✨",
    "question": "❓",
}
MARKUP = re.compile(r"<([@#!])?([^<>|]*)(?:\|([^<>]*))?>")


def message_lines(slack: Slack, message: Payload, indent: str = "") -> list[str]:
    """Who said it, what, and the reactions under it."""
    text = message.get("text", "")
    # The bot's blocks say more than its text; a person's are the text again.
    is_bot = message.get("bot_id") is not None
    shown = list(block_lines(slack, message["blocks"])) if is_bot and message.get("blocks") else []
    lines = shown or read(slack, text).splitlines() or [""]
    private = "  (only visible to you)" if message.get("is_ephemeral") else ""
    head = f"{indent}{name_of(slack, message['user'])}{private}"
    body = [each for line in lines for each in wrapped(line, indent + "  ")]
    reactions = " ".join(emoji(each["name"]) for each in message.get("reactions", []))
    return [head, *body, *([f"{indent}  [{reactions}]"] if reactions else [])]


def block_lines(slack: Slack, blocks: list[Payload]) -> Iterator[str]:
    for block in blocks:
        match block["type"]:
            case "section":
                yield read(slack, block.get("text", {}).get("text", ""))
                if "accessory" in block:
                    yield from element_line([block["accessory"]])
            case "header":
                yield block["text"]["text"]
            case "context":
                yield read(slack, " ".join(each.get("text", "") for each in block["elements"]))
            case "rich_text":
                yield from quoted("".join(rich_text(block)))
            case "actions":
                yield from element_line(block["elements"])
            case "divider":
                yield "─" * 24


def quoted(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from (f"│ {part}" for part in textwrap.wrap(line, WIDTH - 12))


def element_line(elements: list[Payload]) -> Iterator[str]:
    labels = [each["text"]["text"] for each in elements if each["type"] == "button"]
    if labels:
        yield "  ".join(f"[ {label} ]" for label in labels)


def rich_text(node: Any) -> Iterator[str]:
    if node.get("type") == "text":
        yield node["text"]
    for child in node.get("elements", []):
        yield from rich_text(child)


def read(slack: Slack, text: str) -> str:
    """mrkdwn with names for ids, and without the marks for bold and the like."""
    named = MARKUP.sub(lambda markup: as_read(slack, *markup.groups()), text)
    plain = re.sub(r"(?<!\w)[*_](\S(?:.*?\S)?)[*_](?!\w)", r"\1", named)
    return unescape(re.sub(r":([a-z_]+):", lambda found: emoji(found[1]), plain))


def as_read(slack: Slack, sign: str | None, target: str, label: str | None) -> str:
    if sign == "@":
        return f"@{name_of(slack, target)}"
    if sign == "#":
        channel = slack.workspace.channels.get(target)
        return f"#{channel.name if channel else label or target}"
    if sign == "!" and target.startswith("date^"):
        at = datetime.fromtimestamp(int(target.split("^")[1]), UTC)
        return f"{at:%d %b, %H:%M UTC}" if "{time" in target else f"{at:%d %b %Y}"
    return label or target


def name_of(slack: Slack, user_id: str) -> str:
    user = slack.workspace.users.get(user_id)
    return user.real_name if user else user_id


def emoji(name: str) -> str:
    return EMOJI.get(name, f":{name}:")


def wrapped(line: str, indent: str) -> list[str]:
    parts = [textwrap.wrap(each, WIDTH - len(indent)) or [""] for each in line.splitlines() or [""]]
    return [indent + each for part in parts for each in part]

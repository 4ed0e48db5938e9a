"""The rich_text block that Slack derives from a message's text."""

import re
from typing import Any

SPECIAL = re.compile(
    r"<@(?P<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<#(?P<channel>[CG][A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<!subteam\^(?P<usergroup>S[A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<!(?P<range>here|channel|everyone)>"
    r"|<(?P<url>(?:https?://|mailto:)[^|>]+)(?:\|(?P<label>[^>]*))?>"
    r"|:(?P<emoji>[a-z0-9_+'-]+):"
)


def rich_text(text: str, block_id: str) -> dict[str, Any]:
    return {
        "type": "rich_text",
        "block_id": block_id,
        "elements": [{"type": "rich_text_section", "elements": _elements(text)}],
    }


def _elements(text: str) -> list[dict[str, Any]]:
    elements: list[dict[str, Any]] = []
    end = 0
    for match in SPECIAL.finditer(text):
        if match.start() > end:
            elements.append(_plain(text[end : match.start()]))
        elements.append(_special(match))
        end = match.end()
    if end < len(text):
        elements.append(_plain(text[end:]))
    return elements


def _plain(text: str) -> dict[str, Any]:
    shown = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return {"type": "text", "text": shown}


def _special(match: re.Match[str]) -> dict[str, Any]:
    kind = match.lastgroup
    value = match.group(kind) if kind else ""
    if kind in ("url", "label"):
        link = {"type": "link", "url": match.group("url")}
        return link | ({"text": match.group("label")} if match.group("label") else {})
    if kind == "emoji":
        return {"type": "emoji", "name": value}
    if kind == "range":
        return {"type": "broadcast", "range": value}
    return {"type": str(kind), f"{kind}_id": value}

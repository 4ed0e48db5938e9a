"""Does Slack accept these blocks? Problems come back as the sentences Slack itself answers."""

import json

from .blocks import BLOCKS_OF, VIEW

# Not in Slack's reference: over this, chat.postMessage answers `msg_blocks_too_long`.
MAX_MESSAGE_TEXT_LENGTH = 13_200

_READ_BY_PEOPLE = {"alt_text", "caption", "description", "fallback", "label", "text", "title"}


def check_blocks(blocks: object, *, surface: str) -> list[str]:
    """What is wrong with these blocks on a "message", "modal" or "home"; [] when Slack takes them.

    `blocks` is a list or its JSON text.
    """
    complaints: list[str] = []
    BLOCKS_OF[surface]({"blocks": _decoded(blocks)}, "", complaints)
    return complaints


def check_view(view: object) -> list[str]:
    """What is wrong with this modal or home view (an object or its JSON text)."""
    complaints: list[str] = []
    VIEW(_decoded(view), "/view", complaints)
    return complaints


def blocks_text_length(blocks: object) -> int:
    """Characters that people read in these blocks, to hold against MAX_MESSAGE_TEXT_LENGTH."""
    length = 0
    unread: list[object] = [_decoded(blocks)]
    while unread:
        part = unread.pop()
        if isinstance(part, list):
            unread += part
        elif isinstance(part, dict):
            for name, value in part.items():
                if isinstance(value, dict | list):
                    unread.append(value)
                elif name in _READ_BY_PEOPLE and isinstance(value, str):
                    length += len(value)
    return length


def _decoded(value: object) -> object:
    """JSON text as what it stands for; text that is no JSON stays text, which no check accepts."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value

"""Text in messages. What users wrote is shown as text: it pings nobody, fakes no link and
breaks no layout."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from bot.errors import MOST_REPEATED, UserError
from bot.text import A_COLLEAGUE as A_COLLEAGUE
from bot.text import FOREIGN_PLACE, clip, cut, is_nobody, named, plain, shorten, unformatted

Block = dict[str, Any]

SECTION_LIMIT = 3000
NAME_SHOWN = 60  # characters
LISTED_LIMIT = 8000  # characters of a list; Slack takes about 13,200 in all of a message
NOTIFICATION_LIMIT = 300  # of `text`, which notifications and screen readers use


def escape(text: str) -> str:
    """Text in Slack's wire form, which shows it as it is in mrkdwn, outside formatting."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def inline(text: str, most: int) -> str:
    """A user's words inside a sentence of ours: one short line without formatting."""
    return escape(shorten(re.sub(r"[*_~`|]", "", plain(text)), most))


def said(error: UserError) -> str:
    """An error's sentence. What somebody wrote pings nobody in it."""
    return error.sentence.replace("{written}", inline(error.written, MOST_REPEATED))


def link(url: str, label: str, most: int = 90) -> str:
    """A link with a user's words as its label; just the words when there is no address."""
    words = inline(label, most) or "a message"
    return f"<{url}|{words}>" if url else words


def mention(user_id: str) -> str:
    if user_id.startswith("B"):  # an app that has no user
        return "an app"
    return named(user_id)


def called(user_id: str, name: str) -> str:
    """Somebody by name, where nothing can be linked."""
    if is_nobody(user_id):
        return named(user_id)
    return inline(name, NAME_SHOWN) or A_COLLEAGUE


def profile(workspace_url: str, user_id: str, name: str) -> str:
    """Somebody by name, with a link to who they are: it calls nobody, as a mention would."""
    shown = called(user_id, name)
    if is_nobody(user_id):
        return shown
    return f"<{workspace_url.rstrip('/')}/team/{user_id}|{shown}>" if workspace_url else shown


def listed(items: Sequence[str]) -> str:
    """a, b and c"""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def fitting(lines: Iterable[str], most: int) -> list[str]:
    """The first lines that together have at most that many characters."""
    told = list(lines)
    lengths = accumulate(len(line) for line in told)
    return [line for line, length in zip(told, lengths, strict=True) if length <= most]


def count(number: int, one: str, many: str | None = None) -> str:
    """1 question, 2 questions"""
    return f"{number} {one if number == 1 else many or one + 's'}"


def permalink(workspace_url: str, channel_id: str, message_ts: str, thread_ts: str = "") -> str:
    """A message's address, in the form Slack gives it."""
    if not workspace_url or not message_ts or channel_id.startswith(FOREIGN_PLACE):
        return ""
    address = f"{workspace_url.rstrip('/')}/archives/{channel_id}/p{message_ts.replace('.', '')}"
    if thread_ts and thread_ts != message_ts:
        address += f"?thread_ts={thread_ts}&amp;cid={channel_id}"
    return address


def date(at: datetime, form: str = "{date_short_pretty}") -> str:
    """A moment, in the reader's own time zone."""
    return f"<!date^{int(at.timestamp())}^{form}|{at:%Y-%m-%d %H:%M} UTC>"


def section(text: str, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": cut(text, SECTION_LIMIT)}}
    return {**block, "accessory": accessory} if accessory else block


def context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(text, SECTION_LIMIT)}]}


def quote(text: str, most: int = 600) -> Block:
    """What a user wrote, as a quotation that Slack does not interpret."""
    words = unformatted(plain(text))
    shown = words if len(words) <= most else clip(words, most - 1).rstrip() + "…"
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": shown or " "}]}
        ],
    }


def marked_quote(pieces: Iterable[tuple[str, bool]]) -> Block:
    """A quotation in which some pieces are marked."""
    elements: list[Block] = [
        {"type": "text", "text": text, **({"style": {"bold": True}} if is_marked else {})}
        for text, is_marked in pieces
    ]
    quoted = elements or [{"type": "text", "text": " "}]
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": quoted}],
    }


def header(text: str) -> Block:
    return {"type": "header", "text": plain_text(clip(text, 150))}


def divider() -> Block:
    return {"type": "divider"}


def plain_text(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}


def button(label: str, action_id: str, value: object = "", *, style: str | None = None) -> Block:
    block = {"type": "button", "text": plain_text(label), "action_id": action_id}
    if value != "":
        block["value"] = str(value)
    return {**block, "style": style} if style else block


def actions(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def option(label: str, value: object) -> Block:
    return {"text": plain_text(shorten(label, 75) or "–"), "value": str(value)}


def described(label: str, value: object, description: str) -> Block:
    """An option with a small line below it."""
    return {**option(label, value), "description": plain_text(shorten(description, 75))}


def overflow(action_id: str, *options: Block) -> Block:
    """The menu behind three dots."""
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def message(text: str, blocks: Sequence[Block]) -> Block:
    """A message with the twin that notifications and screen readers use."""
    return {"text": cut(text, NOTIFICATION_LIMIT), "blocks": list(blocks)}


def sentence(text: str) -> Block:
    """A message of one sentence."""
    return {"text": text}


def note_modal(text: str) -> Block:
    """A sentence, where there is no message to answer with."""
    return {
        "type": "modal",
        "title": plain_text("Askaround"),
        "close": plain_text("Close"),
        "blocks": [section(text)],
    }

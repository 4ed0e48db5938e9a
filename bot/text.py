"""Reading what people wrote, in Slack's wire form (`<@U1>`, `<url|label>`, `&lt;`)."""

import html
import re
from dataclasses import dataclass
from datetime import datetime

from storage.types import clean as clean  # handlers clean what Slack sends with it

MAX_TEXT = 40_000  # Slack's own limit for a message, in characters
MAX_KEY = 80  # characters; folding case can lengthen a name

SLACK_MARKUP = re.compile(r"<([@#!])?([^<>|]*)(?:\|([^<>]*))?>")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
FORMATTED = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)([^*_~`\n]+?)(?<=\S)\1(?![\w*_~`])")
SENTENCE = re.compile(r"[^\n]+?(?:[.?!。？！](?=\s|$)|[。？！]|$)", re.MULTILINE)
HEADLINE_WORDS, HEADLINE_CHARACTERS = 4, 200


@dataclass(frozen=True)
class Message:
    team_id: str
    channel_id: str
    user_id: str
    message_ts: str
    thread_ts: str | None  # None for a message in the channel itself
    text: str
    sent_at: datetime
    has_files: bool = False
    edited_at: datetime | None = None

    @property
    def worded_at(self) -> datetime:
        """When this wording was written."""
        return self.edited_at or self.sent_at

    @property
    def place(self) -> dict[str, str]:
        return {
            "team_id": self.team_id,
            "channel_id": self.channel_id,
            "message_ts": self.message_ts,
        }


def plain(text: str) -> str:
    """The text as a person reads it: no Slack markup, nothing invisible."""
    return INVISIBLE.sub("", html.unescape(SLACK_MARKUP.sub(as_read, text))).strip()


def unformatted(text: str) -> str:
    """The text without the signs of bold, slanted, struck and code: `*Save*` is Save."""
    return FORMATTED.sub(r"\2", text)


def as_read(markup: re.Match[str]) -> str:
    sign, target, label = markup.groups()
    if sign == "@":
        return f"@{label}" if label else "@somebody"
    if sign == "#":
        return f"#{label}" if label else "#channel"
    if sign == "!":
        return label or f"@{target.split('^')[0]}"
    return f"{label} ({target})" if label and label not in target else target


def shorten(text: str, most: int) -> str:
    """The text on one line, cut at a word so that it has at most that many characters."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    head = line[: most - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[most // 2 :] else head) + "…"


def headline(text: str) -> str:
    """The sentence that tells what a question is about: the first that is no mere greeting."""
    first = ""
    for found in SENTENCE.finditer(text[:MAX_TEXT]):
        sentence = found.group().strip()[:HEADLINE_CHARACTERS]
        first = first or sentence
        if len(sentence.split()) >= HEADLINE_WORDS or not sentence.isascii():
            return sentence
    return first


def key_of(name: str) -> str:
    """A name for comparing: case and spacing do not matter."""
    return clean(" ".join(name.split()).casefold())[:MAX_KEY]

"""Reading what people wrote, in Slack's wire form (`<@U1>`, `<url|label>`, `&lt;`)."""

import html
import re
from dataclasses import dataclass
from datetime import datetime

from storage.types import clean

MAX_TEXT = 40_000  # Slack's own limit for a message, in characters
MAX_KEY = 80  # characters; folding case can lengthen a name

SLACK_MARKUP = re.compile(r"<([@#!])?([^<>|]*)(?:\|([^<>]*))?>")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# A word holds the marks of its script (combining ones are no letters to Python) and what
# joins codes and names: E-4711, node.js, x_y, don't. Other punctuation parts words.
MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0e31-\u0e4e"
)
WORD = re.compile(rf"[^\W_](?:[\w{MARKS}]|[-.:'’+/](?=\w))*")
SEARCH_WORDS = 40

# Words that say how a question is put, not what it is about.
COMMON_WORDS = frozenset(
    "a about after all also am an and any anybody anyone are as at be been being but by can "
    "could did do does doing done for from get got had has have he hello help her hi him his "
    "how i if in into is it its just know let like me my no not of on one or our out please "
    "she should so some somebody someone than thank thanks that the their them then there "
    "these they this those to too try trying up us use using want was way we were what when "
    "where which who why will with would you your".split()
)


@dataclass(frozen=True)
class Message:
    team_id: str
    channel_id: str
    user_id: str
    message_ts: str
    thread_ts: str | None  # None for a message in the channel itself
    text: str
    sent_at: datetime

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


def search_words(text: str) -> list[str]:
    """The words to search for, each once: what the text is about, or all of them if that
    leaves nothing."""
    written = list(dict.fromkeys(word.lower() for word in WORD.findall(plain(text)[:MAX_TEXT])))
    telling = [word for word in written if word not in COMMON_WORDS]
    return (telling or written)[:SEARCH_WORDS]


def key_of(name: str) -> str:
    """A name for comparing: case and spacing do not matter."""
    return clean(" ".join(name.split()).casefold())[:MAX_KEY]

"""Reading what people wrote, in Slack's wire form (`<@U1>`, `<url|label>`, `&lt;`)."""

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from storage.types import clean as clean  # handlers clean what Slack sends with it

MAX_TEXT = 40_000  # Slack's own limit for a message, in characters
A_COLLEAGUE = "a colleague"  # whom we cannot name, or who does not want it
ERASED = "erased-"  # how the id begins of who had themselves erased: Slack's are in capitals
FOREIGN_PLACE = "A0X"  # how the id begins of what stands for another tool's archive
THE_ASKER, MASK = "the asker", "asker-"  # who asked without a name, and how their mask begins
LONGEST_TITLE = 200  # of a file
MAX_KEY = 80  # characters; folding case can lengthen a name

SLACK_MARKUP = re.compile(r"<([@#!])?([^<>|]*)(?:\|([^<>]*))?>")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
FORMATTED = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)([^*_~`\n]+?)(?<=\S)\1(?![\w*_~`])")
SENTENCE = re.compile(r"[^\n]+?(?:[.?!。？！](?=\s|$)|[。？！]|$)", re.MULTILINE)
# What belongs to the sign before it, beside marks: colours of skin, tags of flags, joiners.
JOINER = "\u200d"
JOINED = re.compile("[\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")
FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]+\\Z")
MOST_FLAG_LETTERS = 64  # looked at before a place
CUT_ENTITY = re.compile(r"&[a-zA-Z#0-9]{0,6}\Z")
HEADLINE_WORDS, HEADLINE_CHARACTERS = 4, 200


@dataclass(frozen=True)
class FileFacts:
    """A file that came with a message, as far as it is kept."""

    file_id: str
    title: str
    is_picture: bool = False
    words: str = ""  # of a snippet


@dataclass(frozen=True)
class Message:
    team_id: str
    channel_id: str
    user_id: str
    message_ts: str
    thread_ts: str | None  # None for a message in the channel itself
    text: str  # where nothing was written, what its files are called
    sent_at: datetime
    files: tuple[FileFacts, ...] = ()
    is_wordless: bool = False  # only files, without a word
    is_in_own_thread: bool = False  # a reply to one's own message
    is_broadcast: bool = False  # a reply that was sent to the channel too
    edited_at: datetime | None = None
    client_msg_id: str | None = None  # of the act of sending it, which may come as two messages

    @property
    def has_files(self) -> bool:
        return bool(self.files)

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


def moment_of(ts: str) -> datetime:
    """When a message was written, from its ts (seconds since 1970)."""
    return datetime.fromtimestamp(float(ts), UTC)


def plain(text: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """The text as a person reads it: no Slack markup, nothing invisible. `names`: of people and
    channels, by their identifiers, where Slack tells none."""
    read = SLACK_MARKUP.sub(lambda markup: as_read(markup, names), text)
    return INVISIBLE.sub("", html.unescape(read)).strip()


def unformatted(text: str) -> str:
    """The text without the signs of bold, slanted, struck and code: `*Save*` is Save."""
    return FORMATTED.sub(r"\2", text)


def as_read(markup: re.Match[str], names: Mapping[str, str]) -> str:
    sign, target, label = markup.groups()
    if sign == "@":
        return f"@{label or names.get(target, 'somebody')}"
    if sign == "#":
        return f"#{label or names.get(target, 'channel')}"
    if sign == "!":
        return label or f"@{target.split('^')[0]}"
    return f"{label} ({target})" if label and label not in target else target


def clip(text: str, most: int) -> str:
    """The beginning of a text that people read, with at most that many characters; none of
    these is cut in two that people see as one, as an emoji with its colour."""
    if len(text) <= most:
        return text
    end = most
    while end > 0 and is_joined(text, end):
        end -= 1
    return text[: end or most]


def is_joined(text: str, at: int) -> bool:
    """Whether what stands before that place and after it is one sign to those who read it."""
    before, after = text[at - 1], text[at]
    if before == JOINER or JOINED.match(after) or unicodedata.category(after).startswith("M"):
        return True
    flags = FLAG_LETTERS.search(text, max(0, at - MOST_FLAG_LETTERS), at)
    return bool(FLAG_LETTER.match(after) and flags and len(flags.group()) % 2)


def cut(text: str, most: int) -> str:
    """The beginning of a text in Slack's wire form, with at most that many characters: no
    entity and no markup is cut in two, which would show, or be read as something else."""
    if len(text) <= most:
        return text
    head = clip(text, most)
    opened = head.rfind("<")
    if opened > head.rfind(">"):
        head = head[:opened]
    return CUT_ENTITY.sub("", head)


def shorten(text: str, most: int) -> str:
    """The text on one line, cut at a word so that it has at most that many characters."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    head = clip(line, most - 1)
    return (head.rsplit(" ", 1)[0] if " " in head[most // 2 :] else head) + "…"


def headline(text: str) -> str:
    """The sentence that tells what a question is about: the first that is no mere greeting."""
    first = ""
    for found in SENTENCE.finditer(text[:MAX_TEXT]):
        sentence = clip(found.group().strip(), HEADLINE_CHARACTERS)
        first = first or sentence
        if len(sentence.split()) >= HEADLINE_WORDS or not sentence.isascii():
            return sentence
    return first


def key_of(name: str) -> str:
    """A name for comparing: case and spacing do not matter."""
    return clean(" ".join(name.split()).casefold())[:MAX_KEY]


def named(user_id: str) -> str:
    """The person as a message names them; nobody, where they had themselves erased, or asked
    without a name."""
    if is_mask(user_id):
        return THE_ASKER
    return A_COLLEAGUE if user_id.startswith(ERASED) else f"<@{user_id}>"


def is_nobody(user_id: str) -> bool:
    """Whether it is no person's own: a mask, or of somebody who was erased."""
    return is_mask(user_id) or user_id.startswith(ERASED)


def is_mask(user_id: str) -> bool:
    """Whether it stands for somebody who asked without a name."""
    return user_id.startswith(MASK)
